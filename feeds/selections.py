"""Selections as feeds and subscriptions keep them: canonical query strings that say keys, never labels."""

from collections.abc import Iterable, Sequence

from django.http import QueryDict

from practices.terms import TermRow
from practices.visibility import ANONYMOUS
from search.facets import FACETS, Labels, TermFacet
from search.params import FROM, TO, TYPE, SearchParams

EVERYTHING = "Alle Beiträge"
_PLURALS = {"projekt": "Projekte", "werkzeug": "Werkzeuge", "mitschnitt": "Mitschnitte", "erkenntnis": "Erkenntnisse"}


def read(query: str, terms: Iterable[TermRow]) -> SearchParams:
    """Return the selection kept as `query`; terms that were merged since are replaced by their successors."""
    return SearchParams.parse(QueryDict(query)).as_selection().with_current_keys(terms)


def labels(queries: Iterable[str], terms: Sequence[TermRow]) -> dict[str, str]:
    """Return for each of `queries` what it is called: „Sucht“ · Projekte · Suchthilfe. Two queries for any number."""
    selections = {query: read(query, terms) for query in queries}
    names = _names(selections.values(), terms)
    return {query: _label(params, names) for query, params in selections.items()}


def label(params: SearchParams, terms: Sequence[TermRow]) -> str:
    """Return what one selection is called."""
    return _label(params, _names([params], terms))


def _names(selections: Iterable[SearchParams], terms: Sequence[TermRow]) -> dict[tuple[str, str], str]:
    wanted: dict[str, set[str]] = {}
    for params in selections:
        for name, values in params.filters.items():
            wanted.setdefault(name, set()).update(values)
    shown = Labels(terms, ANONYMOUS)
    found = {(TYPE, key): plural for key, plural in _PLURALS.items()}
    for facet in FACETS:
        if isinstance(facet, TermFacet):
            found |= {(facet.name, term.key): term.label for term in terms if term.scheme == facet.scheme}
        elif facet.name != TYPE and facet.name in wanted:
            found |= {(facet.name, value): name for value, name in facet.names(wanted[facet.name], shown).items()}
    return found


def _label(params: SearchParams, names: dict[tuple[str, str], str]) -> str:
    parts = [f"„{params.q}“"] if params.q else []
    for name, value in params.pairs():
        sides = {FROM: f"ab {value}", TO: f"bis {value}"}
        parts.append(sides.get(name) or names.get((name, value), value))
    return " · ".join(parts) or EVERYTHING
