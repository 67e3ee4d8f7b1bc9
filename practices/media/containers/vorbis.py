"""Comments of Vorbis and Opus: Vorbis I specification, section 5, and RFC 7845, section 5.2.

A packet of comments becomes one of the same length that holds none: the name of the maker, which takes up what is left, is zeros.
"""

import struct

from practices.media.containers.source import damaged

_VORBIS, _OPUS = b"\x03vorbis", b"OpusTags"
_CREDITS = ("ARTIST=", "PERFORMER=", "COPYRIGHT=", "LICENSE=")
_MOST, _LONGEST = 500, 1024


def emptied(packet: bytes) -> bytes:
    """Return a packet as long as this one that comments on nothing; raises Refused where it is too short for one."""
    head, tail = (_VORBIS, b"\x01") if packet.startswith(_VORBIS) else (_OPUS, b"")
    left = len(packet) - len(head) - 8 - len(tail)
    if not packet.startswith(head) or left < 0:
        raise damaged()
    return head + struct.pack("<I", left) + bytes(left) + struct.pack("<I", 0) + tail


def said_in(packet: bytes) -> list[object]:
    """Return what the comments say of authors and rights."""
    said: list[object] = []
    place = len(_VORBIS if packet.startswith(_VORBIS) else _OPUS)
    try:
        (maker,) = struct.unpack_from("<I", packet, place)
        (count,) = struct.unpack_from("<I", packet, place + 4 + maker)
        place += 8 + maker
        for _ in range(min(count, _MOST)):
            (length,) = struct.unpack_from("<I", packet, place)
            comment = packet[place + 4 : place + 4 + min(length, _LONGEST)].decode("utf-8", "ignore")
            if comment.upper().startswith(_CREDITS):
                said.append(comment.partition("=")[2])
            place += 4 + length
    except struct.error:
        pass  # a note that can not be read says nothing, and is no reason to refuse the recording
    return said


def comments_within(private: bytes) -> tuple[int, int]:
    """Return where the packet of comments starts and ends among those that Matroska keeps of a track (RFC 9559, A_VORBIS)."""
    sizes, place = [], 1
    for _ in range(2):
        size = 0
        while private[place : place + 1] == b"\xff":
            size, place = size + 255, place + 1
        sizes.append(size + int.from_bytes(private[place : place + 1], "big"))
        place += 1
    start = place + sizes[0]
    if private[:1] != b"\x02" or start + sizes[1] > len(private):
        raise damaged()
    return start, start + sizes[1]
