"""Links in texts name what everybody may read; of a link to anything else its words remain.

An address tells nearly as much as a title, and what a text links to may be a draft, or be hidden later.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import QuerySet
from wagtail.documents import get_document_model
from wagtail.documents.rich_text import DocumentLinkHandler
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from practices.visibility import ANONYMOUS, in_open_collections, visible_pages

_names_all: ContextVar[bool] = ContextVar("names_all", default=False)


@contextmanager
def naming_all_links() -> Iterator[None]:
    """Meanwhile links name what is hidden, too: for those who may edit everything."""
    token = _names_all.set(True)
    try:
        yield
    finally:
        _names_all.reset(token)


def _in_order(found: QuerySet, attrs_list: list[dict]) -> list:
    keys = [attrs.get("id") for attrs in attrs_list]
    by_key = {str(target.pk): target for target in found.filter(pk__in=keys)}
    return [by_key.get(str(key)) for key in keys]


class OpenPageLinkHandler(PageLinkHandler):
    """Links to pages that everybody may read; one query for all links of a text."""

    @classmethod
    def get_many(cls, attrs_list):
        pages = Page.objects.all() if _names_all.get() else visible_pages(Page.objects.all(), ANONYMOUS)
        return _in_order(pages, attrs_list)


class OpenDocumentLinkHandler(DocumentLinkHandler):
    """Links to documents in collections that are open to everybody."""

    @classmethod
    def get_many(cls, attrs_list):
        documents = get_document_model().objects.all()
        return _in_order(documents if _names_all.get() else in_open_collections(documents), attrs_list)
