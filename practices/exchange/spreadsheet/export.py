"""The lines of an export as a workbook that, imported again, changes nothing."""

import datetime
from collections import defaultdict
from collections.abc import Callable

from practices.exchange.catalogue import Catalogue, load_catalogue
from practices.exchange.export import export_objects, stored_path
from practices.exchange.fields import is_address
from practices.exchange.selection import UnknownSelection, select_practices
from practices.exchange.spreadsheet.cells import as_text, join_parts
from practices.exchange.spreadsheet.columns import KEEP_MARK, Column, Kind, Sheet
from practices.exchange.spreadsheet.names import CHOICES
from practices.exchange.spreadsheet.sheets import MAX_ROWS
from practices.exchange.spreadsheet.writer import write_workbook
from practices.richtext import clean_rich_text, without_block_keys


def export_workbook(query: str) -> bytes:
    """Return a workbook with every live page that `query` selects, and the organisations they name.

    Files are not in it: an import leaves those of a page alone. Raises UnknownSelection, see practices.exchange.selection,
    also for more pages than can be imported again.
    """
    if select_practices(query).count() > MAX_ROWS:
        raise UnknownSelection(
            f"Das sind mehr als {MAX_ROWS} Seiten. Bitte wählen Sie mit einer Suche einen Teil davon aus."
        )
    lines = defaultdict(list)
    for data in export_objects(query, stored_path):
        lines[data["type"]].append(data)
    cells = _Cells(load_catalogue())

    def rows(sheet: Sheet) -> list[list]:
        return [[cells.write(column, data) for column in sheet.columns] for data in lines[sheet.type]]

    return write_workbook(rows)


class _Cells:
    """Writes what a line says as the text of a cell."""

    def __init__(self, catalogue: Catalogue):
        self.catalogue = catalogue

    def write(self, column: Column, data: dict) -> str:
        """Return the text for `column` of the line `data`."""
        value: object = data
        for step in column.field.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        if value in (None, "", []):
            return ""
        return WRITERS[column.kind](self, column, value)

    def label(self, column: Column, key: str) -> str:
        """Return how people call a term; a name that would be taken apart gives way to the key."""
        term = self.catalogue.terms[column.scheme].get(key)
        return term.name if term and ";" not in term.name else key

    def factor(self, column: Column, text: str) -> str:
        return " ".join(self.label(column, text).split())


def as_plain(markup: str) -> str:
    """Return rich text as plain paragraphs where nothing is lost by it, else as it is."""
    markup = without_block_keys(markup)
    text = markup.replace("</p><p>", "\n\n").removeprefix("<p>").removesuffix("</p>").replace("<br>", "\n")
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\N{NO-BREAK SPACE}").replace("&amp;", "&")
    return text if clean_rich_text(text).value == markup else markup


def _day(value: str | None) -> str:
    return as_text(datetime.date.fromisoformat(value)) if value else ""


def _number(value) -> str:
    return "" if value is None else as_text(value)


def _indicator(indicator: dict) -> list[str]:
    targets, actuals = indicator.get("targets", {}), indicator.get("actuals", {})
    name, unit = indicator["name"], indicator.get("unit", "")
    return [
        join_parts(name, unit, half_year, _number(targets.get(half_year)), _number(actuals.get(half_year)))
        for half_year in sorted({*targets, *actuals})
    ] or [join_parts(name, unit)]


def _lines(parts) -> str:
    return "\n".join(parts)


WRITERS: dict[Kind, Callable] = {
    Kind.TEXT: lambda cells, column, value: as_text(value),
    Kind.RICH: lambda cells, column, value: as_plain(value),
    Kind.TEXTS: lambda cells, column, value: _lines(" ".join(text.split()) for text in value),
    Kind.TAGS: lambda cells, column, value: "; ".join(value),
    Kind.DATE: lambda cells, column, value: _day(value),
    Kind.WHOLE: lambda cells, column, value: _number(value),
    Kind.AMOUNT: lambda cells, column, value: _number(value),
    Kind.YES_NO: lambda cells, column, value: "ja" if value else "nein",
    Kind.CHOICE: lambda cells, column, value: CHOICES[column.field][value],
    Kind.TERM: lambda cells, column, value: cells.label(column, value),
    Kind.TERMS: lambda cells, column, value: "; ".join(cells.label(column, key) for key in value),
    Kind.FACTORS: lambda cells, column, value: _lines(cells.factor(column, text) for text in value),
    Kind.PAGE: lambda cells, column, value: value,
    Kind.PAGES: lambda cells, column, value: "; ".join(value),
    Kind.PARTNERS: lambda cells, column, value: _lines(
        join_parts(part["organisation"], part.get("role", "")) for part in value
    ),
    Kind.LINKS: lambda cells, column, value: _lines(
        join_parts(link["label"], link.get("url", ""), _day(link.get("accessed"))) for link in value
    ),
    Kind.SPEAKERS: lambda cells, column, value: _lines(
        join_parts(part.get("name", ""), part.get("organisation", "")) for part in value
    ),
    Kind.CHAPTERS: lambda cells, column, value: _lines(
        join_parts(str(part["start"]), part["title"], part.get("practice", "")) for part in value
    ),
    Kind.INDICATORS: lambda cells, column, value: _lines(line for part in value for line in _indicator(part)),
    Kind.VIDEO: lambda cells, column, value: value if is_address(value) else KEEP_MARK,
}
