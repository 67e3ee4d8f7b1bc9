"""Run the benchmarks; docs/benchmarks.md says what they measure.

`python -m bench.run` prints tables and writes bench/results.json. Everything happens in a temporary folder; a folder
named with --folder is kept, and its database is used again when it has the right number of practices.
"""

import argparse
import contextlib
import datetime
import json
import os
import platform
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.server import ROOT, free_port

RESULTS = ROOT / "bench" / "results.json"
PARTS = ("rebuild", "engines", "requests", "hostile", "publishing", "digests", "imports", "editors", "relevance")


def main() -> None:
    """Read the command line, measure, show and store."""
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    parser.add_argument("--practices", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=220, help="of each kind; the first 20 are warm-up")
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--publishes", type=int, default=50)
    parser.add_argument("--folder", type=Path, help="where the data lies; kept")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, help="needs a folder with an index")
    options = parser.parse_args()
    with working_folder(options.folder) as folder:
        port = free_port()
        prepare_environment(folder, port)
        import django

        django.setup()
        from bench import suite

        results = suite.measure(options, folder, port)
    results = {"date": f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}", "machine": machine(), **results}
    RESULTS.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"\n{RESULTS.relative_to(ROOT)} written")  # noqa: T201


@contextlib.contextmanager
def working_folder(chosen: Path | None) -> Iterator[Path]:
    """Give the chosen folder, or a temporary one that is gone afterwards."""
    if chosen:
        chosen.mkdir(parents=True, exist_ok=True)
        yield chosen.resolve()
        return
    folder = Path(tempfile.mkdtemp(prefix="transferhub-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def prepare_environment(folder: Path, port: int) -> None:
    """Set up this process and its children as `make run` does; no database and no server of anybody else is touched."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="transferhub.settings.production",
        DATA_DIR=str(folder / "data"),
        DATABASE_URL="",
        ELASTICSEARCH_URL="",
        SECRET_KEY=secrets.token_urlsafe(50),
        BASE_URL=f"http://127.0.0.1:{port}",
        ALLOWED_HOSTS="127.0.0.1",
        LOG_LEVEL="WARNING",
    )


def machine() -> dict[str, str | int | None]:
    """Return what the numbers depend on."""
    names = [
        line.split(":", 1)[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "processor": names[0] if names else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


if __name__ == "__main__":
    sys.exit(main())
