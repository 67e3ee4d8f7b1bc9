"""From tables to lines of the exchange format, and from what is wrong with a line back to its cell."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from openpyxl.utils import get_column_letter
from rapidfuzz import fuzz, process

from practices.exchange.catalogue import Catalogue
from practices.exchange.problems import Problem
from practices.exchange.reader import Reading, note_key, read_record
from practices.exchange.schema import RECORD_TYPES, compact
from practices.exchange.spreadsheet.columns import (
    EXAMPLE_MARK,
    GUIDE_SHEET,
    KEEP_MARK,
    LISTS_SHEET,
    SHEETS,
    WITHOUT_COLUMN,
    Column,
    Kind,
    Sheet,
    fields_without_column,
)
from practices.exchange.spreadsheet.names import fold, load_names
from practices.exchange.spreadsheet.tables import Formula, Table, describe
from practices.exchange.spreadsheet.values import CellReader
from practices.slugs import german_slug

# Together they name one thing: where one of them has a column, the other is as good as empty.
_TOGETHER = frozenset({"programme", "funder"})
SHEET_ORDER = {sheet.title: number for number, sheet in enumerate(SHEETS)}
_EMPTY_FILE = (
    "In der Datei steht nichts, was sich einlesen lässt. Bitte füllen Sie die Vorlage ab der zweiten Zeile aus."
)
_FORMULA = "In der Zelle steht eine Formel. Bitte kopieren Sie die Zelle und fügen Sie nur ihren Wert ein („Inhalte einfügen“)."
_FAILED = "Die Zelle zeigt einen Fehler von Excel an. Bitte tragen Sie den Wert von Hand ein."


class Finding(NamedTuple):
    """What is wrong with a cell, a row or a sheet: where, what to do, and which text would be right."""

    sheet: str
    row: int | None
    column: str
    heading: str
    value: str
    message: str
    proposal: str = ""
    is_warning: bool = False

    @property
    def cell(self) -> str:
        """How a spreadsheet calls the place; empty where there is no single cell."""
        return f"{self.sheet}!{self.column}{self.row}" if self.row and self.column else ""

    def __str__(self) -> str:
        parts = [f"Blatt „{self.sheet}“" if self.sheet else "", f"Zeile {self.row}" if self.row else ""]
        if self.column:
            parts.append(f"Spalte {self.column}" + (f" („{self.heading}“)" if self.heading else ""))
        place = ", ".join(part for part in parts if part)
        return f"{place}: {self.message}" if place else self.message


@dataclass
class _Row:
    """A row with the places of its cells: the index of each column."""

    sheet: Sheet
    number: int
    values: list
    places: dict[str, int]


@dataclass
class Workbook:
    """What the tables hold: their right rows as lines, and what is wrong with the others."""

    reading: Reading = field(default_factory=Reading)
    findings: list[Finding] = field(default_factory=list)
    rows: dict[int, _Row] = field(default_factory=dict)

    @property
    def has_errors(self) -> bool:
        """Whether anything was found that keeps the workbook from being imported."""
        return any(not finding.is_warning for finding in self.findings)

    def name_line(self, line: int) -> str:
        """Return where the row of `line` stands."""
        row = self.rows[line]
        return f"Blatt „{row.sheet.title}“, Zeile {row.number}"

    def locate(self, problem: Problem) -> Finding:
        """Return a problem of a line as a finding in its cell."""
        row = self.rows.get(problem.line or 0)
        if row is None:
            return Finding("", None, "", "", "", problem.message, is_warning=problem.is_warning)
        column = next((column for column in row.sheet.columns if _stands_in(problem.field, column.field)), None)
        return _finding(row, column, problem.message, is_warning=problem.is_warning)

    def locate_all(self, problems: Iterable[Problem]) -> list[Finding]:
        """Return what was found in reading and those of `problems` that are new, from the first sheet to the last."""
        found = [*self.findings]
        known = {(finding.sheet, finding.row, finding.heading) for finding in found if not finding.is_warning}
        for finding in map(self.locate, problems):
            if finding.is_warning or (finding.sheet, finding.row, finding.heading) not in known:
                found.append(finding)
        return sorted(found, key=_place_of)


def read_workbook(tables: list[Table], catalogue: Catalogue) -> Workbook:
    """Return the lines that `tables` hold, and every finding in them; looks terms and titles up, changes nothing.

    A line describes its page as far as there are columns: an empty cell empties the field, a missing column leaves it.
    """
    book = Workbook()
    for table in tables:
        _read_table(table, book)
    names = load_names(catalogue)
    keyed = [(row, _key_of(row)) for row in book.rows.values()]
    for row, key in keyed:
        if key:
            names.add_page(row.sheet.type, key, _text(row, "title"))
    reader = CellReader(names)
    for line, (row, key) in enumerate(keyed, start=1):
        _read_row(line, row, key, reader, book)
    if not book.rows and not book.findings:
        book.findings.append(Finding("", None, "", "", "", _EMPTY_FILE))
    return book


def _read_table(table: Table, book: Workbook) -> None:
    if table.title in (GUIDE_SHEET, LISTS_SHEET) or not table.rows:
        return
    sheet = next((sheet for sheet in SHEETS if sheet.title == table.title), None)
    if sheet is None:
        titles = ", ".join(sheet.title for sheet in SHEETS)
        message = f"Das Blatt „{table.title}“ gehört nicht zur Vorlage. Bitte benennen Sie es um ({titles}) oder löschen Sie es."
        book.findings.append(Finding(table.title, None, "", "", "", message))
        return
    (heading_row, headings), *rows = table.rows
    places = _places(sheet, heading_row, headings, rows, book)
    for number, values in rows:
        row = _Row(sheet, number, values, places)
        if not _text(row, "key").startswith(EXAMPLE_MARK):
            book.rows[len(book.rows) + 1] = row


def _places(sheet: Sheet, number: int, headings: list, rows: list, book: Workbook) -> dict[str, int]:
    """Return where the columns of `sheet` stand, and report headings that are unknown, missing or there twice."""
    places: dict[str, int] = {}
    columns = {fold(name): column for column in sheet.columns for name in (column.field, column.heading)}
    proposed = set()
    for index, heading in enumerate(headings):
        column = columns.get(fold(describe(heading)))
        if column and column.field not in places:
            places[column.field] = index
        elif heading is not None or any(values[index] is not None for _row, values in rows):
            proposal = "" if column else _nearest_heading(describe(heading), sheet)
            proposed.add(proposal)
            message = _about_heading(describe(heading), proposal, is_twice=column is not None)
            letter = get_column_letter(index + 1)
            book.findings.append(
                Finding(sheet.title, number, letter, describe(heading), describe(heading), message, proposal)
            )
    for column in sheet.columns:
        if column.required and column.field not in places and column.heading not in proposed:
            message = f"Die Spalte „{column.heading}“ fehlt. Bitte fügen Sie sie ein, wie in der Vorlage."
            book.findings.append(Finding(sheet.title, number, "", column.heading, "", message))
    return places


def _about_heading(heading: str, proposal: str, is_twice: bool) -> str:
    if is_twice:
        return f"Die Spalte „{heading}“ gibt es zweimal. Bitte löschen Sie eine."
    if not heading:
        return "Über dieser Spalte fehlt die Überschrift. Bitte ergänzen Sie sie wie in der Vorlage, oder löschen Sie die Spalte."
    hint = (
        f"Meinten Sie „{proposal}“?"
        if proposal
        else "Bitte löschen Sie die Spalte oder nehmen Sie eine Überschrift der Vorlage."
    )
    return f"Die Überschrift „{heading[:120]}“ gehört nicht zur Vorlage. {hint}"


def _nearest_heading(heading: str, sheet: Sheet) -> str:
    by_name = {fold(column.heading): column.heading for column in sheet.columns}
    nearest = process.extractOne(fold(heading)[:200], list(by_name), scorer=fuzz.ratio, score_cutoff=70)
    return by_name[nearest[0]] if nearest else ""


def _read_row(line: int, row: _Row, key: str, reader: CellReader, book: Workbook) -> None:
    data: dict = {"type": row.sheet.type, "key": key}
    kept = set(WITHOUT_COLUMN | fields_without_column(row.sheet))
    # A row with neither key nor title lacks the title; what a sheet must have was reported once for the sheet.
    wrong = set() if key else {"key"}
    for column in row.sheet.columns:
        top = column.field.split(".")[0]
        if column.field not in row.places:
            # The key is no part of what a page can keep: where it has no column, the title makes one.
            kept |= {top} - {"key"}
            wrong |= {column.field} if column.required else set()
        elif _is_kept(column, row.values[row.places[column.field]]):
            kept.add(top)
        else:
            value, is_right = _read_cell(row, column, reader, book)
            if value is not None and column.field != "key":
                _put(data, column.field, value)
            wrong |= set() if is_right else {column.field}
    if _TOGETHER - kept:
        kept -= _TOGETHER
    _check_row(line, row, data, frozenset(kept & RECORD_TYPES[row.sheet.type].model_fields.keys()), wrong, book)


def _is_kept(column: Column, value) -> bool:
    text = describe(value)
    return text == KEEP_MARK or (column.kind is Kind.VIDEO and not text)


def _read_cell(row: _Row, column: Column, reader: CellReader, book: Workbook) -> tuple[object, bool]:
    """Return what a cell says and whether all of it is right; what is not becomes a finding."""
    value = row.values[row.places[column.field]]
    if isinstance(value, Formula):
        book.findings.append(_finding(row, column, _FAILED if value.failed else _FORMULA))
        return None, False
    found, complaints = reader.read(column, value)
    book.findings += [
        _finding(row, column, complaint.message, complaint.proposal, is_warning=complaint.is_warning)
        for complaint in complaints
    ]
    return found, all(complaint.is_warning for complaint in complaints)


def _check_row(line: int, row: _Row, data: dict, kept: frozenset[str], wrong: set[str], book: Workbook) -> None:
    """Let the exchange format check the row; what is wrong with cells that were reported already is not said again."""
    own = Reading(types=book.reading.types, first_lines=book.reading.first_lines)
    if data["key"]:
        note_key(line, data, own, book.name_line)
    read_record(line, json.dumps(compact(data), ensure_ascii=False), RECORD_TYPES[row.sheet.type], own, kept)
    found = (problem for problem in own.problems if not any(_stands_in(problem.field, name) for name in wrong))
    book.findings += dict.fromkeys(map(book.locate, found))
    if not wrong:
        book.reading.lines += own.lines
    book.reading.total += 1


def _finding(row: _Row, column: Column | None, message: str, proposal: str = "", is_warning: bool = False) -> Finding:
    index = row.places.get(column.field) if column else None
    value = describe(row.values[index]) if index is not None else ""
    letter = get_column_letter(index + 1) if index is not None else ""
    heading = column.heading if column else ""
    return Finding(row.sheet.title, row.number, letter, heading, value, message, proposal, is_warning)


def _place_of(finding: Finding) -> tuple:
    """Return what findings are ordered by: sheet, row, column; AA comes after Z."""
    return SHEET_ORDER.get(finding.sheet, -1), finding.row or 0, len(finding.column), finding.column


def _stands_in(place: str, field: str) -> bool:
    """Return whether the `place` of a problem lies in the column for `field`."""
    return place == field or place.startswith(f"{field}.")


def _put(data: dict, place: str, value) -> None:
    *above, name = place.split(".")
    for step in above:
        data = data.setdefault(step, {})
    data[name] = value


def _key_of(row: _Row) -> str:
    """Return the key of a row; where it has none, its title makes one, the same one every time."""
    title = _text(row, "title")
    return _text(row, "key") or (german_slug(title) if title else "")


def _text(row: _Row, name: str) -> str:
    index = row.places.get(name)
    return "" if index is None else describe(row.values[index])
