"""Give every installation its review in German."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Task, Workflow, WorkflowContentType

from feeds.models import NewsletterIntroduction

REVIEW = "Freigabe"


@transaction.atomic
def set_up_workflow() -> None:
    """Name Wagtail's review in German, and have introductions of the newsletter pass through it as pages do."""
    for model in (Workflow, Task):
        model.objects.filter(name="Moderators approval").update(name=REVIEW)
    review = Workflow.objects.filter(name=REVIEW).first()
    if review:
        content_type = ContentType.objects.get_for_model(NewsletterIntroduction)
        WorkflowContentType.objects.get_or_create(content_type=content_type, defaults={"workflow": review})
