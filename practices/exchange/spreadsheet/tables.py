"""From an uploaded file to plain tables. What is read here may be broken or meant to do harm: a process of its own does that."""

import datetime
import json
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from openpyxl.utils import get_column_letter

from practices.exchange.spreadsheet.cells import as_text
from practices.exchange.spreadsheet.columns import GUIDE_SHEET, LISTS_SHEET, SHEETS
from practices.exchange.spreadsheet.sheets import AS_XLSX, MAX_ROWS, too_costly
from practices.media.intake import read_apart

logger = logging.getLogger(__name__)

MAX_BYTES = 10 * 1024 * 1024
_OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")


class Unreadable(ValueError):
    """A file that no table can be read from; the message says why and what to do."""


@dataclass(frozen=True)
class Formula:
    """What a cell holds that does not say its value itself."""

    text: str
    failed: bool = False


@dataclass
class Table:
    """A sheet: its rows that say something, each with its number in the file; all of the same length."""

    title: str
    rows: list[tuple[int, list]] = field(default_factory=list)

    def __post_init__(self) -> None:
        width = max((len(values) for _number, values in self.rows), default=0)
        for _number, values in self.rows:
            values += [None] * (width - len(values))

    def correct(self, corrections: dict[str, str]) -> None:
        """Put other texts into cells; `corrections` names them as "Projekte!C5"."""
        for number, values in self.rows:
            for index in range(len(values)):
                place = cell_name(self.title, number, index)
                if place in corrections:
                    values[index] = corrections[place]


def cell_name(title: str, row: int, index: int) -> str:
    """Return how spreadsheets call a cell; the first column has the index 0."""
    return f"{title}!{get_column_letter(index + 1)}{row}"


def read_tables(path: Path, csv_title: str = "") -> list[Table]:
    """Return the sheets of the XLSX or CSV file at `path`; a CSV file has one, called `csv_title`.

    Raises Unreadable, and nothing else, whatever the file holds.
    """
    try:
        with path.open("rb") as file:
            start = file.read(8)
            _check_start(start, path.stat().st_size)
            is_workbook = start.startswith(b"PK")
            if not is_workbook and csv_title not in {sheet.title for sheet in SHEETS}:
                raise Unreadable("Bitte sagen Sie, was die CSV-Datei enthält: Organisationen, Projekte, Werkzeuge …")
            sheets = _sheets_in(file)
    except OSError as error:
        raise Unreadable("Die Datei ist nicht mehr da. Bitte laden Sie sie noch einmal hoch.") from error
    tables = [_table(_known_title(title) if is_workbook else csv_title, rows) for title, rows in sheets]
    if sum(len(table.rows) for table in tables if table.title not in (GUIDE_SHEET, LISTS_SHEET)) > MAX_ROWS:
        raise Unreadable(f"Die Datei hat mehr als {MAX_ROWS} Zeilen. Bitte teilen Sie die Tabelle auf.")
    return tables


def _check_start(start: bytes, size: int) -> None:
    if not size:
        raise Unreadable("Die Datei ist leer. Bitte wählen Sie eine andere.")
    if size > MAX_BYTES:
        raise Unreadable(
            f"Die Datei ist zu groß: Erlaubt sind höchstens {MAX_BYTES // 1024**2} MB. Bitte entfernen Sie Bilder oder "
            "teilen Sie die Tabelle auf."
        )
    if start == _OLD_EXCEL:
        raise Unreadable(f"Die Datei ist mit einem Passwort geschützt oder stammt aus einem alten Excel. {AS_XLSX}")
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8", b"GIF8", b"{\\rtf")):
        raise Unreadable(f"Das ist keine Tabelle. {AS_XLSX}")


def _sheets_in(file: IO[bytes]) -> list:
    """Return the sheets of `file` as `sheets.read_sheets` writes them. Raises Unreadable."""
    head, content = read_apart(file, "sheets", otherwise=too_costly())
    if "refused" in head:
        logger.info("a table is refused: %s", head["cause"])
        raise Unreadable(head["refused"])
    return json.loads(content)


def _table(title: str, rows: list) -> Table:
    return Table(title, [(number, [_value(value) for value in values]) for number, values in rows])


def _value(value):
    if not isinstance(value, dict):
        return value
    return (
        datetime.datetime.fromisoformat(value["day"]) if "day" in value else Formula(value["formula"], value["failed"])
    )


def _known_title(title: str) -> str:
    """Return the title of a sheet as the template writes it; capital letters and spaces do not matter."""
    titles = {sheet.title.casefold(): sheet.title for sheet in SHEETS}
    return titles.get(title.strip().casefold(), title)


def describe(value) -> str:
    """Return what stands in a cell, formulas included."""
    return value.text if isinstance(value, Formula) else as_text(value)
