"""A mail server that misbehaves: every mail it may take arrives in the end, and what it refuses for good is said."""

import itertools
import random

import pytest

from tests.feeds.mailing import SUBSCRIBERS
from tests.feeds.test_mail_faults import SEEDS, inbox, mail_server, workers  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db  # so that the database is made of which installations are copies

ADDRESSES = [f"leserin{number}@example.org" for number in range(SUBSCRIBERS)]


@pytest.mark.drill(5)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_the_server_may_take_arrives_and_what_it_refuses_is_noted(workers, inbox, seed):  # noqa: F811
    chance = random.Random(seed)  # noqa: S311
    before = workers.do("settle")["states"]
    busy, unknown = chance.sample(ADDRESSES, 2)
    inbox.recipients = {busy: chance.choice(["450 busy", "451 later", "452 full"]), unknown: "550 no such user"}
    inbox.senders = chance.choice(["", "421 closing", "451 not now"])
    inbox.drops = drops = chance.randrange(3)
    asked, patience = itertools.count(), chance.randrange(2, 10)

    def calm_down(_taken: int) -> None:
        if next(asked) == patience:
            inbox.senders, inbox.recipients = "", {unknown: "550 no such user"}

    inbox.before["MAIL"] = calm_down
    assert workers.do("publish") is None
    with workers.working("work_undaunted"):
        assert workers.do("wait_until_done") is True
    states = workers.do("settle")["states"]
    assert {state: number - before.get(state, 0) for state, number in states.items()} == {
        "sent": SUBSCRIBERS - 1,
        "failed": 1,
    }
    assert set(inbox.addresses) == set(ADDRESSES) - {unknown}
    assert len(inbox.copies) == SUBSCRIBERS - 1
    assert sum(inbox.copies.values()) <= SUBSCRIBERS - 1 + drops
