"""Recordings made by hand, as small as can be: boxes, elements, pages and frames, and whatever a test puts beside them."""

import struct
from dataclasses import dataclass, field

from django.core.files.uploadedfile import SimpleUploadedFile

VIDEO, SOUND = b"vide", b"soun"


def box(name: bytes, *parts: bytes) -> bytes:
    """Return a box of ISO/IEC 14496-12 with these parts."""
    content = b"".join(parts)
    return struct.pack(">I", 8 + len(content)) + name + content


def numbers(*values: int) -> bytes:
    return struct.pack(f">{len(values)}I", *values)


@dataclass
class Track:
    """A track with one chunk of `samples`.

    `beside` stands in its box, `in_entry` in that of its codec, `in_table` in its table of samples.
    """

    samples: list[bytes]
    handler: bytes = VIDEO
    codec: bytes = b"avc1"
    beside: bytes = b""
    in_entry: bytes = b""
    in_table: bytes = b""
    maker: bytes = b""
    times: int = 0
    starts: list[int] = field(default_factory=list)

    def entry(self) -> bytes:
        head = bytes(6) + b"\0\1" + bytes(4) + self.maker[:4].ljust(4, b"\0")
        if self.handler == VIDEO:
            head += bytes(8) + struct.pack(">HH", 16, 16) + bytes(14) + self.maker[:32].ljust(32, b"\0") + bytes(4)
        elif self.handler == SOUND:
            head += struct.pack(">HHI", 1, 16, 0) + numbers(44100 << 16)
        return box(self.codec, head, self.in_entry)

    def packed(self, number: int, start: int) -> bytes:
        times = numbers(0, self.times, self.times)
        table = box(
            b"stbl",
            box(b"stsd", numbers(0, 1), self.entry()),
            box(b"stts", numbers(0, 1, len(self.samples), 1)),
            box(b"stsc", numbers(0, 1, 1, len(self.samples), 1)),
            box(b"stsz", numbers(0, 0, len(self.samples), *map(len, self.samples))),
            box(b"stco", numbers(0, 1, start)),
            self.in_table,
        )
        head = box({VIDEO: b"vmhd", SOUND: b"smhd"}.get(self.handler, b"nmhd"), bytes(8))
        data = box(b"dinf", box(b"dref", numbers(0, 1), box(b"url ", numbers(1))))
        name = self.maker + b"\0"
        return box(
            b"trak",
            box(b"tkhd", times, numbers(number), bytes(64)),
            box(
                b"mdia",
                box(b"mdhd", times, numbers(1000, 1000, 0)),
                box(b"hdlr", bytes(8), self.handler, self.maker[:12].ljust(12, b"\0"), name),
                box(b"minf", head, data, table),
            ),
            self.beside,
        )


def movie(
    *tracks: Track,
    brand: bytes = b"isom",
    in_moov: bytes = b"",
    between: bytes = b"",
    after: bytes = b"",
    times: int = 0,
) -> bytes:
    """Return a file with these tracks, one behind the other, and other boxes in its places."""
    head = box(b"ftyp", brand, bytes(4), brand)
    start = len(head) + len(between) + 8
    packed = []
    for number, track in enumerate(tracks, start=1):
        packed.append(track.packed(number, start))
        start += sum(map(len, track.samples))
    media = box(b"mdat", *(sample for track in tracks for sample in track.samples))
    moov = box(b"moov", box(b"mvhd", numbers(0, times, times, 1000, 1000), bytes(80)), *packed, in_moov)
    return head + between + media + moov + after


def mp4(content: bytes = b"0") -> bytes:
    """Return a video whose only picture is `content`."""
    return movie(Track([content]))


def m4a(content: bytes = b"0") -> bytes:
    """Return a sound recording whose only sound is `content`."""
    return movie(Track([content], SOUND, b"mp4a"), brand=b"M4A ")


def upload(content: bytes, name: str = "a.mp4") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def element(name: int, *parts: bytes, width: int = 8) -> bytes:
    """Return an element of RFC 8794 with these parts; its size takes `width` bytes."""
    content = b"".join(parts)
    size = len(content) | 1 << 7 * width
    return name.to_bytes((name.bit_length() + 7) // 8, "big") + size.to_bytes(width, "big") + content


def webm(
    *beside: bytes, in_cluster: bytes = b"", tracks: bytes = b"", kind: bytes = b"webm", block: bytes = b"Bild"
) -> bytes:
    """Return a video of one block, with other elements in its segment."""
    track = element(0xAE, element(0xD7, b"\1"), element(0x83, b"\1"), element(0x86, b"V_VP9"))
    cluster = element(0x1F43B675, element(0xE7, b"\0"), element(0xA3, b"\x81\0\0\x80", block), in_cluster)
    segment = element(0x18538067, *beside, element(0x1654AE6B, track, tracks), cluster)
    return element(0x1A45DFA3, element(0x4282, kind)) + segment


def page(serial: int, number: int, flags: int, *packets: bytes) -> bytes:
    """Return a page of RFC 3533 that holds whole packets; its checksum is left out."""
    sizes = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    head = struct.pack("<4sBBQIIIB", b"OggS", 0, flags, 0, serial, number, 0, len(sizes))
    return head + sizes + b"".join(packets)


def comments(head: bytes, *texts: bytes) -> bytes:
    """Return a packet of comments that begins with `head`, by a maker who is the first of `texts`."""
    maker, *others = texts
    told = b"".join(struct.pack("<I", len(text)) + text for text in others)
    return head + struct.pack("<I", len(maker)) + maker + struct.pack("<I", len(others)) + told


def opus(*texts: bytes) -> bytes:
    """Return a sound recording in Ogg whose comments say `texts`."""
    first = page(7, 0, 2, b"OpusHead\x01\x01\0\0\x80\xbb\0\0\0\0\0")
    return first + page(7, 1, 0, comments(b"OpusTags", *texts)) + page(7, 2, 4, b"Ton")


def mp3(before: bytes = b"", after: bytes = b"", frames: int = 5) -> bytes:
    """Return a sound recording of some silent frames: MPEG-1, layer III, 32 kbit/s, 44.1 kHz."""
    return before + (b"\xff\xfb\x10\xc0" + bytes(100)) * frames + after


def id3(*frames: tuple[bytes, bytes], version: int = 3) -> bytes:
    """Return a tag of ID3v2 with these frames."""
    content = b"".join(name + struct.pack(">IH", len(text), 0) + text for name, text in frames)
    size = bytes(len(content) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3" + bytes([version, 0, 0]) + size + content
