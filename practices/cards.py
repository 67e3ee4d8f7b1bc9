"""What a list shows of each practice: three queries for any number of entries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.http import HttpRequest
from wagtail.models import Page

from practices.models import PracticePage
from practices.terms import TermRef, terms_of
from practices.visibility import visible_pages

CARD_FIELDS = (
    "title",
    "slug",
    "url_path",
    "path",
    "summary",
    "content_type_id",
    "first_published_at",
    "last_confirmed",
    "archive_reason",
    "last_published_at",
    "live",
    "key",
)
CARD_SCHEMES = ("handlungsfeld", "cluster")


@dataclass(frozen=True, slots=True)
class OrganisationLink:
    """An organisation as others name it."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class PracticeCard:
    """A practice as a list shows it."""

    page_id: int
    type_key: str
    type_label: str
    title: str
    url: str
    summary: str
    organisation: OrganisationLink | None
    published: datetime | None
    confirmed: date | None
    is_archived: bool
    terms: list[TermRef] = field(default_factory=list)


def make_cards(pages: Iterable[PracticePage], request: HttpRequest, with_terms: bool = True) -> list[PracticeCard]:
    """Return a card for each of `pages`, in their order."""
    pages = list(pages)
    owners = organisation_links({page.path[: -page.steplen] for page in pages}, (), request) if pages else {}
    terms = terms_of((page.pk for page in pages), CARD_SCHEMES) if with_terms and pages else {}
    return [make_card(page, owners.get(page.path[: -page.steplen]), terms.get(page.pk, []), request) for page in pages]


def make_card(
    page: PracticePage, owner: OrganisationLink | None, terms: list[TermRef], request: HttpRequest
) -> PracticeCard:
    """Return the card of `page`; its `owner` and `terms` were fetched for the whole list."""
    model = page.cached_content_type.model_class()
    return PracticeCard(
        page_id=page.pk,
        type_key=model.type_key,
        type_label=model.type_label,
        title=page.title,
        url=page.get_url(request),
        summary=page.summary,
        organisation=owner,
        published=page.first_published_at,
        confirmed=page.last_confirmed,
        is_archived=bool(page.archive_reason),
        terms=terms,
    )


def organisation_links(paths: Iterable[str], ids: Iterable[int], request: HttpRequest) -> dict:
    """Return links to the organisations at the tree `paths` and with the page `ids` that the reader may see, by both."""
    pages = Page.objects.filter(path__in=paths) | Page.objects.filter(pk__in=ids)
    links = {}
    for page in visible_pages(pages, request.user).only("title", "slug", "url_path", "path", "live"):
        link = OrganisationLink(page.title, page.get_url(request))
        links[page.path] = links[page.pk] = link
    return links
