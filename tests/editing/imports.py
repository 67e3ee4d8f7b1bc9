"""Imports for tests, made and worked on as people and the worker do."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from editing.imports.checking import store_upload
from editing.imports.running import request_task, work_on_imports
from editing.models import Import


def upload(path: Path, **fields) -> Import:
    """Return the import of the file at `path`, checked."""
    row = Import(**fields)
    store_upload(SimpleUploadedFile(path.name, path.read_bytes()), row)
    return row


def work(row: Import, task: str = Import.Task.IMPORT) -> Import:
    """Ask for a task, let the worker do it, and return what became of it."""
    assert request_task(row, task)
    work_on_imports()
    row.refresh_from_db()
    return row


def undone(row: Import) -> Import:
    return work(row, Import.Task.UNDO)
