"""Whose a recording is, as boxes of MP4, QuickTime and M4A say that are left out of it.

Sources: QuickTime File Format (user data, metadata), 3GPP TS 26.244 section 8, and iTunes' `ilst`, which nobody wrote down.
"""

from collections.abc import Iterator
from contextlib import suppress

from practices.media.containers.source import Source
from practices.media.outcome import Refused

HOLDERS = (b"udta", b"meta")
_APPLE = {b"\xa9ART", b"\xa9aut", b"\xa9cpy"}
_ITUNES = {b"\xa9ART", b"aART", b"cprt"}
_3GPP = {b"auth", b"perf", b"cprt"}
_KEYS = {f"com.apple.quicktime.{name}".encode() for name in ("author", "artist", "copyright")}
_LONGEST = 1024
_MOST = 500


def said_in(source: Source, start: int, end: int, name: bytes) -> list[object]:
    """Return what the box called `name` with the content from `start` to `end` says of authors and rights."""
    said: list[object] = []
    with suppress(Refused):  # a note that can not be read says nothing, and is no reason to refuse the recording
        for text in (_user_data if name == b"udta" else _metadata)(source, start, end):
            said.append(text)
    return said


def _user_data(source: Source, start: int, end: int) -> Iterator[object]:
    for name, body, following in _boxes(source, start, end):
        if name in _APPLE:
            length = source.number(body, 2)
            yield source.up_to(body + 4, min(length, following - body - 4, _LONGEST))
        elif name in _3GPP:
            text = source.up_to(body + 6, min(following - body - 6, _LONGEST))
            yield text.decode("utf-16", "ignore") if text[:2] == b"\xfe\xff" else text.rstrip(b"\0")
        elif name == b"meta":
            yield from _metadata(source, body, following)


def _metadata(source: Source, start: int, end: int) -> Iterator[object]:
    if source.up_to(start + 4, 4) != b"hdlr":
        start += 4  # ISO's has a version before its parts, QuickTime's has not
    parts = {name: (body, following) for name, body, following in _boxes(source, start, end)}
    keys = list(_keys(source, *parts[b"keys"])) if b"keys" in parts else []
    for name, body, following in _boxes(source, *parts.get(b"ilst", (end, end))):
        index = int.from_bytes(name, "big")
        if name in _ITUNES or (0 < index <= len(keys) and keys[index - 1] in _KEYS):
            for inner, value, last in _boxes(source, body, following):
                if inner == b"data":
                    yield source.up_to(value + 8, min(last - value - 8, _LONGEST))


def _keys(source: Source, start: int, end: int) -> Iterator[bytes]:
    for _, body, following in _boxes(source, start + 8, end):
        yield source.up_to(body, min(following - body, _LONGEST))


def _boxes(source: Source, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    for _ in range(_MOST):
        if start + 8 > end:
            return
        head = source.at(start, 8)
        following = start + int.from_bytes(head[:4], "big")
        if not start + 8 <= following <= end:
            return
        yield head[4:], start + 8, following
        start = following
