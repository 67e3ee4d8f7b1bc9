"""Who may read a page: the one rule, stated as a queryset and as a predicate.

A page is visible when it is live and every restriction on it or above it admits the reader: "login" admits everybody
who is signed in, "groups" the members of its groups, superusers may read everything. A test proves both statements equal.
"""

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length, Substr
from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction

ANONYMOUS = AnonymousUser()


def closed_to(user) -> QuerySet:
    """Return the restrictions that do not admit `user`."""
    restrictions = PageViewRestriction.objects.all()
    if user.is_superuser:
        return restrictions.none()
    if not user.is_authenticated:
        return restrictions
    admitted = Q(restriction_type=PageViewRestriction.LOGIN) | Q(
        restriction_type=PageViewRestriction.GROUPS, groups__in=user.groups.all()
    )
    return restrictions.exclude(pk__in=PageViewRestriction.objects.filter(admitted).values("pk"))


def visible_pages(pages: QuerySet, user) -> QuerySet:
    """Return those of `pages` (a queryset of pages) that `user` may read."""
    above = closed_to(user).filter(page__path=Substr(OuterRef("path"), 1, Length("page__path")))
    return pages.filter(~Exists(above), live=True)


def is_visible(page: Page, user) -> bool:
    """Return whether `user` may read `page`."""
    return page.live and not restrictions_on(page, closed_to(user)).exists()


def public_documents(ids: Collection[int]) -> QuerySet:
    """Return those of the documents with `ids` that everybody may fetch: no restriction lies on their collection."""
    return in_open_collections(get_document_model().objects.filter(pk__in=ids))


def in_open_collections(files: QuerySet) -> QuerySet:
    """Return those of `files` on whose collection, and those above it, no restriction lies."""
    above = Substr(OuterRef("collection__path"), 1, Length("collection__path"))
    closed = CollectionViewRestriction.objects.filter(collection__path=above)
    return files.filter(~Exists(closed))


def restrictions_on(page: Page, restrictions: QuerySet | None = None) -> QuerySet:
    """Return those of `restrictions` (by default all) that lie on `page` or above it."""
    if restrictions is None:
        restrictions = PageViewRestriction.objects.all()
    return restrictions.filter(page__path__in=paths_to(page))


def paths_to(page: Page) -> list[str]:
    """Return the tree paths of all pages above `page` and its own, from the root."""
    return [page.path[:end] for end in range(page.steplen, len(page.path) + 1, page.steplen)]
