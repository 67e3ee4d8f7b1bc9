"""Plain texts: notes, tables (CSV) and captions (WebVTT, W3C), in the encodings in which programs here write them."""

import codecs
import re
from typing import IO

from practices.media.documents.outcome import KINDS, NO_PROGRAMS, wrong_kind
from practices.media.outcome import Refused

VTT = ".vtt"
SUFFIXES = (".csv", ".txt", VTT)
_HEAD = 4096
_STEP = 1024 * 1024
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_VTT = re.compile(r"WEBVTT(?:[ \t\r\n]|$)")
# How browsers tell markup from text (WHATWG MIME Sniffing, section 7.1), and what is markup of another kind.
_MARKUP = re.compile(
    r"\s*<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|!--)(?:[\s>]|$)",
    re.IGNORECASE,
)
_DRAWING = re.compile(r"\s*<(?:\?xml|!doctype|svg)\b[^\0]{0,2000}?<?svg", re.IGNORECASE)
_XML = re.compile(r"\s*<(?:\?xml|!doctype|[a-z][\w:.-]*\s+xmlns)", re.IGNORECASE)


def look(file: IO[bytes], suffix: str) -> str:
    """Return the ending of the text in `file`, called `suffix`: captions are known by their head, all else by its name.

    Raises Refused where it is no text, markup, or captions that are not in UTF-8.
    """
    encoding = _encoding_of(file)
    if not encoding:
        raise wrong_kind(
            suffix,
            "kein Dokument, das sich hier lesen lässt",
            f"Bitte speichern Sie es in einem dieser Formate: {KINDS}.",
        )
    file.seek(0)
    start = file.read(_HEAD).decode(encoding, "ignore").lstrip("\ufeff")
    _refuse_markup(start, suffix)
    if _VTT.match(start):
        if encoding != "utf-8":
            raise Refused(
                "Die Untertitel sind nicht in UTF-8 gespeichert. Bitte speichern Sie die Datei mit der Codierung UTF-8 und wählen "
                "Sie die neue Datei."
            )
        return VTT
    if suffix in (VTT, ".srt"):
        raise wrong_kind(
            suffix,
            "keine WebVTT-Datei",
            "Untertitel beginnen mit der Zeile „WEBVTT“. Bitte speichern Sie sie in Ihrem Programm als WebVTT (.vtt) und wählen "
            "Sie die neue Datei.",
        )
    if suffix not in SUFFIXES:
        raise wrong_kind(
            suffix,
            "ein einfacher Text",
            f"Bitte speichern Sie das Dokument in einem dieser Formate: {KINDS}. Bei einem Text ändern Sie die Endung in .txt.",
        )
    return suffix


def is_markup(start: bytes) -> bool:
    """Return whether a file that begins with `start` would be taken for a page or a drawing."""
    letters = start.decode("latin-1")
    return any(pattern.match(letters) for pattern in (_MARKUP, _DRAWING, _XML))


def _encoding_of(file: IO[bytes]) -> str:
    """Return the encoding in which `file` is a text, or nothing."""
    file.seek(0)
    start = file.read(2)
    candidates = ("utf-16",) if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else ("utf-8", "cp1252")
    return next((encoding for encoding in candidates if _is_text(file, encoding)), "")


def _is_text(file: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while True:
            piece = file.read(_STEP)
            if _CONTROL.search(decoder.decode(piece, final=not piece)):
                return False
            if not piece:
                return True
    except UnicodeDecodeError:
        return False


def _refuse_markup(start: str, suffix: str) -> None:
    if _DRAWING.match(start):
        raise wrong_kind(suffix, "eine Zeichnung (SVG)", "Bitte laden Sie sie unter „Bilder“ hoch.")
    if _MARKUP.match(start):
        raise wrong_kind(
            suffix,
            "eine Internetseite (HTML)",
            "Bitte drucken Sie die Seite in eine PDF-Datei, oder laden Sie das Dokument dort noch einmal herunter.",
        )
    if _XML.match(start):
        raise wrong_kind(
            suffix, "eine XML-Datei", f"Bitte speichern Sie das Dokument in einem dieser Formate: {KINDS}."
        )
    if start.startswith("{\\rtf"):
        raise wrong_kind(
            suffix, "ein RTF-Dokument", "Bitte speichern Sie es als .docx oder .odt und wählen Sie die neue Datei."
        )
    if start.startswith("%!"):
        raise wrong_kind(
            suffix, "eine PostScript-Datei", "Bitte speichern Sie das Dokument als PDF und wählen Sie die neue Datei."
        )
    if start.startswith("#!"):
        raise wrong_kind(suffix, "ein Programm", NO_PROGRAMS)
