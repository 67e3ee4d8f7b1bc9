"""Typing errors: which words of the texts somebody may have meant."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analysis.folding import fold
from search.analysis.function_words import FUNCTION_WORDS
from search.engines.protocol import Engine, Node, Term
from search.models import IndexedWord

_SHORTEST = 5
_MOST_CANDIDATES = 24
_MOST_BY_MEANING = 6
_KEPT = 3
_REFRESH_S = 60


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word that may have been meant, with its distance from what was typed and how many documents have it."""

    form: str
    distance: int
    documents: int


class Dictionary:
    """The forms of all texts, folded; read anew once a minute at most."""

    def __init__(self) -> None:
        self._forms: dict[str, str] = {}
        self._read_at = float("-inf")

    def nearest(self, form: str) -> list[tuple[str, int]]:
        """Return (form, distance) of the words nearest to `form`; swapped neighbours count as one error."""
        self._refresh()
        folded = fold(form)
        most = 1 if len(folded) < 9 else 2
        found = process.extract(
            folded, self._forms.keys(), scorer=OSA.distance, score_cutoff=most, limit=_MOST_CANDIDATES, processor=None
        )
        return [(self._forms[key], int(distance)) for key, distance, _place in found]

    def _refresh(self) -> None:
        if time.monotonic() - self._read_at > _REFRESH_S:
            forms = IndexedWord.objects.values_list("form", flat=True)
            self._forms = {fold(form): form for form in forms if _may_be_meant(form)}
            self._read_at = time.monotonic()


def _may_be_meant(form: str) -> bool:
    return len(form) >= _SHORTEST and form.isalpha() and form not in FUNCTION_WORDS


DICTIONARY = Dictionary()


def candidates(form: str, engine: Engine, always: Node, meaning: Callable[[str], Node]) -> list[Candidate]:
    """Return words near to `form` that occur in documents `always` admits, the likeliest first; else those of whom the
    `meaning`, synonyms included, does.

    Likelier are fewer errors, the same first letter (the first one is seldom wrong), and more documents.
    """
    if len(form) < _SHORTEST or not form.isalpha():
        return []
    nearest = DICTIONARY.nearest(form)
    found = _occurring(nearest, [Term("exact", fold(word)) for word, _distance in nearest], engine, always)
    if not found:  # nobody wrote one of them, but perhaps what means the same
        nearest = nearest[:_MOST_BY_MEANING]
        found = _occurring(nearest, [meaning(word) for word, _distance in nearest], engine, always)
    found.sort(key=lambda item: (item.distance, item.form[0] != form[0], -item.documents, item.form))
    found = [item for item in found if item.distance < 2 or item.form[0] == form[0]]
    return [item for item in found if item.distance == found[0].distance][:_KEPT]


def _occurring(
    words: Sequence[tuple[str, int]], nodes: Sequence[Node], engine: Engine, always: Node
) -> list[Candidate]:
    counts = engine.count(nodes, always) if nodes else []
    return [Candidate(word, distance, count) for (word, distance), count in zip(words, counts, strict=True) if count]
