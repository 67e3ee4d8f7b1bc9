"""Small changes to pages that others may be writing on."""

from collections.abc import Callable

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from practices.models import PracticePage


@transaction.atomic
def edit_quietly(page: PracticePage, change: Callable[[PracticePage], None], user: AbstractBaseUser | None) -> None:
    """Apply `change` to what readers see of `page` and to its newest draft; nobody's unfinished draft goes online.

    Followers hear nothing of it. `page` is specific and as it is in the database. Raises ValidationError where it may
    not be published as it is, PublishPermissionError where `user` may not publish it.
    """
    draft = page.latest_revision if page.has_unpublished_changes or not page.live else None
    if page.live:
        change(page)
        page.change_note, page.notify_followers = "", False
        page.save_revision(user=user, clean=False).publish(user=user)  # validates
    if draft or not page.live:
        newest = draft.as_object() if draft else page
        change(newest)
        newest.save_revision(user=user, clean=False, log_action=True)
