"""Boxes of MP4, QuickTime and M4A: ISO/IEC 14496-12, section 4.2, and what QuickTime makes of it."""

from collections.abc import Iterator
from typing import NamedTuple

from practices.media.containers.source import Source, damaged, too_complex

# A recording of two hours in fragments of a second each has about 60,000.
MOST_BOXES = 200_000
_NEEDED = {b"moov", b"moof", b"mdat"}


class Box(NamedTuple):
    """A box: its whole from `start` to `end`, its content from `body` on. What is left over within another has no name."""

    name: bytes
    start: int
    body: int
    end: int


class Boxes:
    """Reads boxes, and minds how many."""

    def __init__(self, source: Source):
        self.source = source
        self._seen = 0

    def within(self, box: Box) -> Iterator[Box]:
        """Yield the parts of `box`; raises Refused where one reaches beyond it."""
        return self.between(box.body, box.end)

    def between(self, start: int, end: int) -> Iterator[Box]:
        """Yield the boxes from `start` to `end`, at last what is left over."""
        while start < end:
            box = self._at(start, end)
            if not box:
                yield Box(b"", start, start, end)
                return
            if box.end > end:
                raise damaged()
            yield box
            start = box.end

    def at_top(self) -> Iterator[Box]:
        """Yield the boxes of the file. Its media data may go on to the end; what follows the last and is no box has no name."""
        start, end = 0, self.source.size
        while start < end:
            box = self._at(start, end, at_top=True)
            if not box or (box.end > end and box.name not in _NEEDED):
                yield Box(b"", start, start, end)
                return
            if box.end > end:
                raise damaged()
            yield box
            start = box.end

    def part(self, box: Box | None, *path: bytes) -> Box | None:
        """Return the first part of `box` by this path of names."""
        for name in path:
            box = box and next((part for part in self.within(box) if part.name == name), None)
        return box

    def read(self, box: Box, place: int, length: int) -> bytes:
        """Return the bytes of the content of `box` from `place` on; raises Refused where it ends before."""
        if box.body + place + length > box.end:
            raise damaged()
        return self.source.at(box.body + place, length)

    def number(self, box: Box, place: int, length: int = 4, *, signed: bool = False) -> int:
        """Return the number that stands in the content of `box` at `place`."""
        return int.from_bytes(self.read(box, place, length), "big", signed=signed)

    def _at(self, start: int, end: int, *, at_top: bool = False) -> Box | None:
        self._seen += 1
        if self._seen > MOST_BOXES:
            raise too_complex()
        head = self.source.up_to(start, min(16, end - start))
        if len(head) < 8:
            return None
        size, name, body = int.from_bytes(head[:4], "big"), head[4:8], start + 8
        if size == 1 and len(head) == 16:
            size, body = int.from_bytes(head[8:], "big"), start + 16
        elif size == 0 and at_top:
            size = end - start if name in _NEEDED else 0
        # Zeros are what QuickTime ends lists with.
        return Box(name, start, body, start + size) if start + size >= body else None
