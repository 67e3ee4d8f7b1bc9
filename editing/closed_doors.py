"""Addresses that Wagtail opens in the admin: those nobody here needs are closed, those it leaves unguarded get a guard.

What each address of the admin is for, and who gets in, stands in `tests/editing/decided/`.
"""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from wagtail.admin.auth import permission_denied
from wagtail.admin.views import generic
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.wagtail_hooks import PageTypesReportMenuItem
from wagtail.contrib.redirects.views import IndexView as RedirectsView
from wagtail.models import Page, Task
from wagtail.permissions import page_permission_policy, policy_registry
from wagtailmedia.models import get_media_model

from feeds.models import NewsletterIntroduction

_NEWS = "verwaltung/snippets/feeds/newsletterintroduction"
#: Routes nobody gets through, as the resolver names them for a request, and why.
CLOSED = {
    "verwaltung/failwhale/": "raises an error, for Wagtail's own tests",
    "verwaltung/test404/": "shows an error, for Wagtail's own tests",
    "verwaltung/api/main/pages/<int:pk>/action/<str:action_name>/": "changes pages past reviews and past asking for reasons",
    "verwaltung/redirects/import/": "redirects are few, and reads files that nothing else checks",
    "verwaltung/redirects/import/process/": "as above",
}


def _edits_workflows(user, **kwargs) -> bool:
    return policy_registry.get_by_type(Task).user_has_any_permission(user, ["add", "change"])


def _edits_page(user, page_id: int) -> bool:
    return get_object_or_404(Page, pk=page_id).permissions_for_user(user).can_edit()


def _explores_page(user, parent_page_id: int) -> bool:
    return page_permission_policy.explorable_instances(user).filter(pk=parent_page_id).exists()


def _edits_news(user, pk: int) -> bool:
    return policy_registry.get_by_type(NewsletterIntroduction).user_has_permission(user, "change")


def _edits_recording(user, media_id: int) -> bool:
    recording = get_object_or_404(get_media_model(), pk=media_id)
    return policy_registry.get_by_type(type(recording)).user_has_permission_for_instance(user, "change", recording)


#: Routes at which Wagtail asks for nothing but the right to enter the admin, and what is asked for here.
GUARDED: dict[str, Callable[..., bool]] = {
    "verwaltung/workflows/task_chooser/": _edits_workflows,
    "verwaltung/workflows/task_chooser/results/": _edits_workflows,
    "verwaltung/workflows/task_chooser/create/": _edits_workflows,
    "verwaltung/workflows/task_chooser/<int:task_id>/": _edits_workflows,
    "verwaltung/pages/workflow/confirm_cancellation/<int:page_id>/": _edits_page,
    "verwaltung/pages/<int:parent_page_id>/": _explores_page,
    "verwaltung/pages/<int:parent_page_id>/results/": _explores_page,
    f"{_NEWS}/workflow/confirm_cancellation/<int:pk>/": _edits_news,
    "verwaltung/media/usage/<int:media_id>/": _edits_recording,
}


class ClosedDoorsMiddleware:
    """Before any view: 404 where a route is closed, and the answer of the admin to who may not, where it is guarded."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        route = request.resolver_match.route if request.resolver_match else ""
        if route in CLOSED:
            raise Http404
        guard = GUARDED.get(route)
        # Who may not enter the admin at all is sent to sign in, by Wagtail.
        if guard is None or not request.user.has_perm("wagtailadmin.access_admin") or guard(request.user, **kwargs):
            return None
        return permission_denied(request)


def close_copies() -> None:
    """Leave the address for copies out of every viewset, of Wagtail's, of ours and of packages still to come.

    Wagtail's form for a copy works on the original: what is posted to that address is saved over it, past every guard of
    the views that change things. Copies of pages are made by a view of their own, which makes one.
    """
    ModelViewSet.copy_view_enabled = False


def offer_nothing_closed() -> None:
    """Take the button that leads to the import of redirects off their list."""
    RedirectsView.header_more_buttons = generic.IndexView.header_more_buttons


def leave_out_report_of_types() -> None:
    """Show which pages of each kind there are, and how many in all, to those alone who publish anywhere."""
    PageTypesUsageReportView.any_permission_required = ["publish"]
    PageTypesReportMenuItem.is_shown = lambda _item, request: page_permission_policy.user_has_permission(
        request.user, "publish"
    )


def check_moving(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """Ask before the question whether to move, not after it: it names both pages."""
    if page.permissions_for_user(request.user).can_move_to(destination):
        return None
    return permission_denied(request)
