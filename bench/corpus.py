"""Generated practices in something like German, and questions to ask about them; always the same for a seed."""

import csv
import datetime
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.words import FUNCTION_WORDS, content_units

TERMS = Path(__file__).resolve().parent.parent / "practices" / "vocabularies" / "terms.csv"
FACETS = ("cluster", "handlungsfeld", "zielgruppe")
KINDS = ("term", "any", "phrase", "prefix", "fuzzy")
KIND_LABELS = {
    "term": "one term",
    "any": "three terms, OR",
    "phrase": "phrase",
    "prefix": "prefix",
    "fuzzy": "typo",
}
SEED = 2026
FIRST_DAY = datetime.date(2016, 1, 1)
DAYS = 3650


@dataclass(frozen=True, slots=True)
class Practice:
    """What every engine is given; `facets` holds the keys of terms by FACETS."""

    id: int
    title: str
    summary: str
    body: str
    facets: dict[str, tuple[str, ...]]
    date: datetime.date


@dataclass(frozen=True, slots=True)
class Query:
    """`kind` is one of KINDS, `words` are as a reader would type them."""

    kind: str
    words: tuple[str, ...]


class Speech:
    """Draws words as texts have them: two of five without a meaning of their own, all by Zipf's law."""

    def __init__(self, seed: int = SEED):
        self.units = content_units(seed)
        self._unit_weights = list(itertools.accumulate(1 / (rank + 20) for rank in range(1, len(self.units) + 1)))
        self._small_weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(1, len(FUNCTION_WORDS) + 1)))

    def units_for(self, chance: random.Random, number: int) -> list[str]:
        """Draw words and fixed expressions with a meaning."""
        return chance.choices(self.units, cum_weights=self._unit_weights, k=number)

    def words(self, chance: random.Random, number: int) -> str:
        """Draw a text of some `number` words, in sentences."""
        small = iter(chance.choices(FUNCTION_WORDS, cum_weights=self._small_weights, k=number))
        words, left = [], 0
        for unit in self.units_for(chance, round(number * 0.54)):
            if left <= 0:
                if words:
                    words[-1] += "."
                left = 8 + int(chance.random() * 10)
                words.append(next(small).capitalize())
            words.append(unit)
            if chance.random() < 0.55:
                words.append(next(small))
            left -= 2
        return " ".join(words) + "."


def read_terms(scheme: str) -> list[str]:
    """Return the keys of a shipped vocabulary."""
    with TERMS.open(encoding="utf-8", newline="") as table:
        return [row["key"] for row in csv.DictReader(table) if row["scheme"] == scheme]


def make_practices(number: int, seed: int = SEED) -> Iterator[Practice]:
    """Generate practices: titles of 3 to 8 words, summaries of some 25, bodies of 150 to 250, skewed facets."""
    chance = random.Random(seed)  # noqa: S311 - for tests
    speech = Speech()
    facets = {
        name: (terms, list(itertools.accumulate(1 / rank for rank in range(1, len(terms) + 1))), most)
        for name, terms, most in ((name, read_terms(name), 2 if name == "cluster" else 3) for name in FACETS)
    }
    for count in range(1, number + 1):
        title = " ".join(" ".join(speech.units_for(chance, 8)).split()[: chance.randint(3, 8)])
        yield Practice(
            id=count,
            title=title[0].upper() + title[1:],
            summary=speech.words(chance, 25),
            body=speech.words(chance, chance.randint(150, 250)),
            facets={
                name: tuple(dict.fromkeys(chance.choices(terms, cum_weights=weights, k=chance.randint(1, most))))
                for name, (terms, weights, most) in facets.items()
            },
            date=FIRST_DAY + datetime.timedelta(days=chance.randrange(DAYS)),
        )


def make_queries(number: int, seed: int = SEED) -> dict[str, list[Query]]:
    """Draw `number` queries of every kind from the words of the practices, as often as texts have them."""
    chance = random.Random(seed + 1)  # noqa: S311 - for tests
    speech = Speech()

    def draw(condition: Callable[[str], bool]) -> Iterator[str]:
        while True:
            yield from (unit for unit in speech.units_for(chance, 1000) if condition(unit))

    words = draw(lambda unit: " " not in unit and len(unit) > 3)
    long_words = draw(lambda unit: " " not in unit and len(unit) > 6)
    expressions = draw(lambda unit: " " in unit)
    makers = {
        "term": lambda: (next(words),),
        "any": lambda: (next(words), next(words), next(words)),
        "phrase": lambda: tuple(next(expressions).split()),
        "prefix": lambda: (next(long_words)[: chance.randint(4, 6)],),
        "fuzzy": lambda: (_mistyped(next(long_words), chance),),
    }
    return {kind: [Query(kind, makers[kind]()) for _ in range(number)] for kind in KINDS}


def mixed(queries: dict[str, list[Query]]) -> Iterator[Query]:
    """Return the queries of all kinds in turn."""
    return itertools.chain.from_iterable(zip(*queries.values(), strict=True))


def _mistyped(word: str, chance: random.Random) -> str:
    """Return a word with one mistake, or two in every third word of more than ten letters; the first letter is right."""
    mistakes = 2 if len(word) > 10 and chance.random() < 1 / 3 else 1
    while mistakes:
        place = chance.randrange(1, len(word) - 1)
        letter = chance.choice("abdegilmnorstu")
        mistyped = chance.choice(
            (
                word[:place] + word[place + 1 :],
                word[:place] + letter + word[place:],
                word[:place] + letter + word[place + 1 :],
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            )
        )
        if mistyped != word:
            word, mistakes = mistyped, mistakes - 1
    return word
