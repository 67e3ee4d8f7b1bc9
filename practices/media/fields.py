"""Fields of models and forms through which pictures come in: neither lets anything past the intake."""

import mimetypes

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile, FileField
from wagtail.images.fields import WagtailImageField as UploadedImageField
from wagtail.images.models import WagtailImageField, WagtailImageFieldFile

from practices.media.intake import TakenIn, most_megabytes, take_in
from practices.media.outcome import KINDS, Known, Refused


class _TakenInFile(FieldFile):
    """A file that is stored as the intake leaves it, whoever stores it."""

    def save(self, name, content, save=True):
        """Store the picture in `content`; its ending follows from what it is. Raises Refused where it can not be stored."""
        taken = taken_in(content) or take_in(content, name)
        self.note(taken)
        super().save(taken.name, file_of(taken), save)

    def note(self, taken: TakenIn) -> None:
        """Keep what is known of the picture beside its file."""


class PictureFile(_TakenInFile, WagtailImageFieldFile):
    """The file of an image of the library, measured once it has passed the intake."""

    def note(self, taken: TakenIn) -> None:
        self.instance.note_intake(taken)  # type: ignore[attr-defined]  # the model of images

    def _get_image_dimensions(self):
        is_known = self._committed or taken_in(self.file)
        return super()._get_image_dimensions() if is_known else (None, None)


class PictureField(WagtailImageField):
    attr_class = PictureFile


class ThumbnailField(FileField):
    """A picture beside something else, of which only the file is kept."""

    attr_class = _TakenInFile


class UploadedField(forms.FileField):
    """Asks for a file, and says in the form why one can not be taken in.

    The upload itself becomes what was taken in, so whoever else holds it can store nothing more; its `taken_in` says the rest.
    """

    default_error_messages = {
        "required": "Bitte wählen Sie eine Datei.",
        "empty": "Diese Datei ist leer. Bitte wählen Sie eine andere.",
    }

    def to_python(self, data):
        """Return the upload with nothing but what is taken in; raises ValidationError with what to do."""
        upload = forms.FileField.to_python(self, data)
        if isinstance(upload, UploadedFile):
            try:
                self.take_in(upload)
            except Refused as refusal:
                raise ValidationError(str(refusal)) from refusal
        return upload

    def take_in(self, upload: UploadedFile) -> None:
        """Make `upload` what is taken in of it; raises Refused."""
        raise NotImplementedError


class UploadedPictureField(UploadedField, UploadedImageField):
    """Asks for a picture."""

    default_validators: list = []  # the ending follows from what the file is

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        limit = most_megabytes()
        self.help_text = f"{KINDS}, höchstens {limit} MB. Ort, Datum und Kamera werden aus der Datei entfernt."

    def take_in(self, upload):
        """Let nothing but the picture be in `upload`."""
        taken = take_in(upload, upload.name or "")
        upload.open()
        upload.truncate(0)
        upload.write(taken.content)
        upload.flush()
        upload.seek(0)
        describe(upload, taken)


def taken_in(file) -> TakenIn | None:
    """Return what the intake knows of an upload that has passed it."""
    return getattr(file, "taken_in", None)


def file_of(taken: TakenIn) -> ContentFile:
    """Return what was taken in as a file to store."""
    file = ContentFile(taken.content, taken.name)
    file.taken_in = taken  # type: ignore[attr-defined]
    return file


def describe(upload: UploadedFile, taken: Known) -> None:
    """Note on `upload` what it has become."""
    upload.name, upload.size = taken.name, taken.file_size
    upload.content_type = mimetypes.guess_type(taken.name)[0]
    upload.taken_in = taken  # type: ignore[attr-defined]
