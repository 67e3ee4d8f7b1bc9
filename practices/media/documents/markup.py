"""XML from outside, read as it comes: nothing is kept but what is asked for, and no entity means anything."""

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from practices.media.documents.outcome import damaged, too_complex

_DEEPEST = 500
_MOST_OPEN = 50
_LONGEST_TEXT = 500
_OFF = ("0", "false", "off")


@dataclass
class Element:
    """An element that was asked for: names are without their namespaces."""

    name: str
    attributes: dict[str, str]
    # The names of what was asked for around it, and of all that stands in it and is not switched off.
    around: tuple[str, ...]
    inside: set[str] = field(default_factory=set)
    text: str = ""


def read_xml(file: IO[bytes], names: Container[str], found: Callable[[Element], None]) -> None:
    """Call `found` with each element of one of these `names`, once it ends; the first 500 characters of its text are kept.

    Raises Refused where the file is no XML, declares entities or is nested too deeply.
    """
    waiting: list[tuple[int, Element]] = []
    depth = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth, name = depth + 1, _local(name)
        if depth > _DEEPEST or len(waiting) > _MOST_OPEN:
            raise too_complex()
        if not waiting and name not in names:
            return
        values = {_local(key): value for key, value in attributes.items()}
        if values.get("val") not in _OFF:
            for _depth, element in waiting:
                element.inside.add(name)
        if name in names:
            waiting.append((depth, Element(name, values, tuple(element.name for _depth, element in waiting))))

    def end(name: str) -> None:
        nonlocal depth
        if waiting and waiting[-1][0] == depth:
            found(waiting.pop()[1])
        depth -= 1

    def text(letters: str) -> None:
        for _depth, element in waiting:
            if len(element.text) < _LONGEST_TEXT:
                element.text += letters[: _LONGEST_TEXT - len(element.text)]

    def refuse(*_about: object) -> None:
        raise too_complex()

    parser = expat.ParserCreate()
    if names:
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, text
    parser.EntityDeclHandler = refuse
    try:
        parser.ParseFile(file)
    except expat.ExpatError as error:
        raise damaged() from error


def _local(name: str) -> str:
    return name.rpartition(":")[2]
