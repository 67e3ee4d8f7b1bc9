"""Ogg with Vorbis or Opus: RFC 3533 and RFC 7845. Comments are emptied where they are; streams of anything else are left out."""

import zlib
from dataclasses import dataclass, field

from practices.media.containers import vorbis
from practices.media.containers.source import Changes, Found, Source, damaged, unplayable

_MARK, _HEAD = b"OggS", 27
_CONTINUED, _FIRST, _LAST = 1, 2, 4
_SOUNDS = (b"\x01vorbis", b"OpusHead")
_PICTURES = (b"\x80theora", b"BBCD\0", b"OVP80")
_LARGEST_COMMENTS = 16 * 1024 * 1024
_CHECKSUM = slice(22, 26)
_BACKWARDS = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass
class _Stream:
    """A stream of sound: the pages on which its comments stand, until they have been read to their end."""

    pages: list[tuple[int, bytes]] = field(default_factory=list)
    is_read: bool = False


def is_ogg(head: bytes) -> bool:
    """Return whether a file that begins with `head` is one of these."""
    return head.startswith(_MARK)


def examine(source: Source) -> Found:
    """Return what is to be changed in the recording; raises Refused where there is none, or one that can not be read."""
    changes, said = Changes(), []
    streams: dict[bytes, _Stream] = {}
    place, is_whole, are_sounds = 0, False, False
    while place < source.size:
        head = source.up_to(place, _HEAD + 255)
        if not head.startswith(_MARK) or len(head) < _HEAD or len(head) < _HEAD + head[26]:
            if not is_whole:
                raise damaged()
            break  # what follows is no page, and is cut off
        sizes, serial = head[_HEAD : _HEAD + head[26]], head[14:18]
        start, following = place + _HEAD + len(sizes), place + _HEAD + len(sizes) + sum(sizes)
        if following > source.size:
            raise damaged()
        if head[5] & _FIRST:
            kind = source.up_to(start, min(8, following - start))
            if kind.startswith(_PICTURES):
                raise unplayable()
            if (before := streams.pop(serial, None)) and not before.is_read:
                raise damaged()
            if kind.startswith(_SOUNDS):
                streams[serial], are_sounds = _Stream(), True
        elif (stream := streams.get(serial)) and not stream.is_read:
            stream.pages.append((place, source.at(place, following - place)))
            said += _read_comments(stream, changes)
        if serial in streams:
            changes.keep(place, following)
            is_whole = bool(head[5] & _LAST)
        place = following
    if not are_sounds:
        raise unplayable()
    if not all(stream.is_read for stream in streams.values()):
        raise damaged()
    return Found(".ogg", False, said, changes)


def _read_comments(stream: _Stream, changes: Changes) -> list[object]:
    """Empty the comments on the pages of `stream` where the last of these has their end; return what they say of authors."""
    if sum(len(page) for _, page in stream.pages) > _LARGEST_COMMENTS:
        raise damaged()
    last = stream.pages[-1][1]
    sizes = last[_HEAD : _HEAD + last[26]]
    length = next((index for index, size in enumerate(sizes) if size < 255), None)
    if length is None:
        return []
    ends = [len(page) for _, page in stream.pages]
    ends[-1] = _HEAD + len(sizes) + sum(sizes[: length + 1])
    starts = [_HEAD + page[26] for _, page in stream.pages]
    pages = list(zip(stream.pages, starts, ends, strict=True))
    packet = b"".join(page[start:end] for (_, page), start, end in pages)
    empty, place = vorbis.emptied(packet), 0
    for (at, page), start, end in pages:
        changed = bytearray(page)
        changed[start:end] = empty[place : place + end - start]
        changed[_CHECKSUM] = bytes(4)
        changed[_CHECKSUM] = _checksum(changed)
        changes.write(at, bytes(changed))
        place += end - start
    stream.is_read, stream.pages = True, []
    return vorbis.said_in(packet)


def _checksum(page: bytes | bytearray) -> bytes:
    """Return the checksum of a page: a CRC of 32 bits that starts with zeros and takes the highest bit of each byte first."""
    backwards = zlib.crc32(bytes(page).translate(_BACKWARDS), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return backwards.to_bytes(4, "big").translate(_BACKWARDS)  # the lowest byte comes first
