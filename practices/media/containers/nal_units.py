"""Notes within pictures: encoders and cameras write what they please between them.

ITU-T H.264 and H.265 call it supplemental enhancement information, of the kind "user data unregistered" (annex D). Cameras
say there when and where they recorded, encoders who they are. Pictures, captions and colours are left as they are.
"""

from array import array
from collections.abc import Iterable

from practices.media.containers.source import Changes, Source, damaged

_H265 = {b"hvc1", b"hev1", b"dvh1", b"dvhe"}
_CONFIGURATIONS = {b"avcC": 4, b"hvcC": 21}  # and where in them the width of lengths stands
_MOST_OF_ENTRY = 64 * 1024
_LARGEST_NOTE = 1024 * 1024
_NOTE = 5
_H264_SEI, _H265_SEI = {6}, {39, 40}
_H264_PICTURES = range(1, 6)
_H264_FREE, _H265_FREE = {12, *range(24, 32)}, {38, *range(48, 64)}  # filling, and what the standards leave to others


class Notes:
    """Finds the notes in the samples of a track with these `codecs`; its `stsd` says how the samples are made up."""

    def __init__(self, source: Source, changes: Changes, codecs: set[bytes], stsd: tuple[int, int] | None):
        self._source, self._changes = source, changes
        self._is_h265 = bool(codecs & _H265)
        self._width = _width_of_lengths(source, stsd) if stsd else 0

    def blank_in(self, start: int, sizes: Iterable[int]) -> None:
        """Leave the notes out of the samples from `start` on that have these `sizes`."""
        if self._width:
            for size in sizes:
                self._blank_in_sample(start, start + size)
                start += size

    def _blank_in_sample(self, place: int, end: int) -> None:
        width = self._width
        while place + width + 2 <= end:
            head = self._source.at(place, width + 1)
            place += width
            following = place + int.from_bytes(head[:width], "big")
            if following == place or following > end:
                return  # damaged, which decoders get over
            kind = head[width] >> 1 & 63 if self._is_h265 else head[width] & 31
            start = place + (2 if self._is_h265 else 1)
            if kind in (_H265_SEI if self._is_h265 else _H264_SEI):
                _blank_notes(self._source, self._changes, start, following)
            elif kind in (_H265_FREE if self._is_h265 else _H264_FREE):
                self._changes.fill(start, following)
            elif kind in _H264_PICTURES and not self._is_h265:
                return  # notes come before
            place = following


def blank_in_configuration(source: Source, changes: Changes, place: int, end: int) -> None:
    """Leave the notes out of an `hvcC` (ISO/IEC 14496-15, section 8.3.3.1), which keeps some beside its parameters."""
    arrays = source.number(place + 22, 1)
    place += 23
    for _ in range(arrays):
        kind, units = source.number(place, 1) & 63, source.number(place + 1, 2)
        place += 3
        for _ in range(units):
            following = place + 2 + source.number(place, 2)
            if following > end:
                raise damaged()
            if kind in _H265_SEI:
                _blank_notes(source, changes, place + 4, following)
            place = following


def _width_of_lengths(source: Source, stsd: tuple[int, int]) -> int:
    start, end = stsd
    entry = source.up_to(start, min(end - start, _MOST_OF_ENTRY))
    for name, place in _CONFIGURATIONS.items():
        at = entry.find(name)
        if at >= 0 and at + 4 + place < len(entry):
            return (entry[at + 4 + place] & 3) + 1
    return 0


def _blank_notes(source: Source, changes: Changes, start: int, end: int) -> None:
    if end - start > _LARGEST_NOTE:
        raise damaged()
    content = source.at(start, max(end - start, 0))
    places, escapes = _unescaped(content)
    index = 0
    while index < len(places) - 1:  # the last byte only ends the unit
        values = []
        for _ in ("kind", "size"):
            value = 0
            while index < len(places) and content[places[index]] == 0xFF:
                value, index = value + 255, index + 1
            if index == len(places):
                return
            values.append(value + content[places[index]])
            index += 1
        kind, size = values
        if index + size > len(places):
            return
        if kind == _NOTE and size:
            _fill(changes, start, (places[index], places[index + size - 1] + 1), escapes)
        index += size


def _unescaped(content: bytes) -> tuple[array | range, list[int]]:
    """Return where the bytes of the unit stand, and where those that only keep it from looking like the start of another."""
    if b"\0\0\3" not in content:
        return range(len(content)), []
    places, escapes, zeros = array("I"), [], 0
    for place, byte in enumerate(content):
        if zeros >= 2 and byte == 3:
            escapes.append(place)
            zeros = 0
        else:
            places.append(place)
            zeros = 0 if byte else zeros + 1
    return places, escapes


def _fill(changes: Changes, start: int, span: tuple[int, int], escapes: list[int]) -> None:
    """Fill the note up with ones. Escapes stay with the zeros before and the byte behind them, or it would become longer."""
    place, end = span
    for escape in escapes:
        if place <= escape + 1 and escape - 2 < end:
            changes.fill(start + place, start + escape - 2)
            place = escape + 2
    changes.fill(start + place, start + end)
