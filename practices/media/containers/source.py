"""What a container is read from, and what reading it comes to: bytes to write over others, never a copy of the file."""

from array import array
from dataclasses import dataclass, field
from typing import IO, NamedTuple

from practices.media.outcome import Refused

# A recording of two hours has about 600,000 blocks or frames.
MOST_LOOKS = 3_000_000
MOST_WRITES = 300_000
MOST_PIECES = 10_000
_STEP = 1024 * 1024

CONVERT = "Bitte wandeln Sie die Aufnahme um: ein Video in MP4 (H.264 mit AAC), eine Tonaufnahme in MP3."


class Source:
    """A file to read from any place; never more of it than is asked for."""

    def __init__(self, file: IO[bytes]):
        self._file = file
        self._looks = 0
        self.size = file.seek(0, 2)

    def at(self, place: int, length: int) -> bytes:
        """Return the `length` bytes from `place` on; raises Refused where the file ends before, or is asked too often."""
        content = self.up_to(place, length)
        if len(content) < length:
            raise damaged()
        return content

    def up_to(self, place: int, length: int) -> bytes:
        """Return at most `length` bytes from `place` on."""
        self._looks += 1
        if self._looks > MOST_LOOKS:
            raise too_complex()
        self._file.seek(place)
        return self._file.read(max(length, 0))

    def number(self, place: int, length: int) -> int:
        """Return the number that is written at `place`, its highest byte first."""
        return int.from_bytes(self.at(place, length), "big")


@dataclass
class Changes:
    """What makes a clean recording of the one that was read: `pieces` of it stay, some of their bytes are written over."""

    blanks: array = field(default_factory=lambda: array("Q"))
    fillings: array = field(default_factory=lambda: array("Q"))
    writes: list[tuple[int, bytes]] = field(default_factory=list)
    pieces: list[tuple[int, int]] = field(default_factory=list)

    def blank(self, start: int, end: int) -> None:
        """Let zeros stand from `start` to `end`."""
        if end > start:
            self.blanks.extend((start, end))

    def fill(self, start: int, end: int) -> None:
        """Let ones stand from `start` to `end`."""
        if end > start:
            self.fillings.extend((start, end))

    def write(self, place: int, content: bytes) -> None:
        """Let `content` stand at `place`, whatever is blanked or filled there."""
        self.writes.append((place, content))
        if len(self.writes) > MOST_WRITES:
            raise too_complex()

    def keep(self, start: int, end: int) -> None:
        """Let the file go on from `start` to `end` after what was kept last; places are those of the file that was read."""
        if self.pieces and self.pieces[-1][1] == start:
            self.pieces[-1] = (self.pieces[-1][0], end)
        elif end > start:
            self.pieces.append((start, end))
            if len(self.pieces) > MOST_PIECES:
                raise damaged()

    def apply(self, file: IO[bytes]) -> int:
        """Change the `file` that was read, in place, and return how large it is then."""
        for spans, filling in ((self.fillings, b"\xff"), (self.blanks, b"\0")):
            filled = filling * _STEP
            for start, end in zip(spans[::2], spans[1::2], strict=True):
                file.seek(start)
                for place in range(start, end, _STEP):
                    file.write(filled[: end - place])
        for place, content in self.writes:
            file.seek(place)
            file.write(content)
        size = 0
        for start, end in self.pieces:
            size = _move(file, start, end, size)
        file.truncate(size)
        file.flush()
        file.seek(0)
        return size


class Found(NamedTuple):
    """A recording that can be stored: how it is packed, whether there is anything to see, whose it is by its own account."""

    suffix: str
    has_video: bool
    said: list[object]
    changes: Changes


def damaged() -> Refused:
    """Return what is said about a recording that can not be read to its end."""
    return Refused(
        "Die Aufnahme ist unvollständig oder beschädigt. Bitte exportieren Sie sie noch einmal als MP4 (Video) oder MP3 (Ton) "
        "und wählen Sie die neue Datei."
    )


def too_complex() -> Refused:
    """Return what is said about a recording of more parts than there is time for."""
    return Refused(
        "Die Aufnahme besteht aus zu vielen Teilen, um sie hier zu prüfen. Bitte kürzen Sie sie oder exportieren Sie sie noch "
        "einmal als MP4 (Video) oder MP3 (Ton)."
    )


def unplayable() -> Refused:
    """Return what is said about a recording that is packed as it should be, but in codecs that browsers do not know."""
    return Refused(f"Diese Aufnahme können Browser nicht abspielen. {CONVERT}")


def _move(file: IO[bytes], start: int, end: int, to: int) -> int:
    if start == to:
        return end
    for place in range(start, end, _STEP):
        file.seek(place)
        content = file.read(min(_STEP, end - place))
        file.seek(to)
        to += file.write(content)
    return to
