"""The vocabularies in the admin: one menu, usage counts, keys that stay, merging."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import Button
from wagtail.snippets.views.snippets import EditView, IndexView, SnippetViewSet, SnippetViewSetGroup

from practices.admin_pages import NotChosenMixin
from practices.models import SCHEMES, Cluster, Term
from practices.panels import term_panel
from practices.services.merge_terms import merge_terms
from practices.terms import ASSIGNMENTS

PANELS = [
    FieldPanel("name", heading="Bezeichnung"),
    FieldPanel("slug"),
    FieldPanel("notation"),
    FieldPanel("alt_labels"),
    term_panel("broader"),
    FieldPanel("note"),
    FieldPanel("order"),
]


class TermIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet:
        """Count how many pages carry each term."""
        model, page, term = ASSIGNMENTS[self.model.scheme]
        pages = (
            model._default_manager.filter(**{term: OuterRef("pk")})
            .order_by()
            .values(term)
            .annotate(n=Count(page, distinct=True))
        )
        return super().get_base_queryset().filter(merged_into=None).annotate(usage=Subquery(pages.values("n")))


class TermEditView(EditView):
    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.fields["slug"].disabled = True
        return form

    @property
    def header_more_buttons(self) -> list[Button]:
        merge = Button(
            "Zusammenführen",
            url=reverse(self.viewset_url_name("merge"), args=[self.object.pk]),
            icon_name="link",
            priority=60,
        )
        return [*super().header_more_buttons, merge]

    def viewset_url_name(self, name: str) -> str:
        return f"{self.model.snippet_viewset.url_namespace}:{name}"


class MergeForm(forms.Form):
    def __init__(self, *args, term: Term, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["target"] = forms.ModelChoiceField(
            label="Aufgehen lassen in",
            queryset=type(term).objects.current().exclude(pk=term.pk),
            help_text="Alle Seiten wechseln zu diesem Begriff. Alte Links und Abonnements funktionieren weiter.",
        )


class TermViewSet(NotChosenMixin, SnippetViewSet):
    index_view_class = TermIndexView
    edit_view_class = TermEditView
    list_display = ["name", "notation", "broader", Column("usage", label="Seiten"), "slug"]
    list_per_page = 100
    # The admin's index leaves merged terms in, the list does not.
    search_backend_name = None
    search_fields = ["name", "alt_labels", "notation"]
    icon = "tag"

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("merge/<str:pk>/", self.merge_view, name="merge")]

    def merge_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Ask for the term to merge into, then merge."""
        if not self.permission_policy.user_has_permission(request.user, "change"):
            return redirect("wagtailadmin_home")
        term = get_object_or_404(self.model.objects.current(), pk=pk)
        form = MergeForm(request.POST or None, term=term)
        if form.is_valid():
            try:
                pages = merge_terms(term, form.cleaned_data["target"])
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(
                    request, f"„{term}“ ist in „{form.cleaned_data['target']}“ aufgegangen ({pages} Seiten)."
                )
                return redirect(self.get_url_name("list"))
        context = {"term": term, "form": form, "back": reverse(self.get_url_name("list"))}
        return TemplateResponse(request, "practices/admin/merge_term.html", context)


def _viewset(term_model: type[Term]) -> TermViewSet:
    panels = [*PANELS, FieldPanel("cost_bearers")] if term_model is Cluster else PANELS
    name = f"{term_model.__name__}ViewSet"
    return type(name, (TermViewSet,), {"model": term_model, "panels": panels})()


class VocabularyGroup(SnippetViewSetGroup):
    menu_label = "Vokabulare"
    menu_icon = "tag"
    menu_order = 250
    items = tuple(_viewset(model) for model in SCHEMES.values())
