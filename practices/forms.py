"""The editor's form of a practice."""

from collections.abc import Container

from django.db.models import prefetch_related_objects
from modelcluster.models import get_all_child_relations
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page

from practices.completeness import CAPTIONS, DESCRIPTION, REQUIRED_TERMS, Hint
from practices.models.tagging import TermManager
from practices.term_choices import Terms, current_terms, offer
from practices.writing_help import WRITING_HELP

_PLEASE = "Das fehlt noch zum Einreichen und Veröffentlichen: "


class PracticePageForm(WagtailAdminPageForm):
    """Drafts may lack anything but a title; what is handed in or published has what readers need to find and follow it.

    What is said about a change belongs to that change: after it was published, the next one starts blank and quiet.
    """

    def __init__(self, data=None, *args, instance=None, **kwargs):
        terms = current_terms() if data is None else {}
        if data is None and instance is not None:
            _read_relations_once(instance, type(self).formsets, terms)
        super().__init__(data, *args, instance=instance, **kwargs)
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
            offer(terms, self, *(form for formset in self.formsets.values() for form in formset.forms))

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


def _joined(first: str, second: str) -> str:
    """Return two texts as sentences one after the other; the first may lack its full stop."""
    return f"{first}{'' if not first or first[-1] in '.?!“' else '.'} {second}".strip()


def _read_relations_once(page: Page, formsets: Container[str], terms: Terms) -> None:
    """Keep what belongs to `page` with it: the form reads it for each panel, and the completeness all of it again."""
    for relation in get_all_child_relations(type(page)):
        if relation.get_accessor_name() in formsets:
            getattr(page, relation.get_accessor_name()).get_object_list()
    for field in page._meta.get_fields():
        if isinstance(field, TermManager):
            for item in getattr(page, field.name).get_tagged_item_manager().get_object_list():
                item.tag = terms[field.related_model].get(item.tag_id) or item.tag
    prefetch_related_objects(page.tagged_items.get_object_list(), "tag")
