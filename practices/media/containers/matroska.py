"""WebM: RFC 8794 (EBML) and RFC 9559 (Matroska), as the WebM project narrows them.

A file is elements within elements. Those that playing takes are listed here and stay where they are; all others become `Void`
and zeros: tags, titles, dates, attachments, chapters, checksums (they would be wrong), tracks that are neither pictures nor
sound, with their blocks.
"""

from collections.abc import Iterator
from typing import NamedTuple

from practices.media.containers import vorbis
from practices.media.containers.source import Changes, Found, Source, damaged, unplayable
from practices.media.outcome import Refused

_EBML, _SEGMENT, _CLUSTER, _INFO, _TRACKS, _SEEK_HEAD, _CUES = (
    0x1A45DFA3,
    0x18538067,
    0x1F43B675,
    0x1549A966,
    0x1654AE6B,
    0x114D9B74,
    0x1C53BB6B,
)
_TAGS, _TAG, _SIMPLE_TAG, _TAG_NAME, _TAG_TEXT = 0x1254C367, 0x7373, 0x67C8, 0x45A3, 0x4487
_VOID, _DOC_TYPE, _SEEK, _SEEK_ID = 0xEC, 0x4282, 0x4DBB, 0x53AB
_TRACK, _TRACK_NUMBER, _TRACK_TYPE, _CODEC, _PRIVATE, _ENCODINGS = 0xAE, 0xD7, 0x83, 0x86, 0x63A2, 0x6D80
_SIMPLE_BLOCK, _GROUP, _BLOCK = 0xA3, 0xA0, 0xA1
_APPS = {0x4D80, 0x5741}  # what wrote the file: a text that has to be there, and may be empty
_IN_SEGMENT = {_SEEK_HEAD, _INFO, _TRACKS, _CLUSTER, _CUES}
_PARTS: dict[int, set[int]] = {
    _EBML: {0x4286, 0x42F7, 0x42F2, 0x42F3, _DOC_TYPE, 0x4287, 0x4285},
    _SEEK_HEAD: {_SEEK},
    _SEEK: {_SEEK_ID, 0x53AC},
    _INFO: {0x2AD7B1, 0x4489, *_APPS},
    _TRACKS: {_TRACK},
    _TRACK: {
        *(_TRACK_NUMBER, 0x73C5, _TRACK_TYPE, 0xB9, 0x88, 0x55AA, 0x9C, 0x23E383, 0x234E7A, 0x22B59C, 0x22B59D),
        *(_CODEC, _PRIVATE, 0x56AA, 0x56BB, 0x55EE, 0x6DE7, 0x6DF8, 0xAA, 0xE0, 0xE1),
    },
    0xE0: {
        *(0x9A, 0x9D, 0x53B8, 0x53C0, 0xB0, 0xBA, 0x54AA, 0x54BB, 0x54CC, 0x54DD, 0x54B0, 0x54BA, 0x54B2, 0x54B3),
        *(0x55B0, 0x7670),
    },
    0x55B0: {*range(0x55B1, 0x55BE), 0x55D0},
    0x55D0: {*range(0x55D1, 0x55DB)},
    0x7670: {*range(0x7671, 0x7676)},
    0xE1: {0xB5, 0x78B5, 0x9F, 0x6264},
    _CLUSTER: {0xE7, 0xA7, 0xAB, _SIMPLE_BLOCK, _GROUP},
    _GROUP: {_BLOCK, 0x9B, 0xFA, 0xFB, 0x75A2, 0x75A1},
    0x75A1: {0xA6},
    0xA6: {0xEE, 0xA5},
    _CUES: {0xBB},
    0xBB: {0xB3, 0xB7},
    0xB7: {0xF7, 0xF1, 0xF0, 0xB2, 0x5378},
}
_KINDS = {1: {b"V_VP8", b"V_VP9", b"V_AV1"}, 2: {b"A_OPUS", b"A_VORBIS"}}
_PICTURES = 1
_LARGEST_TEXT, _LARGEST_PRIVATE = 1024, 16 * 1024 * 1024
_CREDITS = {b"ARTIST", b"AUTHOR", b"COPYRIGHT", b"LICENSE"}


class Element(NamedTuple):
    """An element: its whole from `start` on, its size from `size_at`, its content from `body` to `end`."""

    name: int
    start: int
    size_at: int
    body: int
    end: int
    is_open: bool  # its size is not known


def is_matroska(head: bytes) -> bool:
    """Return whether a file that begins with `head` is one of these."""
    return head[:4] == _EBML.to_bytes(4, "big")


def examine(source: Source) -> Found:
    """Return what is to be changed in the recording; raises Refused where there is none, or one that can not be read."""
    return _WebM(source).found()


class _WebM:
    def __init__(self, source: Source):
        self.source = source
        self.changes = Changes()
        self.said: list[object] = []
        self.kinds: dict[int, int] = {}  # of the tracks that are kept

    def found(self) -> Found:
        head = self._element(0, self.source.size)
        kind = next((self._text(part) for part in self._within(head) if part.name == _DOC_TYPE), b"")
        if kind.rstrip(b"\0") != b"webm":
            raise unplayable()
        self._clean(head)
        place = head.end
        while (segment := self._element(place, self.source.size)).name != _SEGMENT:
            if segment.name != _VOID:
                raise damaged()
            self._void(segment)
            place = segment.end
        self._clean_segment(segment)
        if not self.kinds:
            raise damaged()
        self.changes.keep(0, segment.end)
        return Found(".webm", _PICTURES in self.kinds.values(), self.said, self.changes)

    def _clean_segment(self, segment: Element) -> None:
        is_open_cluster = False
        place = segment.body
        while place < segment.end:
            if is_open_cluster and (behind := self._behind_blocks(place, segment.end)) > place:
                place = behind
                continue
            element = self._element(place, segment.end)
            place = element.end
            if element.name == _CLUSTER and element.is_open:
                is_open_cluster, place = True, element.body
            elif element.name in _IN_SEGMENT:
                is_open_cluster = False
                self._clean_part(element)
            elif is_open_cluster and element.name in _PARTS[_CLUSTER]:
                self._clean_in_cluster(element)
            else:
                self._void(element)

    def _clean_part(self, element: Element) -> None:
        if element.is_open:
            raise damaged()
        if element.name == _TRACKS:
            self._clean_tracks(element)
        elif element.name == _CLUSTER:
            self._clean_cluster(element)
        else:
            self._clean(element)

    def _clean_cluster(self, cluster: Element) -> None:
        place = cluster.body
        while (place := self._behind_blocks(place, cluster.end)) < cluster.end:
            part = self._element(place, cluster.end)
            if part.name in _PARTS[_CLUSTER]:
                self._clean_in_cluster(part)
            else:
                self._void(part)
            place = part.end

    def _behind_blocks(self, place: int, end: int) -> int:
        """Return where the simple blocks of tracks that are kept end, of those that follow one another from `place` on.

        They are most of a file, so each takes one look. One that is not as usual is left to the rest.
        """
        while place < end:
            head = self.source.up_to(place, 12)
            if len(head) < 12 or head[0] != _SIMPLE_BLOCK or not head[1]:
                return place
            width = 9 - head[1].bit_length()
            size, track = int.from_bytes(head[1 : 1 + width], "big") & (1 << 7 * width) - 1, head[1 + width]
            following = place + 1 + width + size
            is_usual = 0 < size < (1 << 7 * width) - 1 and following <= end
            if not is_usual or not track & 0x80 or track & 0x7F not in self.kinds:
                return place
            place = following
        return place

    def _clean_tracks(self, tracks: Element) -> None:
        if self.kinds:
            raise damaged()
        for track in self._within(tracks):
            if track.name != _TRACK:
                self._void(track)
                continue
            parts = {part.name: part for part in self._within(track)}
            kind = self._number(parts.get(_TRACK_TYPE))
            if kind not in _KINDS:
                self._void(track)
                continue
            codec = self._text(parts.get(_CODEC)).rstrip(b"\0")
            if codec not in _KINDS[kind] or _ENCODINGS in parts:
                raise unplayable()
            self.kinds[self._number(parts.get(_TRACK_NUMBER))] = kind
            self._clean(track)
            if codec == b"A_VORBIS":
                self._clean_vorbis(parts.get(_PRIVATE))

    def _clean_vorbis(self, private: Element | None) -> None:
        if not private or private.end - private.body > _LARGEST_PRIVATE:
            raise damaged()
        content = self.source.at(private.body, private.end - private.body)
        start, end = vorbis.comments_within(content)
        self.said += vorbis.said_in(content[start:end])
        self.changes.write(private.body + start, vorbis.emptied(content[start:end]))

    def _clean_in_cluster(self, element: Element) -> None:
        if element.name == _SIMPLE_BLOCK:
            block: Element | None = element
        elif element.name == _GROUP:
            block = next((part for part in self._within(element) if part.name == _BLOCK), None)
        else:
            return
        if block and self._track_of(block) in self.kinds:
            if element.name == _GROUP:
                self._clean(element)
        else:
            self._void(element)

    def _track_of(self, block: Element) -> int:
        return self._sized(block.body, block.end)[0]

    def _clean(self, element: Element) -> None:
        for part in self._within(element):
            is_wanted = part.name in _PARTS[element.name]
            if is_wanted and part.name == _SEEK:
                is_wanted = any(
                    inner.name == _SEEK_ID and self._number(inner) in _IN_SEGMENT for inner in self._within(part)
                )
            if not is_wanted:
                self._void(part)
            elif part.name in _PARTS:
                self._clean(part)
            elif part.name in _APPS:
                self.changes.blank(part.body, part.end)

    def _void(self, element: Element) -> None:
        if element.is_open:
            raise damaged()
        if element.name == _TAGS:
            self._note_credits(element)
        width = min(8, element.body - element.start - 1)  # of the size, which takes the place of a longer name
        size = element.end - element.start - 1 - width
        self.changes.write(element.start, bytes([_VOID]) + (size | 1 << 7 * width).to_bytes(width, "big"))
        self.changes.blank(element.start + 1 + width, element.end)

    def _note_credits(self, tags: Element) -> None:
        try:
            for tag in self._within(tags):
                for entry in self._within(tag) if tag.name == _TAG else ():
                    parts = {part.name: part for part in self._within(entry)} if entry.name == _SIMPLE_TAG else {}
                    if _TAG_NAME in parts and self._text(parts[_TAG_NAME]).upper() in _CREDITS:
                        self.said.append(self._text(parts.get(_TAG_TEXT)))
        except Refused:
            return  # a note that can not be read says nothing, and is no reason to refuse the recording

    def _within(self, element: Element) -> Iterator[Element]:
        place = element.body
        while place < element.end:
            part = self._element(place, element.end)
            if part.is_open:
                raise damaged()
            yield part
            place = part.end

    def _element(self, start: int, end: int) -> Element:
        head = self.source.up_to(start, min(12, end - start))
        length = 9 - head[0].bit_length() if head else 9
        if length > 4 or len(head) <= length:
            raise damaged()
        name, size_at = int.from_bytes(head[:length], "big"), start + length
        size, body = self._sized(size_at, end, head[length:])
        is_open = size == (1 << 7 * (body - size_at)) - 1
        if is_open and name not in (_SEGMENT, _CLUSTER):
            raise damaged()
        following = end if is_open else body + size
        if following > end:
            raise damaged()
        return Element(name, start, size_at, body, following, is_open)

    def _sized(self, place: int, end: int, content: bytes | None = None) -> tuple[int, int]:
        """Return the number of variable size at `place`, and where it ends."""
        if content is None:
            content = self.source.up_to(place, min(8, end - place))
        width = 9 - content[0].bit_length() if content else 9
        if width > 8 or len(content) < width:
            raise damaged()
        return int.from_bytes(content[:width], "big") & (1 << 7 * width) - 1, place + width

    def _number(self, element: Element | None) -> int:
        if not element or element.end - element.body > 8:
            raise damaged()
        return self.source.number(element.body, element.end - element.body)

    def _text(self, element: Element | None) -> bytes:
        if not element:
            raise damaged()
        return self.source.at(element.body, min(element.end - element.body, _LARGEST_TEXT))
