"""Run every test: on SQLite, on PostgreSQL, with an Elasticsearch server, and in a real browser.

What a machine lacks is named in a loud line and left out; with REQUIRE_ALL=1 it is a failure instead.
"""

import contextlib
import os
import shutil
import subprocess
import sys
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
        failures = pytest(
            "SQLite" + (" and browser" if browser else ""), [] if browser else ["-m", "not browser"], arguments
        )
        if postgres:
            url = servers.enter_context(temporary_cluster(postgres))
            failures += pytest("PostgreSQL", ["-m", "not browser"], arguments, DATABASE_URL=url)
    return failures


def pytest(title: str, selection: list[str], arguments: list[str], **environment: str) -> int:
    print(f"\n=== Tests on {title} ===", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", *selection, *arguments]
    return int(subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
