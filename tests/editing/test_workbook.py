"""The workbook of an association, 650 rows: every mistake is found in its cell, and afterwards it goes in and out again."""

import pytest

from bench.workbook import NUMBERS, make_rows, seed_mistakes, write_rows
from editing.imports.checking import correct, findings_of, has_mistakes, proposals_of
from editing.models import Import
from tests.editing.imports import undone, upload, work
from tests.editing.test_import_undo import difference, everything

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.one_database]

REMEDIES = {
    "unknown term": "Bitte wählen Sie aus: ",
    "nearly a term": "Meinten Sie „Landesmittel“?",
    "no date": "zum Beispiel 31.12.2024",
    "end before start": "Bitte prüfen Sie beide Daten.",
    "no title": "Bitte ergänzen Sie sie.",
    "key twice": "Bitte vergeben Sie jede nur einmal.",
    "unknown page": "Meinten Sie",
    "text too long": "Bitte kürzen Sie ihn auf höchstens 1000 Zeichen.",
    "no number": "zum Beispiel 1.234,50",
    "formula": "fügen Sie nur ihren Wert ein",
}


def test_forty_mistakes_are_found_in_their_cells_and_nothing_else(tmp_path):
    rows = make_rows()
    mistakes = seed_mistakes(rows)
    row = upload(write_rows(tmp_path / "verband.xlsx", rows))
    found = {finding.cell: finding.message for finding in findings_of(row)}
    assert (len(mistakes), row.total, len(row.findings)) == (40, sum(NUMBERS.values()), 40)
    assert found.keys() == {mistake.cell(rows) for mistake in mistakes}
    for mistake in mistakes:
        assert REMEDIES[mistake.kind] in found[mistake.cell(rows)]
    assert {finding.heading for finding in findings_of(row)} == {mistake.heading for mistake in mistakes}


def test_mistakes_can_be_repaired_without_the_file(tmp_path):
    rows = make_rows()
    mistakes = {mistake.cell(rows): mistake for mistake in seed_mistakes(rows)}
    row = upload(write_rows(tmp_path / "verband.xlsx", rows))
    proposals = proposals_of(row)
    assert {mistakes[cell].kind for cell in proposals} == {"nearly a term", "unknown page"}
    right = {cell: mistake.right for cell, mistake in mistakes.items() if cell not in proposals}
    correct(row, {cell: f"{text:%d.%m.%Y}" if hasattr(text, "year") else text for cell, text in right.items()})
    correct(row, proposals_of(row))
    assert (has_mistakes(row), row.created) == (False, sum(NUMBERS.values()))


def test_it_goes_in_and_out_again_to_the_last_row(tmp_path):
    rows = make_rows()
    before = everything()
    path = write_rows(tmp_path / "verband.xlsx", rows)
    row = work(upload(path))
    assert (row.state, row.created, row.findings) == (Import.State.DONE, sum(map(len, rows.values())), [])
    assert undone(row).state == Import.State.UNDONE
    assert difference(before, everything()) == {}
