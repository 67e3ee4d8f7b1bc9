"""Drills: tests with so many cases, or so long, that the whole of them is only run by `make drills`, and a sample everywhere else.

`@pytest.mark.drill(7)` on a parametrised test leaves seven of its cases, chosen by the environment's SEED ("1" where it says
nothing), so that everybody who runs the tests has the same; with DRILLS=1 all are run. A test that repeats something asks how
often.
"""

import os
import random
from collections import defaultdict

import pytest

SEED = os.environ.get("SEED", "1")


def are_whole() -> bool:
    """Return whether all cases are wanted."""
    return os.environ.get("DRILLS") == "1"


def times(whole: int, sample: int) -> int:
    """Return how often to repeat something."""
    return whole if are_whole() else sample


def without_most_cases(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return `items` with a sample alone of each drill's cases, in the order in which they stand."""
    drills = defaultdict(list)
    for item in items:
        if item.get_closest_marker("drill"):
            drills[item.nodeid.partition("[")[0]].append(item)
    left_out = set()
    for name, cases in drills.items():
        [most] = cases[0].get_closest_marker("drill").args
        chosen = random.Random(f"{SEED} {name}").sample(cases, min(most, len(cases)))  # noqa: S311 - for tests
        left_out |= set(cases) - set(chosen)
    return [item for item in items if item not in left_out]
