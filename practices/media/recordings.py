"""The one way in for videos and sound recordings: forms, imports and code all ask here, and store what becomes of their file.

A file is changed where it lies, and read a few bytes at a time: what a container says besides pictures and sound is written over
(`containers`), the pictures and sounds themselves are neither decoded nor copied.
"""

import hashlib
from pathlib import PurePath
from typing import IO, NamedTuple

from practices.media.containers import iso_media, matroska, mp3, ogg
from practices.media.containers.source import CONVERT, Found, Source
from practices.media.credits import in_one_line
from practices.media.outcome import Refused

# Two hours of a talk; what is larger plays badly from a small server, and would take long to look through.
MOST_BYTES = 2 * 1024**3
VIDEO, AUDIO = "video", "audio"
KINDS = {VIDEO: "MP4, MOV oder WebM", AUDIO: "MP3, M4A, OGG oder WebM"}
_CONTAINERS = (
    (iso_media.is_iso_media, iso_media.examine),
    (matroska.is_matroska, matroska.examine),
    (ogg.is_ogg, ogg.examine),
    (mp3.is_mp3, mp3.examine),
)
_LONGEST_HEAD = 16


class TakenRecording(NamedTuple):
    """A recording as it is stored: its file `name` with the ending of what it is, whose it is by its own account, the SHA-1 of
    the file that came in, and SHA-1 and size of the one that is stored."""

    name: str
    credit: str
    source_hash: str
    file_hash: str
    file_size: int


def examine(file: IO[bytes], kind: str) -> Found:
    """Return what is to be changed in `file` for it to say nothing of where, when, by whom or with what it was recorded.

    Reads only. Raises Refused, with what to do, where it is no recording of this `kind`, `video` or `audio`.
    """
    source = Source(file)
    if source.size > MOST_BYTES:
        raise Refused(
            f"Die Aufnahme ist zu groß: Bitte verkleinern Sie sie auf höchstens {MOST_BYTES // 1024**3} GB, zum Beispiel auf "
            "1280 mal 720 Bildpunkte, oder teilen Sie sie auf."
        )
    head = source.up_to(0, _LONGEST_HEAD)
    container = next((read for is_one, read in _CONTAINERS if is_one(head)), None)
    if not container:
        raise Refused(f"Das ist keine Aufnahme, die sich hier abspielen lässt. {CONVERT}")
    found = container(source)
    if found.has_video != (kind == VIDEO):
        raise Refused(
            "In dieser Datei ist nichts zu sehen. Bitte nehmen Sie sie als Tonaufnahme auf, oder wählen Sie ein Video."
            if kind == VIDEO
            else "In dieser Datei ist ein Video. Bitte nehmen Sie sie als Video auf, oder wählen Sie eine Tonaufnahme."
        )
    return found


def take_in_place(file: IO[bytes], name: str, kind: str) -> TakenRecording:
    """Make of `file`, called `name`, what can be stored, and say what it is then. What was taken in before stays as it is.

    Raises Refused, with what to do, where it can not be stored; the file is as it was then.
    """
    found = examine(file, kind)
    source_hash = _digest(file)
    size = found.changes.apply(file)
    return TakenRecording(
        f"{PurePath(name).stem}{found.suffix}", in_one_line(found.said), source_hash, _digest(file), size
    )


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha1").hexdigest()  # type: ignore[arg-type]  # any file that can be read
    file.seek(0)
    return digest
