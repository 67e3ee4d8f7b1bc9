"""Two editors, an engine that fails at random, a worker that is killed, a rebuild: afterwards index and database agree."""

import contextlib
import json
import signal
import subprocess
import sys

import pytest
from django.conf import settings

from tests.drills import times
from tests.elasticsearch_server import engine_for_tests
from tests.search.conftest import server_or_reason

pytestmark = pytest.mark.django_db  # so that the database is made of which installations are copies

OPERATIONS = times(250, 80)  # by each of two processes
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


@pytest.fixture(params=["embedded", "elasticsearch"])
def environment(request, installation):
    """The same installation with each engine in turn."""
    if request.param == "embedded":
        yield installation
        return
    with engine_for_tests(server_or_reason()) as engine:
        yield installation | {"DRIFT_ELASTICSEARCH_URL": engine.url, "DRIFT_PREFIX": engine.prefix}


@pytest.mark.drill(2)
def test_nothing_is_missing_and_nothing_stale_after_many_changes(environment, installation):
    output(environment, "prepare")
    installation["DRIFT_IS_PREPARED"] = "1"
    one, other = SEEDS
    with running(environment, "operate", one, OPERATIONS) as editor, running(environment, "operate", other, OPERATIONS):
        with running(environment, "work", 1) as worker:
            assert editor.stdout.readline() == b"halfway\n"
            worker.kill()
        with running(environment, "work", 2) as worker:
            assert int(output(environment, "rebuild")) > 0
            editor.wait(timeout=120)
            worker.terminate()
    state = json.loads(output(environment, "settle"))
    assert state.pop("indexed") > 0
    assert state == {"waiting": 0, "missing": [], "stale": [], "extra": []}
