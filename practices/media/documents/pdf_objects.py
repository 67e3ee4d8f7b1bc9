"""The objects of a PDF file (ISO 32000-1, section 7), found without trusting its tables; what is read here may be broken."""

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from practices.media.documents.outcome import too_complex

MOST_OBJECTS = 500_000
_MOST_UNPACKED = 100 * 1024 * 1024
_LARGEST_STREAM = 20 * 1024 * 1024
_LONGEST_STRING = 1_000
_OBJECT = re.compile(rb"(?<!\d)(\d{1,10})\s{1,20}\d{1,5}\s{1,20}obj(?![A-Za-z])")
_STREAM = re.compile(rb">>\s{0,20}stream\r?\n?")
_NUMBERS = re.compile(rb"\d{1,10}")
_FILTERS = re.compile(rb"/Filter\s{0,20}(?:(/\w{1,30})|\[([\s/\w]{0,200})\])")
_VALUE = rb"(?![A-Za-z0-9_.#-])\s{0,20}(?:(\()|<(?!<)([0-9A-Fa-f\s]{0,4000})>|(\d{1,10})\s{1,20}\d{1,5}\s{1,20}R)"
_ESCAPED = re.compile(rb"\\(?:([0-7]{1,3})|\r?\n|(.))", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_MARKS = ((b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le"), (b"\xef\xbb\xbf", "utf-8"))
# PDFDocEncoding (annex D.2) is Latin-1 but for these.
_PDF_LETTERS = dict(enumerate("•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž", start=0x80)) | {0xA0: "€"}


class Object(NamedTuple):
    """An object: its number, its text up to where its stream begins, and the packed stream, if there is one."""

    number: int
    text: bytes
    stream: bytes


class Objects:
    """All objects of a file, those packed into others included; of those with one number the last one counts."""

    def __init__(self, content: bytes) -> None:
        self._left = _MOST_UNPACKED
        self._all: list[Object] = []
        for found in _found(content):
            self._add(found)
            if b"/ObjStm" in found.text:
                for packed in self._packed_in(found):
                    self._add(packed)
        self._last = {item.number: item for item in self._all}

    def __iter__(self) -> Iterator[Object]:
        return iter(self._all)

    def text_of(self, number: int) -> bytes:
        """Return the text of the object with this number, empty where it is missing."""
        return self._last[number].text if number in self._last else b""

    def unpacked(self, item: Object) -> bytes:
        """Return the stream of an object as it is unpacked; empty where it is not packed in the usual way, or too much."""
        packing = filters_of(item)
        if not packing:
            return item.stream
        if packing != [b"/FlateDecode"] or self._left <= 0:
            return b""
        with suppress(zlib.error):
            content = zlib.decompressobj().decompress(item.stream, min(_LARGEST_STREAM, self._left))
            self._left -= len(content)
            return content
        return b""

    def string(self, text: bytes, key: bytes) -> str:
        """Return the string under `key` in the dictionary that `text` holds, empty where there is none."""
        found = re.search(re.escape(key) + _VALUE, text)
        if found and found[3]:
            text = self.text_of(int(found[3]))
            found = re.match(rb"\s{0,20}(?:(\()|<([0-9A-Fa-f\s]{0,4000})>)", text)
        if not found:
            return ""
        return _decoded(_bytes_of(text, found))

    def _add(self, item: Object) -> None:
        if len(self._all) >= MOST_OBJECTS:
            raise too_complex()
        self._all.append(item)

    def _packed_in(self, outer: Object) -> Iterator[Object]:
        """Yield what an object stream holds (section 7.5.7): pairs of number and place first, then the objects."""
        content, first = self.unpacked(outer), re.search(rb"/First\s{1,20}(\d{1,10})", outer.text)
        if first:
            start = int(first[1])
            values = [int(value) for value in _NUMBERS.findall(content[:start])]
            places = values[1::2]
            for number, place, end in zip(values[::2], places, [*places[1:], len(content)], strict=False):
                yield Object(number, content[start + place : start + end], b"")


def filters_of(item: Object) -> list[bytes]:
    """Return how the stream of an object is packed, the outermost way first."""
    found = _FILTERS.search(item.text)
    return (found[1] or found[2]).split() if found else []


def _found(content: bytes) -> Iterator[Object]:
    starts = list(_OBJECT.finditer(content))
    if len(starts) > MOST_OBJECTS:
        raise too_complex()
    for index, start in enumerate(starts):
        end = starts[index + 1].start() if index + 1 < len(starts) else len(content)
        body = content[start.end() : end]
        stream = _STREAM.search(body)
        if stream:
            yield Object(int(start[1]), body[: stream.start() + 2], body[stream.end() : body.rfind(b"endstream")])
        else:
            yield Object(int(start[1]), body.partition(b"endobj")[0], b"")


def raw_string(text: bytes, key: bytes) -> bytes:
    """Return the bytes of the string that stands under `key` in `text` itself; empty where none does."""
    found = re.search(re.escape(key) + _VALUE, text)
    return _bytes_of(text, found) if found else b""


def _bytes_of(text: bytes, found: re.Match[bytes]) -> bytes:
    return _literal(text, found.end()) if found[1] else _from_hex(found[2] or b"")


def _literal(text: bytes, place: int) -> bytes:
    """Return what stands in the brackets that open before `place`, inner ones included (section 7.3.4.2)."""
    depth, end = 1, place
    while end < min(len(text), place + _LONGEST_STRING):
        letter = text[end : end + 1]
        if letter == b"\\":
            end += 1
        depth += (letter == b"(") - (letter == b")")
        if not depth:
            break
        end += 1
    return _ESCAPED.sub(_unescaped, text[place:end])


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return bytes([int(match[1], 8) & 0xFF])
    letter = match[2] or b""
    return _LETTERS.get(letter, letter)


def _from_hex(digits: bytes) -> bytes:
    whole = b"".join(digits.split()).decode()
    return bytes.fromhex(whole + "0" * (len(whole) % 2))


def _decoded(string: bytes) -> str:
    for mark, encoding in _MARKS:
        if string.startswith(mark):
            return string[len(mark) :].decode(encoding, "ignore")
    return string.decode("latin-1").translate(_PDF_LETTERS)
