"""Where in the file the samples of a track lie: ISO/IEC 14496-12, sections 8.7 and 8.8."""

import sys
from array import array
from collections.abc import Iterator
from typing import NamedTuple

from practices.media.containers.source import Source, damaged, too_complex

# Enough for ten hours of pictures and sounds, and for two hours of them that take turns one by one.
MOST_NUMBERS = 8_000_000
MOST_RUNS = 1_000_000
_CODES = {1: "B", 2: "H", 4: "I", 8: "Q"}


class Run(NamedTuple):
    """Samples that lie one after the other; `sizes` is None where all have one size."""

    start: int
    size: int
    sizes: array | None


class Table(NamedTuple):
    """The numbers of a table in the file: `length` of them, each of `width` bytes, from `place` on."""

    place: int
    length: int
    width: int


class SampleTables:
    """Reads tables of samples, and minds how much they say all in all."""

    def __init__(self, source: Source):
        self._source = source
        self._numbers = self._runs = 0

    def runs(self, parts: dict[bytes, tuple[int, int]]) -> Iterator[Run]:
        """Yield the runs ("chunks") of the track whose sample table has `parts`: for each name, where its body starts and ends."""
        size, sizes = self._sizes(parts)
        places = self._places(parts)
        sample = 0
        for first, last, each in self._lengths(parts, len(places)):
            for place in places[first:last]:
                part = None if sizes is None else sizes[sample : sample + each]
                yield self._run(place, size * each if part is None else sum(part), part)
                sample += each

    def fragment_run(self, place: int, body: tuple[int, int], size: int) -> Run:
        """Return the run at `place` that the `trun` with this body describes; `size` is that of samples it says nothing about."""
        start, end = body
        flags, count = self._source.number(start, 4), self._source.number(start + 4, 4)
        width = 4 * sum(bool(flags & bit) for bit in (0x100, 0x200, 0x400, 0x800))
        start += 8 + 4 * bool(flags & 0x1) + 4 * bool(flags & 0x4)
        if not flags & 0x200:
            return self._run(place, count * size, None)
        numbers = self._read(Table(start, count * width // 4, 4), end)
        sizes = numbers[bool(flags & 0x100) :: width // 4]
        return self._run(place, sum(sizes), sizes)

    def _run(self, place: int, size: int, sizes: array | None) -> Run:
        self._runs += 1
        if self._runs > MOST_RUNS:
            raise too_complex()
        if place + size > self._source.size:
            raise damaged()
        return Run(place, size, sizes)

    def _sizes(self, parts: dict[bytes, tuple[int, int]]) -> tuple[int, array | None]:
        if b"stsz" in parts:
            start, end = parts[b"stsz"]
            size, count = self._source.number(start + 4, 4), self._source.number(start + 8, 4)
            return size, None if size else self._read(Table(start + 12, count, 4), end)
        start, end = _part(parts, b"stz2")
        bits, count = self._source.number(start + 7, 1), self._source.number(start + 8, 4)
        if bits not in (8, 16):
            raise damaged()
        return 0, self._read(Table(start + 12, count, bits // 8), end)

    def _places(self, parts: dict[bytes, tuple[int, int]]) -> array:
        name, width = (b"co64", 8) if b"co64" in parts else (b"stco", 4)
        start, end = _part(parts, name)
        return self._read(Table(start + 8, self._source.number(start + 4, 4), width), end)

    def _lengths(self, parts: dict[bytes, tuple[int, int]], runs: int) -> Iterator[tuple[int, int, int]]:
        """Yield how many samples each run has: from which run on, before which, and the number."""
        start, end = _part(parts, b"stsc")
        numbers = self._read(Table(start + 8, 3 * self._source.number(start + 4, 4), 4), end)
        firsts, lengths = numbers[::3], numbers[1::3]
        before = 0
        for index, first in enumerate(firsts):
            if first <= before:
                raise damaged()
            before = first
            last = firsts[index + 1] - 1 if index + 1 < len(firsts) else runs
            yield first - 1, last, lengths[index]

    def _read(self, table: Table, end: int) -> array:
        self._numbers += table.length * table.width // 4
        if table.place + table.length * table.width > end:
            raise damaged()
        if self._numbers > MOST_NUMBERS:
            raise too_complex()
        numbers = array(_CODES[table.width], self._source.at(table.place, table.length * table.width))
        if sys.byteorder == "little":
            numbers.byteswap()
        return numbers


def _part(parts: dict[bytes, tuple[int, int]], name: bytes) -> tuple[int, int]:
    if name not in parts:
        raise damaged()
    return parts[name]
