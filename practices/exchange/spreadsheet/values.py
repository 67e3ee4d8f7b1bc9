"""From a cell to what a line of the exchange format says in its place, one reader for each kind of column."""

from collections.abc import Callable
from dataclasses import dataclass, field

from practices.exchange.fields import is_address
from practices.exchange.spreadsheet.cells import (
    Misread,
    as_amount,
    as_date,
    as_seconds,
    as_text,
    as_whole,
    as_yes_no,
    items_of,
    join_parts,
    lines_of,
    parts_of,
)
from practices.exchange.spreadsheet.columns import Column, Kind
from practices.exchange.spreadsheet.names import Names, fold

MOST_ITEMS = 200


@dataclass(frozen=True)
class Complaint:
    """What is wrong with a cell; `proposal` is what its whole text had better be."""

    message: str
    proposal: str = ""
    is_warning: bool = False


@dataclass
class CellReader:
    """Reads one cell after the other."""

    names: Names
    complaints: list[Complaint] = field(default_factory=list)

    def read(self, column: Column, value) -> tuple[object, list[Complaint]]:
        """Return what `value` says in `column`, None where it says nothing or nothing right, and what is wrong with it."""
        self.complaints = []
        if as_text(value) == "":
            return None, []
        try:
            return READERS[column.kind](self, column, value), self.complaints
        except Misread as error:
            return None, [Complaint(str(error), error.proposal)]

    def _each(self, items: list[str], read: Callable[[str], object], separator: str = "\n") -> list:
        """Read every item by itself, and propose the whole cell with what has a better spelling put right."""
        if len(items) > MOST_ITEMS:
            raise Misread(f"In der Zelle stehen zu viele Angaben: Erlaubt sind höchstens {MOST_ITEMS}.")
        found, wrong, better = [], [], list(items)
        for index, item in enumerate(items):
            try:
                found.append(read(item))
            except Misread as error:
                wrong.append(str(error))
                better[index] = error.proposal or item
        proposal = separator.join(better) if better != items else ""
        self.complaints += [Complaint(message, proposal) for message in wrong]
        return found

    def _term(self, column: Column, value) -> str:
        return self.names.term(column.scheme, as_text(value))

    def _terms(self, column: Column, value) -> list[str]:
        return self._each(items_of(value), lambda text: self.names.term(column.scheme, text), "; ")

    def _factors(self, column: Column, value) -> list[str]:
        """A sentence of one's own stays; one that is nearly a term is asked about, without stopping the import."""
        sentences = lines_of(value)
        labels = [self.names.nearest_term(column.scheme, text) for text in sentences]
        keys = [self.names.terms[column.scheme].get(fold(text)) for text in sentences]
        better = [text if key else label or text for text, key, label in zip(sentences, keys, labels, strict=True)]
        for text, proposal in zip(sentences, better, strict=True):
            if proposal != text:
                message = f"„{text[:120]}“ wird als eigener Satz übernommen. Meinten Sie „{proposal}“?"
                self.complaints.append(Complaint(message, "\n".join(better), is_warning=True))
        return [key or text for key, text in zip(keys, sentences, strict=True)]

    def _choice(self, column: Column, value) -> str:
        return self.names.choice(column.field, as_text(value))

    def _page(self, column: Column, value) -> str:
        return self.names.page(column.types, as_text(value))

    def _pages(self, column: Column, value) -> list[str]:
        return self._each(items_of(value), lambda text: self.names.page(column.types, text), "; ")

    def _partners(self, column: Column, value) -> list[dict]:
        return self._each(lines_of(value), lambda line: self._partner(column, line))

    def _partner(self, column: Column, line: str) -> dict:
        title, role = parts_of(line, 2)
        try:
            return {"organisation": self.names.page(column.types, title), "role": role}
        except Misread as error:
            raise Misread(str(error), join_parts(error.proposal, role) if error.proposal else "") from error

    def _links(self, column: Column, value) -> list[dict]:
        return self._each(lines_of(value), _link)

    def _speakers(self, column: Column, value) -> list[dict]:
        return [
            dict(zip(("name", "organisation"), parts, strict=True))
            for parts in self._each(lines_of(value), lambda line: parts_of(line, 2))
        ]

    def _chapters(self, column: Column, value) -> list[dict]:
        return self._each(lines_of(value), lambda line: self._chapter(column, line))

    def _chapter(self, column: Column, line: str) -> dict:
        start, title, practice = parts_of(line, 3)
        try:
            key = self.names.page(column.types, practice) if practice else None
        except Misread as error:
            raise Misread(str(error), join_parts(start, title, error.proposal) if error.proposal else "") from error
        return {"start": as_seconds(start), "title": title, "practice": key}

    def _indicators(self, column: Column, value) -> list[dict]:
        """Gather the lines of one figure, which follow each other."""
        found: list[dict] = []
        for name, unit, half_year, target, actual in self._each(lines_of(value), _figure):
            if not found or (found[-1]["name"], found[-1]["unit"]) != (name, unit):
                found.append({"name": name, "unit": unit, "targets": {}, "actuals": {}})
            for group, number in (("targets", target), ("actuals", actual)):
                if number is not None:
                    found[-1][group][half_year] = number
        return found

    def _video(self, column: Column, value) -> str:
        if not is_address(as_text(value)):
            raise Misread("Bitte geben Sie eine vollständige Adresse an, die mit https:// beginnt.")
        return as_text(value)


def _link(line: str) -> dict:
    label, url, accessed = parts_of(line, 3)
    return {"label": label, "url": url, "accessed": as_date(accessed) if accessed else None}


def _figure(line: str) -> tuple:
    name, unit, half_year, target, actual = parts_of(line, 5)
    if (target or actual) and not half_year:
        raise Misread("Zu den Werten fehlt das Halbjahr. Bitte schreiben Sie es dazu, zum Beispiel 2024-H1.")
    return name, unit, half_year, as_amount(target) if target else None, as_amount(actual) if actual else None


READERS: dict[Kind, Callable] = {
    Kind.TEXT: lambda reader, column, value: as_text(value),
    Kind.RICH: lambda reader, column, value: as_text(value),
    Kind.TEXTS: lambda reader, column, value: lines_of(value),
    Kind.TAGS: lambda reader, column, value: items_of(value),
    Kind.DATE: lambda reader, column, value: as_date(value),
    Kind.WHOLE: lambda reader, column, value: as_whole(value),
    Kind.AMOUNT: lambda reader, column, value: as_amount(value),
    Kind.YES_NO: lambda reader, column, value: as_yes_no(value),
    Kind.CHOICE: CellReader._choice,
    Kind.TERM: CellReader._term,
    Kind.TERMS: CellReader._terms,
    Kind.FACTORS: CellReader._factors,
    Kind.PAGE: CellReader._page,
    Kind.PAGES: CellReader._pages,
    Kind.PARTNERS: CellReader._partners,
    Kind.LINKS: CellReader._links,
    Kind.SPEAKERS: CellReader._speakers,
    Kind.CHAPTERS: CellReader._chapters,
    Kind.INDICATORS: CellReader._indicators,
    Kind.VIDEO: CellReader._video,
}
