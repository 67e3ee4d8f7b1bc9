"""From the bytes of an exchange file to checked lines. Nothing is looked up here, neither database nor other files."""

import codecs
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from practices.exchange.fields import Rich
from practices.exchange.messages import explain, suggest
from practices.exchange.problems import Problem
from practices.exchange.schema import RECORD_TYPES, Record
from practices.richtext import clean_plain_text, clean_rich_text

AnyPart = TypeVar("AnyPart", bound=BaseModel)

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Line(NamedTuple):
    """A line that is right by itself. The page keeps what it has in the fields `kept`, whatever the record says."""

    number: int
    record: Record
    kept: frozenset[str] = frozenset()


@dataclass
class Reading:
    """What a file holds: its right lines, everything wrong with the others, and the type of each key named in it."""

    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    total: int = 0
    first_lines: dict[str, int] = field(default_factory=dict)


class _Wrong(Exception):
    def __init__(self, message: str, name: str = ""):
        super().__init__(message)
        self.name = name


def read_exchange_file(path: Path) -> Reading:
    """Return the lines of the exchange file at `path` with their texts cleaned, and every problem found in it.

    Raises OSError where the file can not be read.
    """
    content = path.read_bytes()
    reading = Reading()
    if content.startswith(UTF16_MARKS):
        message = "Die Datei ist in UTF-16 gespeichert. Bitte speichern Sie sie in UTF-8."
        reading.problems.append(Problem(None, "", message))
        return reading
    for number, raw in _raw_lines(content.removeprefix(codecs.BOM_UTF8)):
        reading.total += 1
        _read_line(number, raw, reading)
    if not reading.total:
        reading.problems.append(Problem(None, "", "Die Datei ist leer. Erwartet wird eine Zeile je Objekt."))
    return reading


def _raw_lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    for number, raw in enumerate(content.split(b"\n"), start=1):
        if raw.strip():
            yield number, raw.strip()


def _read_line(number: int, raw: bytes, reading: Reading) -> None:
    try:
        data = _parse(_decode(raw))
        record_type = _record_type(data)
    except _Wrong as wrong:
        reading.problems.append(Problem(number, wrong.name, str(wrong)))
        return
    note_key(number, data, reading)
    read_record(number, raw, record_type, reading)


def note_key(
    number: int, data: dict, reading: Reading, name_line: Callable[[int], str] = lambda number: f"Zeile {number}"
) -> None:
    """Remember the key in `data`, and report it where another line has it already; `name_line` says which line."""
    key = data.get("key")
    if not isinstance(key, str):
        return
    if key in reading.first_lines:
        where = name_line(reading.first_lines[key])
        message = f"Die Kennung „{key[:120]}“ steht schon in {where}. Bitte vergeben Sie jede nur einmal."
        reading.problems.append(Problem(number, "key", message))
    reading.first_lines.setdefault(key, number)
    reading.types.setdefault(key, data["type"])


def read_record(
    number: int, raw: str | bytes, record_type: type[Record], reading: Reading, kept: frozenset[str] = frozenset()
) -> None:
    """Add the object `raw` (JSON) to `reading` as a line, or what is wrong with it as problems."""
    try:
        record = record_type.model_validate_json(raw, strict=True)
    except ValidationError as error:
        found = [explain(part, record_type) for part in error.errors(include_url=False, include_input=False)]
        reading.problems.extend(Problem(number, name, message) for name, message in found)
        return
    clean, problems = clean_texts(record)
    problems = [replace(problem, line=number) for problem in problems]
    reading.problems.extend(problems)
    if all(problem.is_warning for problem in problems):
        reading.lines.append(Line(number, clean, kept))


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _Wrong(
            f"Das Zeichen an Byte {error.start + 1} der Zeile ist kein UTF-8. Bitte speichern Sie die Datei in UTF-8."
        ) from error


def _parse(text: str) -> dict:
    try:
        data = json.loads(text, object_pairs_hook=_each_name_once)
    except json.JSONDecodeError as error:
        raise _Wrong(
            f"Spalte {error.colno}: Das ist kein gültiges JSON. Bitte prüfen Sie Anführungszeichen, Kommas und Klammern."
        ) from error
    except (RecursionError, ValueError) as error:
        raise _Wrong("Die Zeile ist zu tief verschachtelt oder enthält eine zu lange Zahl.") from error
    if not isinstance(data, dict):
        raise _Wrong("Erwartet wird ein Objekt in geschweiften Klammern, in einer einzigen Zeile.")
    return data


def _each_name_once(pairs: list[tuple]) -> dict:
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Wrong("Dieses Feld steht zweimal im selben Objekt. Bitte löschen Sie eines.", twice[:120])
    return data


def _record_type(data: dict) -> type[Record]:
    if "type" not in data:
        raise _Wrong(f"Die Angabe fehlt. Erlaubt sind: {', '.join(RECORD_TYPES)}.", "type")
    name = data["type"]
    if not isinstance(name, str) or name not in RECORD_TYPES:
        hint = suggest(name, RECORD_TYPES) if isinstance(name, str) else ""
        raise _Wrong(f"Diesen Typ gibt es nicht. Erlaubt sind: {', '.join(RECORD_TYPES)}.{hint}", "type")
    return RECORD_TYPES[name]


def clean_texts(record: AnyPart, place: str = "") -> tuple[AnyPart, list[Problem]]:
    """Return `record` with every text reduced to what may be stored, and what was taken out, by field, as warnings.

    A required text of which nothing is left is an error. `place` is the dotted path of `record` itself.
    """
    problems: list[Problem] = []
    values = {}
    for name, info in type(record).model_fields.items():
        clean = clean_rich_text if any(isinstance(mark, Rich) for mark in info.metadata) else clean_plain_text
        value = getattr(record, name)
        values[name] = _clean(value, clean, f"{place}{name}", problems)
        if value and not values[name] and info.is_required():
            problems.append(
                Problem(None, f"{place}{name}", "Nach dem Entfernen der HTML-Elemente bleibt kein Text übrig.")
            )
    return record.model_copy(update=values), problems


def _clean(value, clean, place: str, problems: list[Problem]):
    if isinstance(value, BaseModel):
        part, found = clean_texts(value, f"{place}.")
        problems.extend(found)
        return part
    if isinstance(value, list):
        parts = [_clean(part, clean, f"{place}.{index}", problems) for index, part in enumerate(value)]
        return [part for part in parts if part != ""]
    if not isinstance(value, str):
        return value
    text = clean(value)
    if text.removed:
        problems.append(Problem(None, place, f"Entfernt wurde: {', '.join(text.removed)}.", is_warning=True))
    return text.value
