"""PDF files (ISO 32000-1): whether they are whole, whether readers can open them, and what they say besides.

What can not be seen: anything in a file that is encrypted, in streams packed in a rarer way than Flate, or written over by a
later version within the file.
"""

import re
from contextlib import suppress
from io import BytesIO

from practices.media.documents import findings as kinds
from practices.media.documents.findings import Findings
from practices.media.documents.markup import Element, read_xml
from practices.media.documents.outcome import damaged, has_password
from practices.media.documents.pdf_locks import opens_without_password
from practices.media.documents.pdf_objects import Object, Objects, filters_of
from practices.media.documents.photos import names_place
from practices.media.outcome import Refused

SUFFIX = ".pdf"
_TAIL = 2048
_LONGEST_TRAILER = 4096
_MOST_PHOTOS = 300
_FILLING = b"\0\t\n\f\r "
_ROOT = re.compile(rb"/Root\s{1,20}\d")
_INFO = re.compile(rb"/Info\s{1,20}(\d{1,10})\s{1,20}\d{1,5}\s{1,20}R")
_ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z])\s{0,20}(?:(\d{1,10})\s{1,20}\d{1,5}\s{1,20}R|<<)")
_KIND_XREF = re.compile(rb"/Type\s{0,20}/XRef(?![A-Za-z])")
_KIND_XMP = re.compile(rb"/Type\s{0,20}/Metadata(?![A-Za-z])")
_KIND_FILE = re.compile(rb"/Type\s{0,20}/EmbeddedFile(?![A-Za-z])")
_KIND_COMMENT = re.compile(
    rb"/Subtype\s{0,20}/(?:Text|FreeText|Highlight|Underline|Squiggly|StrikeOut|Caret|Ink|Stamp|Line|Square|Circle|Polygon|"
    rb"PolyLine|FileAttachment|Redact)(?![A-Za-z])"
)
_NAMES = ((b"/Author", kinds.AUTHOR), (b"/Company", kinds.COMPANY), (b"/Manager", kinds.MANAGER))


def look(content: bytes, findings: Findings) -> None:
    """Note what is hidden in the PDF file that `content` is. Raises Refused where it is damaged or locked."""
    if b"%%EOF" not in content[-2 * _TAIL :].rstrip(_FILLING)[-_TAIL:] or b"startxref" not in content:
        raise damaged("Die PDF-Datei")
    objects = Objects(content)
    trailers = [*_trailers(content), *(item.text for item in objects if _KIND_XREF.search(item.text))]
    if not any(map(_ROOT.search, trailers)):
        raise damaged("Die PDF-Datei")
    if _is_encrypted(trailers, objects):
        findings.count(kinds.CLOSED)
        return
    for number in {int(found[1]) for trailer in trailers for found in _INFO.finditer(trailer)}:
        for key, label in _NAMES:
            findings.name(label, objects.string(objects.text_of(number), key))
    photos = 0
    for item in objects:
        if _KIND_XMP.search(item.text):
            _read_xmp(objects.unpacked(item), findings)
        elif _KIND_FILE.search(item.text):
            findings.count(kinds.EMBEDDED)
        elif _KIND_COMMENT.search(item.text) and b"/Rect" in item.text:
            findings.count(kinds.COMMENTS, objects.string(item.text, b"/T"))
        elif _is_photo(item) and photos < _MOST_PHOTOS:
            photos += 1
            if names_place(item.stream):
                findings.count(kinds.PLACES)


def _trailers(content: bytes) -> list[bytes]:
    places = [found.start() for found in re.finditer(rb"trailer\s{0,20}<<", content)]
    return [content[place : place + _LONGEST_TRAILER].partition(b"startxref")[0] for place in places]


def _is_encrypted(trailers: list[bytes], objects: Objects) -> bool:
    """Return whether the file is encrypted; raises Refused where its readers would need a password."""
    for trailer in trailers:
        if found := _ENCRYPTED.search(trailer):
            rules = objects.text_of(int(found[1])) if found[1] else trailer[found.start() :]
            if not opens_without_password(rules, trailer):
                raise has_password()
            return True
    return False


def _is_photo(item: Object) -> bool:
    return filters_of(item) == [b"/DCTDecode"]


def _read_xmp(content: bytes, findings: Findings) -> None:
    def note(element: Element) -> None:
        if element.name == "creator":
            findings.name(kinds.AUTHOR, element.text)
        elif author := element.attributes.get("Author"):
            findings.name(kinds.AUTHOR, author)

    with suppress(Refused):  # what a note says that can not be read, nobody reads
        read_xml(BytesIO(content.strip(_FILLING)), ("creator", "Description"), note)
