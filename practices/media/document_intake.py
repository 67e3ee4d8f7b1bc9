"""The one way in for documents: forms, imports and code all ask here. A document is stored as it came, byte by byte.

What it is and what is hidden in it is read in a process of its own (`reading`).
"""

import hashlib
import logging
import re
import tempfile
from pathlib import PurePath
from typing import NamedTuple

from practices.media.documents.outcome import MOST_BYTES, too_complex, too_large
from practices.media.intake import Readable, read_apart
from practices.media.outcome import Refused

logger = logging.getLogger(__name__)

# Raised when the intake refuses or names more than before: what is stored is looked at once more (`check_media`).
EDITION = 1
_STEP = 1024 * 1024
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")


class TakenInDocument(NamedTuple):
    """What is known of a document: its file `name` with the ending of what it is, what is hidden in it, each thing in a line,
    its size and the SHA-1 of its content."""

    name: str
    hidden: str
    size: int
    digest: str

    @property
    def suffix(self) -> str:
        return PurePath(self.name).suffix


def take_in_document(file: Readable, name: str) -> TakenInDocument:
    """Return what the document in `file`, called `name`, is. Raises Refused, with what to do, where it can not be stored."""
    path = PurePath(name)
    suffix = path.suffix.lower()
    with tempfile.TemporaryFile() as source:
        size, digest = _copy(file, source)
        head, _content = read_apart(
            source, "document", suffix if _ENDING.fullmatch(suffix) else "", otherwise=too_complex()
        )
    if "refused" in head:
        logger.info("a document is refused: %s", head["cause"])
        raise Refused(head["refused"])
    return TakenInDocument(_renamed(path, head["suffix"]), "\n".join(head["hidden"]), size, digest)


def _copy(file: Readable, target) -> tuple[int, str]:
    """Copy `file`, piece by piece: it may be larger than memory. Returns its size and the SHA-1 of its content."""
    size, digest = 0, hashlib.sha1(usedforsecurity=False)
    file.seek(0)
    while piece := file.read(_STEP):
        size += len(piece)
        if size > MOST_BYTES:
            file.seek(0)
            raise too_large()
        digest.update(piece)
        target.write(piece)
    file.seek(0)
    return size, digest.hexdigest()


def _renamed(path: PurePath, suffix: str) -> str:
    if path.suffix.lower() == suffix:
        return path.name
    return path.stem if path.stem.lower().endswith(suffix) else path.stem + suffix
