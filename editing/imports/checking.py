"""Looking through an uploaded spreadsheet before anything is imported."""

import shutil

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from editing.models import Import
from practices.exchange.catalogue import load_catalogue
from practices.exchange.importer import preview_lines
from practices.exchange.spreadsheet.reader import Finding, Workbook, read_workbook
from practices.exchange.spreadsheet.tables import read_tables

# So many findings are kept; whoever has more starts with these.
MOST_FINDINGS = 500


@transaction.atomic
def store_upload(upload: UploadedFile, row: Import) -> None:
    """Store `upload` and save `row` with what is found in it.

    Raises Unreadable with nothing stored where the file holds no tables.
    """
    row.name = (upload.name or "Tabelle")[-255:]
    row.save()
    is_kept = False
    try:
        row.path.parent.mkdir(parents=True, exist_ok=True)
        with row.path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        check(row)
        is_kept = True
    finally:
        if not is_kept:
            shutil.rmtree(row.path.parent, ignore_errors=True)


def check(row: Import) -> None:
    """Look through the stored file of `row` and save what importing it would do. Raises Unreadable."""
    book = read_stored(row)
    preview = preview_lines(book.reading, row.path.parent, publish=row.publish, user=row.user)
    row.total = len(book.rows)
    row.created, row.updated = len(preview.created), len(preview.updated)
    row.unchanged = len(preview.unchanged)
    row.tried_at = None
    row.message = ""
    note_findings(row, book.locate_all(preview.problems))
    row.save()


def read_stored(row: Import) -> Workbook:
    """Return what the stored file of `row` holds, with the corrections that were accepted. Raises Unreadable."""
    tables = read_tables(row.path, row.csv_title)
    for table in tables:
        table.correct(row.corrections)
    return read_workbook(tables, load_catalogue())


def note_findings(row: Import, findings: list[Finding]) -> None:
    """Keep `findings` with `row`, unsaved: mistakes first where there are too many."""
    if len(findings) > MOST_FINDINGS:
        mistakes = [finding for finding in findings if not finding.is_warning]
        findings = (mistakes or findings)[:MOST_FINDINGS]
    row.findings = [list(finding) for finding in findings]


def findings_of(row: Import) -> list[Finding]:
    """Return what was found in `row` last."""
    return [Finding(*values) for values in row.findings]


def has_mistakes(row: Import) -> bool:
    """Return whether anything keeps `row` from being imported."""
    return any(not finding.is_warning for finding in findings_of(row))


def proposals_of(row: Import) -> dict[str, str]:
    """Return the proposed text for every cell of `row` that has one."""
    return {finding.cell: finding.proposal for finding in findings_of(row) if finding.cell and finding.proposal}


def correct(row: Import, texts: dict[str, str]) -> int:
    """Put other texts into cells in which something was found, check again, and return how many cells that were.

    The uploaded file stays as it is. Raises Unreadable where it is gone.
    """
    cells = {finding.cell for finding in findings_of(row)}
    accepted = {cell: text for cell, text in texts.items() if cell in cells}
    row.corrections |= accepted
    check(row)
    return len(accepted)
