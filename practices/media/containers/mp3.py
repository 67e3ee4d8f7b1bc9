"""MP3: ISO/IEC 11172-3 and 13818-3, layer III. The frames stay, and nothing between, before or behind them, whatever it is called
(ID3, APE, Lyrics3)."""

import re
from collections.abc import Iterator
from itertools import product

from practices.media.containers.source import Changes, Found, Source, damaged, too_complex, unplayable

_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_KBITS = {
    3: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_SYNC = re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb][\x10-\xeb]")
_KEY = 3
_STEP = 1024 * 1024
_ROW = 3  # so many frames one after the other are no accident
_MOST_FRAMES = 5_000_000  # of a day and a half
_TAG, _TAG_HEAD, _MOST_TAGS, _MOST_NOTES = b"ID3", 10, 50, 500
_LONGEST = 1024
_CREDITS = {b"TPE1", b"TCOP", b"WCOP", b"TP1", b"TCR"}
_ENCODINGS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}


def _lengths() -> dict[bytes, int]:
    """Return how long a frame is by the first bytes of its head, whatever its bits of protection and of private use say."""
    lengths = {}
    for version, rates in _RATES.items():
        for (rate, hertz), (index, kbits) in product(enumerate(rates), enumerate(_KBITS[version or 2], start=1)):
            for protection, padding, private in product((0, 1), repeat=3):
                head = (0xFF, 0xE2 | version << 3 | protection, index << 4 | rate << 2 | padding << 1 | private)
                lengths[bytes(head)] = (144 if version == 3 else 72) * kbits * 1000 // hertz + padding
    return lengths


_LENGTHS = _lengths()


def is_mp3(head: bytes) -> bool:
    """Return whether a file that begins with `head` may be one of these."""
    return head.startswith(_TAG) or head[:_KEY] in _LENGTHS


def examine(source: Source) -> Found:
    """Return what is to be changed in the recording; raises Refused where there is none, or one that can not be read."""
    changes = Changes()
    said: list[object] = []
    place, frames = _behind_tags(source, said), 0
    while (start := _next_row(source, place)) is not None:
        place, frames = _end_of_row(source, start, frames)
        changes.keep(start, place)
    if not frames:
        raise unplayable()
    return Found(".mp3", False, said, changes)


def _next_row(source: Source, place: int) -> int | None:
    """Return where, from `place` on, frames follow one another; None where they do not."""
    while place < source.size:
        window = source.up_to(place, _STEP)
        for found in _SYNC.finditer(window):
            if _is_row(source, place + found.start()):
                return place + found.start()
        place += max(len(window) - _KEY + 1, 1)
    return None


def _is_row(source: Source, place: int) -> bool:
    for _ in range(_ROW):
        length = _LENGTHS.get(source.up_to(place, _KEY))
        if not length or place + length > source.size:
            return False
        place += length
    return True


def _end_of_row(source: Source, place: int, frames: int) -> tuple[int, int]:
    """Return where the frames from `place` on end, and `frames` with their number."""
    window, start = b"", place
    while True:
        at = place - start
        if at + _KEY > len(window):
            window, start, at = source.up_to(place, _STEP), place, 0
        length = _LENGTHS.get(window[at : at + _KEY])
        if not length or place + length > source.size:
            return place, frames
        place += length
        frames += 1
        if frames > _MOST_FRAMES:
            raise too_complex()


def _behind_tags(source: Source, said: list[object]) -> int:
    """Return where the tags end that come first; add what they say of authors and rights to `said`."""
    place = 0
    for _ in range(_MOST_TAGS):
        head = source.up_to(place, _TAG_HEAD)
        if not head.startswith(_TAG) or len(head) < _TAG_HEAD:
            break
        end = place + _TAG_HEAD + _seven_bits(head[6:])
        if end > source.size:
            raise damaged()
        if not head[5] & 0x40:  # an extended head is rare, and not read
            said += _notes(source, place + _TAG_HEAD, end, head[3])
        place = end + _TAG_HEAD * bool(head[5] & 0x10)
    return place


def _notes(source: Source, place: int, end: int, version: int) -> Iterator[object]:
    """Yield the texts of a tag that are about authors and rights (ID3v2.2, 2.3 and 2.4)."""
    names, sizes = (3, 3) if version == 2 else (4, 4)
    width = names + sizes + (0 if version == 2 else 2)
    for _ in range(_MOST_NOTES):
        head = source.up_to(place, width)
        if place + width > end or len(head) < width or not head[0]:
            return
        size = head[names : names + sizes]
        following = place + width + (_seven_bits(size) if version == 4 else int.from_bytes(size, "big"))
        if following > end:
            return
        if head[:names] in _CREDITS:
            text = source.up_to(place + width, min(following - place - width, _LONGEST))
            if head.startswith(b"W"):
                yield text
            elif text:
                yield text[1:].decode(_ENCODINGS.get(text[0], "latin-1"), "ignore")
        place = following


def _seven_bits(content: bytes) -> int:
    number = 0
    for byte in content:
        number = number << 7 | byte & 0x7F
    return number
