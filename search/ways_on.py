"""Where a reader can go who found nothing: a word that may be meant, fewer filters, related terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from practices.models import SCHEMES
from practices.terms import TermRow
from search.analysis.tokens import clean_text, tokenise
from search.audience import readable_by
from search.engines import current_engine
from search.engines.protocol import AllOf, Among, EngineUnavailable
from search.facets import clauses
from search.find import Found
from search.lexicon import LEXICON
from search.params import SearchParams

MOST_TERMS = 5
MOST_FILTERS = 5


@dataclass(frozen=True)
class WaysOn:
    """Links out of an empty page: (label, address, number of practices there); `meant` is (query, address)."""

    fewer_filters: Sequence[tuple[str, str, int]] = ()
    related_terms: Sequence[tuple[str, str, int]] = ()
    meant: tuple[str, str] | None = None
    browse: str = field(default_factory=lambda: reverse("topics"))


def ways_on(
    params: SearchParams, found: Found, labels: Mapping[tuple[str, str], str], terms: Sequence[TermRow], user
) -> WaysOn:
    """Return ways on from `params`, which found nothing; only such that lead to something.

    `labels` say what each selected filter, as (name, value), is called.
    """
    if found.is_reduced:
        return WaysOn()
    try:
        return WaysOn(
            _fewer_filters(params, found, labels, user),
            _related_terms(params, terms, user),
            (found.meant, f"?{params.asking(found.meant).to_query()}") if found.meant else None,
        )
    except EngineUnavailable:
        return WaysOn()


def _fewer_filters(
    params: SearchParams, found: Found, labels: Mapping[tuple[str, str], str], user
) -> list[tuple[str, str, int]]:
    """Return the selections without one filter, and the one without any; how many that one holds is `found` already."""
    if not (params.has_filters and found.unfiltered):
        return []
    pairs = params.pairs()
    if len(pairs) == 1:
        return [(_without(labels[pairs[0]]), f"?{params.without_filters().to_query()}", found.unfiltered)]
    smaller = [(_without(labels[pair]), params.without(*pair)) for pair in pairs[:MOST_FILTERS]]
    nodes = [AllOf((found.asked, *clauses(selection).values())) for _label, selection in smaller]
    counts = current_engine().count(nodes, readable_by(user))
    return [
        (label, f"?{selection.to_query()}", count)
        for (label, selection), count in [
            *zip(smaller, counts, strict=True),
            (("Ohne alle Filter", params.without_filters()), found.unfiltered),
        ]
        if count
    ]


def _without(label: str) -> str:
    return f"Ohne „{label}“"


def _related_terms(params: SearchParams, terms: Sequence[TermRow], user) -> list[tuple[str, str, int]]:
    """Return the vocabularies' terms that share a word, or a part of one, with the query."""
    wanted = _stems(params.q)
    shared = [(len(wanted & _stems(term.label)), term) for term in terms]
    nearest_first = sorted((row for row in shared if row[0]), key=lambda row: -row[0])
    near = [term for _number, term in nearest_first[: 4 * MOST_TERMS]]
    nodes = [Among(SCHEMES[term.scheme].parameter, (term.key,)) for term in near]
    counts = current_engine().count(nodes, readable_by(user)) if nodes else []
    found = [
        (term.label, reverse("topic", args=[term.scheme, term.key]), count)
        for term, count in zip(near, counts, strict=True)
        if count
    ]
    return found[:MOST_TERMS]


def _stems(text: str) -> set[str]:
    words = [LEXICON.word(token.form) for token in tokenise(clean_text(text))]
    return {stem for word in words for stem in (word.stem, *word.parts) if not stem.startswith("_")}
