"""The editor's form of a practice."""

from django.forms import ModelChoiceField, ModelForm
from django.forms.widgets import ChoiceWidget
from wagtail.admin.forms import WagtailAdminPageForm

from practices.completeness import CAPTIONS, DESCRIPTION, REQUIRED_TERMS, Hint
from practices.writing_help import WRITING_HELP

_PLEASE = "Das fehlt noch zum Einreichen und Veröffentlichen: "


class PracticePageForm(WagtailAdminPageForm):
    """Drafts may lack anything but a title; what is handed in or published has what readers need to find and follow it.

    What is said about a change belongs to that change: after it was published, the next one starts blank and quiet.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        page = self.instance
        if page.live and page.latest_revision_id == page.live_revision_id and not self.is_bound:
            self.initial |= {"change_note": "", "notify_followers": False}
        for name, help_text in WRITING_HELP.items():
            if name in self.fields:
                self.fields[name].help_text = _joined(str(self.fields[name].help_text), help_text)
        for hint in REQUIRED_TERMS:
            if hint.field in self.fields:
                self.fields[hint.field].required = True
                self.fields[hint.field].error_messages["required"] = _PLEASE + hint.text
        if not self.is_bound:
            _read_choices_once(self)

    def clean(self) -> dict:
        data = super().clean()
        if not self.is_deferred_validation:
            image = data.get("image")
            if image and not image.description:
                self._refuse(DESCRIPTION)
            if data.get("video") and not data.get("captions"):
                self._refuse(CAPTIONS)
        return data

    def _refuse(self, hint: Hint) -> None:
        self.add_error(hint.field, _PLEASE + hint.text)


def _read_choices_once(form: ModelForm) -> None:
    """Keep the terms to choose from with the fields of `form`: the editor renders each of them twice."""
    for field in form.fields.values():
        if isinstance(field.widget, ChoiceWidget) and isinstance(field, ModelChoiceField):
            field.choices = list(iter(field.iterator(field)))  # counting them first would be a query of its own


def _joined(first: str, second: str) -> str:
    """Return two texts as sentences one after the other; the first may lack its full stop."""
    return f"{first}{'' if not first or first[-1] in '.?!“' else '.'} {second}".strip()
