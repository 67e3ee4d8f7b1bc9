"""Give every installation its review in German: experts first, then the editors."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Page, Task, Workflow, WorkflowContentType, WorkflowPage, WorkflowTask

from editing.models import ApprovalTask, ExpertReviewTask
from feeds.models import NewsletterIntroduction

REVIEW = "Freigabe"
EXPERT_REVIEW = "Fachprüfung und Freigabe"


@transaction.atomic
def set_up_workflow() -> None:
    """Have pages pass through experts and editors, and introductions of the newsletter through editors alone.

    Done once: a workflow that was changed or put elsewhere in the tree later stays so. Reviews that run go on as they began.
    """
    for model in (Workflow, Task):
        model.objects.filter(name="Moderators approval").update(name=REVIEW)
    review = Workflow.objects.filter(name=REVIEW).first()
    if review:
        content_type = ContentType.objects.get_for_model(NewsletterIntroduction)
        WorkflowContentType.objects.get_or_create(content_type=content_type, defaults={"workflow": review})
    if not ExpertReviewTask.objects.exists():
        _create_expert_review(review)


def _create_expert_review(former: Workflow | None) -> None:
    workflow = Workflow.objects.create(name=EXPERT_REVIEW)
    tasks = (
        ExpertReviewTask.objects.create(name="Fachprüfung", days=14),
        ApprovalTask.objects.create(name="Freigabe durch die Redaktion", days=7),
    )
    for order, task in enumerate(tasks):
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    root = Page.get_first_root_node()
    placed, is_new = WorkflowPage.objects.get_or_create(page=root, defaults={"workflow": workflow})
    if not is_new and placed.workflow == former:
        WorkflowPage.objects.filter(page=root).update(workflow=workflow)
