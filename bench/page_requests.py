"""Whole requests of the search page, through gunicorn."""

import itertools
import random
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from bench.corpus import FACETS, SEED, Query, make_queries, mixed, read_terms
from bench.server import Browser
from bench.timing import Times, table

WARM_UP = 40
LABELS = {"words": "words", "words and filters": "words and filters", "filters": "filters alone"}


def measure(browser: Browser, number: int) -> dict:
    """Ask for `number` pages of results, all different; return times by kind of selection."""
    addresses = list(itertools.islice(_addresses(number + WARM_UP), number + WARM_UP))
    times = {label: Times() for label in LABELS}
    for count, (label, address) in enumerate(addresses):
        started = time.perf_counter()
        status, _ = browser.get(address)
        if status != 200:
            raise AssertionError(f"{address} answered {status}")
        if count >= WARM_UP:
            times[label].add(started)
    return {label: measured.summary for label, measured in times.items()} | {
        "mix": sum(times.values(), Times()).summary
    }


def as_table(results: dict) -> str:
    """Return the results of `measure` as a table."""
    columns = [*LABELS, "mix"]
    return table(
        ["ms, p50 / p95", *columns],
        [
            [
                "GET /suche/",
                *(f"{results[column]['p50_ms']:.1f} / {results[column]['p95_ms']:.1f}" for column in columns),
            ]
        ],
    )


def _addresses(number: int) -> Iterator[tuple[str, str]]:
    """Yield (label, address): half of them words, the rest words with filters or filters alone; none twice."""
    chance = random.Random(SEED + 2)  # noqa: S311 - for tests
    queries = mixed(make_queries(number, SEED + 3))
    terms = {facet: read_terms(facet) for facet in FACETS}
    seen = set()
    while True:
        label = chance.choices(list(LABELS), weights=(5, 3, 2))[0]
        pairs = [] if label == "filters" else [("q", _typed(next(queries)))]
        if label != "words":
            chosen = chance.sample(FACETS, 2 if label == "filters" else 1)
            pairs += [(facet, key) for facet in chosen for key in chance.sample(terms[facet], chance.randint(1, 2))]
        if (page := chance.choice((1, 1, 1, 2, 3))) > 1:
            pairs.append(("seite", str(page)))
        address = f"/suche/?{urlencode(pairs)}"
        if address not in seen:
            seen.add(address)
            yield label, address


def _typed(query: Query) -> str:
    words = " ".join(query.words)
    return {"phrase": f'"{words}"', "prefix": f"{words}*"}.get(query.kind, words)
