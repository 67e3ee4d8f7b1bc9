"""Give every installation its review in German: experts first, then the editors."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import (
    GroupApprovalTask,
    Page,
    Task,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)

from editing.models import ApprovalTask, ExpertReviewTask
from feeds.models import NewsletterIntroduction

REVIEW = "Freigabe"
EXPERT_REVIEW = "Fachprüfung und Freigabe"
APPROVAL = "Freigabe durch die Redaktion"


@transaction.atomic
def set_up_workflow() -> None:
    """Have pages pass through experts and editors, and introductions of the newsletter through editors alone.

    Done once: a workflow that was changed or put elsewhere in the tree later stays so. Where a review waits at the step
    that Wagtail made, it goes on at ours.
    """
    for model in (Workflow, Task):
        model.objects.filter(name="Moderators approval").update(name=REVIEW)
    review = Workflow.objects.filter(name=REVIEW).first()
    if review:
        content_type = ContentType.objects.get_for_model(NewsletterIntroduction)
        WorkflowContentType.objects.get_or_create(content_type=content_type, defaults={"workflow": review})
    if not ExpertReviewTask.objects.exists():
        _create_expert_review(review)
    if review:
        _replace_step_of_wagtail(review)


def _create_expert_review(former: Workflow | None) -> None:
    workflow = Workflow.objects.create(name=EXPERT_REVIEW)
    tasks = (
        ExpertReviewTask.objects.create(name="Fachprüfung", days=14),
        _approval(),
    )
    for order, task in enumerate(tasks):
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    root = Page.get_first_root_node()
    placed, is_new = WorkflowPage.objects.get_or_create(page=root, defaults={"workflow": workflow})
    if not is_new and placed.workflow == former:
        WorkflowPage.objects.filter(page=root).update(workflow=workflow)


def _replace_step_of_wagtail(review: Workflow) -> None:
    """Let editors approve in our step: in Wagtail's own, people approve what they wrote themselves."""
    for former in GroupApprovalTask.objects.filter(name=REVIEW, active=True, workflow_tasks__workflow=review):
        WorkflowTask.objects.filter(workflow=review, task=former).update(task=_approval())
        former.deactivate()


def _approval() -> ApprovalTask:
    found = ApprovalTask.objects.filter(name=APPROVAL, active=True).first()
    return found or ApprovalTask.objects.create(name=APPROVAL, days=7)
