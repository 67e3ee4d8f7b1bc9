"""What the engines under test have in common."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

import numpy as np

from bench.corpus import Practice, Query

SHOWN = 20
# How much more a word is worth in the title and in the summary than in the body.
TITLE_WEIGHT, SUMMARY_WEIGHT, BODY_WEIGHT = 10.0, 4.0, 1.0
# Mistyped words are replaced by at most so many words of the index, at a distance of at most two.
MOST_REPLACEMENTS = 10
MOST_MISTAKES = 2


class Found(NamedTuple):
    """The best hits, how many there are in all, counts by facet and key, and (title, excerpt) of each hit marked up."""

    ids: list[int]
    total: int
    counts: dict[str, dict[str, int]]
    highlights: list[tuple[str, str]]


NOTHING = Found([], 0, {}, [])


class Candidate(Protocol):
    """An engine under test; `name` is shown in the table."""

    name: str

    def build(self, practices: Iterable[Practice]) -> None:
        """Store the practices and make everything ready for questions."""

    def ask(self, query: Query) -> Found:
        """Answer a query."""

    def close(self) -> None:
        """Give everything back."""


class FacetBits:
    """Facet values as bits of one number for each practice.

    Databases count facets fastest in this way: it reads one number for each match, where a table of values or an array
    makes them group several rows.
    """

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], int] = {}

    def of(self, practice: Practice) -> int:
        """Return the number of a practice; values get their bits as they come along."""
        bits = 0
        for facet, keys in practice.facets.items():
            for key in keys:
                bits |= 1 << self._places.setdefault((facet, key), len(self._places))
        return bits

    def count(self, numbers: np.ndarray) -> dict[str, dict[str, int]]:
        """Return how many of `numbers` have each value, without those that none has."""
        counts: dict[str, dict[str, int]] = {}
        for (facet, key), place in self._places.items():
            if number := int(np.count_nonzero(numbers & (1 << place))):
                counts.setdefault(facet, {})[key] = number
        return counts
