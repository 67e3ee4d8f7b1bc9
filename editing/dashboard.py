"""The start of the admin: what waits for whom, and where knowledge is missing. Every panel costs a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from wagtail.admin.ui.components import Component
from wagtail.admin.utils import get_latest_str
from wagtail.models import Page, TaskState, WorkflowState

from editing.freshness import pages_due
from editing.imports.admin import may_import
from editing.known_pages import known_drafts
from editing.models import Import, ReviewState
from editing.reviewed_pages import about
from editing.rights import editable_pages
from editing.roles import ADMINISTRATORS, EDITORS, has_role
from practices.models import Cluster, FieldOfAction, OrganisationPage
from search.statistics import frequent_searches

SHOWN = 5
FEW_PRACTICES = 3
SEARCH_DAYS = 30


@dataclass(frozen=True)
class Row:
    """A line of a panel: a link, and what there is to know about it."""

    text: str
    url: str
    note: str = ""


class DashboardPanel(Component):
    """A short list with a heading; without rows it says so, and who has nothing to do with it does not see it."""

    template_name = "editing/dashboard_panel.html"
    name: str
    heading: str
    empty: str
    order: int
    #: The name of the address where all of it is, and what that link says.
    more: tuple[str, str] | None = None

    def is_for(self, request: HttpRequest) -> bool:
        """Return whether this concerns the user of `request`."""
        return True

    def rows(self, request: HttpRequest) -> Sequence[Row]:
        """Return the first lines."""
        raise NotImplementedError

    def beginnings(self, request: HttpRequest) -> Sequence[Row]:
        """Return what can be begun from here: where it leads, and what for."""
        return ()

    def render_html(self, parent_context=None) -> str:
        return super().render_html(parent_context) if self.is_for(parent_context["request"]) else ""

    def get_context_data(self, parent_context) -> dict:
        more = {"url": reverse(self.more[0]), "label": self.more[1]} if self.more else None
        request = parent_context["request"]
        return {"panel": self, "rows": self.rows(request), "beginnings": self.beginnings(request), "more": more}


class WaitingPanel(DashboardPanel):
    """Reviews that are this person's turn, and own texts that came back."""

    name, heading, order = "waiting", "Wartet auf mich", 200
    empty = "Zurzeit wartet nichts auf Sie."

    def rows(self, request):
        turn = TaskState.objects.reviewable_by(request.user).values("pk")
        waiting = (
            ReviewState.objects.filter(pk__in=turn)
            .select_related("task", "revision")
            .prefetch_related("revision__content_object")
            .order_by("due_at")[:SHOWN]
        )
        returned = (
            WorkflowState.objects.filter(
                _is_own(request.user), about(known_drafts(request.user)), status=WorkflowState.STATUS_NEEDS_CHANGES
            )
            .prefetch_related("content_object")
            .order_by("-pk")[:SHOWN]
        )
        back = [(state.content_object, "zurückgegeben, bitte überarbeiten") for state in returned]
        turns = [(state.revision.content_object, _until(state)) for state in waiting]
        return [_page_row(page, note) for page, note in [*back, *turns] if page is not None][:SHOWN]


class DraftsPanel(DashboardPanel):
    """What somebody has written and readers do not see yet."""

    name, heading, order = "drafts", "Meine Entwürfe", 210
    empty = "Sie haben keine offenen Entwürfe."

    def rows(self, request):
        mine = Q(owner=request.user) | Q(latest_revision__user=request.user)
        unfinished = Q(live=False) | Q(has_unpublished_changes=True)
        pages = Page.objects.filter(mine, unfinished, latest_revision__isnull=False)
        pages = pages.filter(pk__in=known_drafts(request.user))  # they may have left the organisation since
        newest = pages.order_by("-latest_revision_created_at")[:SHOWN]
        return [_page_row(page, f"bearbeitet am {_day(page.latest_revision_created_at)}") for page in newest]

    def beginnings(self, request):
        mine = OrganisationPage.objects.filter(contributors__group__user=request.user).order_by("title")
        return [
            Row("Neue Seite schreiben", reverse("wagtailadmin_pages:add_subpage", args=[pk]), f"für {title}")
            for pk, title in mine.values_list("pk", "draft_title")
        ]


class DuePanel(DashboardPanel):
    """Pages somebody should look at again, among those the user may edit."""

    name, heading, order = "due", "Zu bestätigen", 220
    empty = "Alle Seiten sind in den letzten Monaten bestätigt oder bearbeitet worden."

    def rows(self, request):
        pages = pages_due().filter(pk__in=editable_pages(request.user))[:SHOWN]
        return [_page_row(page, f"zuletzt am {_day(page.looked_at)}") for page in pages]


class SearchesPanel(DashboardPanel):
    """What people look for in vain."""

    name, heading, order = "searches", "Suchen ohne Treffer", 230
    empty = f"In den letzten {SEARCH_DAYS} Tagen gab es keine Suche ohne Treffer."
    more = ("search_report", "Alle Suchanfragen")

    def is_for(self, request):
        return has_role(request.user, EDITORS, ADMINISTRATORS)

    def rows(self, request):
        address = reverse("search")
        return [
            Row(row["query"], f"{address}?{urlencode({'q': row['query']})}", f"{row['without_hits']}-mal")
            for row in frequent_searches(SEARCH_DAYS, only_without_hits=True)[:SHOWN]
        ]


class GapsPanel(DashboardPanel):
    """Topics about which there is next to nothing."""

    name, heading, order = "gaps", "Lücken", 240
    empty = f"Zu jedem Handlungsfeld und Kostenträger-Cluster gibt es mindestens {FEW_PRACTICES} Seiten."
    more = ("coverage_report", "Alle Themen im Überblick")

    def is_for(self, request):
        return has_role(request.user, EDITORS, ADMINISTRATORS)

    def rows(self, request):
        terms = [term for vocabulary in (FieldOfAction, Cluster) for term in rare_terms(vocabulary)]
        scarcest = sorted(terms, key=lambda term: term.practices_count)[:SHOWN]
        return [
            Row(term.name, reverse("topic", args=[term.scheme, term.slug]), _pages(term.practices_count))
            for term in scarcest
        ]


class ImportPanel(DashboardPanel):
    """What became of the last spreadsheet."""

    name, heading, order = "import", "Letzter Import", 250
    empty = "Es wurde noch keine Tabelle eingelesen."
    more = ("imports", "Alle Importe")

    def is_for(self, request):
        return may_import(request.user)

    def rows(self, request):
        return [
            Row(row.name, reverse("import", args=[row.pk]), f"{row.get_state_display()}, {_day(row.uploaded_at)}")
            for row in Import.objects.defer("findings", "corrections")[:1]
        ]


PANELS = (WaitingPanel, DraftsPanel, DuePanel, SearchesPanel, GapsPanel, ImportPanel)
# What these show is in the panels above, without a query for each row.
REPLACED = {"user_objects_in_workflow_moderation", "workflow_objects_to_moderate", "recent_edits"}


def rare_terms(vocabulary):
    """Return the current terms of `vocabulary` with fewer live practices than few, with their number as
    `practices_count`; one query."""
    live = Count("practices", filter=Q(practices__live=True, practices__archive_reason=""), distinct=True)
    return vocabulary.objects.current().annotate(practices_count=live).filter(practices_count__lt=FEW_PRACTICES)


def _is_own(user) -> Q:
    """What `user` handed in, or somebody else before the page went over to them."""
    return Q(requested_by=user) | about(Page.objects.filter(owner=user))


def _page_row(page, note: str) -> Row:
    return Row(get_latest_str(page), reverse("wagtailadmin_pages:edit", args=[page.pk]), note)


def _until(state: ReviewState) -> str:
    if state.due_at is None:
        return state.task.name
    overdue = state.due_at < timezone.now()
    return f"{state.task.name}, {'überfällig seit' if overdue else 'bis'} {_day(state.due_at)}"


def _day(moment) -> str:
    return date_format(timezone.localtime(moment), "d.m.Y")


def _pages(number: int) -> str:
    return {0: "keine Seite", 1: "eine Seite"}.get(number, f"{number} Seiten")
