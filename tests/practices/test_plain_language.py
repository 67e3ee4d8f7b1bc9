"""Hints on plain language: each names what it found, and good sentences get none."""

import pytest

from practices.plain_language import plain_language_hints

pytestmark = pytest.mark.one_database

GOOD = "Bewohnerinnen und Bewohner leihen Tablets aus. Sie lernen gemeinsam, z. B. in der Sprechstunde. Das Team hilft."


def test_a_plain_text_gets_no_hint():
    assert plain_language_hints(GOOD) == []


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_text_gets_no_hint(text):
    assert plain_language_hints(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wir " + "sehr " * 20 + "gern.", "Ein Satz hat 22 Wörter: „Wir sehr sehr sehr …“."),
        ("Das ist die Eingliederungshilfeverordnung.", "Lange Wörter: Eingliederungshilfeverordnung."),
        ("Das BTHG gilt.", "Abkürzungen: BTHG."),
        ("Eins. Zwei. Drei. Vier. Fünf. Sechs.", "Das sind 6 Sätze."),
    ],
)
def test_what_is_hard_to_read_is_named(text, found):
    (hint,) = plain_language_hints(text)
    assert hint.startswith(found)


@pytest.mark.parametrize(
    "text",
    [
        "Das Bundesteilhabegesetz (BTHG) gilt.",
        "Das BTHG (Bundesteilhabegesetz) gilt.",
        "Die EU zahlt.",
        "Das ist ein Digitalisierungs-Förderprogramm.",
        "Die Leistung kostet ca. 5 Euro, z. B. im Monat, bzw. 60 Euro im Jahr.",
    ],
)
def test_what_is_explained_known_or_parted_is_no_finding(text):
    assert plain_language_hints(text) == []


def test_points_within_a_sentence_do_not_end_it():
    (hint,) = plain_language_hints("Das ist z. B. " + "sehr " * 17 + "lang.")
    assert hint.startswith("Ein Satz hat 22 Wörter")
