"""From an uploaded file to plain tables. What is read here may be broken or meant to do harm."""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from practices.exchange.spreadsheet.cells import as_text, without_guards
from practices.exchange.spreadsheet.columns import GUIDE_SHEET, LISTS_SHEET, SHEETS

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_PARTS = 500
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_SHEETS = 20
# A cell of this type holds a formula, or what came of one that failed.
FORMULA, ERROR = "f", "e"
_OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
AS_XLSX = "Bitte speichern Sie die Tabelle als „Excel-Arbeitsmappe (.xlsx)“ und laden Sie sie noch einmal hoch."


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
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
            _check_start(start, size)
            file.seek(0)
            if start.startswith(b"PK"):
                return _read_workbook(file)
            return [_read_csv(file.read(), csv_title)]
    except OSError as error:
        raise Unreadable("Die Datei ist nicht mehr da. Bitte laden Sie sie noch einmal hoch.") from error


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


def _read_workbook(file: BinaryIO) -> list[Table]:
    try:
        _check_archive(file)
        # openpyxl warns of what it does not know; that concerns none of the values.
        with warnings.catch_warnings(action="ignore"):
            book = load_workbook(file, read_only=True, keep_links=False)
            tables = [Table(_known_title(sheet.title), list(_rows(sheet))) for sheet in book.worksheets[:MAX_SHEETS]]
    except Unreadable:
        raise
    except Exception as error:  # a broken file leads openpyxl to whatever error there is
        raise Unreadable(f"Die Datei ist beschädigt oder keine Excel-Arbeitsmappe. {AS_XLSX}") from error
    if sum(len(table.rows) for table in tables if table.title not in (GUIDE_SHEET, LISTS_SHEET)) > MAX_ROWS:
        raise Unreadable(f"Die Datei hat mehr als {MAX_ROWS} Zeilen. Bitte teilen Sie die Tabelle auf.")
    return tables


def _known_title(title: str) -> str:
    """Return the title of a sheet as the template writes it; capital letters and spaces do not matter."""
    titles = {sheet.title.casefold(): sheet.title for sheet in SHEETS}
    return titles.get(title.strip().casefold(), title)


def _check_archive(file: BinaryIO) -> None:
    """Refuse what unpacks to too much, holds macros or is something else; zipfile unpacks no more than is declared."""
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if any(part.flag_bits & 1 for part in parts):
            raise Unreadable(f"Die Datei ist mit einem Passwort geschützt. {AS_XLSX}")
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise Unreadable("Die Datei ist entpackt zu groß. Bitte teilen Sie die Tabelle auf.")
        if any(name.endswith("vbaProject.bin") for name in names):
            raise Unreadable(f"Die Datei enthält Makros und wird deshalb nicht angenommen. {AS_XLSX}")
        if "xl/workbook.xml" not in names:
            raise Unreadable(f"Das ist keine Excel-Arbeitsmappe. {AS_XLSX}")


def _rows(sheet) -> Iterator[tuple[int, list]]:
    """Yield the rows of a sheet that say something; rows without end that only have a format are left alone."""
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        values = [_value(cell) for cell in cells]
        if any(value not in (None, "") for value in values):
            if number > MAX_ROWS:
                raise Unreadable(
                    f"Das Blatt „{sheet.title}“ hat mehr als {MAX_ROWS} Zeilen. Bitte teilen Sie die Tabelle auf."
                )
            yield number, _without_end(values)
        if number > 2 * MAX_ROWS:
            return


def _value(cell):
    if cell.data_type == FORMULA:
        return Formula(str(cell.value))
    if cell.data_type == ERROR:
        return Formula(str(cell.value), failed=True)
    return cell.value


def _without_end(values: list) -> list:
    end = max(index for index, value in enumerate(values) if value not in (None, "")) + 1
    return values[:end]


def _read_csv(content: bytes, title: str) -> Table:
    if title not in {sheet.title for sheet in SHEETS}:
        raise Unreadable("Bitte sagen Sie, was die CSV-Datei enthält: Organisationen, Projekte, Werkzeuge …")
    text = _decode(content)
    start = text.split("\n", 1)[0]
    separator = max(";,\t", key=start.count)
    rows: list[tuple[int, list]] = []
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text), delimiter=separator), start=1):
            if number > MAX_ROWS:
                raise Unreadable(f"Die Datei hat mehr als {MAX_ROWS} Zeilen. Bitte teilen Sie sie auf.")
            if any(values):
                rows.append((number, [_from_csv(value) for value in values[:MAX_COLUMNS]]))
    except csv.Error as error:
        raise Unreadable("Die CSV-Datei lässt sich nicht lesen. Bitte prüfen Sie die Anführungszeichen.") from error
    return Table(title, rows)


def _decode(content: bytes) -> str:
    if content.startswith(_UTF16):
        raise Unreadable("Die Datei ist in UTF-16 gespeichert. Bitte speichern Sie sie als „CSV UTF-8“.")
    if b"\0" in content:
        raise Unreadable(f"Das ist keine CSV-Datei. {AS_XLSX}")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("Die Schrift der Datei ist unbekannt. Bitte speichern Sie sie als „CSV UTF-8“.")


def _from_csv(value: str):
    """Exports put an apostrophe before what a spreadsheet would take for a formula."""
    if value[:1] == "=":
        return Formula(value)
    return without_guards(value)


def describe(value) -> str:
    """Return what stands in a cell, formulas included."""
    return value.text if isinstance(value, Formula) else as_text(value)
