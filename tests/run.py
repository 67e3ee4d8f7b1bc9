"""Run every test for the two installations there are, side by side.

The small one has SQLite and the embedded engine, and is looked at in a real browser; the large one has PostgreSQL and an
Elasticsearch server. What is asked of each engine is asked of the one that belongs there; what is asked of neither database,
of the small one; all else of both.

What a machine lacks is named in a loud line and left out; with REQUIRE_ALL=1 it is a failure instead.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from postgres import find_postgres, temporary_cluster

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))

from deploy.elasticsearch import ServerMissing, temporary_server  # noqa: E402


def main() -> int:
    """Return the number of runs that failed, as exit code."""
    required = os.environ.get("REQUIRE_ALL") == "1"
    browser = shutil.which("chromium") is not None
    postgres = find_postgres()
    for name, there, remedy in (
        ("Chromium", browser, "apt install chromium"),
        ("PostgreSQL", postgres is not None, "apt install postgresql"),
    ):
        if not there:
            print(f"\n*** {name} IS MISSING: its tests are LEFT OUT. Remedy: {remedy} ***\n")
            if required:
                return 1
    arguments = sys.argv[1:]
    with contextlib.ExitStack() as servers:
        if "TEST_ELASTICSEARCH_URL" not in os.environ:
            try:
                os.environ["TEST_ELASTICSEARCH_URL"] = servers.enter_context(temporary_server())
            except ServerMissing as reason:
                print(f"\n*** Elasticsearch IS MISSING: its tests are LEFT OUT. {reason} ***\n")
                if required:
                    return 1
        small = [] if browser else ["-m", "not browser"]
        # Two databases, two cores: they are tested side by side, and what the second has to say is shown at the end.
        second = None
        if postgres:
            url = servers.enter_context(temporary_cluster(postgres))
            output = servers.enter_context(tempfile.TemporaryFile("w+"))
            large = ["-m", "not browser and not one_database", "-k", "not embedded", *arguments]
            second = start_pytest(large, stdout=output, stderr=subprocess.STDOUT, DATABASE_URL=url)
            small += ["-k", "not elasticsearch"]
        print(f"\n=== Tests on SQLite{' and browser' * browser} ===", flush=True)
        failures = int(start_pytest([*small, *arguments]).wait() != 0)
        if second:
            failures += int(second.wait() != 0)
            output.seek(0)
            print(f"\n=== Tests on PostgreSQL ===\n{output.read()}", flush=True)
    return failures


def start_pytest(arguments: list[str], stdout=None, stderr=None, **environment: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=stdout, stderr=stderr)


if __name__ == "__main__":
    sys.exit(main())
