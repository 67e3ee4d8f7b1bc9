"""The one way to say "these practices": parsed from a query string by an allow-list, written back canonically."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from urllib.parse import urlencode

from django.http import QueryDict

from practices.models import SCHEMES

TYPE = "typ"
OWNER = "traeger"
TAG = "schlagwort"
TERM_PARAMETERS: dict[str, str] = {model.parameter: scheme for scheme, model in SCHEMES.items()}
FILTERS = (TYPE, *TERM_PARAMETERS, OWNER, TAG)
SORTS = ("neu", "titel")

MAX_QUERY_LENGTH = 200
MAX_VALUES = 50
MAX_PAGE = 10_000


@dataclass(frozen=True)
class SearchParams:
    """A selection of practices. Values of one filter are alternatives, filters among each other all have to hold."""

    q: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    sort: str = "neu"
    page: int = 1

    @classmethod
    def parse(cls, query: QueryDict) -> "SearchParams":
        """Read a query string. What is not on the list is ignored, what is too long is cut, nothing raises."""
        filters = {
            name: tuple(dict.fromkeys(_clean(value) for value in query.getlist(name)[:MAX_VALUES] if _clean(value)))
            for name in FILTERS
        }
        sort = query.get("sort", "")
        return cls(
            q=_clean(query.get("q", "")),
            filters=MappingProxyType({name: values for name, values in filters.items() if values}),
            sort=sort if sort in SORTS else "neu",
            page=_page_number(query.get("seite", "")),
        )

    @classmethod
    def for_term(cls, scheme: str, key: str, page: int = 1) -> "SearchParams":
        """Return the selection of everything that carries a term."""
        return cls(filters=MappingProxyType({SCHEMES[scheme].parameter: (key,)}), page=page)

    def on_page(self, page: int) -> "SearchParams":
        """Return the same selection at another page of its results."""
        return replace(self, page=page)

    def sorted_by(self, sort: str) -> "SearchParams":
        """Return the same selection in another order, at its first page."""
        return replace(self, sort=sort, page=1)

    def pairs(self) -> list[tuple[str, str]]:
        """Return every selected filter value as (parameter, value), in canonical order."""
        return [(name, value) for name in FILTERS for value in sorted(self.filters.get(name, ()))]

    def without(self, name: str, value: str) -> "SearchParams":
        """Return the selection without one value of one filter, at its first page."""
        values = tuple(other for other in self.filters.get(name, ()) if other != value)
        filters = {**self.filters, name: values}
        return replace(self, filters=MappingProxyType({key: kept for key, kept in filters.items() if kept}), page=1)

    def to_query(self) -> str:
        """Return the canonical query string: fixed order, defaults left out."""
        pairs = [("q", self.q)] if self.q else []
        pairs += self.pairs()
        if self.sort != "neu":
            pairs.append(("sort", self.sort))
        if self.page > 1:
            pairs.append(("seite", str(self.page)))
        return urlencode(pairs)


def _clean(value: str) -> str:
    return " ".join(value.replace("\x00", " ").split())[:MAX_QUERY_LENGTH]


def _page_number(value: str) -> int:
    return min(max(int(value), 1), MAX_PAGE) if value.isascii() and value.isdigit() and len(value) < 10 else 1
