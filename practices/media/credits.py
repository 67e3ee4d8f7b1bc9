"""Whose a picture is, as its file says: read before everything about persons is left out of it."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from PIL import Image, IptcImagePlugin
from PIL.ExifTags import Base

MOST = 255
# IPTC IIM 4.2, record 2: by-line, credit, copyright notice.
_IPTC = ((2, 80), (2, 110), (2, 116))
_TEXTS = ("Author", "Artist", "Copyright")  # PNG and GIF
_XMP = ("creator", "Credit", "rights", "UsageTerms", "license", "WebStatement")


def credit_of(image: Image.Image) -> str:
    """Return who made the opened `image` and under which terms, in one line of at most 255 characters; empty where it is silent.

    By-line, rights and licence are read from EXIF, IPTC, XMP and the texts of PNG, each thing said once.
    """
    said: list[str] = []
    for reader in (_of_exif, _of_iptc, _of_xmp, _of_texts):
        with suppress(Exception):  # a note that can not be read says nothing, and is no reason to refuse the picture
            said += map(_line, reader(image))
    return in_one_line(said)


def in_one_line(said: Iterable[object]) -> str:
    """Return what was `said` of authors and rights in one line of at most 255 characters, each thing once."""
    lines = [line for line in map(_line, said) if line]
    different = [line for index, line in enumerate(lines) if not any(line in other for other in lines[:index])]
    return ", ".join(different)[:MOST]


def _line(value: object) -> str:
    text = value.decode("utf-8", "ignore") if isinstance(value, bytes) else str(value)
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _of_exif(image: Image.Image) -> Iterator[object]:
    exif = image.getexif()
    yield from (_as_utf8(exif[tag]) for tag in (Base.Artist, Base.Copyright) if tag in exif)


def _of_iptc(image: Image.Image) -> Iterator[object]:
    notes = IptcImagePlugin.getiptcinfo(image) or {}  # type: ignore[arg-type]  # it was opened from a file
    for key in _IPTC:
        values = notes.get(key, [])
        yield from values if isinstance(values, list) else [values]


def _of_texts(image: Image.Image) -> Iterator[object]:
    yield from (_as_utf8(image.info[key]) for key in _TEXTS if key in image.info)


def _as_utf8(text: object) -> object:
    """Return `text` as it was meant: what standards have as ASCII or Latin-1, and Pillow reads so, programs write in UTF-8."""
    try:
        return str(text).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _of_xmp(image: Image.Image) -> Iterator[str]:
    found: dict[str, list[str]] = {key: [] for key in _XMP}
    _collect(image.getxmp(), "", found)
    for values in found.values():
        yield from values


def _collect(value: object, within: str, found: dict[str, list[str]]) -> None:
    """Put every text below one of the names of `found` there; names of namespaces do not count."""
    if isinstance(value, dict):
        for key, inner in value.items():
            name = key.rpartition(":")[2]
            if name != "lang":
                _collect(inner, name if name in found else within, found)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, within, found)
    elif within and isinstance(value, str):
        found[within].append(value)
