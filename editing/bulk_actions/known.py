"""What actions on many pages at once say of pages that somebody marked by writing their number into the address."""

from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction

from editing.known_pages import viewer_of


def _known_objects(action: PageBulkAction) -> tuple[list, dict]:
    """Return what Wagtail does, without the pages of which the user may not know: not even their number tells anything."""
    pages, left_out = BulkAction.get_actionable_objects(action)
    viewer = viewer_of(action.request.user)
    return pages, {reason: [page for page in them if viewer.knows(page)] for reason, them in left_out.items()}


def leave_out_hidden() -> None:
    """Let no action on pages, Wagtail's own neither, name a hidden page among those it leaves as they are."""
    PageBulkAction.get_actionable_objects = _known_objects
