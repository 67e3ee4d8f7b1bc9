"""The side panel "Prüfung" of the page editor: where a text stands, what was answered, what partners say."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.models import Page, TaskState, WorkflowState

from editing.models.review import ReviewTask, wrote_last
from editing.partner_admin import links_of, may_offer
from editing.review_criteria import describe_answers

_WORDS = {
    TaskState.STATUS_APPROVED: "freigegeben",
    TaskState.STATUS_REJECTED: "zurückgegeben",
    TaskState.STATUS_SKIPPED: "übersprungen",
    TaskState.STATUS_CANCELLED: "abgebrochen",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a review that began: what came of it, or until when it is to be done."""

    name: str
    outcome: str
    at: datetime | None
    by: str
    due_at: datetime | None
    comment: str
    is_overdue: bool
    answers: list[str]


def steps_of(review: WorkflowState) -> list[Step]:
    """Return the steps of `review` that began, the latest first; one query."""
    states = review.task_states.select_related("task", "finished_by", "reviewstate").order_by("-started_at", "-pk")
    return [_step(state) for state in states]


def _step(state: TaskState) -> Step:
    review_state = getattr(state, "reviewstate", None)  # other kinds of tasks have no due date and no criteria
    waits = state.status == TaskState.STATUS_IN_PROGRESS
    person = state.finished_by
    return Step(
        name=state.task.name,
        outcome="wartet" if waits else _WORDS.get(state.status, ""),
        at=state.finished_at,
        by=(person.get_full_name() or person.get_username()) if person else "",
        due_at=review_state.due_at if review_state and waits else None,
        comment=state.comment,
        is_overdue=bool(review_state and review_state.is_overdue),
        answers=describe_answers(review_state.answers) if review_state else [],
    )


class ReviewSidePanel(BaseSidePanel):
    """Shows everybody who may open a page in the editor how its review goes."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = "Prüfung ein- oder ausblenden"
        icon_name = "clipboard-list"
        has_counter = False

    name = "review"
    title = "Prüfung"
    template_name = "editing/review_panel.html"
    order = 200

    def get_context_data(self, parent_context) -> dict:
        page, user = self.object, self.request.user
        review = page.current_workflow_state or page.workflow_states.order_by("created_at", "pk").last()
        return super().get_context_data(parent_context) | {
            "review": review,
            "runs": review is not None and review.status == WorkflowState.STATUS_IN_PROGRESS,
            "is_returned": review is not None and review.status == WorkflowState.STATUS_NEEDS_CHANGES,
            "steps": steps_of(review) if review else [],
            "missing_buttons": missing_buttons(page, user),
            "links": [
                (link, [(remark, remark.is_about(page)) for remark in link.remarks.all()]) for link in links_of(page)
            ],
            "offer_url": reverse("partner_links", args=[page.pk]) if may_offer(user, page) else "",
        }


def missing_buttons(page: Page, user) -> list[str]:
    """Return what `user`, whose turn it is, could do with `page`, had they not written its newest text themselves."""
    task = page.current_workflow_task
    if not isinstance(task, ReviewTask) or not wrote_last(page, user) or not task.is_responsible(page, user):
        return []
    return ["Freigeben", *(["Veröffentlichen"] if page.permissions_for_user(user).can_publish() else [])]
