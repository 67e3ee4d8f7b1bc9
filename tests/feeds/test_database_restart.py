"""The database is restarted under a working worker: it reconnects, nobody is left out, nothing is told twice."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.feeds.mailing import SUBSCRIBERS
from tests.feeds.smtp_server import running_inbox
from tests.feeds.test_mail_faults import Workers
from tests.postgres import find_postgres, restart_server, temporary_cluster

RESTARTS = 20


def test_a_worker_outlives_restarts_of_the_database(tmp_path):
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        pytest.skip("SQLite has no server to restart; the tests on PostgreSQL do it")
    programs = find_postgres()
    with running_inbox() as (inbox, port), temporary_cluster(programs) as url:
        environment = {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(tmp_path)}
        commands = [sys.executable, "-m", "tests.feeds.mailing", str(port)]
        worker = [sys.executable, "manage.py", "work"]
        sending = {
            "DJANGO_SETTINGS_MODULE": "transferhub.settings.dev",
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "MAIL_PER_MINUTE": "60000",
        }
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(commands, cwd=settings.BASE_DIR, env=environment, **pipes) as process:
            do = Workers(process).do
            assert do("prepare") is None
            announced = do("settle")["announced"]
            with subprocess.Popen(
                worker, cwd=settings.BASE_DIR, env=environment | sending, stderr=subprocess.DEVNULL
            ) as working:
                for _restart in range(RESTARTS):
                    assert do("publish") is None
                    restart_server(url, programs)
                is_done = any(do("is_done") is True for _look in range(10_000))
                working.terminate()
            state, told = do("settle"), do("finish_planning")["told"]
            process.stdin.close()
    assert is_done
    assert set(state["states"]) == {"sent"}
    assert state["announced"] == announced + RESTARTS
    assert len(told) == SUBSCRIBERS
    assert all(sorted(times.values()) == [1] * RESTARTS for times in told)
    assert len(set(inbox.addresses)) == SUBSCRIBERS
    assert sum(inbox.copies.values()) <= len(inbox.copies) + RESTARTS
