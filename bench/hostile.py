"""Requests that nobody means well, through gunicorn: mixtures without end of what breaks searches, half of it real words."""

import itertools
import time
from urllib.parse import urlencode

from bench.corpus import SEED, Speech
from bench.server import Browser
from bench.timing import Times, table
from tests.search.hostile import hostile_queries

WARM_UP = 40
ADDRESSES = ("/suche/", "/api/v1/suche", "/api/v1/vorschlaege")
WORDS = 2_000


def measure(browser: Browser, number: int) -> dict:
    """Ask each of ADDRESSES `number` hostile queries; return times in milliseconds by address.

    Raises AssertionError where the answer is neither a page (200) nor a hint (400).
    """
    words = Speech().units[:WORDS]
    times = {address: Times() for address in ADDRESSES}
    for word in words[:WARM_UP]:
        browser.get(f"{ADDRESSES[0]}?{urlencode({'q': word})}")
    for query in itertools.islice(hostile_queries(SEED, words), number):
        for address in ADDRESSES:
            started = time.perf_counter()
            status, _ = browser.get(f"{address}?{query}")
            if status not in (200, 400):
                raise AssertionError(f"{address}?{query} answered {status}")
            times[address].add(started)
    return {
        address: {"p50_ms": round(measured.at(0.5), 1), "p99_ms": round(measured.at(0.99), 1), "requests": number}
        for address, measured in times.items()
    }


def as_table(results: dict) -> str:
    """Return the results of `measure` as a table."""
    rows = [(address, *(f"{value:,}" for value in result.values())) for address, result in results.items()]
    return table(["hostile requests", "p50, ms", "p99, ms", "requests"], rows)
