"""The database is restarted under a working worker: it reconnects, nobody is left out, nothing is told twice."""

import os

import pytest

from tests.drills import times
from tests.feeds.mailing import SUBSCRIBERS
from tests.feeds.smtp_server import running_inbox
from tests.feeds.test_mail_faults import started_workers
from tests.postgres import find_postgres, restart_server, temporary_cluster

RESTARTS = times(20, 6)


@pytest.mark.drill(1)
def test_a_worker_outlives_restarts_of_the_database(tmp_path):
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        pytest.skip("SQLite has no server to restart; the tests on PostgreSQL do it")
    programs = find_postgres()
    with running_inbox() as (inbox, port), temporary_cluster(programs) as url:
        environment = {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(tmp_path)}
        with started_workers(environment, port, "set_up_database") as workers:
            announced = workers.do("settle")["announced"]
            with workers.working("run_worker"):
                for _restart in range(RESTARTS):
                    assert workers.do("publish") is None
                    restart_server(url, programs)
                is_done = workers.do("wait_until_done")
            state, told = workers.do("settle"), workers.do("finish_planning")["told"]
    assert is_done is True
    assert set(state["states"]) == {"sent"}
    assert state["announced"] == announced + RESTARTS
    assert len(told) == SUBSCRIBERS
    assert all(sorted(times.values()) == [1] * RESTARTS for times in told)
    assert len(set(inbox.addresses)) == SUBSCRIBERS
    assert sum(inbox.copies.values()) <= len(inbox.copies) + RESTARTS
