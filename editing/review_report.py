"""The report of pages that wait for review in the admin, the most urgent first."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest
from django.urls import path
from django.utils import timezone
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.auth import permission_denied
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.utils import get_latest_str
from wagtail.admin.views.reports import ReportView
from wagtail.models import TaskState
from wagtail.permissions import page_permission_policy

from editing.models import ReviewState
from editing.reviewed_pages import about
from editing.rights import editable_pages
from editing.roles import REVIEWERS, has_role

_HEADINGS = {
    "title": "Seite",
    "step": "Schritt",
    "handed_in_by": "Eingereicht von",
    "due_on": "Fällig am",
    "late": "Überfällig",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page that waits for a step of its review."""

    title: str
    url: str | None
    step: str
    handed_in_by: str
    due_at: datetime | None
    is_overdue: bool

    @property
    def due_on(self) -> str:
        """The day on which it is due, as people write it."""
        return f"{timezone.localtime(self.due_at):%d.%m.%Y}" if self.due_at else ""

    @property
    def late(self) -> str:
        """Whether it is overdue, in a word."""
        return "überfällig" if self.is_overdue else ""


def may_see_waiting(user) -> bool:
    """Return whether there may be something in the report for `user`: who changes pages, and who reviews."""
    return page_permission_policy.user_has_permission(user, "change") or has_role(user, REVIEWERS)


def waiting_for_review(user) -> list[Waiting]:
    """Return what waits in the part of the tree that `user` may change, and what waits for `user`; the most urgent first."""
    own = about(editable_pages(user), "workflow_state")
    mine = Q(pk__in=TaskState.objects.reviewable_by(user).values("pk"))
    states = ReviewState.objects.filter(own | mine, status=ReviewState.STATUS_IN_PROGRESS).order_by("due_at", "pk")
    states = states.select_related("task", "workflow_state__requested_by")
    found = states.prefetch_related("workflow_state__content_object__latest_revision")
    return [_row(state) for state in found if state.workflow_state.content_object]


def _row(state: ReviewState) -> Waiting:
    person = state.workflow_state.requested_by
    return Waiting(
        title=get_latest_str(state.workflow_state.content_object),
        url=AdminURLFinder().get_edit_url(state.workflow_state.content_object),
        step=state.task.name,
        handed_in_by=(person.get_full_name() or person.get_username()) if person else "",
        due_at=state.due_at,
        is_overdue=state.is_overdue,
    )


class DueColumn(Column):
    """A day, marked where it has passed."""

    cell_template_name = "editing/due_cell.html"


class ReviewReportView(ReportView):
    """What waits for review."""

    model = ReviewState
    page_title = "Prüfungen"
    header_icon = "clipboard-list"
    index_url_name = "review_report"
    index_results_url_name = "review_report_results"
    default_ordering = None
    no_results_message = "Zurzeit wartet nichts auf eine Prüfung."
    columns = [
        TitleColumn("title", label=_HEADINGS["title"], get_url=lambda row: row.url),
        Column("step", label=_HEADINGS["step"]),
        Column("handed_in_by", label=_HEADINGS["handed_in_by"]),
        DueColumn("due_on", label=_HEADINGS["due_on"]),
    ]
    list_export = list(_HEADINGS)
    export_headings = _HEADINGS
    export_filename = "pruefungen"

    def dispatch(self, request, *args, **kwargs):
        if not may_see_waiting(request.user):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> list[Waiting]:
        return waiting_for_review(self.request.user)


class ReviewReportItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_waiting(request.user)


review_report_urls = [
    path("berichte/pruefungen/", ReviewReportView.as_view(), name="review_report"),
    path("berichte/pruefungen/results/", ReviewReportView.as_view(results_only=True), name="review_report_results"),
]
