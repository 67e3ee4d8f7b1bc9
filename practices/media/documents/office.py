"""Documents of Word, Excel and PowerPoint (Office Open XML, ECMA-376; threaded comments and authors: MS-XLSX, MS-PPTX).

A part is known by the type the package declares for it, not by where it lies.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import PurePosixPath
from typing import NamedTuple

from practices.media.documents import findings as kinds
from practices.media.documents.findings import Findings
from practices.media.documents.markup import Element, read_xml
from practices.media.documents.outcome import Harmful, damaged, has_macros, wrong_kind
from practices.media.documents.packages import drain

TYPES = "[Content_Types].xml"
_START = "_rels/.rels"
# The last part of the types of main parts.
_SUFFIXES = {
    "wordprocessingml.document.main+xml": ".docx",
    "spreadsheetml.sheet.main+xml": ".xlsx",
    "presentationml.presentation.main+xml": ".pptx",
}
_SIBLINGS = {"wordprocessingml": ".docx", "spreadsheetml": ".xlsx", "presentationml": ".pptx"}
_MACROS = re.compile(r"macroenabled|vbaproject", re.IGNORECASE)
_WITH_MACROS = (
    ".docm",
    ".dotm",
    ".xlsm",
    ".xltm",
    ".xlam",
    ".xlsb",
    ".pptm",
    ".potm",
    ".ppsm",
    ".ppam",
    "vbaproject.bin",
)
_FETCHED = ("/attachedTemplate", "/oleObject", "/frame", "/subDocument", "/aFChunk")
_REMOTE = re.compile(r"(?:https?|ftp):", re.IGNORECASE)
_CHANGES = (
    "ins",
    "del",
    "moveFrom",
    "moveTo",
    "rPrChange",
    "pPrChange",
    "sectPrChange",
    "tblPrChange",
    "cellIns",
    "cellDel",
)
_SWITCHED_ON = ("1", "true", "on")
_OF_THREAD = "tc="  # the stand-in of a threaded comment for older programs


class Part(NamedTuple):
    """What an element is found in, and where that is to be noted."""

    name: str
    findings: Findings


def look(archive: zipfile.ZipFile, findings: Findings, suffix: str) -> str:
    """Return the ending of the document in `archive`, called `suffix`, and note what is hidden in it; each part is read.

    Raises Refused where it is damaged, no document that is taken, has macros or fetches something when it is opened.
    """
    types = _Types(archive)
    is_kind = _kind_of(archive, types, suffix)
    for info in archive.infolist():
        if info.filename.lower().endswith(_WITH_MACROS):
            raise has_macros()
        if "/embeddings/" in info.filename:
            findings.count(kinds.EMBEDDED)
        names, note = _reader_of(info.filename, types)
        if note:
            part = Part(info.filename, findings)
            with archive.open(info) as file:
                read_xml(file, names, partial(note, part))
        else:
            drain(archive, info, findings)
    return is_kind


class _Types:
    """The types that a package declares for its parts, by name and by ending."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.parts: dict[str, str] = {}
        self.endings: dict[str, str] = {}
        with archive.open(TYPES) as file:
            read_xml(file, ("Override", "Default"), self._note)
        if any(map(_MACROS.search, (*self.parts.values(), *self.endings.values()))):
            raise has_macros()

    def _note(self, element: Element) -> None:
        values = element.attributes
        if element.name == "Override":
            self.parts[values.get("PartName", "").lstrip("/").lower()] = values.get("ContentType", "")
        else:
            self.endings["." + values.get("Extension", "").lower()] = values.get("ContentType", "")

    def of(self, name: str) -> str:
        """Return the type of the part called `name`, from behind the name of its maker."""
        declared = self.parts.get(name.lower()) or self.endings.get(PurePosixPath(name).suffix.lower(), "")
        return declared.removeprefix("application/vnd.openxmlformats-officedocument.").removeprefix("application/vnd.")


def _kind_of(archive: zipfile.ZipFile, types: _Types, suffix: str) -> str:
    main: list[str] = []

    def note(element: Element) -> None:
        if element.attributes.get("Type", "").endswith("/officeDocument"):
            main.append(posixpath.normpath(element.attributes.get("Target", "").lstrip("/")))

    present = set(archive.namelist())
    if _START in present:
        with archive.open(_START) as file:
            read_xml(file, ("Relationship",), note)
    if not main or main[0] not in present:
        raise damaged("Das Office-Dokument")
    kind = types.of(main[0])
    if kind not in _SUFFIXES:
        sibling = next(
            (ending for name, ending in _SIBLINGS.items() if kind.startswith(name)), ".docx, .xlsx oder .pptx"
        )
        raise wrong_kind(
            suffix,
            "eine Vorlage, eine Bildschirmpräsentation oder ein anderes Office-Format",
            f"Bitte speichern Sie das Dokument als {sibling} und wählen Sie die neue Datei.",
        )
    return _SUFFIXES[kind]


Note = Callable[[Part, Element], None]


def _note_core(part: Part, element: Element) -> None:
    part.findings.name(kinds.AUTHOR if element.name == "creator" else kinds.LAST_CHANGED_BY, element.text)


def _note_app(part: Part, element: Element) -> None:
    part.findings.name(kinds.COMPANY if element.name == "Company" else kinds.MANAGER, element.text)


def _note_property(part: Part, element: Element) -> None:
    part.findings.name(kinds.PROPERTY, f"{element.attributes.get('name', '')}: {element.text}")


def _note_comment(part: Part, element: Element) -> None:
    part.findings.count(kinds.COMMENTS, element.attributes.get("author", ""))


def _note_commenter(part: Part, element: Element) -> None:
    values = element.attributes
    name = values.get("name") or values.get("displayName") or element.text
    if not name.startswith(_OF_THREAD):
        part.findings.name(kinds.COMMENTS, name)


def _note_sheet_comment(part: Part, element: Element) -> None:
    if element.name == "author":
        _note_commenter(part, element)
    else:
        part.findings.count(kinds.COMMENTS)


def _note_reply(part: Part, element: Element) -> None:
    if element.attributes.get("parentId"):
        part.findings.count(kinds.COMMENTS)


def _note_text(part: Part, element: Element) -> None:
    if element.name in _CHANGES and "author" in element.attributes:
        part.findings.count(kinds.CHANGES, element.attributes["author"])
    elif element.name == "r" and {"vanish", "t"} <= element.inside and element.text.strip():
        part.findings.count(kinds.HIDDEN_TEXT)


def _note_sheet(part: Part, element: Element) -> None:
    if element.attributes.get("state") in ("hidden", "veryHidden"):
        part.findings.count(kinds.HIDDEN_SHEETS, element.attributes.get("name", ""))


def _note_row(part: Part, element: Element) -> None:
    if element.attributes.get("hidden") in _SWITCHED_ON:
        part.findings.count(kinds.HIDDEN_ROWS, once_in=part.name)


def _note_notes(part: Part, element: Element) -> None:
    if element.text.strip():  # a field such as the number of the slide is no run
        part.findings.count(kinds.NOTES, once_in=part.name)


def _note_slide(part: Part, element: Element) -> None:
    if element.attributes.get("show") in ("0", "false"):
        part.findings.count(kinds.HIDDEN_SLIDES)


def _note_relation(part: Part, element: Element) -> None:
    target, kind = element.attributes.get("Target", ""), element.attributes.get("Type", "")
    if element.attributes.get("TargetMode") == "External" and kind.endswith(_FETCHED):
        if _REMOTE.match(target):
            raise Harmful(
                "Die Datei lädt beim Öffnen etwas von einem anderen Server und wird deshalb nicht angenommen. Bitte entfernen Sie "
                "die Verknüpfung (in Word unter „Entwicklertools → Dokumentvorlage“) oder speichern Sie das Dokument als PDF."
            )
        if kind.endswith("/attachedTemplate"):
            part.findings.name(kinds.TEMPLATE, target)


_TEXTS: tuple[tuple[str, ...], Note] = ((*_CHANGES, "r"), _note_text)
_READERS: dict[str, tuple[tuple[str, ...], Note]] = {
    "openxmlformats-package.core-properties+xml": (("creator", "lastModifiedBy"), _note_core),
    "extended-properties+xml": (("Company", "Manager"), _note_app),
    "custom-properties+xml": (("property",), _note_property),
    "wordprocessingml.comments+xml": (("comment",), _note_comment),
    **{
        f"wordprocessingml.{name}+xml": _TEXTS
        for name in ("document.main", "header", "footer", "footnotes", "endnotes", "document.glossary")
    },
    "spreadsheetml.comments+xml": (("author", "comment"), _note_sheet_comment),
    "ms-excel.threadedcomments+xml": (("threadedComment",), _note_reply),
    "ms-excel.person+xml": (("person",), _note_commenter),
    "spreadsheetml.sheet.main+xml": (("sheet",), _note_sheet),
    "spreadsheetml.worksheet+xml": (("row", "col"), _note_row),
    "presentationml.comments+xml": (("cm",), _note_comment),
    "presentationml.commentAuthors+xml": (("cmAuthor",), _note_commenter),
    "ms-powerpoint.comments+xml": (("cm",), _note_comment),
    "ms-powerpoint.authors+xml": (("author",), _note_commenter),
    "presentationml.notesSlide+xml": (("r",), _note_notes),
    "presentationml.slide+xml": (("sld",), _note_slide),
}
_NOTHING: tuple[tuple[str, ...], Note] = ((), lambda _part, _element: None)


def _reader_of(name: str, types: _Types) -> tuple[tuple[str, ...], Note | None]:
    """Return which elements are asked for in a part and what is done with them; None where it is no XML."""
    if name.endswith(".rels"):
        return ("Relationship",), _note_relation
    kind = types.of(name)
    if kind in _READERS:
        return _READERS[kind]
    return _NOTHING if kind.endswith("+xml") else ((), None)
