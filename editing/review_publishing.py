"""The rule for publishing while a review runs.

Editors publish directly, their own texts too: small teams need that. What was handed in for review goes online by that
review: Wagtail locks it for everybody whose turn it is not, and who wrote the newest text neither approves nor publishes it.
Whoever wants to publish beside a review cancels it first, and the history of the page says so.
"""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.action_menu import CancelWorkflowMenuItem, PublishMenuItem
from wagtail.models import Page, WorkflowState, get_default_page_content_type

from editing.models.review import wrote_last


def hide_publishing(menu_items: list, request: HttpRequest, context: dict) -> None:
    """Do not offer in the editor what ReviewedEditView would refuse."""
    page = context.get("page")
    if page and page.workflow_in_progress and wrote_last(page, request.user):
        menu_items[:] = [item for item in menu_items if not isinstance(item, PublishMenuItem)]


def may_cancel(review: WorkflowState, user) -> bool:
    """Return whether `user` may cancel `review`: by Wagtail's own rule, or because they publish pages there.

    Otherwise a text would be stuck where those whose turn it is are away.
    """
    page = review.content_object
    if review.user_can_cancel(user):
        return True
    is_locked = page.locked and page.locked_by != user
    return isinstance(page, Page) and not is_locked and page.permissions_for_user(user).can_publish()


class CancelReviewItem(CancelWorkflowMenuItem):
    label = "Prüfung abbrechen"


def offer_cancelling(menu_items: list, request: HttpRequest, context: dict) -> None:
    """Offer in the editor what ReviewedEditView does."""
    menu_items[:] = [item for item in menu_items if not isinstance(item, CancelWorkflowMenuItem)]
    page = context.get("page")
    review = page.current_workflow_state if page else None
    if review and may_cancel(review, request.user):
        menu_items.append(CancelReviewItem())


def check_bulk_publishing(request: HttpRequest, action_type: str, objects, action) -> HttpResponse | None:
    """Refuse to publish many pages at once where one of them, or a draft below them, is in review: no lock holds there."""
    if action_type != "publish" or not issubclass(action.model, Page):
        return None
    titles = _in_review(objects, action.cleaned_form.cleaned_data["include_descendants"])
    if not titles:
        return None
    names = ", ".join(f"„{title}“" for title in titles)
    messages.warning(
        request,
        f"Nichts veröffentlicht: In Prüfung {'sind' if len(titles) > 1 else 'ist'} {names}. Bitte wählen Sie ohne.",
    )
    return redirect(action.next_url)


def _in_review(pages: Iterable[Page], with_drafts_below: bool) -> list[str]:
    """Return the titles of those of `pages`, and of the drafts below them, whose review runs; two queries."""
    running = WorkflowState.objects.filter(
        base_content_type=get_default_page_content_type(), status=WorkflowState.STATUS_IN_PROGRESS
    )
    ids = [int(pk) for pk in running.values_list("object_id", flat=True)]
    return [
        page.get_admin_display_title()
        for page in Page.objects.filter(pk__in=ids)
        if any(
            page.pk == chosen.pk or (with_drafts_below and not page.live and page.is_descendant_of(chosen))
            for chosen in pages
        )
    ]
