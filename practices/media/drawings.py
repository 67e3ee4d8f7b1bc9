"""Drawings (SVG), made harmless before they are stored: no scripts, no links, no other servers, no notes.

Runs in the process of `reading`, apart from web and worker, and imports nothing of Django. Depth and number of elements are
looked at before the cleaning: it indents by depth, so what it writes grows with the square of it.
"""

import base64
import binascii
import re
from xml.parsers import expat

from py_svg_hush import filter_svg

from practices.media.outcome import Picture, Refused, no_picture
from practices.media.pictures import paint

_SUFFIX = ".svg"
MOST_BYTES = 4 * 1024 * 1024
DEEPEST = 100
MOST_ELEMENTS = 50_000
_EMBEDDED = {"image": ["png", "jpeg", "gif", "webp"]}
_MARKS_OF_ENCODINGS = b"\xef\xbb\xbf\xff\xfe"
# A whole attribute, or what stands in the brackets or quotes of a style.
_DATA = rb"d\s*a\s*t\s*a\s*:"
_PHOTO = re.compile(rb"(?<=\")\s*" + _DATA + rb"[^\"]*(?=\")|" + _DATA + rb"[^\"'()<>]*", re.IGNORECASE)
_IN_BASE64 = b"base64,"
_BASE64 = re.compile(rb"\s*data:image/[a-z]+;base64,(.*)", re.IGNORECASE | re.DOTALL)
_TYPES = {".jpg": b"jpeg", ".png": b"png", ".webp": b"webp"}
_UNREADABLE = (
    "Diese SVG-Datei lässt sich nicht lesen. Bitte speichern Sie das Bild noch einmal ab, zum Beispiel als PNG."
)


def is_drawing(content: bytes) -> bool:
    """Return whether `content` begins as markup does, with or without a mark of its encoding, in one or two bytes a letter."""
    return content[:200].lstrip(_MARKS_OF_ENCODINGS).replace(b"\0", b"").lstrip().startswith(b"<")


def draw(content: bytes) -> Picture:
    """Return the drawing in `content` with nothing in it but shapes, texts, and photos that are painted anew.

    What was drawn before comes out as it is. Raises Refused where it is no SVG, or one that is too large or too complex.
    """
    _check_bounds(content)
    try:
        cleaned = filter_svg(content, _EMBEDDED)
    except ValueError as error:
        raise Refused(_UNREADABLE) from error
    cleaned = _with_bare_photos(cleaned)
    if len(cleaned) > MOST_BYTES:
        raise _too_complex()
    return Picture(cleaned, _SUFFIX)


def _check_bounds(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise _too_complex()
    depth = elements = 0

    def begin(name: str, attributes: dict) -> None:
        nonlocal depth, elements
        if not elements and name.rpartition(":")[2] != "svg":
            raise no_picture()
        depth, elements = depth + 1, elements + 1
        if depth > DEEPEST or elements > MOST_ELEMENTS:
            raise _too_complex()

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    try:
        parser.Parse(content, True)
    except Refused:
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Refused(_UNREADABLE) from error


def _with_bare_photos(cleaned: bytes) -> bytes:
    photos = 0

    def paint_anew(match: re.Match[bytes]) -> bytes:
        nonlocal photos
        photo = _photo_at(match[0])
        photos += photo is not None
        return photo or b"#"  # a reference to nothing, as the cleaning leaves others

    cleaned = _PHOTO.sub(paint_anew, cleaned)
    if cleaned.lower().count(_IN_BASE64) > photos:
        raise Refused(_UNREADABLE)  # something is packed in where no photo belongs
    return cleaned


def _photo_at(address: bytes) -> bytes | None:
    """Return `address`, which names a photo by its content, with nothing in it but the points; None where there is no photo."""
    found = _BASE64.fullmatch(address)
    if not found:
        return None
    try:
        photo = paint(base64.b64decode(b"".join(found[1].split()), validate=True), is_part=True)
    except (binascii.Error, Refused):
        return None
    return b"data:image/" + _TYPES[photo.suffix] + b";" + _IN_BASE64 + base64.b64encode(photo.content)


def _too_complex() -> Refused:
    return Refused(
        "Diese SVG-Datei ist zu groß oder zu verschachtelt. Bitte vereinfachen Sie die Zeichnung oder speichern Sie sie als PNG."
    )
