"""Real planners, two at once, and SIGKILL in the middle: every change is told to every follower once."""

import random
import signal

import pytest

from tests.feeds.mailing import SUBSCRIBERS
from tests.feeds.test_mail_faults import SEEDS, started_workers

pytestmark = pytest.mark.django_db  # so that the database is made of which installations are copies

# Planning for all takes about a hundred queries, looking whether something is due four.
MOST_QUERIES = 100


@pytest.fixture(scope="module")
def planners(installation):
    """An installation with people who follow everything; no mail is sent, so there is no server for it."""
    with started_workers(installation, 9) as planners:
        yield planners


@pytest.mark.drill(5)
@pytest.mark.parametrize("seed", SEEDS)
def test_planners_at_once_one_of_them_killed_tell_everything_once(planners, seed):
    chance = random.Random(seed)  # noqa: S311
    told_before = max(map(len, planners.do("finish_planning")["told"]))
    planners.do("publish")
    planners.do("announce_all")
    mortal = planners.do("plan_until", chance.randrange(1, MOST_QUERIES))
    if chance.random() < 0.5:
        with planners.working("plan_on_and_on"):
            assert planners.do("wait", mortal) == signal.SIGKILL
    else:
        assert planners.do("wait", mortal) == signal.SIGKILL
    state = planners.do("finish_planning")
    assert state["unfinished"] == 0
    assert len(state["told"]) == SUBSCRIBERS
    assert all(len(told) == told_before + 1 and set(told.values()) == {1} for told in state["told"])
