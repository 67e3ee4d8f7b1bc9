"""Two editors at once, an engine that fails at random, a worker that is killed: afterwards index and database agree."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings

from tests.elasticsearch_server import engine_for_tests
from tests.search.conftest import server_or_reason

OPERATIONS = 250  # by each of two processes
SEEDS = (11, 12)


@contextlib.contextmanager
def running(environment, *arguments):
    """Run a command of tests.search.drifting; it has to end well, unless it was killed."""
    command = [sys.executable, "-m", "tests.search.drifting", *map(str, arguments)]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE) as process:
        try:
            yield process
            process.communicate(timeout=120)
        finally:
            process.kill()
    assert process.returncode in (0, -signal.SIGKILL)


def output(environment, *arguments) -> bytes:
    command = [sys.executable, "-m", "tests.search.drifting", *map(str, arguments)]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, check=True).stdout


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """The environment of an installation of its own, on SQLite or on the PostgreSQL server of this run."""
    environment = {**os.environ, "DATA_DIR": str(tmp_path_factory.mktemp("drift"))}
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield environment | {"DATABASE_URL": ""}
        return
    name = f"drift_{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield environment | {"DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"}
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["embedded", "elasticsearch"])
def environment(request, installation):
    """The same installation with each engine in turn."""
    if request.param == "embedded":
        yield installation
        return
    with engine_for_tests(server_or_reason()) as engine:
        yield installation | {"DRIFT_ELASTICSEARCH_URL": engine.url, "DRIFT_PREFIX": engine.prefix}


def test_nothing_is_missing_and_nothing_stale_after_five_hundred_changes(environment, installation):
    output(environment, "prepare")
    installation["DRIFT_IS_PREPARED"] = "1"
    one, other = SEEDS
    with running(environment, "operate", one, OPERATIONS) as editor, running(environment, "operate", other, OPERATIONS):
        with running(environment, "work", 1) as worker:
            assert editor.stdout.readline() == b"halfway\n"
            worker.kill()
        with running(environment, "work", 2) as worker:
            editor.wait(timeout=120)
            worker.terminate()
    state = json.loads(output(environment, "settle"))
    assert state.pop("indexed") > 0
    assert state == {"waiting": 0, "missing": [], "stale": [], "extra": []}
