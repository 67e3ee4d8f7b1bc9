"""From the bytes of a spreadsheet to its sheets. Runs in the process of `practices.media.reading`, without Django: what is read
here may be broken or meant to do harm.
"""

import csv
import datetime
import io
import json
import sys
import warnings
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from practices.exchange.spreadsheet.guards import without_guards
from practices.media.documents.markup import read_xml
from practices.media.outcome import Refused

MAX_UNPACKED = 60 * 1024 * 1024
MAX_PARTS = 500
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_SHEETS = 20
# Of all cells together: one text may be named by any number of cells.
MAX_TEXT = 32 * 1024 * 1024
AS_XLSX = "Bitte speichern Sie die Tabelle als „Excel-Arbeitsmappe (.xlsx)“ und laden Sie sie noch einmal hoch."
# A cell of this type holds a formula, or what came of one that failed.
_FORMULA, _ERROR = "f", "e"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def too_costly() -> Refused:
    """Return what is said about a table that takes more time or memory than there is."""
    return Refused(
        "Die Tabelle ist zu aufwendig: Sie enthält zu viele Zellen, Formate oder Texte. Bitte kopieren Sie die ausgefüllten Zeilen "
        "als Werte in eine neue Vorlage und laden Sie diese hoch, lange Tabellen in mehreren Teilen."
    )


def read_sheets(file: BinaryIO) -> bytes:
    """Return the sheets of the workbook or CSV file as JSON: [[title, [[row, [value, …]], …]], …].

    A CSV file has one, without title. A value is null, a number, a yes or no, a text, {"formula": …, "failed": …} or
    {"day": …}. Raises Refused and MemoryError, and nothing else, whatever the file holds.
    """
    start = file.read(2)
    file.seek(0)
    sheets = _read_workbook(file) if start == b"PK" else [("", _read_csv(file.read()))]
    pieces, size = [], 0
    for piece in json.JSONEncoder(default=_as_json).iterencode(sheets):
        size += len(piece)
        if size > MAX_TEXT:
            raise too_costly()
        pieces.append(piece)
    return "".join(pieces).encode()


def _as_json(value) -> object:
    """Return how a value is written that JSON has no form for."""
    if isinstance(value, datetime.date):
        return {"day": value.isoformat()}
    return str(value)


def _read_workbook(file: BinaryIO) -> list[tuple[str, list]]:
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]  # openpyxl loads it where it is, and needs it for nothing here
    from openpyxl import load_workbook

    try:
        _check_archive(file)
        # openpyxl warns of what it does not know; that concerns none of the values.
        with warnings.catch_warnings(action="ignore"):
            book = load_workbook(file, read_only=True, keep_links=False)
            return [(sheet.title, list(_rows(sheet))) for sheet in book.worksheets[:MAX_SHEETS]]
    except (Refused, MemoryError):
        raise
    except Exception as error:  # a broken file leads openpyxl to whatever error there is
        raise Refused(f"Die Datei ist beschädigt oder keine Excel-Arbeitsmappe. {AS_XLSX}") from error


def _check_archive(file: BinaryIO) -> None:
    """Refuse what unpacks to too much, holds macros or is something else; zipfile unpacks no more than is declared."""
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if any(part.flag_bits & 1 for part in parts):
            raise Refused(f"Die Datei ist mit einem Passwort geschützt. {AS_XLSX}")
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise Refused("Die Datei ist entpackt zu groß. Bitte teilen Sie die Tabelle auf.")
        if any(name.endswith("vbaProject.bin") for name in names):
            raise Refused(f"Die Datei enthält Makros und wird deshalb nicht angenommen. {AS_XLSX}")
        if "xl/workbook.xml" not in names:
            raise Refused(f"Das ist keine Excel-Arbeitsmappe. {AS_XLSX}")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                _refuse_entities(archive, part)


def _refuse_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with archive.open(part) as markup:
        try:
            read_xml(markup, (), lambda element: None)
        except Refused as error:
            raise Refused(f"Die Datei ist beschädigt oder keine Excel-Arbeitsmappe. {AS_XLSX}") from error


def _rows(sheet) -> Iterator[tuple[int, list]]:
    """Yield the rows of a sheet that say something; rows without end that only have a format are left alone."""
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        values = [_value(cell) for cell in cells]
        if any(value not in (None, "") for value in values):
            if number > MAX_ROWS:
                raise Refused(
                    f"Das Blatt „{sheet.title}“ hat mehr als {MAX_ROWS} Zeilen. Bitte teilen Sie die Tabelle auf."
                )
            yield number, _without_end(values)
        if number > 2 * MAX_ROWS:
            return


def _value(cell):
    if cell.data_type in (_FORMULA, _ERROR):
        return {"formula": str(cell.value), "failed": cell.data_type == _ERROR}
    return cell.value


def _without_end(values: list) -> list:
    end = max(index for index, value in enumerate(values) if value not in (None, "")) + 1
    return values[:end]


def _read_csv(content: bytes) -> list[tuple[int, list]]:
    text = _decode(content)
    start = text.split("\n", 1)[0]
    separator = max(";,\t", key=start.count)
    rows: list[tuple[int, list]] = []
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text), delimiter=separator), start=1):
            if number > MAX_ROWS:
                raise Refused(f"Die Datei hat mehr als {MAX_ROWS} Zeilen. Bitte teilen Sie sie auf.")
            if any(values):
                rows.append((number, [_from_csv(value) for value in values[:MAX_COLUMNS]]))
    except csv.Error as error:
        raise Refused("Die CSV-Datei lässt sich nicht lesen. Bitte prüfen Sie die Anführungszeichen.") from error
    return rows


def _decode(content: bytes) -> str:
    if content.startswith(_UTF16):
        raise Refused("Die Datei ist in UTF-16 gespeichert. Bitte speichern Sie sie als „CSV UTF-8“.")
    if b"\0" in content:
        raise Refused(f"Das ist keine CSV-Datei. {AS_XLSX}")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("Die Schrift der Datei ist unbekannt. Bitte speichern Sie sie als „CSV UTF-8“.")


def _from_csv(value: str):
    return {"formula": value, "failed": False} if value[:1] == "=" else without_guards(value)
