"""Why a practice was taken off: editors say it when they unpublish or delete, followers read it.

The reason is stored with the practices first, so that whatever records their removal finds it there.
"""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Page

from practices.models import PracticePage

_LONGEST = PracticePage._meta.get_field("removal_reason").max_length


def note_before_unpublish(request: HttpRequest, page: Page) -> None:
    """Give `page`, and what is unpublished with it, the reason that stands in the form."""
    if request.method == "POST":
        with_descendants = bool(request.POST.get("include_descendants"))
        _note(request, page, PracticePage.objects.descendant_of(page) if with_descendants else None)


def note_before_delete(request: HttpRequest, page: Page) -> None:
    """Give `page` and everything below it the reason that stands in the form; in the transaction of the view."""
    # Where the name of the site was typed wrongly, Wagtail asks again and nothing is deleted.
    typed = request.POST.get("confirm_site_name")
    if request.method == "POST" and typed in (None, "", settings.WAGTAIL_SITE_NAME):
        _note(request, page, PracticePage.objects.descendant_of(page, inclusive=True))


def note_before_bulk_action(request: HttpRequest, action_type: str, objects: Sequence, _action) -> None:
    """Give all chosen pages, and what goes with them, the reason that stands in the form; in the transaction of the view."""
    if action_type not in ("delete", "unpublish"):
        return
    below = action_type == "delete" or bool(request.POST.get("include_descendants"))
    for page in objects:
        if isinstance(page, Page):
            practices = PracticePage.objects
            _note(request, page, practices.descendant_of(page, inclusive=True) if below else practices.page(page))


def _note(request: HttpRequest, page: Page, also) -> None:
    reason = _one_line(request.POST.get("grund", ""))
    if isinstance(page, PracticePage):
        page.removal_reason = reason
    if also is not None:
        also.filter(live=True).update(removal_reason=reason)


def _one_line(text: str) -> str:
    """Return `text` as one line; the form lets no more in than the column holds."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:_LONGEST]
