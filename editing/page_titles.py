"""What pages are called in the admin. Wagtail asks the page in all its lists, dialogues, messages, breadcrumbs and files.

So the page answers, to whoever asks for it in this request: see `known_pages`. Where nobody looks, in the worker, in commands
and in mails, pages are called what they always were.
"""

from collections.abc import Iterator
from contextvars import ContextVar, copy_context

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from wagtail.models import Page, PageLogEntry
from wagtail.models.pages import PageLogEntryManager

from editing.known_pages import Viewer, known_drafts, viewer_of

_request: ContextVar[HttpRequest | None] = ContextVar("admin_request", default=None)


class PageTitlesMiddleware:
    """Lets pages know who looks at them while a page of the admin is made, and while a file is sent row by row."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(reverse("wagtailadmin_home")):
            return self.get_response(request)
        token = _request.set(request)
        try:
            response = self.get_response(request)
            if response.streaming:
                response.streaming_content = _here(response.streaming_content)
        finally:
            _request.reset(token)
        return response

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        viewer = _viewer()
        if viewer and request.method == "POST":
            # Who has just done their step of a review is told by its title what they did it to.
            viewer.waiting  # noqa: B018


def is_known(page: Page) -> bool:
    """Return whether who looks at the admin in this request, if anybody, may know of `page`."""
    viewer = _viewer()
    return viewer is None or viewer.knows(page)


def _here(chunks) -> Iterator[bytes]:
    """Return the parts of an answer, each made as if the request were still going on."""
    context, parts = copy_context(), iter(chunks)

    def all_parts():
        while (part := context.run(next, parts, None)) is not None:
            yield part

    return all_parts()


def _viewer() -> Viewer | None:
    request = _request.get()
    return viewer_of(request.user) if request else None


def _title(page: Page) -> str:
    viewer = _viewer()
    return viewer.title_of(page) if viewer else page.draft_title or page.title


def _name(page: Page) -> str:
    viewer = _viewer()
    return viewer.name_of(page) if viewer else page.title


def _title_at_the_time(_entries: PageLogEntryManager, page: Page) -> str:
    """What is kept in the history is the title itself, whoever did something."""
    return page.draft_title or page.title


def _entries_about_drafts(_entries: PageLogEntryManager, user) -> QuerySet[PageLogEntry]:
    """The history says under which title each draft was saved."""
    if viewer_of(user).knows_all:
        return PageLogEntry.objects.all()
    return PageLogEntry.objects.filter(page__in=known_drafts(user).values("pk"))


def ask_who_looks() -> None:
    """Let pages answer by who looks; called once, when the app is ready."""
    Page.get_admin_display_title = _title
    Page.__str__ = _name
    PageLogEntryManager.get_instance_title = _title_at_the_time
    PageLogEntryManager.viewable_by_user = _entries_about_drafts
