"""Fields of models and forms through which videos and sound recordings come in: neither lets anything past the intake."""

from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.db.models.fields.files import FieldFile, FileField

from practices.media.fields import UploadedField, describe, taken_in
from practices.media.recordings import KINDS, MOST_BYTES, take_in_place


class RecordingFile(FieldFile):
    """The file of a recording, stored as the intake leaves it, whoever stores it."""

    def save(self, name, content, save=True):
        """Store the recording in `content`; its ending follows from what it is. Raises Refused where it can not be stored."""
        if taken := taken_in(content):
            self._keep(taken, content, save)
        else:
            media: Any = self.instance  # the model of recordings
            with taken_in_copy(content, name, media.type) as copy:
                self._keep(taken_in(copy), copy, save)

    def _keep(self, taken, content, save):
        media: Any = self.instance
        media.note_intake(taken)
        super().save(taken.name, content, save)


class RecordingField(FileField):
    attr_class = RecordingFile


class UploadedRecordingField(UploadedField):
    """Asks for a recording of one `kind`, `video` or `audio`."""

    def __init__(self, kind: str, **kwargs):
        self.kind = kind
        about = (
            f"{KINDS[kind]}, höchstens {MOST_BYTES // 1024**3} GB. Ort, Datum, Gerät, Titel und Kapitelmarken werden aus der Datei "
            "entfernt."
        )
        super().__init__(**{"help_text": about} | kwargs)

    def take_in(self, upload):
        """Let nothing but the recording be in `upload`."""
        upload.open()
        describe(upload, take_in_place(upload.file, upload.name or "", self.kind))


def taken_in_copy(content, name: str, kind: str) -> UploadedFile:
    """Return what is taken in of `content`, called `name`, in a file of its own, which ends when it is closed. Raises Refused."""
    copy: Any = TemporaryUploadedFile(name, None, 0, None)
    try:
        for part in content.chunks():
            copy.write(part)
        describe(copy, take_in_place(copy.file, name, kind))
    except BaseException:
        copy.close()
        raise
    return copy
