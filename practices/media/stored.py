"""What is stored already is brought through today's intake, once: files that came in before it left out what it leaves out."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.db.models.fields.files import FieldFile
from wagtail.models import UploadedFile
from wagtail.users.models import UserProfile

from practices.media.document_intake import EDITION as DOCUMENT_EDITION
from practices.media.document_intake import take_in_document
from practices.media.fields import file_of
from practices.media.intake import EDITION, TakenIn, take_in
from practices.media.outcome import Refused
from practices.models import CreditedDocument, CreditedImage, CreditedMedia


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
    for pk in CreditedImage.objects.filter(intake__lt=EDITION).order_by("pk").values_list("pk", flat=True):
        with suppress(CreditedImage.DoesNotExist):
            yield _check_image(CreditedImage.objects.get(pk=pk))


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


def _check_image(image: CreditedImage) -> Checked:
    old = image.file.name
    try:
        taken, is_changed = _take_in_again(image.file)
    except Refused as refusal:
        image.renditions.all().delete()
        # Not the whole row: somebody may be changing the words meanwhile, or the file.
        CreditedImage.objects.filter(pk=image.pk, file=old).update(intake=EDITION, refusal=str(refusal))
        return Checked(old, refusal=str(refusal))
    except OSError as error:
        return Checked(old, refusal=f"Die Datei lässt sich nicht öffnen: {error.strerror or error}.")
    with transaction.atomic():
        current = CreditedImage.objects.select_for_update().get(pk=image.pk)
        if current.file.name != old:
            return Checked(old)  # replaced meanwhile, and thereby taken in
        came_as = current.source_hash or taken.source_hash
        if is_changed:
            current.file.save(PurePath(taken.name).name, file_of(taken), save=False)
            current.renditions.all().delete()
            transaction.on_commit(lambda: current.file.storage.delete(old))
        else:
            current.note_intake(taken)
        current.source_hash = came_as
        current.save()
    return Checked(old, is_changed)


def _check_other(instance: Model, name: str) -> Checked:
    file: FieldFile = getattr(instance, name)
    old = file.name or ""
    try:
        taken, is_changed = _take_in_again(file)
    except (Refused, OSError) as refusal:
        return Checked(old, refusal=str(refusal))
    if is_changed:
        file.save(PurePath(taken.name).name, file_of(taken), save=False)
        instance.save(update_fields=[name])
        file.storage.delete(old)
    return Checked(old, is_changed)


def _take_in_again(file: FieldFile) -> tuple[TakenIn, bool]:
    """Return what the intake makes of a stored file, and whether that is something else."""
    with file.open("rb") as opened:
        taken = take_in(opened, file.name or "")
        opened.seek(0)
        return taken, taken.content != opened.read()
