"""ZIP files: what is in them is looked at, and programs stay outside."""

import zipfile
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO

from practices.media.documents.findings import PAGES, Findings
from practices.media.documents.outcome import KINDS, MOST_BYTES, Harmful, has_macros, too_complex, wrong_kind
from practices.media.documents.packages import Bounds, drain
from practices.media.outcome import Refused

SUFFIX = ".zip"
_DEEPEST = 2
# What a double click runs, on the systems people here have.
_PROGRAMS = (
    *(
        "exe",
        "dll",
        "com",
        "scr",
        "pif",
        "cpl",
        "msi",
        "msp",
        "msix",
        "appx",
        "bat",
        "cmd",
        "ps1",
        "vbs",
        "vbe",
        "js",
        "jse",
    ),
    *(
        "wsf",
        "wsh",
        "hta",
        "lnk",
        "url",
        "reg",
        "inf",
        "jar",
        "class",
        "apk",
        "dex",
        "dmg",
        "pkg",
        "command",
        "sh",
        "desktop",
    ),
    *("iso", "img", "vhd", "vhdx", "chm", "xll", "one", "sys", "msc", "settingcontent-ms"),
)
_WITH_MACROS = ("docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppsm", "ppam")
_LOOKED_INTO = ("pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "zip")
_PAGES = ("html", "htm", "xhtml", "mht", "mhtml", "svg")


def look(archive: zipfile.ZipFile, findings: Findings, suffix: str, bounds: Bounds, depth: int) -> str:
    """Return the ending of a ZIP file, called `suffix`, and note what is hidden in the documents it holds; each part is read.

    Raises Refused where it is empty, damaged, holds programs or macros, or ZIP files that hold ZIP files; or where it was to be
    something else.
    """
    names = [info for info in archive.infolist() if not info.is_dir()]
    if suffix != SUFFIX:
        raise wrong_kind(
            suffix,
            "ein ZIP-Archiv oder ein beschädigtes Dokument",
            f"Bitte speichern Sie es in einem dieser Formate: {KINDS}.",
        )
    if not names:
        raise Refused("Das ZIP-Archiv ist leer. Bitte wählen Sie eine andere Datei.")
    for info in names:
        ending = PurePosixPath(info.filename.replace("\\", "/").rstrip(". ")).suffix.lower().removeprefix(".")
        _refuse_by_name(info.filename, ending)
        if ending in _PAGES:
            findings.count(PAGES)
        if ending in _LOOKED_INTO and info.file_size <= MOST_BYTES and not _is_of_system(info.filename):
            _look_into(BytesIO(archive.read(info)), "." + ending, info.filename, findings, bounds, depth)
        else:
            drain(archive, info, findings)
    return SUFFIX


def _is_of_system(name: str) -> bool:
    """Return whether a part is what macOS or Office leave beside a file: it is called like that, and is something else."""
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith(("._", "~$"))


def _short(name: str) -> str:
    plain = "".join(letter if letter.isprintable() else "?" for letter in name)
    return plain if len(plain) <= 80 else f"…{plain[-79:]}"


def _refuse_by_name(name: str, ending: str) -> None:
    if ending in _PROGRAMS:
        raise Harmful(
            f"Das ZIP-Archiv enthält ein Programm („{_short(name)}“) und wird deshalb nicht angenommen. Bitte packen Sie es ohne "
            "dieses noch einmal."
        )
    if ending in _WITH_MACROS:
        raise has_macros()


def _look_into(file: IO[bytes], suffix: str, name: str, findings: Findings, bounds: Bounds, depth: int) -> None:
    from practices.media.documents.kinds import look_at  # they are made of each other

    if depth >= _DEEPEST:
        raise too_complex()
    try:
        look_at(file, suffix, findings, bounds, depth + 1)
    except Harmful as refusal:
        raise Harmful(f"In „{_short(name)}“: {refusal}") from refusal
    except Refused:
        pass  # readers can not open it; no reason to keep the others from them
