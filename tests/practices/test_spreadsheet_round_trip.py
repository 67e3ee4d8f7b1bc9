"""A workbook says the same as the exchange format: what comes out goes in again and changes nothing."""

import pytest
from openpyxl import load_workbook
from wagtail.models import Revision

from practices.exchange.importer import import_records
from practices.exchange.schema import RECORD_TYPES
from practices.exchange.selection import UnknownSelection
from practices.exchange.spreadsheet import export
from practices.exchange.spreadsheet.columns import SHEETS, WITHOUT_COLUMN, fields_of
from practices.exchange.spreadsheet.export import export_workbook
from practices.exchange.spreadsheet.writer import template
from practices.models import LessonPage, PracticePage, ProjectProfilePage, RecordingPage, ToolPage
from tests.practices.exchange_records import every_field, lesson, project, tool, write_files, write_lines
from tests.practices.workbooks import findings, import_book, look_at, project_row, tool_row, write_book

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.one_database]


@pytest.fixture
def imported(tmp_path):
    """Every field of every type, live."""
    folder = tmp_path / "quelle"
    folder.mkdir()
    write_files(folder)
    import_records(write_lines(folder / "inhalt.jsonl", *every_field()), publish=True)


def exported(tmp_path):
    path = tmp_path / "ausgabe.xlsx"
    path.write_bytes(export_workbook(""))
    return path


def test_sheets_have_a_column_for_every_field_but_files():
    for sheet in SHEETS:
        assert fields_of(sheet) | WITHOUT_COLUMN | {"type"} >= set(RECORD_TYPES[sheet.type].model_fields)
        assert len({column.heading for column in sheet.columns}) == len(sheet.columns)


@pytest.mark.parametrize("publish", [True, False])
def test_importing_an_export_changes_nothing(imported, tmp_path, publish):
    path = exported(tmp_path)
    assert findings(path) == []
    before = Revision.objects.count()
    report = import_book(path, publish=publish)
    assert (report.unchanged, Revision.objects.count()) == (len(every_field()) + 1, before)


def test_files_stay_when_a_row_changes_its_page(imported, tmp_path):
    path = exported(tmp_path)
    book = load_workbook(path)
    for title in ("Mitschnitte", "Projekte"):
        book[title]["B2"] = "Neuer Titel"
    book.save(path)
    assert import_book(path).updated == 2
    page = RecordingPage.objects.get()
    assert page.title == "Neuer Titel"
    assert page.video and page.captions and page.slides and page.image and len(page.documents) == 1


def test_an_empty_cell_empties_and_a_missing_column_leaves(tmp_path):
    import_records(
        write_lines(tmp_path / "a.jsonl", tool("w", price="1 Euro", effort="1 Tag", tags=["alt"])), publish=True
    )
    import_book(write_book(tmp_path / "a.xlsx", Werkzeuge=[tool_row(Preis=None, Titel="Neu")]))
    page = ToolPage.objects.get()
    assert (page.title, page.price, page.effort, [tag.name for tag in page.tags.all()]) == ("Neu", "", "1 Tag", ["alt"])


def test_without_a_column_for_the_owner_a_page_stays_where_it_is(organisation, tmp_path):
    import_records(write_lines(tmp_path / "a.jsonl", tool("w", organisation=organisation.key)), publish=True)
    import_book(write_book(tmp_path / "a.xlsx", Werkzeuge=[tool_row(Titel="Neu")]))
    assert ToolPage.objects.get().organisation.key == organisation.key


def test_a_text_too_long_for_a_cell_is_left_alone(tmp_path):
    import_records(write_lines(tmp_path / "a.jsonl", project(goals="lang " * 8_000)), publish=True)
    path = exported(tmp_path)
    book = load_workbook(path)
    book["Projekte"]["B2"] = "Neuer Titel"
    book.save(path)
    import_book(path)
    page = ProjectProfilePage.objects.get()
    assert (page.title, len(page.goals) > 39_000) == ("Neuer Titel", True)


def test_an_export_holds_no_formula(tmp_path):
    evil = '=HYPERLINK("https://example.org","x")'
    import_records(
        write_lines(tmp_path / "a.jsonl", tool(title=evil, price="+1", effort="@x", hosting="-1")), publish=True
    )
    book = load_workbook(exported(tmp_path))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert [cell.quotePrefix for cell in cells if cell.value == evil] == [True]


def test_the_template_says_nothing_until_it_is_filled_in(tmp_path):
    path = tmp_path / "vorlage.xlsx"
    path.write_bytes(template())
    (finding,) = findings(path)
    assert "Bitte füllen Sie die Vorlage" in finding.message


def test_the_example_row_would_be_right(tmp_path):
    path = tmp_path / "vorlage.xlsx"
    path.write_bytes(template())
    book = load_workbook(path)
    for number, sheet in enumerate(SHEETS):
        book[sheet.title]["A2"] = f"beispiel-{number}"
    book.save(path)
    found, preview = look_at(path)
    assert (found, len(preview.created)) == ([], len(SHEETS))


def test_the_template_offers_the_vocabularies(tmp_path):
    path = tmp_path / "vorlage.xlsx"
    path.write_bytes(template())
    book = load_workbook(path)
    assert book["Listen"].sheet_state == "hidden"
    offered = {
        name: [row[0].value for row in book["Listen"][validation.formula1.split("!")[1].replace("$", "")]]
        for name, validation in (
            (str(validation.sqref), validation) for validation in book["Projekte"].data_validations.dataValidation
        )
    }
    assert ["Plan", "Do", "Check", "Act"] in offered.values()
    assert ["ja", "nein"] in offered.values()


def test_a_row_without_key_is_known_again_by_its_title(tmp_path):
    path = write_book(tmp_path / "a.xlsx", Projekte=[project_row(Kennung=None, Titel="Größe zählt")])
    import_book(path)
    assert PracticePage.objects.get().key == "groesse-zaehlt"
    assert import_book(path).unchanged == 1


def test_without_a_column_for_what_contradicts_it_stays(tmp_path):
    lines = [project(key) for key in ("p", "q", "r")]
    import_records(
        write_lines(tmp_path / "a.jsonl", *lines, lesson("e", evidence=["p"], contradicting=["q", "r"])), publish=True
    )
    row = {"Kennung": "e", "Titel": "E", "Zusammenfassung": "E", "Belege": "q; p"}
    import_book(write_book(tmp_path / "a.xlsx", Erkenntnisse=[row]))
    items = LessonPage.objects.get().evidence_items.all()
    assert [(item.project.key, item.stance) for item in items] == [
        ("q", "supports"),
        ("p", "supports"),
        ("r", "contradicts"),
    ]


def test_more_than_can_be_imported_again_is_not_exported(tmp_path, monkeypatch):
    import_records(write_lines(tmp_path / "a.jsonl", tool("a"), tool("b")), publish=True)
    monkeypatch.setattr(export, "MAX_ROWS", 1)
    with pytest.raises(UnknownSelection, match="mehr als 1 Seiten"):
        export_workbook("")
