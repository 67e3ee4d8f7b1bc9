"""What was decided about each address: `decided/*.txt`, one line for a single pattern and what it is asked about.

    route [what it is about] | who gets in | what whose form changes | note

Roles are letters, see door_world.py; "closed" is for nobody. Without letters in brackets all who get in change a kind of things
(see door_changes.py). What a route is about is said in the words of door_addresses.py, where it is not what stands there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.editing.door_world import ROLES

FOLDER = Path(__file__).parent / "decided"
CLOSED = "closed"
_LINE = re.compile(
    r"(?P<route>\S+(?: \S+)*?)(?: \[(?P<target>.+)\])? \| (?P<letters>\S+)(?: \|(?P<changes>[^|]*))?(?: \| .*)?"
)


@dataclass(frozen=True)
class Decision:
    """Who gets in by a route when it is about a target, and whose form changes which kinds of things there.

    Its `subject` is the name of the file in which it stands.
    """

    subject: str
    route: str
    target: str
    letters: str
    changes: dict[str, str]

    def __str__(self) -> str:
        return f"{self.route} [{self.target}]" if self.target else self.route

    def changed_by(self, letter: str) -> set[str]:
        return {kind for kind, letters in self.changes.items() if letter in letters}


def decisions() -> list[Decision]:
    """Return all lines in the order in which they stand, files by name."""
    return [decision for file in sorted(FOLDER.glob("*.txt")) for decision in _lines(file)]


def _lines(file: Path) -> Iterator[Decision]:
    for line in file.read_text().splitlines():
        if line and not line.startswith("#"):
            found = _LINE.fullmatch(line.rstrip())
            assert found, f"{file.name}: {line}"
            letters = "" if found["letters"] == CLOSED else found["letters"]
            assert set(letters) <= set(ROLES), line
            yield Decision(
                file.stem, found["route"], found["target"] or "", letters, _changes(found["changes"] or "", letters)
            )


def _changes(text: str, letters: str) -> dict[str, str]:
    """Read "kind" and "kind(letters)": without letters, everybody who gets in."""
    changes = {}
    for part in filter(None, map(str.strip, text.split(","))):
        kind, _, some = part.partition("(")
        changes[kind] = some.removesuffix(")") or letters
    return changes
