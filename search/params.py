"""The one way to say "these practices": parsed from a query string by an allow-list, written back canonically."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import quote_plus

from django.http import QueryDict

from practices.models import SCHEMES
from practices.terms import TermRow

TYPE = "typ"
REGION = "region"
OWNER = "traeger"
TAG = "schlagwort"
TERM_PARAMETERS: dict[str, str] = {model.parameter: scheme for scheme, model in SCHEMES.items()}
FILTERS = (TYPE, *TERM_PARAMETERS, REGION, OWNER, TAG)
FROM, TO = "von", "bis"
RELEVANCE, NEWEST, CHANGED, TITLE = SORTS = ("relevanz", "neu", "geaendert", "titel")

MAX_QUERY_LENGTH = 200
MAX_VALUES = 50
PER_PAGE = 20
MAX_PER_PAGE = 100
MAX_RESULTS = 1000


@dataclass(frozen=True)
class SearchParams:
    """A selection of practices. Values of one filter are alternatives, filters among each other all have to hold.

    `from_year` and `to_year` are kept as typed, so that a form can show them again; `years` is what they mean.
    """

    q: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    from_year: str = ""
    to_year: str = ""
    asked_sort: str = ""
    page: int = 1
    per_page: int = PER_PAGE
    was_cut: bool = field(default=False, compare=False)

    @classmethod
    def parse(cls, query: QueryDict) -> "SearchParams":
        """Read a query string. What is not on the list is ignored, what is too long is cut, nothing raises."""
        filters = {
            name: tuple(dict.fromkeys(_clean(value) for value in query.getlist(name)[:MAX_VALUES] if _clean(value)))
            for name in FILTERS
        }
        sort = query.get("sort", "")
        per_page = min(_number(query.get("anzahl", ""), PER_PAGE), MAX_PER_PAGE)
        typed = query.get("q", "")
        return cls(
            q=_clean(typed),
            filters=MappingProxyType({name: values for name, values in filters.items() if values}),
            from_year=_clean(query.get(FROM, ""))[:10],
            to_year=_clean(query.get(TO, ""))[:10],
            asked_sort=sort if sort in SORTS else "",
            page=min(_number(query.get("seite", ""), 1), math.ceil(MAX_RESULTS / per_page)),
            per_page=per_page,
            was_cut=len(typed) > MAX_QUERY_LENGTH or any(len(query.getlist(name)) > MAX_VALUES for name in FILTERS),
        )

    @classmethod
    def for_term(cls, scheme: str, key: str, page: int = 1) -> "SearchParams":
        """Return the selection of everything that carries a term."""
        return cls(filters=MappingProxyType({SCHEMES[scheme].parameter: (key,)}), page=page)

    @property
    def sort(self) -> str:
        """The order: as asked, else the best first where words were typed, and the newest first where none were."""
        if self.asked_sort == RELEVANCE and not self.q:
            return NEWEST
        return self.asked_sort or (RELEVANCE if self.q else NEWEST)

    @property
    def years(self) -> tuple[int | None, int | None] | None:
        """The first and last year of the span asked for; None where neither is a year."""
        span = _year(self.from_year), _year(self.to_year)
        return span if span != (None, None) else None

    @property
    def has_filters(self) -> bool:
        return bool(self.filters or self.years)

    def on_page(self, page: int) -> "SearchParams":
        """Return the same selection at another page of its results."""
        return replace(self, page=page)

    def sorted_by(self, sort: str) -> "SearchParams":
        """Return the same selection in another order, at its first page."""
        return replace(self, asked_sort=sort, page=1)

    def as_selection(self) -> "SearchParams":
        """Return what is selected, without order and pages: by this, feeds and subscriptions are the same or not."""
        return replace(self, asked_sort="", page=1, per_page=PER_PAGE)

    def with_current_keys(self, terms: Iterable[TermRow]) -> "SearchParams":
        """Return the selection with terms that were merged replaced by those that took their place."""
        followers = {(SCHEMES[term.scheme].parameter, key): term.key for term in terms for key in term.former_keys}
        filters = {
            name: tuple(dict.fromkeys(followers.get((name, value), value) for value in values))
            for name, values in self.filters.items()
        }
        return replace(self, filters=MappingProxyType(filters))

    def asking(self, q: str) -> "SearchParams":
        """Return the same filters with another query, at its first page."""
        return replace(self, q=_clean(q), page=1)

    def pairs(self) -> list[tuple[str, str]]:
        """Return every selected filter value as (parameter, value), in canonical order."""
        pairs = [(name, value) for name in FILTERS for value in sorted(self.filters.get(name, ()))]
        return pairs + [(name, value) for name, value in ((FROM, self.from_year), (TO, self.to_year)) if value]

    def kept_by_forms(self) -> list[tuple[str, str]]:
        """Return what a form for another query has to carry along: filters, order and length of a page."""
        sort = [("sort", self.asked_sort)] if self.asked_sort else []
        return [*self.pairs(), *sort, *([("anzahl", str(self.per_page))] if self.per_page != PER_PAGE else [])]

    def without(self, name: str, value: str) -> "SearchParams":
        """Return the selection without one value of one filter, at its first page."""
        if name in (FROM, TO):
            return replace(self, page=1, from_year="") if name == FROM else replace(self, page=1, to_year="")
        values = tuple(other for other in self.filters.get(name, ()) if other != value)
        filters = {**self.filters, name: values}
        return replace(self, filters=MappingProxyType({key: kept for key, kept in filters.items() if kept}), page=1)

    def without_filters(self) -> "SearchParams":
        """Return the query alone."""
        return replace(self, filters=MappingProxyType({}), from_year="", to_year="", page=1)

    def to_query(self) -> str:
        """Return the canonical query string: fixed order, defaults left out."""
        pairs = [("q", self.q)] if self.q else []
        pairs += self.pairs()
        if self.asked_sort and self.sort != replace(self, asked_sort="").sort:
            pairs.append(("sort", self.sort))
        if self.page > 1:
            pairs.append(("seite", str(self.page)))
        if self.per_page != PER_PAGE:
            pairs.append(("anzahl", str(self.per_page)))
        return "&".join(f"{name}={_quoted(value)}" for name, value in pairs)


# A page has an address for each filter that can be taken back, and in each of them all the others.
_quoted = lru_cache(maxsize=4096)(quote_plus)


def _clean(value: str) -> str:
    """Return `value` on one line, without control characters and halves of surrogate pairs, cut to what is useful."""
    printable = "".join(character if character.isprintable() else " " for character in value[: 4 * MAX_QUERY_LENGTH])
    return " ".join(printable.split())[:MAX_QUERY_LENGTH].strip()


def _number(value: str, default: int) -> int:
    return max(int(value[:9]), 1) if value.isascii() and value.isdigit() else default


def _year(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) == 4 else None
