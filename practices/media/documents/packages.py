"""ZIP files and what is packed as one (ECMA-376 part 2, ODF 1.3 part 2), opened within bounds and read to their ends."""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from practices.media.documents.findings import PLACES, Findings
from practices.media.documents.outcome import Harmful, damaged, has_password, too_complex
from practices.media.documents.photos import MOST_BYTES as LARGEST_PHOTO
from practices.media.documents.photos import SUFFIXES as PHOTOS
from practices.media.documents.photos import names_place

MOST_PARTS = 5_000
MOST_UNPACKED = 256 * 1024 * 1024
# Tables full of the same pack to a hundredth; a thousandth is the most there is, and made to fill memories.
_HIGHEST_RATIO = 200
_ALWAYS_FINE = 20 * 1024 * 1024
_STEP = 1024 * 1024
_KNOWN_PACKING = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1
_OUTSIDE = re.compile(r"[/\\]|[A-Za-z]:|(?:.*[/\\])?\.\.(?:[/\\]|$)", re.DOTALL)
PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe")


class Bounds:
    """How much may still be unpacked, packages within packages included."""

    def __init__(self) -> None:
        self.parts, self.unpacked = MOST_PARTS, MOST_UNPACKED

    def take(self, archive: zipfile.ZipFile) -> None:
        """Count in what `archive` declares; zipfile unpacks no more than that."""
        parts = archive.infolist()
        packed, unpacked = sum(part.compress_size for part in parts), sum(part.file_size for part in parts)
        self.parts -= len(parts)
        self.unpacked -= unpacked
        is_bomb = unpacked > _ALWAYS_FINE and unpacked > _HIGHEST_RATIO * packed
        if is_bomb or self.parts < 0 or self.unpacked < 0:
            raise too_complex()


@contextmanager
def opened(file: IO[bytes], bounds: Bounds) -> Iterator[zipfile.ZipFile]:
    """Open a package and check its table of contents.

    Raises Refused where it is damaged, locked or too large, where names lead out of it, or its packing is not the usual one;
    also where that only comes out while its parts are read.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            bounds.take(archive)
            for part in archive.infolist():
                _check(part)
            yield archive
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        UnicodeError,
        OSError,
    ) as error:
        raise damaged() from error


def _check(part: zipfile.ZipInfo) -> None:
    if _OUTSIDE.match(part.orig_filename) or "\0" in part.orig_filename or stat.S_ISLNK(part.external_attr >> 16):
        raise Harmful(
            "In der Datei führen Namen aus ihr hinaus. Bitte packen Sie die Dateien neu, zum Beispiel mit „Senden an → "
            "ZIP-komprimierter Ordner“."
        )
    if part.flag_bits & _ENCRYPTED:
        raise has_password()
    if part.compress_type not in _KNOWN_PACKING:
        raise damaged()


def drain(archive: zipfile.ZipFile, part: zipfile.ZipInfo, findings: Findings) -> None:
    """Read a part that holds nothing but itself: its sum is compared, and a photo says whether it names its place."""
    with archive.open(part) as file:
        if part.filename.lower().endswith(PHOTOS) and part.file_size <= LARGEST_PHOTO:
            if names_place(file.read()):
                findings.count(PLACES)
            return
        refuse_programs(file)


def refuse_programs(file: IO[bytes]) -> None:
    """Read `file` to its end; raises Harmful where it is a program."""
    if file.read(4).startswith(PROGRAM_STARTS):
        raise Harmful(
            "Die Datei enthält ein Programm und wird deshalb nicht angenommen. Bitte entfernen Sie es und wählen Sie die neue "
            "Datei."
        )
    while file.read(_STEP):
        pass
