"""Forms of the media library: nothing comes in without whose it is and what others may do with it.

What came in before, without a licence or by an import, stays as it is until somebody edits it.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import BaseForm, FileField
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm
from wagtail.utils.file import hash_filelike
from wagtailmedia.forms import BaseMediaForm

from practices.media.document_fields import UploadedDocumentField
from practices.media.fields import UploadedPictureField, taken_in
from practices.media.outcome import Known
from practices.media.recording_fields import UploadedRecordingField

_MISSING = {
    "title": "Bitte geben Sie einen Titel ein, unter dem andere die Datei wiederfinden.",
    "credit": "Bitte nennen Sie, von wem das Werk ist. Ohne diesen Nachweis darf es nicht erscheinen.",
    "licence": "Bitte wählen Sie, was andere mit dem Werk tun dürfen.",
    "description": "Bitte beschreiben Sie, was auf dem Bild zu sehen ist. Wer es nicht sehen kann, hört diesen Text.",
}


class CreditedForm:
    """Asks for what a work needs."""

    required_fields: tuple[str, ...] = ("title", "credit", "licence")
    # Browsers would say it in words of their own, and before a file could say whose it is.
    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.required_fields:
            if name in self.fields:  # type: ignore[attr-defined]
                field = self.fields[name]  # type: ignore[attr-defined]
                field.required = True
                field.error_messages["required"] = _MISSING[name]
        if "licence" in self.fields:  # type: ignore[attr-defined]
            choices = [choice for choice in self.fields["licence"].choices if choice[0]]  # type: ignore[attr-defined]
            self.fields["licence"].choices = [("", "Bitte wählen"), *choices]  # type: ignore[attr-defined]


class NewFileForm(CreditedForm):
    """The same file does not come in twice."""

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self._user = user

    def clean(self):
        """Say that a browser forgets the file where something else is wrong."""
        data = super().clean()  # type: ignore[misc]
        if self.errors and "file" not in self.errors and self.add_prefix("file") in self.files:  # type: ignore[attr-defined]
            self.add_error(None, "Bitte wählen Sie die Datei noch einmal: Ihr Browser behält sie nicht.")  # type: ignore[attr-defined]
        return data

    def clean_file(self):
        """Return the file; raises ValidationError where it is in the library already and may be chosen from there."""
        file = self.cleaned_data["file"]  # type: ignore[attr-defined]
        if "file" in self.changed_data and (twin := self._twin_of(file)):  # type: ignore[attr-defined]
            raise ValidationError(
                f"Diese Datei gibt es schon: „{twin.title}“. Bitte wählen Sie sie dort aus, statt sie noch einmal "
                "hochzuladen."
            )
        return file

    def _twin_of(self, file):
        policy = self.permission_policy  # type: ignore[attr-defined]
        offered = policy.instances_user_has_any_permission_for(self._user, ["choose", "change"])
        taken: Known | None = taken_in(file)
        is_same = Q(file_hash=taken.file_hash if taken else hash_filelike(file))
        if taken:
            is_same |= Q(source_hash=taken.source_hash)
        file.seek(0)
        return offered.exclude(pk=self.instance.pk).filter(is_same).first()  # type: ignore[attr-defined]


class TakenInForm(NewFileForm, BaseForm):
    """A file whose own account of whose it is is read before it is left out."""

    def clean(self):
        """Propose whose work it is where the form does not say, and the file did."""
        data = super().clean()
        taken: Known | None = taken_in(self.cleaned_data.get("file"))
        if taken and taken.credit and "credit" in self.errors:
            typed: Any = self.data
            self.data = proposed = typed.copy()
            proposed[self.add_prefix("credit")] = taken.credit
            self.errors["credit"] = self.error_class(
                ["Das steht in der Datei. Bitte prüfen Sie, ob es so erscheinen soll."]
            )
        return data


class CreditedImageForm(TakenInForm, BaseImageForm):
    """An image also says what it shows."""

    required_fields = (*CreditedForm.required_fields, "description")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_for(self, "file", UploadedPictureField)


class CreditedDocumentForm(NewFileForm, BaseDocumentForm):
    """A document."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_for(self, "file", UploadedDocumentField)


class CreditedMediaForm(TakenInForm, BaseMediaForm):
    """A video or a sound recording."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_for(self, "file", partial(UploadedRecordingField, self.instance.type))
        _ask_for(self, "thumbnail", UploadedPictureField)


def _ask_for(form: BaseForm, name: str, field: Callable[..., FileField]) -> None:
    """Put the field that takes files in in the place of the one that Wagtail made, where the form has it."""
    if made := form.fields.get(name):
        form.fields[name] = field(label=made.label, required=made.required, widget=made.widget)
