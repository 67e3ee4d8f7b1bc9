"""Selections as feeds and subscriptions keep them: canonical query strings that say keys, never labels."""

from collections.abc import Iterable, Sequence

from django.db.models import Value
from django.http import QueryDict
from django.urls import reverse
from taggit.models import Tag

from feeds.models import MAX_QUERY
from practices.models import SCHEMES, OrganisationPage
from practices.terms import TermRow
from practices.visibility import ANONYMOUS, visible_pages
from search.params import FROM, OWNER, REGION, TAG, TO, TYPE, SearchParams

EVERYTHING = "Alle Beiträge"
_PLURALS = {"projekt": "Projekte", "werkzeug": "Werkzeuge", "mitschnitt": "Mitschnitte", "erkenntnis": "Erkenntnisse"}


def read(query: str, terms: Iterable[TermRow]) -> SearchParams:
    """Return the selection kept as `query`; terms that were merged since are replaced by their successors."""
    return SearchParams.parse(QueryDict(query)).as_selection().with_current_keys(terms)


def labels(queries: Iterable[str], terms: Sequence[TermRow]) -> dict[str, str]:
    """Return for each of `queries` what it is called: „Sucht“ · Projekte · Suchthilfe. One query for any number."""
    selections = {query: read(query, terms) for query in queries}
    names = _names(selections.values(), terms)
    return {query: _label(params, names) for query, params in selections.items()}


def label(params: SearchParams, terms: Sequence[TermRow]) -> str:
    """Return what one selection is called."""
    return _label(params, _names([params], terms))


def topic_choices(terms: Sequence[TermRow]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return types and terms by vocabulary, as a form offers them: `parameter=key` with what it is called."""
    by_scheme = {scheme: [term for term in terms if term.scheme == scheme] for scheme in SCHEMES}
    return [
        ("Art", [(f"{TYPE}={key}", plural) for key, plural in _PLURALS.items()]),
        *(
            (str(model._meta.verbose_name_plural), [(f"{model.parameter}={term.key}", term.label) for term in found])
            for scheme, model in SCHEMES.items()
            if (found := by_scheme[scheme])
        ),
    ]


def page_of(query: str) -> str:
    """Return the address of the page that shows the selection kept as `query`."""
    return f"{reverse('search')}?{query}" if query else reverse("search")


def problem_of(params: SearchParams, terms: Sequence[TermRow]) -> str:
    """Return why a selection can not be followed, and what to do; "" where it can."""
    if len(params.to_query()) > MAX_QUERY:
        return "Diese Auswahl hat zu viele Filter für ein Abonnement. Bitte entfernen Sie einige."
    if unknown := unknown_values(params, terms):
        return f"Diesen Filter gibt es nicht: {', '.join(unknown)}. Bitte entfernen Sie ihn."
    return ""


def unknown_values(params: SearchParams, terms: Sequence[TermRow]) -> list[str]:
    """Return what is selected but does not exist, or is no year: nothing will ever be found by it."""
    names = _names([params], terms)
    wrong = [value for name, value in params.pairs() if name not in (FROM, TO) and (name, value) not in names]
    return wrong + [year for year in (params.from_year, params.to_year) if year and not _is_year(year)]


def _is_year(value: str) -> bool:
    return SearchParams(from_year=value).years is not None


def _names(selections: Iterable[SearchParams], terms: Sequence[TermRow]) -> dict[tuple[str, str], str]:
    wanted: dict[str, set[str]] = {}
    for params in selections:
        for name, values in params.filters.items():
            wanted.setdefault(name, set()).update(values)
    found = {(TYPE, key): plural for key, plural in _PLURALS.items()}
    found |= {(SCHEMES[term.scheme].parameter, term.key): term.label for term in terms}
    found |= {(REGION, value): value for value in wanted.get(REGION, ())}
    if OWNER in wanted or TAG in wanted:
        owners = OrganisationPage.objects.order_by().filter(key__in=wanted.get(OWNER, ()))
        tags = Tag.objects.order_by().filter(slug__in=wanted.get(TAG, ()))
        named = [
            visible_pages(owners, ANONYMOUS).annotate(of=Value(OWNER)).values_list("of", "key", "title"),
            tags.annotate(of=Value(TAG)).values_list("of", "slug", "name"),
        ]
        found |= {(name, value): called for name, value, called in named[0].union(named[1], all=True)}
    return found


def _label(params: SearchParams, names: dict[tuple[str, str], str]) -> str:
    parts = [f"„{params.q}“"] if params.q else []
    for name, value in params.pairs():
        sides = {FROM: f"ab {value}", TO: f"bis {value}"}
        parts.append(sides.get(name) or names.get((name, value), value))
    return " · ".join(parts) or EVERYTHING
