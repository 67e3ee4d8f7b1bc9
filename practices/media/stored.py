"""What is stored already is brought through today's intake, once: files that came in before it left out what it leaves out."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.db.models.fields.files import FieldFile
from wagtail.models import UploadedFile
from wagtail.users.models import UserProfile

from practices.media.document_intake import EDITION as DOCUMENT_EDITION
from practices.media.document_intake import take_in_document
from practices.media.fields import file_of
from practices.media.intake import EDITION, take_in
from practices.media.outcome import Known, Refused
from practices.media.recording_fields import taken_in_copy
from practices.models import CreditedDocument, CreditedImage, CreditedMedia

Work = CreditedImage | CreditedMedia


@dataclass
class Checked:
    """What became of one stored file: it was clean, was cleaned, is not shown any more for a reason, or has something hidden in
    it."""

    name: str
    is_changed: bool = False
    refusal: str = ""
    hidden: str = ""


def check_images() -> Iterator[Checked]:
    """Bring those images of the library through the intake that have not passed this edition of it, one at each step.

    What the intake refuses stays stored, but no page shows it until somebody replaces its file. Whoever is killed meanwhile
    leaves at most a file behind to which nothing refers.
    """
    yield from _check_works(CreditedImage)


def check_recordings() -> Iterator[Checked]:
    """Bring those videos and sound recordings through the intake that have not passed this edition of it, as with images."""
    yield from _check_works(CreditedMedia)


def check_other_pictures() -> Iterator[Checked]:
    """Bring pictures beside videos and accounts, and uploads nobody finished, through the intake, one at each step.

    No address leads to any of them, so what the intake refuses of them stays as it is.
    """
    for model, name in ((CreditedMedia, "thumbnail"), (UserProfile, "avatar"), (UploadedFile, "file")):
        stored = model._default_manager.exclude(**{f"{name}__in": ["", None]}).order_by("pk")
        if model is UploadedFile:
            stored = stored.filter(for_content_type=ContentType.objects.get_for_model(CreditedImage))
        for instance in stored:
            yield _check_other(instance, name)


def check_documents() -> Iterator[Checked]:
    """Look at those documents that have not passed this edition of their intake, one at each step, and keep what is found.

    No file is changed. What the intake would refuse today is handed out as bytes without meaning until somebody replaces it.
    """
    for pk in CreditedDocument.objects.filter(intake__lt=DOCUMENT_EDITION).order_by("pk").values_list("pk", flat=True):
        with suppress(CreditedDocument.DoesNotExist):
            yield _check_document(CreditedDocument.objects.get(pk=pk))


def _check_document(document: CreditedDocument) -> Checked:
    name, hidden, refusal = document.file.name, "", ""
    try:
        with document.file.open("rb") as opened:
            taken = take_in_document(opened, name)
        hidden = taken.hidden
        if taken.suffix != PurePath(name).suffix.lower():
            refusal = f"Die Datei ist in Wirklichkeit eine {taken.suffix}-Datei. Bitte laden Sie sie noch einmal hoch."
    except Refused as error:
        refusal = str(error)
    except OSError as error:
        return Checked(name, refusal=f"Die Datei lässt sich nicht öffnen: {error.strerror or error}.")
    # Not the whole row: somebody may be changing the words meanwhile, or the file.
    CreditedDocument.objects.filter(pk=document.pk, file=name).update(
        intake=DOCUMENT_EDITION, hidden_content=hidden, refusal=refusal
    )
    return Checked(name, refusal=refusal, hidden=hidden)


def _check_works(model: type[Work]) -> Iterator[Checked]:
    waiting = model.objects.filter(intake__lt=EDITION).exclude(file="").order_by("pk")
    for pk in waiting.values_list("pk", flat=True):
        with suppress(model.DoesNotExist):
            yield _check_work(model.objects.get(pk=pk))


def _check_work(work: Work) -> Checked:
    old = work.file.name
    try:
        file = _taken_in_again(work)
    except Refused as refusal:
        _refuse(work, str(refusal))
        return Checked(old, refusal=str(refusal))
    except OSError as error:
        return Checked(old, refusal=f"Die Datei lässt sich nicht öffnen: {error.strerror or error}.")
    with file, transaction.atomic():
        current = type(work).objects.select_for_update().get(pk=work.pk)
        if current.file.name != old:
            return Checked(old)  # replaced meanwhile, and thereby taken in
        came_as = current.source_hash or file.taken_in.source_hash
        if is_changed := _is_changed(file.taken_in):
            current.file.save(PurePath(file.taken_in.name).name, file, save=False)
            _forget_renditions(current)
            transaction.on_commit(lambda: current.file.storage.delete(old))
        else:
            current.note_intake(file.taken_in)
        current.source_hash = came_as
        current.save()
    return Checked(old, is_changed)


def _refuse(work: Work, refusal: str) -> None:
    with transaction.atomic():
        current = type(work).objects.select_for_update().get(pk=work.pk)
        if current.file.name == work.file.name:  # else replaced meanwhile
            _forget_renditions(current)
            current.intake, current.refusal = EDITION, refusal
            current.save(update_fields=["intake", "refusal"])


def _forget_renditions(work: Work) -> None:
    if isinstance(work, CreditedImage):
        work.renditions.all().delete()


def _check_other(instance: Model, name: str) -> Checked:
    file: FieldFile = getattr(instance, name)
    old = file.name or ""
    try:
        with file.open("rb") as opened:
            taken = take_in(opened, old)
    except (Refused, OSError) as refusal:
        return Checked(old, refusal=str(refusal))
    if is_changed := _is_changed(taken):
        file.save(PurePath(taken.name).name, file_of(taken), save=False)
        instance.save(update_fields=[name])
        file.storage.delete(old)
    return Checked(old, is_changed)


def _taken_in_again(work: Work) -> Any:
    """Return what the intake makes of a stored file, as a file to store."""
    name = work.file.name or ""
    with work.file.open("rb") as opened:
        if isinstance(work, CreditedMedia):
            return taken_in_copy(opened, name, work.type)
        return file_of(take_in(opened, name))


def _is_changed(taken: Known) -> bool:
    return taken.file_hash != taken.source_hash
