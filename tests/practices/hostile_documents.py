"""Files that are not what they are called, or are made to do harm: the name each comes in under, and what is said about it."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import NamedTuple

from practices.media.documents.outcome import MOST_BYTES
from tests.practices.documents import docx, office, opendocument, pdf, photo, stream, xlsx, zipped

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
REMOTE = (
    '<Relationships><Relationship TargetMode="External" Target="https://example.org/x.dotm" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>'
)
WORD = "application/vnd.ms-word.document.macroEnabled.main+xml"
LOCK = b"<</Filter/Standard/R 3/Length 128/P -4/O<" + b"00" * 32 + b">/U<" + b"11" * 32 + b">>>"
_TIMES = 600


class Hostile(NamedTuple):
    name: str
    make: Callable[[], bytes]
    said: str


def _changed(content: bytes, place: int, put: bytes) -> bytes:
    return content[:place] + put + content[place + len(put) :]


def _nested(times: int) -> bytes:
    content = b"x"
    for number in range(times):
        content = zipped({f"{number}.zip" if number else "a.txt": content})
    return content


def _symlink() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo("verweis")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return file.getvalue()


def _encrypted_entry() -> bytes:
    content = zipped({"a.txt": "x"})
    place = content.index(b"PK\1\2") + 8
    return _changed(content, place, struct.pack("<H", struct.unpack_from("<H", content, place)[0] | 1))


def _wrong_sum() -> bytes:
    content = zipped({"a.txt": "x" * 100}, zipfile.ZIP_STORED)
    return _changed(content, content.index(b"xxx"), b"y")


def _with_word_type(of: str) -> bytes:
    kind = of.removeprefix("application/vnd.")
    return office("word/document.xml", "", {"word/document.xml": (kind, "<w/>")})


def _flood() -> bytes:
    return pdf().replace(b"%%EOF", b"1 0 obj\n" * _TIMES * 1000 + b"\n%%EOF")


ENCRYPTION = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"

HOSTILE = {
    "a program called PDF": Hostile("heft.pdf", lambda: b"MZ\x90\0" + b"\0" * 99, "„.pdf“, ist aber ein Programm"),
    "a program in front of a PDF": Hostile("heft.pdf", lambda: b"MZ\x90\0" + pdf(), "ein Programm"),
    "a program called text": Hostile("heft.txt", lambda: b"\x7fELF\2\1\1\0", "ein Programm"),
    "a script": Hostile("heft.txt", lambda: b"#!/bin/sh\nrm -rf /", "ein Programm"),
    "a page called PDF": Hostile("heft.pdf", lambda: HTML, "eine Internetseite (HTML)"),
    "a page called text": Hostile("heft.txt", lambda: b"\n  " + HTML, "eine Internetseite (HTML)"),
    "a page in UTF-16": Hostile("heft.csv", lambda: HTML.decode().encode("utf-16"), "eine Internetseite (HTML)"),
    "a page in front of a PDF": Hostile("heft.pdf", lambda: HTML + pdf(), "eine Internetseite (HTML)"),
    "a drawing": Hostile("heft.pdf", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', "eine Zeichnung (SVG)"),
    "PostScript": Hostile("heft.pdf", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", "eine PostScript-Datei"),
    "RTF": Hostile("brief.docx", lambda: b"{\\rtf1 Brief}", "ein RTF-Dokument"),
    "a photo": Hostile("foto.pdf", photo, "ein Bild"),
    "a video": Hostile("film.pdf", lambda: b"\0\0\0\x18ftypmp42" + b"\0" * 20, "ein Video oder eine Tonaufnahme"),
    "an old document": Hostile(
        "brief.docx", lambda: OLE + "WordDocument".encode("utf-16-le"), "speichern Sie es als .docx"
    ),
    "a locked document": Hostile(
        "brief.docx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "mit einem Passwort"
    ),
    "macros": Hostile("brief.docx", lambda: docx(**{"word/vbaProject.bin": ("", b"x")}), "enthält Makros"),
    "macros by type": Hostile("brief.docx", lambda: _with_word_type(WORD), "enthält Makros"),
    "a template": Hostile("b.docx", lambda: _with_word_type("wordprocessingml.template.main+xml"), "eine Vorlage"),
    "a template from elsewhere": Hostile(
        "brief.docx", lambda: docx(**{"word/_rels/settings.xml.rels": ("", REMOTE)}), "von einem anderen Server"
    ),
    "entities": Hostile(
        "brief.docx", lambda: docx(docProps__app=("extended-properties+xml", ENTITIES)), "lässt sich hier nicht prüfen"
    ),
    "depth": Hostile("brief.docx", lambda: docx(body="<w:p>" * 900 + "</w:p>" * 900), "lässt sich hier nicht prüfen"),
    "broken markup": Hostile("brief.docx", lambda: docx(body="<w:p>"), "unvollständig oder beschädigt"),
    "half a workbook": Hostile("tabelle.xlsx", lambda: xlsx()[:-200], "unvollständig oder beschädigt"),
    "a package without a document": Hostile(
        "b.docx", lambda: zipped({"[Content_Types].xml": "<Types/>"}), "beschädigt"
    ),
    "a ZIP file called docx": Hostile(
        "brief.docx", lambda: zipped({"a.txt": "x"}), "ein ZIP-Archiv oder ein beschädigtes"
    ),
    "an OpenDocument with a password": Hostile(
        "b.odt", lambda: opendocument(".odt", manifest=ENCRYPTION), "mit einem Passwort geschützt"
    ),
    "an OpenDocument with macros": Hostile(
        "b.odt", lambda: opendocument(".odt", **{"Basic/Standard/Modul1.xml": "<x/>"}), "enthält Makros"
    ),
    "a book": Hostile("buch.zip", lambda: zipped({"mimetype": "application/epub+zip"}), "ein anderes Format"),
    "half a PDF": Hostile("heft.pdf", lambda: pdf()[:-40], "unvollständig oder beschädigt"),
    "a PDF without anything": Hostile("heft.pdf", lambda: b"%PDF-1.4 Heft\nstartxref\n0\n%%EOF", "beschädigt"),
    "a PDF with a password": Hostile(
        "heft.pdf", lambda: pdf(objects=(LOCK,), trailer="/ID[<00><00>]/Encrypt 6 0 R"), "mit einem Passwort geschützt"
    ),
    "a flood of objects": Hostile("heft.pdf", _flood, "lässt sich hier nicht prüfen"),
    "bytes called text": Hostile("heft.txt", lambda: b"Text\0Text", "kein Dokument, das sich hier lesen lässt"),
    "UTF-16 without a mark": Hostile("tabelle.csv", lambda: "a;b".encode("utf-16-le"), "kein Dokument"),
    "no captions": Hostile("rede.vtt", lambda: b"1\n00:00:01,000 --> 00:00:02,000\nx", "keine WebVTT-Datei"),
    "captions in Windows-1252": Hostile("rede.vtt", lambda: "WEBVTT\n\nGrüße".encode("cp1252"), "nicht in UTF-8"),
    "text called PDF": Hostile("heft.pdf", lambda: b"Seite nicht gefunden", "ein einfacher Text"),
    "a bomb": Hostile("a.zip", lambda: zipped({"a": b"\0" * 30_000_000}), "lässt sich hier nicht prüfen"),
    "too many parts": Hostile(
        "a.zip", lambda: zipped({f"{n}": "" for n in range(6000)}), "lässt sich hier nicht prüfen"
    ),
    "ZIP files in ZIP files": Hostile("a.zip", lambda: _nested(5), "lässt sich hier nicht prüfen"),
    "a way out": Hostile("a.zip", lambda: zipped({"../../etc/passwd": "x"}), "führen Namen aus ihr hinaus"),
    "a way out on Windows": Hostile(
        "a.zip", lambda: zipped({"C:\\Windows\\a.txt": "x"}), "führen Namen aus ihr hinaus"
    ),
    "a link": Hostile("a.zip", _symlink, "führen Namen aus ihr hinaus"),
    "a packed program": Hostile(
        "a.zip", lambda: zipped({"rechnung.pdf.exe": "x"}), "ein Programm („rechnung.pdf.exe“)"
    ),
    "a packed script": Hostile("a.zip", lambda: zipped({"rechnung.js ": "x"}), "enthält ein Programm"),
    "a packed program in disguise": Hostile("a.zip", lambda: zipped({"a.dat": b"MZ\0\0"}), "enthält ein Programm"),
    "packed macros": Hostile("a.zip", lambda: zipped({"b.docm": "x"}), "enthält Makros"),
    "packed macros in disguise": Hostile(
        "a.zip",
        lambda: zipped({"b.docx": docx(**{"word/vbaProject.bin": ("", b"x")})}),
        "In „b.docx“: Die Datei enthält Makros",
    ),
    "a ZIP file with a password": Hostile("a.zip", _encrypted_entry, "mit einem Passwort geschützt"),
    "a ZIP file with a wrong sum": Hostile("a.zip", _wrong_sum, "unvollständig oder beschädigt"),
    "an unusual packing": Hostile("a.zip", lambda: zipped({"a.txt": "x"}, zipfile.ZIP_LZMA), "beschädigt"),
    "an empty file": Hostile("a.pdf", lambda: b"", "leer"),
    "an empty ZIP file": Hostile("a.zip", lambda: zipped({}), "Das ZIP-Archiv ist leer"),
    "another archive": Hostile("a.zip", lambda: b"7z\xbc\xaf\x27\x1c\0", "ein anderes Archiv"),
    "too many bytes": Hostile("heft.pdf", lambda: b"%PDF-1.4" + b"\0" * MOST_BYTES, "höchstens 50 MB"),
}
# Of those that take most to read: none takes more than there is.
COSTLY = {
    "a flood of objects": lambda: pdf().replace(b"%%EOF", b"1 0 obj\n" * 6_000_000 + b"\n%%EOF"),
    "objects packed into objects": lambda: pdf(objects=(_packed_flood(),) * 6),
    "a long text": lambda: "😀".encode() * 12_000_000,
    "many changes": lambda: docx(body="".join(f'<w:ins w:author="a{n}"/>' for n in range(300_000))),
    "many types": lambda: zipped(
        {"[Content_Types].xml": "<T>" + "".join(f'<Override PartName="/{n}"/>' for n in range(400_000)) + "</T>"}
    ),
    "a large PDF in a ZIP file": lambda: zipped({"a.pdf": b"%PDF-" + b"\0 x" * 16_000_000}, zipfile.ZIP_STORED),
}


def _packed_flood() -> bytes:
    return stream(zlib.compress(b"1 0 " * 4_000_000), b"/Type/ObjStm/First 16000000/Filter/FlateDecode")
