"""Workbooks for tests: the rows of each sheet by heading."""

from pathlib import Path

from openpyxl import Workbook

from practices.exchange.catalogue import load_catalogue
from practices.exchange.importer import Preview, Report, import_lines, preview_lines
from practices.exchange.spreadsheet.reader import Finding, read_workbook
from practices.exchange.spreadsheet.tables import read_tables


def project_row(**cells) -> dict:
    """The cells of a right project by heading; headings with blanks go in as {"…": …}."""
    return {"Kennung": "p", "Titel": "Projekt", "Zusammenfassung": "Ein Projekt.", "Organisation": "redaktion"} | cells


def tool_row(**cells) -> dict:
    return {"Kennung": "w", "Titel": "Werkzeug", "Zusammenfassung": "Ein Werkzeug."} | cells


def write_book(path: Path, **sheets: list[dict]) -> Path:
    """Write a workbook with `sheets`; each has the headings of all its rows."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        headings = list(dict.fromkeys(heading for row in rows for heading in row))
        sheet.append(headings)
        for row in rows:
            sheet.append([row.get(heading) for heading in headings])
    book.save(path)
    return path


def findings(path: Path, csv_title: str = "", **corrections: str) -> list[Finding]:
    """Return what is found in the file at `path`, as the preview of drafts shows it."""
    return look_at(path, csv_title, corrections)[0]


def look_at(
    path: Path, csv_title: str = "", corrections: dict | None = None, *, publish: bool = False
) -> tuple[list[Finding], Preview]:
    book = _read(path, csv_title, corrections)
    preview = preview_lines(book.reading, path.parent, publish=publish)
    return book.locate_all(preview.problems), preview


def import_book(path: Path, *, publish: bool = True) -> Report:
    """Import the workbook at `path`, which has no mistakes."""
    book = _read(path, "", None)
    assert not [finding for finding in book.findings if not finding.is_warning]
    report = import_lines(book.reading, path.parent, publish=publish)
    assert not report.has_errors, [str(problem) for problem in report.problems]
    return report


def _read(path: Path, csv_title: str, corrections: dict | None):
    tables = read_tables(path, csv_title)
    for table in tables:
        table.correct(corrections or {})
    return read_workbook(tables, load_catalogue())
