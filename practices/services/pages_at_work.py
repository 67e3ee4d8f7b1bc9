"""Which pages somebody is at, so that changes made elsewhere leave them alone."""

from django.contrib.auth.models import AbstractBaseUser
from wagtail.models import Page, Revision, WorkflowState, get_default_page_content_type


def busy_pages() -> set[int]:
    """Return the ids of all pages that are in review, or whose publication is planned.

    What was reviewed or planned would not be what goes online.
    """
    reviewed = WorkflowState.objects.active().filter(base_content_type=get_default_page_content_type())
    planned = Revision.page_revisions.filter(approved_go_live_at__isnull=False)
    return {int(pk) for rows in (reviewed, planned) for pk in rows.values_list("object_id", flat=True)}


def is_locked_by_others(page: Page, user: AbstractBaseUser | None) -> bool:
    """Return whether somebody else than `user` has locked `page`; where nobody is named, it is locked for all."""
    return page.locked and (user is None or page.locked_by_id != user.pk)
