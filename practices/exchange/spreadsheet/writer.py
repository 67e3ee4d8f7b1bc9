"""Workbooks to fill in or to take away: every sheet with its headings, explanations and lists to choose from."""

import datetime
from collections.abc import Callable, Iterable
from io import BytesIO

from openpyxl import Workbook as Book
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from practices.exchange.spreadsheet.cells import as_amount, as_date
from practices.exchange.spreadsheet.columns import (
    EXAMPLE_MARK,
    GUIDE_SHEET,
    KEEP_MARK,
    LISTS_SHEET,
    SHEETS,
    Column,
    Kind,
    Sheet,
)
from practices.exchange.spreadsheet.names import CHOICES
from practices.exchange.spreadsheet.sheets import MAX_ROWS
from practices.models import SCHEMES, OrganisationPage

# What Excel allows in a cell.
MAX_CHARACTERS = 32_767
_HEADING = {"font": Font(bold=True, color="FFFFFF"), "fill": PatternFill("solid", fgColor="1F4E5F")}
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_GUIDE = (
    "So füllen Sie die Vorlage aus",
    "Jedes Blatt steht für eine Art von Seite, jede Zeile für eine Seite. Löschen Sie Blätter nicht; leere werden übergangen.",
    "Die Überschriften bleiben, wie sie sind. Spalten, die Sie nicht brauchen, dürfen Sie löschen: Bei Seiten, die es schon "
    "gibt, bleibt dann, was dort steht. Eine leere Zelle leert das Feld.",
    f"Zeilen, deren Kennung mit „{EXAMPLE_MARK}“ beginnt, werden nicht eingelesen.",
    "Die Kennung bleibt für immer gleich: Kleinbuchstaben, Ziffern, Punkt und Striche. Bleibt sie leer, entsteht sie aus dem "
    "Titel. Steht sie schon auf der Plattform, wird die Seite geändert.",
    "In Zellen mit mehreren Angaben beginnt eine neue Zeile mit Alt + Eingabe.",
    "Bilder und Dokumente laden Sie auf der Plattform hoch; die Tabelle lässt sie unberührt.",
)


def template() -> bytes:
    """Return a workbook to fill in, with an example row on every sheet that an import leaves out."""
    return write_workbook(lambda sheet: [[column.example for column in sheet.columns]])


def write_workbook(rows: Callable[[Sheet], Iterable[list[str]]]) -> bytes:
    """Return a workbook with the `rows` of each sheet, in the order of its columns."""
    book = Book()
    _write_guide(book.active)
    lists = _Lists(book)
    for sheet in SHEETS:
        worksheet = book.create_sheet(sheet.title)
        _write_headings(worksheet, sheet)
        for row, values in enumerate(rows(sheet), start=2):
            for index, (column, value) in enumerate(zip(sheet.columns, values, strict=True), start=1):
                _write(worksheet.cell(row, index), column, value)
        for index, column in enumerate(sheet.columns, start=1):
            lists.offer(worksheet, index, column)
    book.move_sheet(LISTS_SHEET, len(SHEETS))
    book.active = 1
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def _write_guide(worksheet: Worksheet) -> None:
    worksheet.title = GUIDE_SHEET
    worksheet.column_dimensions["A"].width = 34
    worksheet.column_dimensions["B"].width = 90
    for text in _GUIDE:
        worksheet.append([text])
        worksheet.merge_cells(start_row=worksheet.max_row, end_row=worksheet.max_row, start_column=1, end_column=2)
        worksheet.cell(worksheet.max_row, 1).alignment = _WRAPPED
        worksheet.row_dimensions[worksheet.max_row].height = 32
    worksheet["A1"].font = Font(bold=True, size=14)
    for sheet in SHEETS:
        worksheet.append([])
        worksheet.append([f"Blatt „{sheet.title}“"])
        worksheet.cell(worksheet.max_row, 1).font = Font(bold=True)
        for column in sheet.columns:
            worksheet.append([column.heading, _explain(column)])


def _explain(column: Column) -> str:
    required = " – muss ausgefüllt sein" if column.required else ""
    vocabulary = f" ({SCHEMES[column.scheme]._meta.verbose_name_plural})" if column.scheme else ""
    return f"{column.kind.value}{vocabulary}{required}"


def _write_headings(worksheet: Worksheet, sheet: Sheet) -> None:
    for index, column in enumerate(sheet.columns, start=1):
        cell = worksheet.cell(1, index, column.heading)
        cell.font, cell.fill, cell.alignment = _HEADING["font"], _HEADING["fill"], _WRAPPED
        cell.comment = Comment(_explain(column), "TransferHub", height=90, width=260)
        wide = column.kind in (Kind.RICH, Kind.TEXTS, Kind.LINKS, Kind.INDICATORS) or column.field == "summary"
        worksheet.column_dimensions[get_column_letter(index)].width = 48 if wide else 24
        if column.kind is Kind.DATE:
            worksheet.column_dimensions[get_column_letter(index)].number_format = "DD.MM.YYYY"
    worksheet.freeze_panes = "C2"


def _write(cell: Cell, column: Column, value: str) -> None:
    """Write a text into a cell, a number or a day as such; nothing is ever taken for a formula."""
    if value == "":
        return
    cell.alignment = _WRAPPED
    if column.kind in (Kind.WHOLE, Kind.AMOUNT):
        cell.value = as_amount(value)
        cell.number_format = "#,##0.00" if column.kind is Kind.AMOUNT else "0"
        return
    if column.kind is Kind.DATE:
        cell.value = datetime.date.fromisoformat(as_date(value))
        cell.number_format = "DD.MM.YYYY"
        return
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.value = text if len(text) <= MAX_CHARACTERS else KEEP_MARK
    cell.data_type = "s"
    cell.quotePrefix = True


class _Lists:
    """The hidden sheet with what may be chosen."""

    def __init__(self, book: Book):
        self.sheet = book.create_sheet(LISTS_SHEET)
        self.sheet.sheet_state = "hidden"
        self.places: dict[str, str] = {}

    def offer(self, worksheet: Worksheet, index: int, column: Column) -> None:
        """Let one choose from a list in a column. Where several things may stand in a cell, others may be typed."""
        options = _options(column)
        if options is None:
            return
        name, texts = options
        if name not in self.places:
            self.places[name] = self._write(name, texts)
        validation = DataValidation(type="list", formula1=self.places[name], allow_blank=True)
        validation.showErrorMessage = column.kind in (Kind.YES_NO, Kind.CHOICE)
        validation.error, validation.errorTitle = "Bitte wählen Sie einen Wert der Liste.", "Nicht vorgesehen"
        letter = get_column_letter(index)
        validation.add(f"{letter}2:{letter}{MAX_ROWS}")
        worksheet.add_data_validation(validation)

    def _write(self, name: str, texts: list[str]) -> str:
        index = len(self.places) + 1
        for row, text in enumerate([name, *texts], start=1):
            cell = self.sheet.cell(row, index, text)
            cell.data_type = "s"
        letter = get_column_letter(index)
        return f"{quote_sheetname(LISTS_SHEET)}!${letter}$2:${letter}${len(texts) + 1}"


def _options(column: Column) -> tuple[str, list[str]] | None:
    if column.scheme:
        terms = SCHEMES[column.scheme].objects.current().in_tree_order()
        return column.scheme, list(terms.values_list("name", flat=True))
    if column.kind is Kind.YES_NO:
        return "janein", ["ja", "nein"]
    if column.kind is Kind.CHOICE:
        return column.field, [label for value, label in CHOICES[column.field].items() if value]
    if column.kind is Kind.PAGE:
        return "organisationen", list(OrganisationPage.objects.order_by("title").values_list("title", flat=True))
    return None
