"""The files a line names: where they may lie, what they may be, and how they are stored and found again."""

import hashlib
import os
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import NamedTuple

import willow
from django.conf import settings
from django.core.files import File
from PIL import Image, UnidentifiedImageError
from willow.svg import WillowSvgException

from practices.captions import read_cues
from practices.exchange.fields import is_address
from practices.exchange.problems import Problem
from practices.exchange.reader import Line
from practices.exchange.schema import Record, Recording
from practices.models import CreditedDocument, CreditedImage, CreditedMedia
from practices.svg import SVG, clean_svg

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


def check_files(line: Line, folder: Path) -> list[Problem]:
    """Return what is wrong with the files that `line` names; their paths start at `folder` and may not leave it."""
    problems = []
    for mention in files_of(line.record):
        try:
            CHECKS[mention.kind](find_file(folder, mention.path))
        except Unfit as error:
            problems.append(Problem(line.number, mention.field, str(error)))
    return problems


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
    allowed = settings.WAGTAILIMAGES_EXTENSIONS
    _check_extension(path, allowed)
    if path.stat().st_size > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
        limit = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE // 1024**2
        raise Unfit(f"Das Bild ist zu groß: Bitte verkleinern Sie es auf höchstens {limit} MB.")
    if path.suffix.lower() == SVG:
        return _check_drawing(path)
    formats = [
        "JPEG" if extension in ("jpg", "jpeg") else extension.upper() for extension in allowed if extension != "svg"
    ]
    try:
        with (
            warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning),
            Image.open(path, formats=formats) as image,
        ):
            image.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Unfit("Das Bild hat zu viele Bildpunkte. Bitte verkleinern Sie es.") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Unfit(f"Das Bild lässt sich nicht lesen. Erlaubt sind: {', '.join(allowed)}.") from error


def _check_drawing(path: Path) -> None:
    try:
        willow.Image.open(BytesIO(clean_svg(path.read_bytes()))).get_size()
    except ValueError as error:
        raise Unfit(str(error)) from error
    except WillowSvgException as error:
        raise Unfit("Dem SVG-Bild fehlt eine lesbare Größe. Bitte speichern Sie es noch einmal ab.") from error


def _check_document(path: Path) -> None:
    _check_extension(path, settings.WAGTAILDOCS_EXTENSIONS)


def _check_video(path: Path) -> None:
    _check_extension(path, settings.WAGTAILMEDIA["VIDEO_EXTENSIONS"])


def _check_captions(path: Path) -> None:
    _check_extension(path, ["vtt"])
    try:
        with path.open("rb") as opened:
            read_cues(File(opened))
    except ValueError as error:
        raise Unfit(str(error)) from error


CHECKS = {"image": _check_image, "document": _check_document, "video": _check_video, "captions": _check_captions}


@dataclass
class FileStore:
    """Takes files over into the media folder, each content once, and can take all of that back."""

    folder: Path
    created: list[StoredFile] = field(default_factory=list)

    def image(self, path: str, alt: str, credit: str) -> CreditedImage:
        """Return the image with the content of the file at `path` and these words; it is stored where it is new."""
        words = {"description": alt, "credit": credit}
        found = CreditedImage.objects.filter(file_hash=self.hash_of(path), **words).order_by("pk").first()
        return found or self._save(self._hashed(CreditedImage, path, title=alt, **words), path)

    def document(self, path: str, title: str, credit: str) -> CreditedDocument:
        """Return the document with the content of the file at `path` and these words; it is stored where it is new."""
        words = {"title": title, "credit": credit}
        found = CreditedDocument.objects.filter(file_hash=self.hash_of(path), **words).order_by("pk").first()
        return found or self._save(self._hashed(CreditedDocument, path, **words), path)

    def attachment(self, path: str, credit: str) -> CreditedDocument:
        """Return a document with the content of the file at `path`, whatever its title; it is stored where it is new."""
        found = CreditedDocument.objects.filter(file_hash=self.hash_of(path)).order_by("pk").first()
        return found or self._save(self._hashed(CreditedDocument, path, title=_stem(path), credit=credit), path)

    def video(self, path: str, credit: str, duration_s: int | None) -> CreditedMedia:
        """Return the video with the content of the file at `path`; it is stored where it is new."""
        digest = self.hash_of(path)
        if digest not in self._videos:
            media = CreditedMedia(title=_stem(path), credit=credit, type="video", duration=duration_s or 0)
            self._videos[digest] = self._save(media, path)
        return self._videos[digest]

    def hash_of(self, path: str) -> str:
        """Return the hash of the content of the file at `path`."""
        with self._open(path) as opened:
            return hashlib.file_digest(opened, "sha1").hexdigest()

    def take_back(self) -> None:
        """Delete every file stored here; to be called where the transaction did not hold."""
        for instance in self.created:
            instance.file.storage.delete(instance.file.name)
        self.created.clear()

    @cached_property
    def _videos(self) -> dict[str, CreditedMedia]:
        return {stored_hash(media): media for media in CreditedMedia.objects.order_by("-pk")}

    def _hashed(self, model: type, path: str, **words: str):
        with self._open(path) as opened:
            size = opened.seek(0, os.SEEK_END)
        return model(file_hash=self.hash_of(path), file_size=size, **words)

    def _open(self, path: str) -> BufferedReader | BytesIO:
        """Open the file at `path`; of a drawing, what will be stored of it."""
        source = find_file(self.folder, path)
        return BytesIO(clean_svg(source.read_bytes())) if source.suffix.lower() == SVG else source.open("rb")

    def _save(self, instance, path: str):
        with self._open(path) as opened:
            instance.file.save(Path(path).name, File(opened), save=False)
            self.created.append(instance)
            instance.save()
        return instance


def stored_hash(instance: StoredFile) -> str:
    """Return the hash of the content of a stored file; a file that is missing has none."""
    if not isinstance(instance, CreditedMedia):
        return instance.get_file_hash()
    try:
        with instance.file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha1").hexdigest()
    except OSError:
        return ""


def _stem(path: str) -> str:
    return Path(path).stem[:255]
