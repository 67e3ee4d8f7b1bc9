"""Queries that no reader would type: those somebody thought of, and those that chance makes of the same pieces."""

import random
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from search.params import FILTERS, SORTS

LONGEST = 10_000
TEXTS = [
    "x" * LONGEST,
    "(" * 5_000,
    "NOT " * 5_000,
    '"' * 999,
    '"',
    "'",
    "a\x00b",
    "*",
    "***",
    "a*b*c*",
    "/.*/",
    "[a TO z]",
    "title:x AND (OR",
    "‮abc",
    "🙂" * 3_000,
    "\ud800",
    "%00%ff",
    "-",
    "- -",
    '-"',
    "~^2",
    "<script>alert(1)</script>",
    "ﷺ" * 500,
    "a-" * 2_000,
    "'; DROP TABLE practices_practicepage; --",
]
SELECTIONS = [
    urlencode([("cluster", f"wert-{number}") for number in range(500)]),
    f"seite={10**9}",
    "seite=-1",
    urlencode({"seite": "٣"}),
    f"anzahl={10**9}",
    "anzahl=0",
    f"von={10**30}",
    "sort=;",
]
_PIECES = ['"', "'", "-", "*", "(", ")", "~2", "^9", "AND", "OR", "NOT", "title:", "/.*/", "[a TO z]", "\\", "\x00"]
_LETTERS = "abcdefghijklmnopqrstuvwxyzäöüß0123456789‮🙂ﷺ\u0301"


def encode(pairs: Sequence[tuple[str, str]]) -> str:
    """Return the query string, broken characters included."""
    return urlencode(pairs, errors="surrogatepass")


def hostile_queries(seed: int, words: Sequence[str]) -> Iterator[str]:
    """Yield query strings without end, from `seed`: first what is listed here, then mixtures with real `words` as well.

    A mixture has up to LONGEST characters, and every other one filters, years, an order or a page that may be nonsense.
    """
    yield from (encode([("q", text)]) for text in TEXTS)
    yield from SELECTIONS
    chance = random.Random(seed)  # noqa: S311 - for tests
    while True:
        pairs = [("q", _mixture(chance, words))]
        if chance.random() < 0.5:
            names = [*FILTERS, "von", "bis", "sort", "seite", "anzahl", "unbekannt"]
            values = [*words[:50], *SORTS, "1", "-1", str(10**9), "2024", "", "\x00"]
            number = chance.choice((1, 3, 12, 500))
            pairs += zip(chance.choices(names, k=number), chance.choices(values, k=number), strict=True)
        yield encode(pairs)


def _mixture(chance: random.Random, words: Sequence[str]) -> str:
    length = chance.choice((10, 60, 300, 1_000, LONGEST))
    share_of_words = chance.choice((0.2, 0.6, 0.95))
    parts: list[str] = []
    left = length
    while left > 0:
        if chance.random() < share_of_words:
            word = chance.choice(words)
            part = chance.choice((word, word, f"{word[:2]}*", f"-{word}", f'"{word}', f"{word[1:]}"))
        else:
            part = chance.choice((*_PIECES, "".join(chance.choices(_LETTERS, k=chance.randint(1, 40)))))
        parts.append(part)
        left -= len(part) + 1
    return chance.choice((" ", " ", "", "-")).join(parts)[:length]
