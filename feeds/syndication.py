"""A selection as a feed: what Atom and JSON Feed say alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from feeds.entries import NEVER, Entry, absolute, entry_rows, make_entries, with_attachments
from feeds.selections import label
from practices.models import SCHEMES, Licence
from practices.terms import FREE_TAGS, TermRef, TermRow
from practices.visibility import ANONYMOUS
from search.engines.protocol import EngineUnavailable
from search.find import find
from search.params import CHANGED, MAX_RESULTS, SearchParams

PER_PAGE = 50
ICON = "img/apple-touch-icon.png"
# The year in which addresses of this kind were first given out, as tag URIs ask for (RFC 4151).
_SINCE = "2026"


@dataclass(frozen=True)
class Feed:
    """One page of a feed of the selection `query`, by any format; pages count from 1. `asked` is `query` as it was asked for:
    terms that were merged since have their former keys in it."""

    title: str
    query: str
    asked: str
    entries: Sequence[Entry]
    page: int
    pages: int
    per_page: int

    @property
    def id(self) -> str:
        """The identity of the feed, the same for every order, page and format, and for good: whatever becomes of its terms."""
        return tag_uri(f"auswahl:{self.asked}")

    @property
    def home(self) -> str:
        """The address of the page that shows the same."""
        return absolute(f"{reverse('search')}?{self.query}" if self.query else reverse("search"))

    @property
    def updated(self) -> datetime:
        """When something last changed on this page of the feed."""
        return max((entry.changed for entry in self.entries), default=NEVER)

    def address(self, name: str, page: int | None = None) -> str:
        """Return the address of a page of the feed in the format with the URL name `name`."""
        number = page or self.page
        parts = [self.query] if self.query else []
        parts += [f"seite={number}"] if number > 1 else []
        parts += [f"anzahl={self.per_page}"] if self.per_page != PER_PAGE else []
        return absolute(reverse(name) + (f"?{'&'.join(parts)}" if parts else ""))

    def links(self, name: str) -> dict[str, str]:
        """Return the other pages by relation (RFC 5005, section 3)."""
        others = {"first": 1, "last": self.pages}
        others |= {"previous": self.page - 1} if self.page > 1 else {}
        others |= {"next": self.page + 1} if self.page < self.pages else {}
        return {relation: self.address(name, page) for relation, page in others.items()}


def make_feed(params: SearchParams, terms: Sequence[TermRow]) -> Feed:
    """Return a page of the feed of a selection: what everybody finds, what changed last first. Merged terms are followed.

    Raises EngineUnavailable where only the engine could answer: other entries than the page's would be wrong ones.
    """
    asked = params.as_selection().to_query()
    params = params.with_current_keys(terms)
    params = params.on_page(min(params.page, MAX_RESULTS // params.per_page))
    found = find(params.sorted_by(CHANGED).on_page(params.page), ANONYMOUS, terms, facets=(), rows=entry_rows)
    if found.is_reduced and params.q:
        raise EngineUnavailable("a selection with words has no feed now")
    pages = max(-(-found.reachable // params.per_page), 1)
    return Feed(
        title=label(params, terms),
        query=params.as_selection().to_query(),
        asked=asked,
        entries=with_attachments(make_entries([hit.page for hit in found.hits])),
        page=min(params.page, pages),
        pages=pages,
        per_page=params.per_page,
    )


def tag_uri(name: str) -> str:
    """Return an identity that stays when titles and addresses change (RFC 4151)."""
    return f"tag:{urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname},{_SINCE}:{name}"


def entry_html(entry: Entry) -> str:
    """Return what a feed reader shows of a practice; everything in it is escaped."""
    return render_to_string("feeds/entry.html", {"entry": entry, "licence": licence_label(entry)}).strip()


def licence_label(entry: Entry) -> str:
    """Return under which conditions the texts may be used."""
    return Licence(entry.licence).label if entry.licence else ""


def scheme_uri(term: TermRef) -> str:
    """Return the address of the vocabulary of a term; free tags have none but the search."""
    if term.scheme == FREE_TAGS or term.scheme not in SCHEMES:
        return absolute(reverse("search"))
    return absolute(reverse("scheme", args=[term.scheme]))
