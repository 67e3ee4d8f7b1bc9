"""A page is saved with its rows, some forty of them, and what follows is done once: references, and the note of a change."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from wagtail.models import Page, ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update, reference_index_auto_update_disabled

from practices.noting import noted_at_once

#: What Wagtail writes into the row of a page while somebody works on a draft, or keeps it to themselves. Nobody else sees it.
DRAFT_WORK = frozenset(
    {
        "draft_title",
        "has_unpublished_changes",
        "latest_revision",
        "latest_revision_created_at",
        "locked",
        "locked_at",
        "locked_by",
        "wagtail_admin_comments",
    }
)


def is_draft_work(update_fields) -> bool:
    """Return whether a save of `update_fields`, None for all fields, changes nothing but what belongs to a draft."""
    return update_fields is not None and DRAFT_WORK.issuperset(update_fields)


@contextmanager
def saved_whole(page: Page, update_fields=None) -> Iterator[None]:
    """Meanwhile `page` is saved with its rows: afterwards its references are written once, and one change is noted."""
    by_whoever_began = getattr(reference_index_auto_update_disabled, "value", False)
    with transaction.atomic(), noted_at_once() as noted:
        if by_whoever_began:
            yield
        else:
            with disable_reference_index_auto_update():
                yield
            if not is_draft_work(update_fields):
                ReferenceIndex.create_or_update_for_object(page)
        if not page.live and not page.was_live and page.is_leaf():
            noted.clear()  # no reader sees anything of it
