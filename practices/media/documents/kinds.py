"""Which kind of document a file is: its content says so, its name only tells texts apart."""

from typing import IO

from practices.media.documents import archives, office, opendocument, pdf, texts
from practices.media.documents.findings import Findings
from practices.media.documents.outcome import (
    KINDS,
    MOST_BYTES,
    NO_PROGRAMS,
    Document,
    has_password,
    too_large,
    wrong_kind,
)
from practices.media.documents.packages import PROGRAM_STARTS, Bounds, opened
from practices.media.outcome import Refused

_HEAD = 1024
_PDF = b"%PDF-"
_PACKED = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_IMAGE = "Bitte laden Sie es unter „Bilder“ hoch."
_MEDIUM = "Bitte laden Sie es unter „Medien“ hoch."
_AS_ZIP = "Bitte packen Sie die Dateien als ZIP."
# Starts of files that are no documents: what they are, and what to do.
_OTHERS = (
    *((start, "ein Programm", NO_PROGRAMS) for start in PROGRAM_STARTS),
    *((start, "ein Bild", _IMAGE) for start in (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*")),
    *(
        (start, "ein anderes Archiv", _AS_ZIP)
        for start in (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
    ),
    *((start, "eine Tonaufnahme", _MEDIUM) for start in (b"ID3", b"OggS", b"\xff\xfb")),
    (b"\x1a\x45\xdf\xa3", "ein Video", _MEDIUM),
    (
        b"\xc5\xd0\xd3\xc6",
        "eine PostScript-Datei",
        "Bitte speichern Sie das Dokument als PDF und wählen Sie die neue Datei.",
    ),
)
_PHOTO_BRANDS = (b"heic", b"heix", b"mif1", b"avif", b"hevc")


def read(file: IO[bytes], suffix: str) -> Document:
    """Return what the document in `file`, called `suffix`, is and what is hidden in it; the whole of it is read.

    Raises Refused where it is nothing that is taken; MemoryError or RecursionError where it is made to exhaust its reader.
    """
    findings = Findings()
    kind = look_at(file, suffix, findings, Bounds(), depth=0)
    return Document(kind, findings.lines())


def look_at(file: IO[bytes], suffix: str, findings: Findings, bounds: Bounds, depth: int) -> str:
    """Return the ending of the document in `file` and note what is hidden in it; `depth` packages are around it."""
    size = file.seek(0, 2)
    if not size:
        raise Refused("Die Datei ist leer. Bitte wählen Sie eine andere.")
    if size > MOST_BYTES:
        raise too_large()
    file.seek(0)
    head = file.read(_HEAD)
    _refuse_others(head, file, suffix)
    file.seek(0)
    if head.startswith(_PACKED):
        return _look_at_package(file, suffix, findings, bounds, depth)
    if _PDF in head and not texts.is_markup(head[: head.index(_PDF)]):
        pdf.look(file.read(), findings)
        return pdf.SUFFIX
    return texts.look(file, suffix)


def _look_at_package(file: IO[bytes], suffix: str, findings: Findings, bounds: Bounds, depth: int) -> str:
    with opened(file, bounds) as archive:
        names = set(archive.namelist())
        if office.TYPES in names:
            return office.look(archive, findings, suffix)
        if opendocument.TYPE in names:
            return opendocument.look(archive, findings, suffix)
        return archives.look(archive, findings, suffix, bounds, depth)


def _refuse_others(head: bytes, file: IO[bytes], suffix: str) -> None:
    for start, what, advice in _OTHERS:
        if head.startswith(start) and _is_no_text(head):
            raise wrong_kind(suffix, what, advice)
    if (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or (head[4:8] == b"ftyp" and head[8:12] in _PHOTO_BRANDS):
        raise wrong_kind(suffix, "ein Bild", _IMAGE)
    if head[:4] == b"RIFF" or head[4:8] == b"ftyp":
        raise wrong_kind(suffix, "ein Video oder eine Tonaufnahme", _MEDIUM)
    if head.startswith(_OLD_OFFICE):
        _refuse_old_office(file, suffix)


def _is_no_text(head: bytes) -> bool:
    """A text may begin like a picture, with the letters BM."""
    return any(byte < 0x09 for byte in head)


def _refuse_old_office(file: IO[bytes], suffix: str) -> None:
    """Names in such files are in UTF-16 (MS-CFB 2.6.1)."""
    file.seek(0)
    content = file.read()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise has_password()
    for name, ending in (("WordDocument", ".docx"), ("Workbook", ".xlsx"), ("PowerPoint Document", ".pptx")):
        if name.encode("utf-16-le") in content:
            raise wrong_kind(
                suffix,
                "in einem alten Office-Format gespeichert",
                f"Bitte öffnen Sie das Dokument, speichern Sie es als {ending} und wählen Sie die neue Datei.",
            )
    raise wrong_kind(
        suffix,
        "in einem alten Format gespeichert",
        f"Bitte speichern Sie das Dokument in einem dieser Formate: {KINDS}.",
    )
