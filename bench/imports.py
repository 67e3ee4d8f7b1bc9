"""A workbook of 650 rows on its way through the admin's import: looked through, tried, imported and live, taken back.

Run as a process of its own, so that its memory is that of the work alone.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from bench.timing import peak_mb, table


def work() -> dict:
    """Return how many seconds each step took, and the peak of memory."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from bench.workbook import make_rows, write_rows
    from editing.imports.checking import store_upload
    from editing.imports.running import request_task, work_on_imports
    from editing.models import Import

    with tempfile.TemporaryDirectory() as folder:
        content = write_rows(Path(folder) / "verband.xlsx", make_rows()).read_bytes()
    row = Import(publish=True)
    results = {"rows": 650}
    started = time.perf_counter()
    store_upload(SimpleUploadedFile("verband.xlsx", content), row)
    results["check_s"] = round(time.perf_counter() - started, 1)
    for name, task, state in (
        ("trial_s", Import.Task.TRIAL, Import.State.CHECKED),
        ("import_s", Import.Task.IMPORT, Import.State.DONE),
        ("undo_s", Import.Task.UNDO, Import.State.UNDONE),
    ):
        request_task(row, task)
        started = time.perf_counter()
        work_on_imports()
        results[name] = round(time.perf_counter() - started, 1)
        row.refresh_from_db()
        if row.state != state:
            raise SystemExit(f"{name}: {row.state} {row.message} {row.findings[:3]}")
    results["peak_mb"] = peak_mb()
    return results


def as_table(results: dict) -> str:
    """Return the results of `work` as a table."""
    return table(list(results), [list(results.values())])


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write(json.dumps(work()))
