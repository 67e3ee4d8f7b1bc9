"""The search in the admin: synonyms, what is searched for, and a word of warning where the index falls behind."""

from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from wagtail.admin.auth import permission_denied
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import CreateView, SnippetViewSet

from practices.admin_pages import NotChosenMixin
from search.health import search_health
from search.models import SearchCount, SynonymGroup
from search.statistics import frequent_searches

REPORTED_DAYS = 90


class SynonymCreateView(CreateView):
    def get_initial_form_instance(self) -> SynonymGroup:
        """A query from the report is written down already; only what it means is missing."""
        return SynonymGroup(words=self.request.GET.get("words", "")[:100])


class SynonymGroupViewSet(NotChosenMixin, SnippetViewSet):
    model = SynonymGroup
    add_view_class = SynonymCreateView
    icon = "openquote"
    menu_label = "Synonyme"
    menu_order = 255
    add_to_admin_menu = True
    list_per_page = 50
    search_fields = ["words"]
    panels = [FieldPanel("words")]


class _SynonymColumn(Column):
    """A link that opens the form for a new group of synonyms with the query in it."""

    cell_template_name = "search/admin/synonym_cell.html"

    def get_cell_context_data(self, instance, parent_context):
        address = f"{reverse(synonym_url('add'))}?{urlencode({'words': instance['query']})}"
        return super().get_cell_context_data(instance, parent_context) | {
            "query": instance["query"],
            "address": address,
        }


def synonym_url(name: str) -> str:
    """Return the URL name of one of the synonym views."""
    return f"wagtailsnippets_search_synonymgroup:{name}"


class SearchReportView(ReportView):
    """What was searched for in the last months, and what found nothing."""

    model = SearchCount
    page_title = f"Suchanfragen der letzten {REPORTED_DAYS} Tage"
    header_icon = "search"
    index_url_name = "search_report"
    index_results_url_name = "search_report_results"
    default_ordering = None
    permission_policy = ModelPermissionPolicy(SynonymGroup)
    columns = [
        Column("query", label="Suchanfrage"),
        NumberColumn("times", label="Suchen"),
        NumberColumn("without_hits", label="davon ohne Treffer"),
        _SynonymColumn("synonym", label="Synonym"),
    ]
    list_export = ["query", "times", "without_hits"]
    export_headings = {"query": "Suchanfrage", "times": "Suchen", "without_hits": "davon ohne Treffer"}

    def dispatch(self, request, *args, **kwargs):
        if not self.permission_policy.user_has_any_permission(request.user, ["add", "change"]):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def only_without_hits(self) -> bool:
        return bool(self.request.GET.get("ohne_treffer"))

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        label, address = "Nur ohne Treffer", "?ohne_treffer=1"
        if self.only_without_hits:
            label, address = "Alle Suchanfragen", "?"
        return [HeaderButton(label, url=address, icon_name="search")]

    def get_queryset(self) -> QuerySet:
        return frequent_searches(REPORTED_DAYS, self.only_without_hits)


report_urls = [
    path("berichte/suchanfragen/", SearchReportView.as_view(), name="search_report"),
    path(
        "berichte/suchanfragen/results/",
        SearchReportView.as_view(results_only=True),
        name="search_report_results",
    ),
]


class SearchHealthPanel(Component):
    """Tells editors when what they publish is not found yet. Silent while all is well."""

    template_name = "search/admin/health_panel.html"
    order = 50

    def get_context_data(self, parent_context):
        return {"health": search_health()}
