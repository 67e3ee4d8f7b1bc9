"""Whether what a line says makes sense together with the others: keys exist and are of the right type, dates have an order."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from practices.exchange.catalogue import TYPE_LABELS, Catalogue
from practices.exchange.messages import suggest
from practices.exchange.problems import Problem
from practices.exchange.reader import Line
from practices.exchange.schema import FACTORS, SINGLE_TERMS, TERM_LISTS, Lesson, Practice, Project, Record, Recording

PRACTICE_TYPES = ("project", "tool", "recording", "lesson")
_LOOKS_LIKE_A_KEY = re.compile(r"^[a-z0-9-]+$")


class Reference(NamedTuple):
    """One record named by another."""

    field: str
    key: str
    types: tuple[str, ...]


def resolve_terms(line: Line, catalogue: Catalogue) -> tuple[Line, list[Problem]]:
    """Return `line` with terms and tags as they are stored, and every unknown term.

    Merged terms give way to their successors, lists without an order of their own are sorted, and a free tag is spelt
    as it was the first time.
    """
    record, problems = line.record, []
    values: dict[str, list[str] | str | None] = {
        "tags": sorted({catalogue.tags.setdefault(tag.lower(), tag) for tag in record.tags})
    }
    for field, scheme in _term_fields(record):
        value = getattr(record, field)
        keys = [value] if isinstance(value, str) else value or []
        found = []
        for index, key in enumerate(keys):
            term = catalogue.terms[scheme].get(key)
            if term:
                found.append(term.slug)
            elif field in FACTORS and not _LOOKS_LIKE_A_KEY.match(key):
                found.append(key)
            else:
                place = field if field in SINGLE_TERMS else f"{field}.{index}"
                message = f"Im Vokabular „{scheme}“ gibt es „{key[:120]}“ nicht.{suggest(key, catalogue.terms[scheme])}"
                problems.append(Problem(line.number, place, message))
        if field in SINGLE_TERMS:
            values[field] = found[0] if found else None
        else:
            values[field] = found if field in FACTORS else sorted(set(found))
    return line._replace(record=record.model_copy(update=values)), problems


def check_references(line: Line, catalogue: Catalogue, types_in_file: dict[str, str]) -> list[Problem]:
    """Return what is wrong with the keys of other records that `line` names, and with its own key."""
    record = line.record
    problems = _check_own_type(line, catalogue)
    types = catalogue.types | types_in_file
    seen: dict[str, set[str]] = {}
    for field, key, wanted in references_of(record):
        message = _mistake(record, field, key, wanted, types)
        group = "evidence" if field.startswith("contradicting") else field.split(".")[0]
        if not message and group != "chapters" and key in seen.setdefault(group, set()):
            message = f"„{key}“ ist hier schon genannt. Bitte nennen Sie jede Kennung nur einmal."
        seen.setdefault(group, set()).add(key)
        if message:
            problems.append(Problem(line.number, field, message))
    problems.extend(Problem(line.number, field, message) for field, message in _own_partner(record, catalogue))
    return problems


def check_dates(line: Line) -> list[Problem]:
    """Return what is wrong with the dates of `line` taken together; a draft, which is not validated, may not have it either."""
    record = line.record
    if isinstance(record, Project) and record.start and record.end and record.end < record.start:
        return [Problem(line.number, "end", "Das Ende liegt vor dem Beginn. Bitte prüfen Sie beide Daten.")]
    return []


def references_of(record: Record) -> Iterator[Reference]:
    """Yield every other record that `record` names."""
    if isinstance(record, Practice):
        if record.organisation:
            yield Reference("organisation", record.organisation, ("organisation",))
        for index, partner in enumerate(record.partners):
            yield Reference(f"partners.{index}.organisation", partner.organisation, ("organisation",))
    if isinstance(record, Project):
        yield from _list_of("tools", record.tools, "tool")
        yield from _list_of("recordings", record.recordings, "recording")
    if isinstance(record, Lesson):
        yield from _list_of("evidence", record.evidence, "project")
        yield from _list_of("contradicting", record.contradicting, "project")
    if isinstance(record, Recording):
        for index, chapter in enumerate(record.chapters):
            if chapter.practice:
                yield Reference(f"chapters.{index}.practice", chapter.practice, PRACTICE_TYPES)


def _term_fields(record: Record) -> Iterator[tuple[str, str]]:
    fields = type(record).model_fields
    return ((field, scheme) for field, scheme in (TERM_LISTS | SINGLE_TERMS | FACTORS).items() if field in fields)


def _list_of(field: str, keys: list[str], wanted: str) -> Iterator[Reference]:
    return (Reference(f"{field}.{index}", key, (wanted,)) for index, key in enumerate(keys))


def _check_own_type(line: Line, catalogue: Catalogue) -> list[Problem]:
    there = catalogue.types.get(line.record.key, line.record.type)
    if there == line.record.type:
        return []
    message = f"Diese Kennung gehört schon zu einer Seite der Art {TYPE_LABELS[there]}. Bitte wählen Sie eine andere."
    return [Problem(line.number, "key", message)]


def _mistake(record: Record, field: str, key: str, wanted: tuple[str, ...], types: dict[str, str]) -> str:
    if key == record.key:
        return "Die Zeile verweist auf sich selbst. Bitte nennen Sie eine andere Kennung."
    if key not in types:
        candidates = [known for known, name in types.items() if name in wanted]
        return f"„{key}“ gibt es weder in der Datei noch in der Datenbank.{suggest(key, candidates, likeness=0.6)}"
    if types[key] not in wanted:
        expected = " oder ".join(TYPE_LABELS[name] for name in wanted)
        return f"„{key}“ ist von der Art {TYPE_LABELS[types[key]]}. Erwartet wird: {expected}."
    return ""


def _own_partner(record: Record, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    if isinstance(record, Practice) and record.partners:
        owner = record.organisation or catalogue.editorial_key
        for index, partner in enumerate(record.partners):
            if partner.organisation == owner:
                yield (
                    f"partners.{index}.organisation",
                    "Der Träger ist nicht zugleich Partner. Bitte streichen Sie den Eintrag.",
                )
