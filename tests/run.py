"""Run every test for the two installations there are, side by side.

The small one has SQLite and the embedded engine, and is looked at in a real browser; the large one has PostgreSQL and an
Elasticsearch server. What is asked of each engine is asked of the one that belongs there; what is asked of neither database,
of the small one; all else of both. The small one's tests are three runs: each waits for servers and processes of its own, and
four fill two cores. Those that end early step back for the longest, which would else be alone at last.

With DRILLS=1 all cases of drills are run and nothing else, see tests/drills.py.

What a machine lacks is named in a loud line and left out; with REQUIRE_ALL=1 it is a failure instead.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from chromium import find_chromium
from drills import are_whole
from postgres import find_postgres, temporary_cluster

ROOT = Path(__file__).resolve().parent.parent
_STEPPING_BACK = 3
sys.path.append(str(ROOT))

from deploy.elasticsearch import ServerMissing, temporary_server  # noqa: E402


def main() -> int:
    """Return the number of runs that failed, as exit code."""
    required = os.environ.get("REQUIRE_ALL") == "1"
    browser = find_chromium() is not None
    postgres = find_postgres()
    for name, there, remedy in (
        ("Chromium", browser, "apt install chromium-headless-shell"),
        ("PostgreSQL", postgres is not None, "apt install postgresql"),
    ):
        if not there:
            print(f"\n*** {name} IS MISSING: its tests are LEFT OUT. Remedy: {remedy} ***\n")
            if required:
                return 1
    with contextlib.ExitStack() as servers:
        if "TEST_ELASTICSEARCH_URL" not in os.environ:
            try:
                os.environ["TEST_ELASTICSEARCH_URL"] = servers.enter_context(temporary_server())
            except ServerMissing as reason:
                print(f"\n*** Elasticsearch IS MISSING: its tests are LEFT OUT. {reason} ***\n")
                if required:
                    return 1
        runs = []
        drill = "drill and " if are_whole() else ""
        if postgres:
            url = servers.enter_context(temporary_cluster(postgres))
            environment = {"DATABASE_URL": url}
            large = Run(
                "PostgreSQL", f"{drill}not browser and not one_database", "not embedded", environment, _STEPPING_BACK
            )
            runs.append(large)
        rest = "not elasticsearch" if postgres else ""
        both = "SQLite, what is asked of both databases"
        runs.append(Run(both, f"{drill}not browser and not one_database", rest, niceness=_STEPPING_BACK))
        runs.append(Run("SQLite, all else", f"{drill}not browser and one_database", rest))
        if browser and not are_whole():
            runs.append(Run("browser", "browser"))
        print("Each run is shown when it has ended; all together take about twenty minutes.", flush=True)
        started = [servers.enter_context(run.started(sys.argv[1:])) for run in runs]
        return sum(run.ends_badly(*process) for run, process in zip(runs, started, strict=True))


@dataclass(frozen=True)
class Run:
    """Some of the tests, by mark and by name, in a process with `environment` and `niceness`, as of nice(1)."""

    name: str
    marks: str
    names: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    niceness: int = 0

    @contextlib.contextmanager
    def started(self, arguments: list[str]) -> Iterator[tuple[subprocess.Popen, IO]]:
        """Start it with pytest's `arguments`, and give the process and the file of what it says."""
        tests = [sys.executable, "-m", "pytest", "-q", "-m", self.marks, "-k", self.names, *arguments]
        command = ["nice", "-n", str(self.niceness), *tests]
        with tempfile.TemporaryFile("w+") as output:
            process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **self.environment}, stdout=output, stderr=subprocess.STDOUT
            )
            try:
                yield process, output
            finally:
                process.kill()

    def ends_badly(self, process: subprocess.Popen, output: IO) -> bool:
        """Wait for the end, show what was said, and return whether a test failed."""
        failed = process.wait() != 0
        output.seek(0)
        print(f"\n=== Tests: {self.name} ===\n{output.read()}", flush=True)
        return failed


if __name__ == "__main__":
    sys.exit(main())
