"""No file that is written holds a formula, and what was done against it is undone when one is read."""

import csv
import io
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practices.exchange.spreadsheet.guards import harmless, without_guards

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    "value",
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\tx",
        "\rx",
        "\nx",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        " =1",
        "\u00a0+1",
        "\u200b@x",
        "\ufeff-1",
        '"=1',
        "'=1",
    ],
)
def test_a_formula_becomes_a_text(value):
    assert harmless(value) == f"'{value}"


@pytest.mark.parametrize("value", ["a=b", "a-b", "Teilhabe, Arbeit; Bildung", "Erstens\nZweitens", "O'Neill", 7, ""])
def test_what_is_no_formula_stays(value):
    assert harmless(value) == str(value)


PIECES = st.sampled_from(
    ["=1", "＝1", "+", "-", "@", ";", ",", "\t", "\r", "\n", " ", "\u00a0", "\u200b", "\0", "'", '"', "x"]
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_no_cell_of_a_file_is_a_formula_whichever_separator_a_program_expects(separator, texts):
    file = io.StringIO()
    csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL).writerow(map(harmless, texts))
    assert list(csv.reader(io.StringIO(file.getvalue(), newline=""), delimiter=";")) == [list(map(harmless, texts))]
    cells = [cell for line in re.split("[\r\n]", file.getvalue()) for cell in re.split(separator, line)]
    assert [
        cell for cell in cells if unicodedata.normalize("NFKC", cell).lstrip(' "\u00a0\u200b\0')[:1] in set("=+-@")
    ] == []


@given(TEXTS)
def test_what_was_made_harmless_is_read_as_it_was(text):
    assert without_guards(harmless(text)) == text
