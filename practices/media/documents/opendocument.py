"""Documents of LibreOffice and others (OpenDocument, ODF 1.3)."""

import zipfile
from typing import NamedTuple

from practices.media.documents import findings as kinds
from practices.media.documents.findings import Findings
from practices.media.documents.markup import Element, read_xml
from practices.media.documents.outcome import damaged, has_macros, has_password, wrong_kind
from practices.media.documents.packages import drain

TYPE = "mimetype"
_OPENDOCUMENT = "application/vnd.oasis.opendocument."
_LONGEST_TYPE = 200
_SUFFIXES = {"text": ".odt", "spreadsheet": ".ods", "presentation": ".odp"}
_MANIFEST, _META = "META-INF/manifest.xml", "meta.xml"
_CONTENTS = ("content.xml", "styles.xml")
# Lists of modules, which are there without any module, too.
_NO_MODULES = ("script-lc.xml", "script-lb.xml")
_OF_META = {
    "initial-creator": kinds.AUTHOR,
    "creator": kinds.LAST_CHANGED_BY,
    "printed-by": kinds.LAST_CHANGED_BY,
    "user-defined": kinds.PROPERTY,
}
_OF_CONTENT = (
    *("annotation", "changed-region", "tracked-changes", "cell-content-change", "insertion", "deletion", "movement"),
    *("creator", "hidden-text", "text-properties", "table-properties", "drawing-page-properties"),
    *("table-row", "table-column", "section", "notes", "object-ole", "plugin"),
)
_CHANGES = ("changed-region", "cell-content-change", "movement")


def look(archive: zipfile.ZipFile, findings: Findings, suffix: str) -> str:
    """Return the ending of the document in `archive`, called `suffix`, and note what is hidden in it; each part is read.

    Raises Refused where it is damaged, no document that is taken, locked or has macros.
    """
    is_kind, present = _kind_of(archive, suffix), set(archive.namelist())
    if not {_MANIFEST, _CONTENTS[0]} <= present:
        raise damaged("Das OpenDocument-Dokument")
    with archive.open(_MANIFEST) as file:
        read_xml(file, ("encryption-data",), _refuse_locked)
    for info in archive.infolist():
        name = info.filename
        if _is_macro(name):
            raise has_macros()
        if name == _META:
            with archive.open(info) as file:
                read_xml(file, _OF_META, lambda element: _note_meta(element, findings))
        elif name in _CONTENTS:
            with archive.open(info) as file:
                read_xml(file, _OF_CONTENT, _Content(name, findings).note)
        else:
            drain(archive, info, findings)
    return is_kind


def _kind_of(archive: zipfile.ZipFile, suffix: str) -> str:
    with archive.open(TYPE) as file:
        kind = file.read(_LONGEST_TYPE).decode("ascii", "replace").strip().removeprefix(_OPENDOCUMENT)
    if kind not in _SUFFIXES:
        raise wrong_kind(
            suffix,
            "eine Vorlage, Zeichnung oder ein anderes Format",
            "Bitte speichern Sie das Dokument als .odt, .ods, .odp oder PDF und wählen Sie die neue Datei.",
        )
    return _SUFFIXES[kind]


def _refuse_locked(_element: Element) -> None:
    raise has_password()


def _is_macro(name: str) -> bool:
    folder, _slash, rest = name.partition("/")
    is_list = rest.endswith(_NO_MODULES) or rest.endswith("/")
    return folder in ("Basic", "Scripts") and bool(rest) and not is_list


def _note_meta(element: Element, findings: Findings) -> None:
    text = element.text
    if element.name == "user-defined":
        text = f"{element.attributes.get('name', '')}: {text}" if text.strip() else ""
    findings.name(_OF_META[element.name], text)


class _Content(NamedTuple):
    name: str
    findings: Findings

    def note(self, element: Element) -> None:
        """Note what an element of the content or of its styles gives away."""
        name, values, findings = element.name, element.attributes, self.findings
        if name == "creator":
            self._note_creator(element)
        elif name == "annotation":
            findings.count(kinds.COMMENTS)
        elif name in _CHANGES or (name in ("insertion", "deletion") and element.around[-1:] == ("tracked-changes",)):
            findings.count(kinds.CHANGES)
        elif name == "hidden-text" or (name in ("text-properties", "section") and values.get("display") == "none"):
            findings.count(kinds.HIDDEN_TEXT)
        elif name == "table-properties" and values.get("display") == "false":
            findings.count(kinds.HIDDEN_SHEETS)
        elif name in ("table-row", "table-column") and values.get("visibility") in ("collapse", "filter"):
            findings.count(kinds.HIDDEN_ROWS, once_in=self.name)
        elif name == "drawing-page-properties" and values.get("visibility") == "hidden":
            findings.count(kinds.HIDDEN_SLIDES)
        elif name == "notes" and self.name == _CONTENTS[0] and element.text.strip() and "p" in element.inside:
            findings.count(kinds.NOTES)
        elif name in ("object-ole", "plugin"):
            findings.count(kinds.EMBEDDED)

    def _note_creator(self, element: Element) -> None:
        if "annotation" in element.around:
            self.findings.name(kinds.COMMENTS, element.text)
        elif "tracked-changes" in element.around:
            self.findings.name(kinds.CHANGES, element.text)
