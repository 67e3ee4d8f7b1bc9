"""What can be done to many practices at once."""

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from wagtail.admin.ui.menus.pages import PageMenuItem
from wagtail.admin.views.pages.bulk_actions import MoveBulkAction
from wagtail.models import PagePermissionTester

from editing.bulk_actions.base import CarefulBulkAction, PracticeBulkAction
from practices.models import Cluster, CostBearer, FieldOfAction, PracticePage, TargetGroup, Term, WorkArea
from practices.models.media import Licence
from practices.services.confirm_page import confirm_page

# The vocabularies every practice has, with the name of the field.
VOCABULARIES = {
    "clusters": Cluster,
    "fields_of_action": FieldOfAction,
    "target_groups": TargetGroup,
    "work_areas": WorkArea,
    "cost_bearers": CostBearer,
}
_TERM = "Bitte wählen Sie einen Begriff."
ADD, REMOVE = "add", "remove"


class TermForm(forms.Form):
    """One term, to be added or taken away. Its value is the name of the field and the id of the term."""

    term = forms.ChoiceField(label="Begriff", error_messages={"required": _TERM, "invalid_choice": _TERM})
    direction = forms.ChoiceField(
        label="Was soll geschehen?",
        choices=[(ADD, "Begriff vergeben"), (REMOVE, "Begriff wegnehmen")],
        initial=ADD,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Bitte wählen Sie, was geschehen soll."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._terms: dict[str, Term] = {}
        groups: list = [("", "Bitte wählen")]
        for name, vocabulary in VOCABULARIES.items():
            terms = {f"{name}:{term.pk}": term for term in vocabulary.objects.current().in_tree_order()}
            self._terms |= terms
            label = PracticePage._meta.get_field(name).verbose_name
            groups.append((label, [(value, term.name) for value, term in terms.items()]))
        self.fields["term"].choices = groups  # type: ignore[attr-defined]

    def clean_term(self):
        """Return the name of the field and the term."""
        value = self.cleaned_data["term"]
        return value.partition(":")[0], self._terms[value]


class TermsAction(PracticeBulkAction):
    display_name = "Begriff vergeben"
    action_type = "practice_terms"
    aria_label = "Ausgewählten Seiten einen Begriff vergeben oder wegnehmen"
    question = "Diese Seiten bekommen den Begriff, oder er wird ihnen genommen:"
    done = "Begriff geändert"
    form_class = TermForm
    action_priority = 200

    def change(self, page: PracticePage, data: dict) -> None:
        name, term = data["term"]
        terms = getattr(page, name)
        if data["direction"] == ADD:
            terms.add(term)
        else:
            terms.remove(term.name)  # by name: of terms themselves it would find none


class ConfirmAction(PracticeBulkAction):
    """Whoever writes a page may say that it is still true: nothing of what readers see is changed but the date."""

    display_name = "Als aktuell bestätigen"
    action_type = "practice_confirm"
    aria_label = "Ausgewählte Seiten als aktuell bestätigen"
    question = "Sie bestätigen, dass die Angaben auf diesen Seiten heute noch stimmen:"
    done = "Als aktuell bestätigt"
    form_class = forms.Form
    action_priority = 210

    def is_allowed(self, permissions: PagePermissionTester, page: PracticePage) -> bool:
        return permissions.can_edit()

    def apply(self, page: PracticePage, data: dict) -> None:
        confirm_page(page, timezone.localdate(), self.request.user)


def confirm_button(page, user, view_name, next_url=None):
    """Offer to confirm `page` in its menu, one alone."""
    if isinstance(page, PracticePage) and page.live and page.permissions_for_user(user).can_edit():
        start = reverse("wagtail_bulk_action", args=["wagtailcore", "page", ConfirmAction.action_type])
        query = urlencode({"id": page.pk, "next": reverse("wagtailadmin_pages:edit", args=[page.pk])})
        yield PageMenuItem(ConfirmAction.display_name, f"{start}?{query}", "check", 67, page=page)


class LicenceForm(forms.Form):
    """The licence of the texts: whoever changes many at once names one."""

    licence = forms.ChoiceField(
        label="Lizenz der Texte",
        choices=[("", "Bitte wählen"), *(choice for choice in Licence.choices if choice[0])],
        error_messages={
            "required": "Bitte wählen Sie eine Lizenz.",
            "invalid_choice": "Bitte wählen Sie eine Lizenz aus der Liste.",
        },
    )


class LicenceAction(PracticeBulkAction):
    display_name = "Lizenz ändern"
    action_type = "practice_licence"
    aria_label = "Lizenz der ausgewählten Seiten ändern"
    question = "Für die Texte dieser Seiten gilt dann die gewählte Lizenz:"
    done = "Lizenz geändert"
    form_class = LicenceForm
    action_priority = 220

    def change(self, page: PracticePage, data: dict) -> None:
        page.licence = data["licence"]


class MoveAction(CarefulBulkAction, MoveBulkAction):
    """Wagtail's own, in its place."""

    template_name = "editing/bulk_actions/move.html"
