"""Images, documents and recordings that name whose work they are."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import models
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition, SourceImageIOError, get_upload_to
from wagtail.images.models import Image as WagtailImage
from wagtail.utils.file import hash_filelike
from wagtailmedia.models import AbstractMedia
from wagtailmedia.models import Media as WagtailMedia

from practices.media.document_fields import DocumentField
from practices.media.document_intake import EDITION as DOCUMENT_EDITION
from practices.media.document_intake import TakenInDocument
from practices.media.documents.findings import warning_of
from practices.media.fields import PictureField, ThumbnailField
from practices.media.intake import EDITION
from practices.media.outcome import Known
from practices.media.recording_fields import RecordingField


class Licence(models.TextChoices):
    """Under which conditions others may use a work."""

    UNKNOWN = "", "Keine Angabe (Nutzung nur nach Rückfrage)"
    CC0 = "CC0-1.0", "CC0 – ohne Einschränkung"
    CC_BY = "CC-BY-4.0", "CC BY 4.0 – mit Namensnennung"
    CC_BY_SA = "CC-BY-SA-4.0", "CC BY-SA 4.0 – mit Namensnennung, Weitergabe unter gleichen Bedingungen"
    CC_BY_NC = "CC-BY-NC-4.0", "CC BY-NC 4.0 – mit Namensnennung, nicht kommerziell"
    CC_BY_ND = "CC-BY-ND-4.0", "CC BY-ND 4.0 – mit Namensnennung, unverändert"
    COPYRIGHT = "copyright", "Alle Rechte vorbehalten"


class Credited(models.Model):
    """A work with its author: without a credit nothing is published (section 13 UrhG)."""

    credit = models.CharField(
        "Urheberin, Urheber oder Quelle",
        max_length=255,
        help_text="So, wie der Nachweis erscheinen soll, zum Beispiel „ZAQ Oberhausen“.",
    )
    licence = models.CharField("Lizenz", max_length=20, choices=Licence.choices, blank=True, default="")

    class Meta:
        abstract = True


class WithIntake(models.Model):
    """A work whose file passes the intake before it is stored, whichever way it comes."""

    file: Any
    file_hash: Any
    file_size: Any

    # The edition of the intake that the file has passed.
    intake = models.PositiveSmallIntegerField(default=0, editable=False)
    # Why a file that was here before would not be taken in today.
    refusal = models.TextField(blank=True, default="", editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Take in a new file before the row is written: what the row says of the file follows from what is stored."""
        if self.file and not self.file._committed:
            self.file.save(self.file.name, self.file.file, save=False)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Raise ValidationError where the file is of a kind that is not taken.

        A form that refuses the file says so itself; and of many files uploaded at once each was checked when it came in, its words
        are asked for before it belongs here.
        """
        if self.file:
            super().clean()


class WithSource(WithIntake):
    """A work of whose file the intake leaves something out."""

    # Of the file as it came in: so the same one is known again, although another one is stored.
    source_hash = models.CharField(max_length=40, blank=True, default="", editable=False, db_index=True)

    class Meta:
        abstract = True

    def note_intake(self, taken: Known) -> None:
        """Keep what the intake knows of the file that is stored now."""
        self.source_hash, self.intake, self.refusal = taken.source_hash, EDITION, ""
        self.file_hash, self.file_size = taken.file_hash, taken.file_size


class CreditedImage(WithSource, Credited, AbstractImage):
    file = PictureField("Datei", upload_to=get_upload_to, width_field="width", height_field="height")

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "licence",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(WagtailImage.Meta):
        verbose_name = "Bild"
        verbose_name_plural = "Bilder"

    def generate_rendition_file(self, filter, *, source=None):
        """Return what Wagtail makes of the picture.

        Raises SourceImageIOError where nothing can or may be made of it, so that the page is shown without.
        """
        if self.refusal:
            raise SourceImageIOError(self.refusal)
        try:
            return super().generate_rendition_file(filter, source=source)
        except SourceImageIOError:
            raise
        except Exception as error:  # decoders raise whatever comes to their minds over a damaged file
            raise SourceImageIOError(str(error)) from error


class CreditedRendition(AbstractRendition):
    image = models.ForeignKey(CreditedImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("image", "filter_spec", "focal_point_key"), name="unique_rendition")
        ]


class CreditedDocument(WithIntake, Credited, AbstractDocument):
    file: Any = DocumentField("Datei", upload_to="documents")
    # What whoever handed it in may not have in mind, each thing in a line: authors, comments, tracked changes …
    hidden_content = models.TextField(blank=True, default="", editable=False)

    admin_form_fields = ("title", "file", "credit", "licence", "collection", "tags")

    class Meta(WagtailDocument.Meta):
        verbose_name = "Dokument"
        verbose_name_plural = "Dokumente"

    def note_intake(self, taken: TakenInDocument) -> None:
        """Keep what the intake knows of the file that is stored now."""
        self.hidden_content, self.intake, self.refusal = taken.hidden, DOCUMENT_EDITION, ""
        self.file_hash, self.file_size = taken.digest, taken.size

    @property
    def warning(self) -> str:
        """What to tell people about what is hidden in the file; empty where nothing is known to be."""
        return warning_of(self.hidden_content, f".{self.file_extension}")

    @property
    def content_type(self) -> str:
        """As what the file is served: by its ending, where it is what that says."""
        known = settings.WAGTAILDOCS_CONTENT_TYPES.get(self.file_extension.lower())
        return known if known and not self.refusal else "application/octet-stream"


class CreditedMedia(WithSource, Credited, AbstractMedia):
    file: Any = RecordingField("Datei", upload_to="media")
    file_hash = models.CharField(max_length=40, blank=True, default="", editable=False, db_index=True)
    file_size = models.PositiveBigIntegerField(null=True, editable=False)
    thumbnail = ThumbnailField("Vorschaubild", upload_to="media_thumbnails", blank=True)

    admin_form_fields = (
        "title",
        "file",
        "credit",
        "licence",
        "collection",
        "duration",
        "width",
        "height",
        "thumbnail",
        "tags",
    )

    class Meta(WagtailMedia.Meta):
        verbose_name = "Video oder Tonaufnahme"
        verbose_name_plural = "Videos und Tonaufnahmen"
        # As images and documents have it; Wagtail's policy asks for the name alone.
        permissions = [("choose_media", "Can choose media")]

    def get_file_hash(self) -> str:
        """Return the hash of what is stored, as images and documents do; of a file that is missing there is none."""
        if not self.file_hash:  # it came in before hashes were kept
            with suppress(OSError), self.file.open("rb") as opened:
                self.file_hash = hash_filelike(opened)
                type(self).objects.filter(pk=self.pk, file=self.file.name).update(file_hash=self.file_hash)
        return self.file_hash
