"""Practices that are alike: those that share most terms, rare terms more than common ones."""

from collections.abc import Sequence

from practices.models import SCHEMES
from practices.terms import FREE_TAGS, TermRef
from search.audience import readable_by
from search.engines import current_engine
from search.engines.protocol import AllOf, Among, AnyOf, Boosted, EngineUnavailable, Question, Term

# How much a shared term counts. Cost bearers and the like say who pays, not what is done.
LIKENESS = {"gelingensfaktor": 2.0, "hemmnis": 2.0, "handlungsfeld": 2.0, "zielgruppe": 1.0, FREE_TAGS: 2.0}


def find_similar(page_id: int, terms: Sequence[TermRef], user, number: int, **_kwargs) -> list[int]:
    """Return the ids of up to `number` practices that share most of `terms`; none where no engine answers."""
    shared = tuple(
        Boosted(Term(_field(term.scheme), term.key), LIKENESS[term.scheme]) for term in terms if term.scheme in LIKENESS
    )
    if not shared:
        return []
    alike = AllOf((AnyOf(shared),), without=(Among("page_id", (page_id,)),))
    try:
        answer = current_engine().ask(Question(alike, readable_by(user), limit=number))
    except EngineUnavailable:
        return []
    return [hit.page_id for hit in answer.hits]


def _field(scheme: str) -> str:
    return SCHEMES[scheme].parameter if scheme in SCHEMES else scheme
