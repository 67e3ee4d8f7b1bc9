"""Noting that somebody has looked and a practice is still true."""

from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from wagtail.log_actions import log
from wagtail.models import Revision

from practices.models import ContentChange, ContentVersion, PracticePage

LOG_ACTION = "practices.confirm"


@transaction.atomic
def confirm_page(page: PracticePage, day: date, user: AbstractBaseUser | None = None) -> None:
    """Let `page` be confirmed on `day`: for readers, in the newest draft, and in whatever is planned to go online.

    Texts are left alone, and so is a review of them. No revision is made: nothing anybody wrote has changed.
    """
    PracticePage.objects.filter(pk=page.pk).update(last_confirmed=day)
    newest = Q(pk__in=[page.latest_revision_id, page.live_revision_id]) | Q(approved_go_live_at__isnull=False)
    for revision in Revision.page_revisions.filter(newest, object_id=str(page.pk)):
        revision.content["last_confirmed"] = day.isoformat()
        Revision.objects.filter(pk=revision.pk).update(content=revision.content)
    log(page, LOG_ACTION, user=user)
    ContentChange.record([page.pk])
    ContentVersion.raise_number()
