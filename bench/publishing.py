"""From publishing a page to its first appearance in the results of the search page."""

import random
import string
import time

from bench.corpus import SEED
from bench.server import Browser
from bench.timing import Times, table
from practices.models import LessonPage, OrganisationPage

PATIENCE = 30
LOOK_EVERY = 0.005


def measure(browser: Browser, number: int) -> dict:
    """Publish `number` pages one after the other; return how long each took, and how long until readers found it."""
    chance = random.Random(SEED + 4)  # noqa: S311 - for tests
    publishing, from_start, from_commit = Times(), Times(), Times()
    for draft, word in [_draft(chance) for _ in range(number)]:
        started = time.perf_counter()
        draft.save_revision().publish()
        publishing.add(started)
        committed = time.perf_counter()
        _wait_until_found(browser, word, draft.url)
        from_start.add(started)
        from_commit.add(committed)
        time.sleep(chance.random())
    return {
        "publishing": publishing.summary,
        "visible after the start": from_start.summary,
        "visible after the commit": from_commit.summary,
    }


def as_table(results: dict) -> str:
    """Return the results of `measure` as a table."""
    return table(
        ["ms, p50 / p95", *results],
        [["publish a page", *(f"{times['p50_ms']:.0f} / {times['p95_ms']:.0f}" for times in results.values())]],
    )


def _draft(chance: random.Random) -> tuple[LessonPage, str]:
    """Return a page nobody can read yet, and a word that stands on no other."""
    word = "Probewort" + "".join(chance.choices(string.ascii_lowercase, k=12))
    page = LessonPage(title=f"Erkenntnis {word}", summary="Wird während der Messung veröffentlicht.", live=False)
    OrganisationPage.objects.exclude(is_editorial=True).first().add_child(instance=page)
    return page, word


def _wait_until_found(browser: Browser, word: str, address: str) -> None:
    end = time.monotonic() + PATIENCE
    while address.encode() not in browser.get(f"/suche/?q={word}")[1]:
        if time.monotonic() > end:
            raise TimeoutError(f"{address} did not appear within {PATIENCE} s")
        time.sleep(LOOK_EVERY)
