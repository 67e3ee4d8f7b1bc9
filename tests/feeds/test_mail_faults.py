"""Real workers, a real mail server, and SIGKILL: nobody is left out, and nobody gets more copies than workers died."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading

import pytest
from django.conf import settings

from tests.drills import times
from tests.feeds.mailing import SUBSCRIBERS
from tests.feeds.smtp_server import running_inbox

pytestmark = pytest.mark.django_db  # so that the database is made of which installations are copies

SEEDS = range(20)
CHANGES = times(20, 6)


class Workers:
    """A process that runs commands of tests.feeds.mailing."""

    def __init__(self, process: subprocess.Popen) -> None:
        self.process = process

    def do(self, *command: object):
        """Run a command and return its answer."""
        self.process.stdin.write(" ".join(map(str, command)) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    @contextlib.contextmanager
    def working(self, command: str = "work"):
        """Let a worker run meanwhile; give its process id."""
        pid = self.do(command)
        try:
            yield pid
        finally:
            self.do("kill", pid)


@contextlib.contextmanager
def started_workers(environment, port: int, *first: str):
    """An installation with people who follow everything, whose mail goes to `port`; commands to run `first`."""
    command = [sys.executable, "-m", "tests.feeds.mailing", str(port)]
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        workers = Workers(process)
        for name in (*first, "prepare"):
            assert workers.do(name) is None
        yield workers
        process.stdin.close()


@pytest.fixture(scope="module")
def mail_server():
    """A mail server for all tests of this module, with its port."""
    with running_inbox() as served:
        yield served


@pytest.fixture(scope="module")
def workers(installation, mail_server):
    """An installation with people who follow everything."""
    with started_workers(installation, mail_server[1]) as workers:
        yield workers


@pytest.fixture
def inbox(mail_server):
    """The mail server's inbox, empty and well-behaved."""
    inbox = mail_server[0]
    inbox.forget()
    return inbox


def everything_is_sent(state: dict) -> bool:
    return set(state["states"]) == {"sent"} and not state["unannounced"] and not state["unplanned"]


@pytest.mark.drill(5)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_worker_loses_nothing_and_sends_at_most_one_copy_more(workers, inbox, seed):
    chance = random.Random(seed)  # noqa: S311
    moment, number = chance.choice(["EHLO", "MAIL", "RCPT", "DATA", "DATA", "time"]), chance.randrange(SUBSCRIBERS)
    workers.do("publish")
    killed = threading.Event()
    with workers.working("work_with_short_leases") as pid:

        def kill() -> None:
            if not killed.is_set():
                os.kill(pid, signal.SIGKILL)
                killed.set()

        if moment == "time":
            threading.Timer(chance.random() * 0.3, kill).start()
        else:
            inbox.before[moment] = lambda so_far: so_far == (number if moment != "EHLO" else 0) and kill()
        assert killed.wait(60)
    state = workers.do("settle")
    assert everything_is_sent(state)
    assert len(inbox.copies) == SUBSCRIBERS
    assert sum(inbox.copies.values()) <= SUBSCRIBERS + 1
    assert len(set(inbox.addresses)) == SUBSCRIBERS


@pytest.mark.drill(1)
def test_two_workers_at_once_send_nothing_twice(workers, inbox):
    with workers.working(), workers.working():
        for _change in range(CHANGES):
            assert workers.do("publish") is None
            assert workers.do("wait_until_done") is True
    assert everything_is_sent(workers.do("settle"))
    assert set(inbox.copies.values()) == {1}
    assert len(inbox.mails) == CHANGES * SUBSCRIBERS
