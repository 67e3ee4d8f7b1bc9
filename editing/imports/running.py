"""The worker's part: trials, imports and their undoing, each in one transaction that ends with the new state of its row.

The lock on the row is the lease: a worker that is killed gives it back, its transaction never was, and the next one starts
anew. On SQLite the lock is the database's own, so other writes wait until the import is finished.
"""

import logging
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from taggit.models import Tag

from editing.imports.checking import note_findings, read_stored
from editing.imports.snapshots import Snapshot, rows_pointing_at, take_snapshots
from editing.imports.undoing import NotExact, undo
from editing.models import Import, ImportedPage
from practices.exchange.importer import import_lines
from practices.exchange.pages import page_ids
from practices.exchange.reader import Line
from practices.exchange.spreadsheet.reader import Workbook
from practices.exchange.spreadsheet.tables import Unreadable
from practices.models import FundingProgramme, PracticeChange
from practices.services.find_pages import SiteIncomplete

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
KEPT = timedelta(days=90)
State, Task = Import.State, Import.Task
_TELL = "Es wurde nichts gespeichert. Bitte geben Sie der technischen Betreuung Bescheid."
_GIVEN_UP = f"Die Aufgabe ist mehrmals abgebrochen. {_TELL}"
_UNFORESEEN = f"Es ist ein unerwarteter Fehler aufgetreten. {_TELL}"


def request_task(row: Import, task: str) -> bool:
    """Let the worker do `task` with `row`; False where the row is not in a state for it any more."""
    wanted = [State.DONE] if task == Task.UNDO else [State.CHECKED, State.FAILED]
    rows = Import.objects.filter(pk=row.pk, state__in=wanted)
    return bool(rows.update(state=State.WAITING, task=task, attempts=0, message=""))


def work_on_imports() -> None:
    """Do what waits, one after the other."""
    while (row := _begin()) is not None:
        try:
            with transaction.atomic():
                locked = _locked(row.pk)
                if locked is None:
                    return
                TASKS[locked.task](locked)
                locked.save()
        except (OperationalError, InterfaceError):
            raise
        except (Unreadable, SiteIncomplete, NotExact) as error:
            _fail(row, str(error))
        except Exception:
            logger.exception("import %s failed", row.pk)
            _fail(row, _UNFORESEEN)
        finally:
            _progress_path(row).unlink(missing_ok=True)


def progress_of(row: Import) -> tuple[int, int] | None:
    """Return how many lines of how many are done; None where nothing is known."""
    try:
        done, total = _progress_path(row).read_text(encoding="ascii").split()
        return int(done), int(total)
    except (OSError, ValueError):
        return None


def forget_imports() -> None:
    """Delete what was uploaded a while ago, with what is needed to take it back: it may name people."""
    at_work = (State.WAITING, State.RUNNING)
    for row in Import.objects.filter(uploaded_at__lt=timezone.now() - KEPT).exclude(state__in=at_work):
        shutil.rmtree(row.path.parent, ignore_errors=True)
        row.delete()


@transaction.atomic
def _begin() -> Import | None:
    """Take the next import nobody works on, and count the attempt; None where there is none."""
    if not Import.objects.due().exists():
        return None
    row = _unlocked(Import.objects.due()).first()
    if row is None:
        return None
    row.state, row.attempts = State.RUNNING, row.attempts + 1
    if row.attempts > MOST_ATTEMPTS:
        _fail(row, _GIVEN_UP)
        return None
    row.save(update_fields=["state", "attempts"])
    return row


def _locked(pk: int) -> Import | None:
    return _unlocked(Import.objects.filter(pk=pk, state=State.RUNNING)).first()


def _unlocked(rows):
    """Lock `rows`, leaving out what others have locked; SQLite lets only one write anyway."""
    return rows.select_for_update(skip_locked=True) if connection.features.has_select_for_update_skip_locked else rows


def _fail(row: Import, message: str) -> None:
    """Note that the task came to nothing; what was imported before stays and can still be taken back."""
    state = State.DONE if row.task == Task.UNDO else State.FAILED
    Import.objects.filter(pk=row.pk).update(state=state, message=message)


def _try(row: Import) -> None:
    book = read_stored(row)
    _write(row, book, dry_run=True)
    row.state = State.CHECKED
    row.tried_at = timezone.now()


def _import(row: Import) -> None:
    """Import the file and remember every page it touched; with a mistake nothing is stored and the row is checked again."""
    book = read_stored(row)
    keys = {line.record.key for line in book.reading.lines}
    ids = page_ids()
    before = take_snapshots({ids[key] for key in keys & ids.keys()})
    made = _Made()
    if not _write(row, book, dry_run=False):
        row.state = State.CHECKED
        return
    ids = page_ids()
    after = take_snapshots({ids[key] for key in keys})
    _remember(row, before, after)
    row.made = made.since(book)
    row.state = State.DONE
    row.finished_at = timezone.now()


def _write(row: Import, book: Workbook, *, dry_run: bool) -> bool:
    """Import `book` and return whether it was right; what was found and counted is noted in `row`."""
    if book.has_errors:
        note_findings(row, book.locate_all([]))
        return False
    report = import_lines(
        book.reading,
        row.path.parent,
        publish=row.publish,
        dry_run=dry_run,
        progress=lambda lines: _show_progress(row, lines),
        user=row.user,
    )
    note_findings(row, book.locate_all(report.problems))
    if not report.has_errors:
        row.created, row.updated, row.unchanged = report.created, report.updated, report.unchanged
    return not report.has_errors


def _show_progress(row: Import, lines: list[Line]) -> Iterator[Line]:
    """Keep the progress in a file: the database shows nothing of a transaction before its end."""
    path = _progress_path(row)
    for number, line in enumerate(lines):
        if number % 10 == 0:
            path.write_text(f"{number} {len(lines)}", encoding="ascii")
        yield line


def _progress_path(row: Import):
    return row.path.with_name("progress")


def _remember(row: Import, before: dict[int, Snapshot], after: dict[int, Snapshot]) -> None:
    new = after.keys() - before.keys()
    pointing = rows_pointing_at(new)
    ImportedPage.objects.bulk_create(
        [
            ImportedPage(
                of=row,
                page_id=pk,
                title=snapshot.page["title"],
                is_new=pk in new,
                before=before[pk].as_json() if pk in before else {},
                after=snapshot.fingerprint(*pointing.get(pk, [])),
            )
            for pk, snapshot in after.items()
            if pk in new or snapshot != before[pk]
        ],
        batch_size=100,
    )


class _Made:
    """What an import makes beside pages: looked up before it, told afterwards."""

    def __init__(self) -> None:
        self.tags = set(Tag.objects.values_list("pk", flat=True))
        self.programmes = set(FundingProgramme.objects.values_list("pk", flat=True))
        self.last_change = PracticeChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def since(self, book: Workbook) -> dict:
        """Return the ids of new tags and programmes that `book` names, and the last change of the history before it."""
        records = [line.record for line in book.reading.lines]
        names = {tag for record in records for tag in record.tags}
        programmes = {(getattr(record, "programme", ""), getattr(record, "funder", "")) for record in records}
        return {
            "tags": [pk for pk, name in Tag.objects.values_list("pk", "name") if pk not in self.tags and name in names],
            "programmes": [
                pk
                for pk, *names_of in FundingProgramme.objects.values_list("pk", "name", "funder")
                if pk not in self.programmes and tuple(names_of) in programmes
            ],
            "last_change": self.last_change,
        }


TASKS: dict[str, Callable[[Import], None]] = {Task.TRIAL: _try, Task.IMPORT: _import, Task.UNDO: undo}
