"""TransferHub's own engines, asked as the search page asks them: its reading of queries, its tree, its highlights.

They answer from the index that was built of the pages in the database, which hold the same practices.
"""

from collections.abc import Iterable

from bench.corpus import FACETS, Practice, Query
from bench.interface import NOTHING, SHOWN, Found
from practices.models import PracticePage
from search.corrections import candidates
from search.documents import PUBLIC, make_documents
from search.engines.protocol import Among, AnyOf, Engine, Question
from search.highlights import excerpts, find_spots, mark
from search.lexicon import LEXICON
from search.models import IndexedWord
from search.queries import Query as Understood
from search.queries import exact_clause, understand
from search.synonyms import current_synonyms

BATCH = 500
EVERYBODY = Among("audience", (PUBLIC,))


class OwnEngine:
    """An engine with the index that search_rebuild made; where there is none, `build` makes it."""

    def __init__(self, engine: Engine, name: str):
        self.name = name
        self._engine = engine

    def build(self, practices: Iterable[Practice]) -> None:
        # What a process knows that has answered for a while.
        LEXICON.learn(IndexedWord.objects.values_list("form", flat=True), store=False)
        if self._engine.is_ready():
            return
        ids = list(PracticePage.objects.order_by("pk").values_list("pk", flat=True))
        with self._engine.new_generation() as generation:
            for start in range(0, len(ids), BATCH):
                generation.write(make_documents(ids[start : start + BATCH]))
            generation.promote()

    def ask(self, query: Query) -> Found:
        understood = self._understand(query)
        if understood.is_empty:
            return NOTHING
        scored = understood.strict
        if query.kind == "any":
            scored = AnyOf(tuple(clause.node for clause in understood.clauses))
        answer = self._engine.ask(Question(scored, EVERYBODY, facets=FACETS, limit=SHOWN))
        highlights = [_mark_up(hit.source, understood.marks) for hit in answer.hits]
        return Found([hit.page_id for hit in answer.hits], answer.total, answer.counts, highlights)

    def close(self) -> None:
        """Nothing to give back."""

    def _understand(self, query: Query) -> Understood:
        words = " ".join(query.words)
        if query.kind == "fuzzy":
            synonyms = current_synonyms()
            found = candidates(
                words.lower(), self._engine, EVERYBODY, lambda form: exact_clause(words, [form], synonyms).node
            )
            return Understood((exact_clause(words, [other.form for other in found], synonyms),) if found else ())
        text = {"phrase": f'"{words}"', "prefix": f"{words}*"}.get(query.kind, words)
        return understand(text, current_synonyms())


def _mark_up(source: dict, marks: dict[str, float]) -> tuple[str, str]:
    """Return title and excerpt of a hit as the search page shows them."""
    title = mark(source["title"], find_spots(source["title"], marks))
    return title, " ".join(excerpts(f"{source['summary']}\n{source['body']}", marks))
