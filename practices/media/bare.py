"""Whether the file of a picture holds its points and nothing else, read off its parts.

Sources: ITU T.81 annex B (JPEG), W3C PNG section 5, RFC 9649 (WebP).
"""

import re
import struct
from collections.abc import Iterator

_JPEG_START, _JPEG_SCAN, _JPEG_END = 0xD8, 0xDA, 0xD9
# Tables, frames of eight bits, restart intervals and scans; of what applications add, the sixteen bytes of JFIF alone.
_JPEG_PARTS = {0xDB, 0xC0, 0xC1, 0xC2, 0xC4, 0xDD, _JPEG_SCAN}
_JFIF, _JFIF_SIZE = 0xE0, 16
_NEXT_PART = re.compile(rb"\xff[^\x00\xd0-\xd7]")
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_PARTS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_PNG_BITS = 24
_WEBP_PARTS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}


def is_bare(content: bytes, kind: str) -> bool:
    """Return whether `content`, a picture of the `kind` JPEG, PNG or WEBP, has no part but its points and how they are packed."""
    try:
        return {"JPEG": _is_bare_jpeg, "PNG": _is_bare_png, "WEBP": _is_bare_webp}[kind](content)
    except (struct.error, IndexError):
        return False  # it ends within a part


def _is_bare_jpeg(content: bytes) -> bool:
    if content[:2] != bytes([0xFF, _JPEG_START]):
        return False
    place = 2
    while content[place] == 0xFF and (part := content[place + 1]) != _JPEG_END:
        (size,) = struct.unpack_from(">H", content, place + 2)
        is_jfif = part == _JFIF and size == _JFIF_SIZE and content[place + 4 : place + 9] == b"JFIF\0"
        if part not in _JPEG_PARTS and not is_jfif:
            return False
        place += 2 + size
        if part == _JPEG_SCAN:
            following = _NEXT_PART.search(content, place)
            if not following:
                return False
            place = following.start()
    return content[place:] == bytes([0xFF, _JPEG_END])


def _is_bare_png(content: bytes) -> bool:
    names = list(_parts(content, len(_PNG_HEAD), ">I", names_first=False, between=4))
    return (
        content.startswith(_PNG_HEAD) and content[_PNG_BITS] <= 8 and set(names) <= _PNG_PARTS and names[-1] == b"IEND"
    )


def _is_bare_webp(content: bytes) -> bool:
    (size,) = struct.unpack_from("<I", content, 4)
    whole = content[:4] == b"RIFF" and content[8:12] == b"WEBP" and size + 8 == len(content)
    return whole and set(_parts(content, 12, "<I", names_first=True, between=0)) <= _WEBP_PARTS


def _parts(content: bytes, place: int, size_as: str, *, names_first: bool, between: int) -> Iterator[bytes]:
    """Yield the names of the parts from `place` to the very end; raises IndexError where the last one is cut off."""
    while place < len(content):
        name_at, size_at = (place, place + 4) if names_first else (place + 4, place)
        (size,) = struct.unpack_from(size_as, content, size_at)
        yield content[name_at : name_at + 4]
        place += 8 + size + between
        if names_first:
            place += size % 2  # RIFF fills up to even places
    if place != len(content):
        raise IndexError(place)
