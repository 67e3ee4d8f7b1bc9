"""The files a line names: where they may lie, what they may be, and how they are stored and found again."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from django.core.files import File
from django.db.models import Q, QuerySet

from practices.captions import read_cues
from practices.exchange.fields import is_address
from practices.exchange.problems import Problem
from practices.exchange.reader import Line
from practices.exchange.schema import Record, Recording
from practices.media.document_intake import EDITION as DOCUMENT_EDITION
from practices.media.document_intake import take_in_document
from practices.media.documents.findings import warning_of
from practices.media.intake import EDITION, take_in
from practices.media.outcome import Refused
from practices.media.recordings import VIDEO, examine
from practices.models import CreditedDocument, CreditedImage, CreditedMedia

StoredFile = CreditedImage | CreditedDocument | CreditedMedia


class Mention(NamedTuple):
    """A file named by a line."""

    field: str
    path: str
    kind: str


class Unfit(ValueError):
    """A file that can not be taken over; the message says why and what to do."""


def files_of(record: Record) -> Iterator[Mention]:
    """Yield every file that `record` names."""
    if record.image:
        yield Mention("image.path", record.image.path, "image")
    for index, document in enumerate(record.documents):
        yield Mention(f"documents.{index}.path", document.path, "document")
    if isinstance(record, Recording):
        if record.video and not is_address(record.video):
            yield Mention("video", record.video, "video")
        if record.captions:
            yield Mention("captions", record.captions, "captions")
        if record.slides:
            yield Mention("slides", record.slides, "document")


@dataclass
class FileChecks:
    """Looks at the files that lines name, at each once; their paths start at `folder` and may not leave it."""

    folder: Path
    _said: dict[tuple[str, str], tuple[str, bool]] = field(default_factory=dict)

    def problems_of(self, line: Line) -> list[Problem]:
        """Return what is wrong with the files of `line`, and as warnings what is hidden in those that are new."""
        said = ((mention.field, *self._say(mention)) for mention in files_of(line.record))
        return [Problem(line.number, name, what, is_warning) for name, what, is_warning in said if what]

    def _say(self, mention: Mention) -> tuple[str, bool]:
        about = (mention.kind, mention.path)
        if about not in self._said:
            try:
                self._said[about] = (_CHECKS[mention.kind](find_file(self.folder, mention.path)) or "", True)
            except ValueError as error:
                self._said[about] = (str(error), False)
        return self._said[about]


def find_file(folder: Path, path: str) -> Path:
    """Return the file at `path` below `folder`; raises Unfit where it is missing or elsewhere, symbolic links included."""
    try:
        found = (folder / path).resolve()
        inside = found.is_relative_to(folder.resolve()) and not Path(path).is_absolute()
        exists = inside and found.is_file()
    except (OSError, RuntimeError, ValueError) as error:
        raise Unfit("Das ist kein Pfad einer Datei. Bitte prüfen Sie die Schreibweise.") from error
    if not inside:
        raise Unfit(
            "Der Pfad führt aus dem Ordner der Austauschdatei hinaus. Bitte legen Sie die Datei in diesen Ordner und "
            "nennen Sie sie von dort aus."
        )
    if not exists:
        raise Unfit(f"Die Datei „{path[:200]}“ fehlt. Bitte legen Sie sie in den Ordner der Austauschdatei.")
    return found


def _check_extension(path: Path, allowed: Sequence[str]) -> None:
    if path.suffix.lower().removeprefix(".") not in allowed:
        raise Unfit(f"Dateien dieser Art werden nicht angenommen. Erlaubt sind: {', '.join(allowed)}.")


def _check_image(path: Path) -> None:
    with path.open("rb") as opened:
        if not _images_from(_sha1(opened)).filter(intake=EDITION).exists():
            take_in(opened, path.name)


def _check_document(path: Path) -> str:
    """Return what is to be said about a document that can be taken in, and is not there yet."""
    with path.open("rb") as opened:
        there = CreditedDocument.objects.filter(file_hash=_sha1(opened), intake=DOCUMENT_EDITION, refusal="")
        if there.exists():
            return ""
        taken = take_in_document(opened, path.name)
    return warning_of(taken.hidden, taken.suffix)


def _check_video(path: Path) -> None:
    with path.open("rb") as opened:
        examine(opened, VIDEO)


def _check_captions(path: Path) -> str:
    _check_extension(path, ["vtt"])
    with path.open("rb") as opened:
        read_cues(File(opened))
    return _check_document(path)


_CHECKS: dict[str, Callable[[Path], str | None]] = {
    "image": _check_image,
    "document": _check_document,
    "video": _check_video,
    "captions": _check_captions,
}


@dataclass
class FileStore:
    """Takes files over into the media folder, each content once, and can take all of that back."""

    folder: Path
    created: list[StoredFile] = field(default_factory=list)
    _hashes: dict[str, str] = field(default_factory=dict)

    def image(self, path: str, alt: str, credit: str) -> CreditedImage:
        """Return the image that was made of the file at `path`, with these words; it is stored where it is new.

        Raises Refused where it can not be.
        """
        words = {"description": alt, "credit": credit}
        found = _images_from(self.hash_of(path)).filter(**words).order_by("pk").first()
        return found or self._save(CreditedImage(title=alt, **words), path)

    def document(self, path: str, title: str, credit: str) -> CreditedDocument:
        """Return the document with the content of the file at `path` and these words; it is stored where it is new."""
        words = {"title": title, "credit": credit}
        found = CreditedDocument.objects.filter(file_hash=self.hash_of(path), **words).order_by("pk").first()
        return found or self._save(self._document(path, **words), path)

    def attachment(self, path: str, credit: str) -> CreditedDocument:
        """Return a document with the content of the file at `path`, whatever its title; it is stored where it is new."""
        found = CreditedDocument.objects.filter(file_hash=self.hash_of(path)).order_by("pk").first()
        return found or self._save(self._document(path, title=_stem(path), credit=credit), path)

    def video(self, path: str, credit: str, duration_s: int | None) -> CreditedMedia:
        """Return the video with the content of the file at `path`; it is stored where it is new."""
        for media in CreditedMedia.objects.filter(file_hash=""):
            media.get_file_hash()  # once, of what came in before hashes were kept
        digest = self.hash_of(path)
        found = CreditedMedia.objects.filter(_came_as(digest), type=VIDEO).order_by("pk").first()
        words = {"title": _stem(path), "credit": credit, "duration": duration_s or 0}
        return found or self._save(CreditedMedia(type=VIDEO, **words), path)

    def hash_of(self, path: str) -> str:
        """Return the hash of the content of the file at `path`."""
        if path not in self._hashes:
            with find_file(self.folder, path).open("rb") as opened:
                self._hashes[path] = _sha1(opened)
        return self._hashes[path]

    def hash_as_stored(self, mention: Mention) -> str:
        """Return the hash of what is, or would be, stored of the file that `mention` names."""
        digest = self.hash_of(mention.path)
        return self._stored_hashes[mention.kind].get(digest, digest)

    def take_back(self) -> None:
        """Delete every file stored here; to be called where the transaction did not hold."""
        for instance in self.created:
            instance.file.storage.delete(instance.file.name)
        self.created.clear()

    def _document(self, path: str, **words: str) -> CreditedDocument:
        size = find_file(self.folder, path).stat().st_size
        return CreditedDocument(file_hash=self.hash_of(path), file_size=size, **words)

    @cached_property
    def _stored_hashes(self) -> dict[str, dict[str, str]]:
        """The hashes of what was stored of each kind of file, by those of the files that came in."""
        hashes: dict[str, dict[str, str]] = defaultdict(dict)
        for kind, model in (("image", CreditedImage), ("video", CreditedMedia)):
            hashes[kind] = dict(model.objects.exclude(source_hash="").values_list("source_hash", "file_hash"))
        return hashes

    def _save(self, instance, path: str):
        with find_file(self.folder, path).open("rb") as opened:
            try:
                instance.file.save(Path(path).name, File(opened), save=False)
            except Refused as refusal:  # the check found it good: the file changed, or the machine is short of memory
                raise Refused(f"Datei „{path}“: {refusal}") from refusal
            self.created.append(instance)
            instance.save()
        return instance


def _images_from(digest: str) -> QuerySet[CreditedImage]:
    """Return the images that came in with the file of this hash, or are stored with it."""
    return CreditedImage.objects.filter(_came_as(digest))


def _came_as(digest: str) -> Q:
    return Q(source_hash=digest) | Q(file_hash=digest)


def _sha1(opened: BufferedReader) -> str:
    return hashlib.file_digest(opened, "sha1").hexdigest()


def stored_hash(instance: StoredFile) -> str:
    """Return the hash of the content of a stored file; a file that is missing has none."""
    return instance.get_file_hash()


def _stem(path: str) -> str:
    return Path(path).stem[:255]
