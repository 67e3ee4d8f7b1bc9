"""All measurements, one after the other. Django has to be set up when this module is imported."""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from django.core.management import call_command

from bench import editors, engines, hostile, imports, page_requests, publishing
from bench.corpus import make_practices, make_queries
from bench.database import fill_database
from bench.interface import Candidate
from bench.own_engine import OwnEngine
from bench.postgres_fts import PostgresFts
from bench.server import ROOT, web_server, worker
from bench.sqlite_fts import SqliteFts
from bench.timing import run_measured, table
from practices.models import PracticePage
from search.engines import current_engine
from search.models import IndexedWord
from tests.relevance.measure import as_table


def measure(options: argparse.Namespace, folder: Path, port: int) -> dict:
    """Return all results, and print them as they come."""
    results: dict = {"practices": options.practices}
    prepare_database(options.practices)
    if "rebuild" in options.only:
        results["rebuild"] = measure_rebuild(options.practices)
    if "engines" in options.only:
        results["engines"] = measure_engines(options, folder)
    if {"requests", "hostile", "publishing", "editors"} & set(options.only):
        call_command("collectstatic", interactive=False, verbosity=0)
    if {"requests", "hostile", "publishing"} & set(options.only):
        with web_server(port) as browser:
            if "requests" in options.only:
                results["requests"] = page_requests.measure(browser, options.requests)
                show("Whole requests, gunicorn with two workers", page_requests.as_table(results["requests"]))
            if "hostile" in options.only:
                results["hostile"] = hostile.measure(browser, options.requests)
                show("Hostile requests, the same", hostile.as_table(results["hostile"]))
            if "publishing" in options.only:
                with worker():
                    time.sleep(3)
                    results["publishing"] = publishing.measure(browser, options.publishes)
                show("Publishing, with the worker running", publishing.as_table(results["publishing"]))
    if "digests" in options.only:
        results["digests"] = measure_digests()
    if "imports" in options.only:
        results["imports"] = measure_imports()
    if "editors" in options.only:
        results["editors"] = editors.measure()
        show("Pages of the admin", editors.as_table(results["editors"]))
    if "relevance" in options.only:
        results["relevance"] = measure_relevance()
    return results


def measure_digests() -> dict:
    """Plan and write the digests of ten thousand people, in a process of their own."""
    command = [sys.executable, "-m", "bench.digests"]
    subprocess.run([*command, "prepare"], cwd=ROOT, check=True)  # noqa: S603 - our own commands
    output = subprocess.run([*command, "work"], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout  # noqa: S603
    results = json.loads(output)
    show("Digests", table(list(results), [list(results.values())]))
    return results


def measure_imports() -> dict:
    """Import a workbook and take it back, in a process of its own."""
    command = [sys.executable, "-m", "bench.imports"]
    results = json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)  # noqa: S603
    show("Import of a workbook", imports.as_table(results))
    return results


def measure_relevance() -> dict:
    """Ask the judged queries of the tests, in a process and a database of their own."""
    command = [sys.executable, "-m", "tests.relevance.measure"]
    output = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout  # noqa: S603 - our own command
    results = json.loads(output)
    for engine, figures in results.items():
        show(f"Relevance, {engine}", as_table(figures))
    return results


def show(title: str, text: str) -> None:
    """Print a table with its title."""
    print(f"\n{title}\n\n{text}", flush=True)  # noqa: T201


def prepare_database(number: int) -> None:
    """Set a site up and fill it, unless that was done before."""
    call_command("migrate", verbosity=0)
    if PracticePage.objects.count() >= number:
        return
    if PracticePage.objects.exists():
        raise SystemExit("The database holds fewer practices than asked for: choose another folder.")
    print(f"Making {number:,} practices …", flush=True)  # noqa: T201
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        call_command("load_terms", stdout=nowhere)
        call_command("set_up_site", stdout=nowhere)
        call_command("set_up_roles", stdout=nowhere)
    fill_database(number)


def measure_rebuild(number: int) -> dict:
    """Rebuild the index twice, by the command itself: with all words new, and with all words known."""
    results = {}
    command = [sys.executable, ROOT / "manage.py", "search_rebuild"]
    IndexedWord.objects.all().delete()
    for label in ("words new", "words known"):
        seconds, memory = run_measured(command, ROOT)
        results[label] = {
            "documents_per_s": round(number / seconds),
            "seconds": round(seconds, 1),
            "peak_mb": memory,
        }
    rows = [(label, *(f"{value:,}" for value in result.values())) for label, result in results.items()]
    show("search_rebuild", table(["", "documents/s", "s", "peak memory, MB"], rows))
    return results


def measure_engines(options: argparse.Namespace, folder: Path) -> dict:
    """Build every engine, then ask them side by side."""
    queries = make_queries(options.queries)
    practices = list(make_practices(options.practices))
    results: dict = {"documents_per_s": {}}
    with contextlib.ExitStack() as stack:
        candidates = list(make_candidates(folder, stack))
        for candidate in candidates:
            started = time.perf_counter()
            candidate.build(practices)
            if not isinstance(candidate, OwnEngine):
                results["documents_per_s"][candidate.name] = round(len(practices) / (time.perf_counter() - started))
        del practices
        results["times"] = engines.compare(candidates, queries)
    show("Engines side by side: top 20, total, counts of three facets, highlights", engines.as_table(results["times"]))
    return results


def make_candidates(folder: Path, stack: contextlib.ExitStack) -> Iterable[Candidate]:
    """Yield the engines that can run here; `stack` closes them."""
    database = folder / "sqlite_fts"
    shutil.rmtree(database, ignore_errors=True)
    database.mkdir()
    yield OwnEngine(current_engine(), "TransferHub, embedded")
    if url := os.environ.get("TEST_ELASTICSEARCH_URL"):
        from tests.elasticsearch_server import engine_for_tests

        yield OwnEngine(stack.enter_context(engine_for_tests(url)), "TransferHub, Elasticsearch")
    for candidate in (SqliteFts(database), PostgresFts()):
        stack.callback(candidate.close)
        yield candidate
