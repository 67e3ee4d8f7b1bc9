"""The one way in for pictures: forms, imports and code all ask here, and store what comes back.

What a file holds is read in a process of its own (`reading`), so no file can take the memory or the life of web or worker.
"""

import hashlib
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from io import BytesIO
from pathlib import Path, PurePath
from typing import IO, NamedTuple, Protocol

import willow
from django.conf import settings
from willow.svg import WillowSvgException

from practices.media.outcome import Refused, check_shape, too_costly
from practices.media.reading import SECONDS

logger = logging.getLogger(__name__)

# Raised when the intake leaves out more than before: what is stored comes through it once more (`check_media`).
EDITION = 1
SVG = ".svg"
_COMMAND = [sys.executable, "-m", "practices.media.reading"]
# Of what units ever: Wagtail keeps sides as whole numbers.
_LONGEST_DRAWING = 10_000_000
_PATIENCE = 2  # times its seconds: it may have to wait for a turn of the processor
_ROOT = Path(__file__).resolve().parents[2]
_MOST_ANSWERED = 128 * 1024 * 1024
# One at a time in each process: a small server has memory for one large picture, not for eight.
_turn = threading.Lock()


class Readable(Protocol):
    """A file to read from the beginning."""

    def read(self, size: int = -1, /) -> bytes: ...
    def seek(self, place: int, /) -> int: ...


class TakenIn(NamedTuple):
    """A picture as it is stored: `content`, its file `name` with the ending of what it is, whose it is by its own account, and
    the SHA-1 of the file that came in."""

    content: bytes
    name: str
    credit: str
    source_hash: str

    @property
    def file_hash(self) -> str:
        """The SHA-1 of what is stored."""
        return hashlib.sha1(self.content, usedforsecurity=False).hexdigest()

    @property
    def file_size(self) -> int:
        """How large what is stored is."""
        return len(self.content)


def take_in(file: Readable, name: str) -> TakenIn:
    """Return the picture in `file`, called `name`, with nothing in it that says where, when, by whom or with what it was made.

    What was taken in before comes out as it is. Raises Refused, with what to do, where it can not be stored.
    """
    file.seek(0)
    content = file.read(settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE + 1)
    file.seek(0)
    if len(content) > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
        raise Refused(f"Das Bild ist zu groß: Bitte verkleinern Sie es auf höchstens {most_megabytes()} MB.")
    with tempfile.TemporaryFile() as source:
        source.write(content)
        head, painted = read_apart(source, "picture", otherwise=too_costly())
    if "refused" in head:
        logger.info("a picture is refused: %s", head["cause"])
        raise Refused(head["refused"])
    if head["suffix"] == SVG:
        _check_size(painted)
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    return TakenIn(painted, f"{PurePath(name).stem}{head['suffix']}", head["credit"], digest)


def most_megabytes() -> int:
    """Return how large the file of a picture may be."""
    return settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE // 1024**2


def read_apart(source: IO[bytes], reader: str, *arguments: str, otherwise: Refused) -> tuple[dict, bytes]:
    """Return what the process answers about `source`, a file on disk; should it be ended, the refusal `otherwise`.

    Its `reader` is one of those of `reading`, and is told the `arguments`.
    """
    source.seek(0)
    os.lseek(source.fileno(), 0, os.SEEK_SET)  # the process knows nothing of what was read here ahead
    with _turn:
        process = subprocess.Popen(  # noqa: S603 - the command is our own
            [*_COMMAND, reader, *arguments],
            cwd=_ROOT,
            env={"LANG": "C.UTF-8"},  # and none of the secrets of this one
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        deadline = threading.Timer(_PATIENCE * SECONDS[reader], process.kill)
        deadline.start()
        with process:
            answer = process.stdout.read(_MOST_ANSWERED) if process.stdout else b""
            process.kill()  # it has ended, or answers more than there is to say
        deadline.cancel()
    head, found, content = answer.partition(b"\n")
    if not found:
        logger.warning("the process that reads a %s ended with %s", reader, process.returncode)
        return {"refused": str(otherwise), "cause": "the process ended"}, b""
    return json.loads(head), content


def _check_size(drawing: bytes) -> None:
    try:
        # As Wagtail measures it, in each process that shows the drawing.
        width, height = willow.Image.open(BytesIO(drawing)).get_size()
    except (WillowSvgException, ValueError, ArithmeticError):
        width = height = 0
    if not all(1 <= side <= _LONGEST_DRAWING for side in (width, height)):
        raise Refused(
            "Dem SVG-Bild fehlt eine lesbare Größe. Bitte speichern Sie es noch einmal ab, zum Beispiel als PNG."
        )
    check_shape(width, height)
