"""Answering a selection: the one way from parameters to practices, for pages, API and feeds alike."""

import logging
import math
import re
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from practices.cards import CARD_FIELDS
from practices.models import PracticePage
from practices.querysets import PracticeQuerySet
from practices.terms import TermRow, usage_counts
from practices.visibility import ANONYMOUS
from search.analysis.compounds import is_german
from search.audience import NOTHING_CHANGED, Changed, Stand, changed_meanwhile, readable_by, was_readable_by
from search.corrections import candidates
from search.engines import current_engine
from search.engines.protocol import (
    AllOf,
    Among,
    Answer,
    Engine,
    EngineHit,
    EngineUnavailable,
    Everything,
    Node,
    Question,
)
from search.facets import COUNTED, clauses
from search.params import MAX_RESULTS, TERM_PARAMETERS, SearchParams
from search.queries import Clause, Query, beginning_clause, exact_clause, understand
from search.selection import select_practices
from search.synonyms import Synonyms, current_synonyms

logger = logging.getLogger(__name__)

Rows = Callable[[PracticeQuerySet], PracticeQuerySet]

# With fewer documents that have all words, those with some of them follow.
ENOUGH = 5
# A word of so many letters that occurs nowhere may be the beginning of others: Pfändung, Pfändungsschutzkonto.
_LONG_ENOUGH_TO_BEGIN = 5
# So many unknown words of one search are looked at.
_MOST_CORRECTED = 4


@dataclass(frozen=True)
class Hit:
    """A practice that was found, with what the index keeps of it; without a source where the database had to answer."""

    page: PracticePage
    score: float = 0.0
    source: Mapping = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """What a selection holds for a reader.

    `total` counts all, `hits` are those of one page. `unfiltered` is the total without filters. `correction` is the
    query that was answered instead, where words of the query occur nowhere; `meant` is one that was not, because what
    was typed is a word. `asked` is what documents had to have, whatever the filters. `is_relaxed` says that some hits
    have only some of the words; `is_reduced` that no engine answered and the database did in its simpler way.
    """

    total: int
    hits: Sequence[Hit]
    counts: Mapping[str, Mapping[str, int]]
    unfiltered: int = 0
    marks: Mapping[str, float] = field(default_factory=dict)
    asked: Node = field(default_factory=Everything)
    correction: str | None = None
    meant: str | None = None
    is_relaxed: bool = False
    is_reduced: bool = False
    has_words: bool = True
    engine: str = "database"
    took_ms: float = 0.0

    @property
    def reachable(self) -> int:
        """Return how many hits can be paged through."""
        return min(self.total, MAX_RESULTS)


def card_rows(pages: PracticeQuerySet) -> PracticeQuerySet:
    """Return `pages` with what cards show of them."""
    return pages.only(*CARD_FIELDS)


def find(
    params: SearchParams,
    user,
    terms: Sequence[TermRow],
    facets: Sequence[str] = COUNTED,
    rows: Rows = card_rows,
) -> Found:
    """Return what `user` finds with `params`, counted over `facets`; `rows` says what is fetched of each practice.

    Where the engine can not answer, the database does: by words of title and summary, without counts.
    """
    started = time.perf_counter()
    try:
        found = _Search(params, user, facets).run(rows)
    except EngineUnavailable as error:
        logger.warning("the search engine does not answer: %s", error)
        found = _from_database(params, user, terms, rows)
    return replace(found, took_ms=round((time.perf_counter() - started) * 1000, 1))


class Members:
    """Which of the practices with `page_ids` selections hold for everybody, as the index says.

    The answers are the page's own, asked in part: filters do not change how words are read, so words and filters are asked
    for one by one, and what selections share is asked once. Who may read a practice by now, the database knows.
    Everything raises EngineUnavailable; the database's simpler answer would not be the page's.
    """

    def __init__(self, page_ids: Collection[int]):
        ids = sorted(page_ids)
        self._parts = [ids[start : start + MAX_RESULTS] for start in range(0, len(ids), MAX_RESULTS)]
        self._of_words: dict[str, set[int]] = {}
        self._of_clauses: dict[Node, set[int]] = {}

    def of(self, params: SearchParams) -> set[int]:
        """Return those that `params` hold."""
        held = self._with_words(params.q)
        for clause in clauses(params).values():
            if not held:
                break
            held = held & self._with(clause)
        return held

    @cached_property
    def _synonyms(self) -> Synonyms:
        return current_synonyms()

    def _with_words(self, q: str) -> set[int]:
        if q not in self._of_words:
            self._of_words[q] = {hit.page_id for part in self._parts for hit in self._ask_words(q, part)}
        return self._of_words[q]

    def _ask_words(self, q: str, part: Sequence[int]) -> Sequence[EngineHit]:
        """How the words are read depends on what all practices hold, not on what those of `part` do."""
        search = _Search(SearchParams(q=q, per_page=len(part)), ANONYMOUS, ())
        search.synonyms, search.always = self._synonyms, was_readable_by(ANONYMOUS)
        search.filters = {"page_id": Among("page_id", tuple(part))}
        return search.answer().answer.hits

    def _with(self, clause: Node) -> set[int]:
        if clause not in self._of_clauses:
            self._of_clauses[clause] = {hit.page_id for part in self._parts for hit in _ask_clause(clause, part)}
        return self._of_clauses[clause]


def _ask_clause(clause: Node, part: Sequence[int]) -> Sequence[EngineHit]:
    held = AllOf((was_readable_by(ANONYMOUS), Among("page_id", tuple(part)), clause))
    return current_engine().ask(Question(Everything(), held, limit=len(part))).hits


def count_terms(user, terms: Sequence[TermRow]) -> dict[tuple[str, str], int]:
    """Return for each (scheme, key) in use how many practices `user` finds under it."""
    try:
        answer = current_engine().ask(Question(Everything(), readable_by(user), facets=tuple(TERM_PARAMETERS), limit=0))
    except EngineUnavailable as error:
        logger.warning("the search engine does not answer: %s", error)
        return usage_counts(PracticePage.objects.visible_to(user), terms)
    return {(TERM_PARAMETERS[name], key): n for name, counts in answer.counts.items() for key, n in counts.items()}


@dataclass(frozen=True)
class _Answered:
    """What the engine answered, and to which reading of the words."""

    answer: Answer
    query: Query
    asked: Node = field(default_factory=Everything)
    correction: str | None = None
    meant: str | None = None
    is_relaxed: bool = False


class _Search:
    """One search with the engine: strict first, then corrected, then relaxed."""

    def __init__(self, params: SearchParams, user, facets: Sequence[str]):
        self.params, self.user, self.facets = params, user, facets
        self.engine: Engine = current_engine()
        self.filters = clauses(params)
        self._numbers: dict[Clause, int] = {}

    @cached_property
    def always(self) -> Node:
        return readable_by(self.user, self.changed)

    @cached_property
    def changed(self) -> Changed:
        """What the index does not know yet."""
        return changed_meanwhile(self.user) if self._stand.waits else NOTHING_CHANGED

    @cached_property
    def synonyms(self) -> Synonyms:
        return current_synonyms(self._stand.number)

    @cached_property
    def _stand(self) -> Stand:
        return Stand.now()

    def run(self, rows: Rows) -> Found:
        """Return what the reader finds, with the pages as `rows` fetches them."""
        found = self.answer()
        hits = _with_pages(found.answer.hits, self.user, rows, self.changed.readable)
        hidden = len(found.answer.hits) - len(hits)  # since the worker last brought changes into the index
        return Found(
            total=found.answer.total - hidden,
            hits=hits,
            counts=found.answer.counts,
            unfiltered=found.answer.unfiltered,
            marks=found.query.marks,
            asked=found.asked,
            correction=None if hidden and not hits else found.correction,
            meant=None if hidden else found.meant,
            is_relaxed=found.is_relaxed,
            has_words=not self.params.q or not found.query.is_empty,
            engine=self.engine.name,
        )

    def answer(self) -> _Answered:
        """Return what the engine answers, without a look at the database."""
        query = understand(self.params.q, self.synonyms) if self.params.q else Query(())
        if self.params.q and query.is_empty:
            return _Answered(Answer(0, 0, [], {}), query)
        asked = query.strict
        answer = self._ask(asked)
        correction, meant, relaxed = None, None, False
        if not answer.unfiltered and query.clauses:
            query, correction, meant = self._correct(query)
            if query.strict != asked:
                asked = query.strict
                answer = self._ask(asked)
        if answer.unfiltered < ENOUGH and len(query.clauses) > 1:
            wide = query.relaxed(self._rarity(query))
            wider = self._ask(wide)
            if not wider.unfiltered:
                wide = query.loosest
                wider = self._ask(wide)
            relaxed = wider.unfiltered > answer.unfiltered
            answer, asked = (wider, wide) if relaxed else (answer, asked)
        return _Answered(answer, query, asked, correction, meant, relaxed)

    def _ask(self, scored: Node) -> Answer:
        """Ask; a page beyond the last one is answered with the last one."""
        per_page = self.params.per_page
        question = self._question(scored, min(self.params.page, math.ceil(MAX_RESULTS / per_page)))
        answer = self.engine.ask(question)
        if answer.hits or not answer.total or not question.offset:
            return answer
        return self.engine.ask(self._question(scored, math.ceil(min(answer.total, MAX_RESULTS) / per_page)))

    def _question(self, scored: Node, page: int) -> Question:
        """Return the question for one page; the last one there can be may be cut."""
        per_page = self.params.per_page
        offset = (page - 1) * per_page
        return Question(
            scored=scored,
            always=self.always,
            filters=self.filters,
            facets=self.facets,
            sort=self.params.sort,
            offset=offset,
            limit=min(per_page, MAX_RESULTS - offset),
        )

    def _rarity(self, query: Query) -> list[float]:
        """Return for each clause how rare it is: from 1, in every document the reader may see, to 2, in one or none."""
        every = self.engine.count([Everything()], self.always)[0]
        counts = self._count(query)
        return [1 + math.log(1 + every / max(count, 1)) / math.log(2 + every) for count in counts]

    def _count(self, query: Query) -> list[int]:
        """Return in how many documents each clause is; none is counted twice in one search."""
        fresh = [clause for clause in query.clauses if clause not in self._numbers]
        if fresh:
            numbers = self.engine.count([clause.node for clause in fresh], self.always)
            self._numbers |= zip(fresh, numbers, strict=True)
        return [self._numbers[clause] for clause in query.clauses]

    def _correct(self, query: Query) -> tuple[Query, str | None, str | None]:
        """Replace words that occur nowhere: by words they begin, else, where they are no German words, by the nearest.

        Of many such words the first are looked at: a text in which nearly all are wrong is no search with a typing error.
        Return the query to answer; the text that says so, where a word was taken for a typing error; and the text with
        the nearest of those that are words.
        """
        changed, correction, meant = query, self.params.q, self.params.q
        counted = zip(query.clauses, self._count(query), strict=True)
        unknown = [clause for clause, count in counted if clause.form and not count]
        for clause in unknown[:_MOST_CORRECTED]:
            if len(clause.form) >= _LONG_ENOUGH_TO_BEGIN:
                beginning = beginning_clause(clause.text, clause.form)
                if self.engine.count([beginning.node], self.always)[0]:
                    changed = changed.with_clause(clause, beginning)
                    continue
            found = candidates(clause.form, self.engine, self.always, self._meaning)
            if found and is_german(clause.form):
                meant = _replaced(meant, clause, found[0].form)
            elif found:
                nearest = exact_clause(clause.text, [item.form for item in found], self.synonyms)
                changed = changed.with_clause(clause, nearest)
                correction = _replaced(correction, clause, found[0].form)
        typed = self.params.q
        return changed, correction if correction != typed else None, meant if meant != typed else None

    def _meaning(self, form: str) -> Node:
        return exact_clause(form, [form], self.synonyms).node


def _replaced(text: str, clause: Clause, form: str) -> str:
    """Return `text` with the word of `clause` replaced, not a piece of another one."""
    word = re.compile(rf"(?<!\w){re.escape(clause.text)}(?!\w)")
    return word.sub(lambda _match: _cased_like(clause, form), text, count=1)


def _cased_like(clause: Clause, form: str) -> str:
    return form.capitalize() if clause.text[:1].isupper() else form


def _with_pages(hits: Sequence[EngineHit], user, rows: Rows, changed: Collection[int]) -> list[Hit]:
    """Return `hits` with their pages. The database has the last word on who may see one, and on what it says.

    Of practices that `changed` since the index was written, what that keeps may name what is hidden by now: nothing is quoted.
    """
    pages = rows(PracticePage.objects.visible_to(user).filter(pk__in=[hit.page_id for hit in hits]))
    by_id = {page.pk: page for page in pages}
    return [
        Hit(by_id[hit.page_id], hit.score, {} if hit.page_id in changed else hit.source)
        for hit in hits
        if hit.page_id in by_id
    ]


def _from_database(params: SearchParams, user, terms: Sequence[TermRow], rows: Rows) -> Found:
    pages = rows(select_practices(params, user, terms))
    total = pages.count()
    last = max(min(total, MAX_RESULTS) - 1, 0) // params.per_page
    start = min(params.page - 1, last) * params.per_page
    hits = [Hit(page) for page in pages[start : min(start + params.per_page, MAX_RESULTS)]]
    return Found(total, hits, {}, unfiltered=total, is_reduced=True)
