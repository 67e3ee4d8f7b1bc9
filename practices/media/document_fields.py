"""Fields of models and forms through which documents come in: neither lets anything past the intake."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile, FileField
from wagtail.documents.fields import WagtailDocumentField

from practices.media.document_intake import TakenInDocument, take_in_document
from practices.media.documents.outcome import KINDS, MOST_BYTES, MOST_MEGABYTES, too_large
from practices.media.fields import UploadedField
from practices.media.outcome import Refused


class DocumentFile(FieldFile):
    """The file of a document of the library."""

    def save(self, name, content, save=True):
        """Store the document in `content`; its ending follows from what it is. Raises Refused where it can not be stored."""
        taken = taken_in_document(content) or take_in_document(content, name)
        self.instance.note_intake(taken)  # type: ignore[attr-defined]  # the model of documents
        super().save(taken.name, content, save)


class DocumentField(FileField):
    attr_class = DocumentFile


class UploadedDocumentField(WagtailDocumentField):
    """Asks for a document, and says in the form why one can not be taken in."""

    default_error_messages = UploadedField.default_error_messages

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.max_upload_size = MOST_BYTES
        self.help_text = f"{KINDS}, höchstens {MOST_MEGABYTES} MB."
        self.error_messages["file_too_large"] = self.error_messages["file_too_large_unknown_size"] = str(too_large())

    def to_python(self, data):
        """Return the upload, called by what it is; raises ValidationError with what to do."""
        upload = super().to_python(data)
        if isinstance(upload, UploadedFile):
            try:
                taken = take_in_document(upload, upload.name or "")
            except Refused as refusal:
                raise ValidationError(str(refusal)) from refusal
            upload.name = taken.name
            upload.taken_in_document = taken  # type: ignore[attr-defined]
        return upload


def taken_in_document(file) -> TakenInDocument | None:
    """Return what the intake knows of an upload that has passed it."""
    return getattr(file, "taken_in_document", None)
