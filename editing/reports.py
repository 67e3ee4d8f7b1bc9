"""Reports: where there is much and where there is nothing, what nobody has looked at for long, what its media lack.

Whoever may edit only some pages sees only those.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import CharField, Count, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Length, Substr
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies.pages import PagePermissionPolicy

from editing.freshness import pages_due
from editing.link_check import reported_links
from editing.models import BrokenLink
from editing.rights import editable_pages
from practices.models import Cluster, FieldOfAction, OrganisationPage, PracticePage, RecordingPage
from practices.models.practices import PRACTICE_TYPES
from practices.querysets import PracticeQuerySet

NOWHERE = "ohne Zuordnung"
_DAY: dict[str, Callable] = {"csv": timezone.localdate, "xlsx": timezone.localdate}
# Four colours that people with any kind of colour vision tell apart, dark enough on white (WCAG 2.2, 1.4.11).
_COLOURS = {"projekt": "#1d4f91", "werkzeug": "#b35900", "mitschnitt": "#2e7d4f", "erkenntnis": "#7a4b94"}
_TITLE = TitleColumn("title", label="Titel", url_name="wagtailadmin_pages:edit", sort_key=None, width="30%")


class PracticeReportView(ReportView):
    """A report for everybody who may edit practices."""

    model: type[Model] = PracticePage
    permission_policy = PagePermissionPolicy()
    any_permission_required = ["add", "change", "publish"]
    default_ordering = None
    header_icon = "list-ul"

    def own(self, pages: PracticeQuerySet) -> PracticeQuerySet:
        """Return those of `pages` that the user may edit, with the `owner_title` of their organisation."""
        owner = OrganisationPage.objects.filter(path=OuterRef("owner_path")).values("title")[:1]
        own = pages.filter(pk__in=editable_pages(self.request.user))
        return own.with_owner_path().annotate(owner_title=Subquery(owner))


@dataclass(frozen=True)
class CoverageRow:
    """A field of action with its number of practices in each cluster, and by type for the chart."""

    label: str
    numbers: list[int]
    by_type: list["Bar"]
    total: int


@dataclass(frozen=True)
class Bar:
    """A part of a line of the chart, in percent of its longest line."""

    label: str
    colour: str
    number: int = 0
    start: float = 0
    width: float = 0


class CoverageReportView(PracticeReportView):
    """How many practices there are by field of action, cluster and type: a chart, a table, and a file of all numbers."""

    page_title = "Abdeckung der Themen"
    index_url_name = "coverage_report"
    index_results_url_name = "coverage_report_results"
    results_template_name = "editing/coverage_results.html"
    paginate_by = None
    list_export = ["field", "cluster", *PRACTICE_TYPES]
    export_headings = {
        "field": "Handlungsfeld",
        "cluster": "Kostenträger-Cluster",
        **{key: model._meta.verbose_name_plural for key, model in PRACTICE_TYPES.items()},
    }

    def get_queryset(self) -> QuerySet:
        return self._count(field="fields_of_action__name", cluster="clusters__name")

    def _count(self, **names: str) -> QuerySet:
        """Return the number of practices of each type by the columns `names`; each counts once in a group."""
        pages = self.own(PracticePage.objects.live().filter(archive_reason=""))
        by_type = {
            key: Count("pk", distinct=True, filter=Q(content_type__model=model._meta.model_name))
            for key, model in PRACTICE_TYPES.items()
        }
        rows = pages.order_by().values(**{name: _or_nowhere(column) for name, column in names.items()})
        return rows.annotate(**by_type).order_by(*names)

    @cached_property
    def chosen_type(self) -> str:
        """The type of practice to count; empty for all."""
        asked = self.request.GET.get("art", "")
        return asked if asked in PRACTICE_TYPES else ""

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        types = [(key, model._meta.verbose_name_plural) for key, model in PRACTICE_TYPES.items()]
        clusters = [*Cluster.objects.current().values_list("name", flat=True), NOWHERE]
        return context | {
            "types": types,
            "legend": [Bar(label, _COLOURS[key]) for key, label in types],
            "chosen_type": self.chosen_type,
            "clusters": clusters,
            "rows": self._table(context["object_list"], clusters),
        }

    def _table(self, counted, clusters: list[str]) -> list[CoverageRow]:
        keys = [self.chosen_type] if self.chosen_type else list(PRACTICE_TYPES)
        cells: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        by_type: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in counted:
            cells[row["field"]][row["cluster"]] += sum(row[key] for key in keys)
        for row in self._count(field="fields_of_action__name"):
            by_type[row["field"]].update({key: row[key] for key in keys})
        fields = [*FieldOfAction.objects.current().in_tree_order().values_list("name", flat=True), NOWHERE]
        longest = max((sum(numbers.values()) for numbers in by_type.values()), default=0) or 1
        return [
            CoverageRow(
                label=field,
                numbers=[cells[field][cluster] for cluster in clusters],
                by_type=_bars(by_type[field], longest),
                total=sum(by_type[field].values()),
            )
            for field in fields
        ]


class StaleReportView(PracticeReportView):
    """What nobody has confirmed or published for as long as the settings say, the oldest first."""

    page_title = "Lange nicht bestätigt"
    index_url_name = "stale_report"
    index_results_url_name = "stale_report_results"
    columns = [
        _TITLE,
        Column("owner_title", label="Organisation"),
        DateColumn("looked_at", label="Zuletzt bestätigt oder veröffentlicht"),
    ]
    list_export = ["title", "owner_title", "looked_at"]
    export_headings = {"title": "Titel", "owner_title": "Organisation", "looked_at": "Zuletzt angesehen"}
    custom_field_preprocess = {"looked_at": _DAY}

    def get_queryset(self) -> QuerySet:
        return self.own(pages_due())


class MediaReportView(PracticeReportView):
    """Pages with a picture that nobody can have read out, or a video without captions."""

    page_title = "Bilder und Videos, die nicht alle verstehen"
    index_url_name = "media_report"
    index_results_url_name = "media_report_results"
    columns = [_TITLE, Column("owner_title", label="Organisation"), Column("lacks", label="Was fehlt")]
    list_export = ["title", "owner_title", "lacks"]
    export_headings = {"title": "Titel", "owner_title": "Organisation", "lacks": "Was fehlt"}

    def get_queryset(self) -> QuerySet:
        silent = RecordingPage.objects.filter(video__isnull=False, captions=None).values("pk")
        undescribed = self.own(PracticePage.objects.filter(image__isnull=False, image__description=""))
        uncaptioned = self.own(PracticePage.objects.filter(pk__in=silent))
        parts = [
            pages.annotate(lacks=Value(lacks, output_field=CharField()))
            for pages, lacks in ((undescribed, "Beschreibung des Bildes"), (uncaptioned, "Untertitel des Videos"))
        ]
        return parts[0].order_by().union(parts[1].order_by(), all=True).order_by("title")


class BrokenLinkColumn(Column):
    """The address, and below what does not work: side by side they would leave no room on a phone."""

    cell_template_name = "editing/broken_link_cell.html"


class LinkReportView(PracticeReportView):
    """Links to other sites that failed when they were tried, those that fail longest first."""

    page_title = "Links, die nicht funktionieren"
    model = BrokenLink
    index_url_name = "link_report"
    index_results_url_name = "link_report_results"
    header_icon = "link"
    columns = [
        TitleColumn(
            "page",
            label="Titel",
            url_name="wagtailadmin_pages:edit",
            id_accessor="page_id",
            sort_key=None,
            width="30%",
        ),
        Column("owner_title", label="Organisation"),
        BrokenLinkColumn("url", label="Link, und was nicht geht"),
        DateColumn("since", label="Seit"),
    ]
    list_export = ["page", "owner_title", "url", "fault", "since"]
    export_headings = {
        "page": "Titel",
        "owner_title": "Organisation",
        "url": "Link",
        "fault": "Was nicht geht",
        "since": "Seit",
    }

    def get_queryset(self) -> QuerySet:
        links = reported_links().filter(page__in=editable_pages(self.request.user))
        links = links.annotate(above=Substr("page__path", 1, Length("page__path") - OrganisationPage.steplen))
        owner = OrganisationPage.objects.filter(path__in=[OuterRef("page__path"), OuterRef("above")]).values("title")
        return (
            links.annotate(owner_title=Coalesce(Subquery(owner[:1]), Value("")))
            .select_related("page")
            .order_by("since", "pk")
        )


class ReportItem(MenuItem):
    def is_shown(self, request) -> bool:
        return PagePermissionPolicy().user_has_any_permission(request.user, PracticeReportView.any_permission_required)


REPORTS = {
    "coverage": (CoverageReportView, "abdeckung"),
    "stale": (StaleReportView, "lange-nicht-bestaetigt"),
    "media": (MediaReportView, "medien"),
    "link": (LinkReportView, "links"),
}
report_urls = [
    part
    for name, (view, address) in REPORTS.items()
    for part in (
        path(f"berichte/{address}/", view.as_view(), name=f"{name}_report"),
        path(f"berichte/{address}/results/", view.as_view(results_only=True), name=f"{name}_report_results"),
    )
]


def _or_nowhere(column: str):
    return Coalesce(column, Value(NOWHERE))


def _bars(numbers: dict[str, int], longest: int) -> list[Bar]:
    bars, start = [], 0.0
    for key, model in PRACTICE_TYPES.items():
        if number := numbers[key]:
            width = 100 * number / longest
            bars.append(Bar(str(model._meta.verbose_name_plural), _COLOURS[key], number, start, width))
            start += width
    return bars
