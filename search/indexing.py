"""The way from the outbox into the index.

`sync` reads the database anew, so retries, reordering and duplicates are harmless: a practice that is live is stored as
it is now, every other one is removed. Whatever was not applied stays in the outbox.
"""

import fcntl
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.dispatch import Signal
from django.utils import timezone

from practices.models import ContentChange, ContentVersion
from search.documents import make_documents
from search.engines import current_engine
from search.engines.protocol import EngineUnavailable, IndexDocument
from search.models import IndexState

logger = logging.getLogger(__name__)

# Sent with page_ids before practices are removed from the index: it is the last that knows which searches found them.
practices_leaving = Signal()

BATCH = 200
KEEP_APPLIED = timedelta(days=2)
_LONGEST_DELAY = timedelta(minutes=10)
_AT_ONCE = timedelta(seconds=1)


@dataclass(frozen=True)
class Plan:
    """What has to be written so that the index says what the database does: documents, and pages that are removed."""

    replaced: list[IndexDocument]
    removed: list[int]

    def __bool__(self) -> bool:
        """Whether searches find something else afterwards."""
        return bool(self.replaced or self.removed)


class Outcome(NamedTuple):
    """What became of practices: those for whom somebody was faster and knew more, and whether any was written otherwise."""

    overtaken: set[int]
    has_changed: bool


def plan(wanted: set[int], documents: list[IndexDocument], stored: Mapping[int, str]) -> Plan:
    """Return what to write of the practices `wanted`, of which the database has `documents` and the index `stored` digests."""
    there = {document.page_id for document in documents}
    replaced = [document for document in documents if stored.get(document.page_id) != document.digest]
    return Plan(replaced, sorted((wanted - there) & stored.keys()))


def sync(page_ids: Iterable[int]) -> Outcome:
    """Bring the index up to date for practices, and write nothing where it is.

    Raises EngineUnavailable where the engine does not take it. Idempotent.
    """
    engine, wanted = current_engine(), set(page_ids)
    version = IndexState.next_sequence()
    documents = make_documents(wanted)
    todo = plan(wanted, documents, dict(engine.digests(wanted)))
    if todo.removed:
        practices_leaving.send(sender=None, page_ids=set(todo.removed))
    if engine.has_many_writers:  # whoever is about to write an older text has to find this version there
        gone = wanted - {document.page_id for document in documents}
        return Outcome(engine.write(documents, sorted(gone), version), bool(todo))
    if todo:
        engine.write(todo.replaced, todo.removed, version)
    return Outcome(set(), bool(todo))


def drain() -> int:
    """Apply what waits in the outbox and return how many changes were applied.

    An engine that is away leaves everything waiting. A practice that can not be made into a document is tried again
    later and later, and holds nobody else up.
    """
    applied = 0
    while changes := _waiting():
        done = _apply(changes)
        applied += done
        if not done:
            break
    return applied


def drain_alone(keep: bool = False) -> int:
    """Drain unless another process does; return how many changes were applied.

    The worker keeps the place (`keep`); where there is none, whoever committed a change drains for a moment.
    """
    with _place(keep) as is_mine:
        return drain() if is_mine else 0


def waiting_changes() -> int:
    """Return how many changes have not reached the index."""
    return ContentChange.objects.filter(applied_at=None).count()


def forget_applied() -> None:
    """Remove changes applied long ago: no index that is being rebuilt can need them any more."""
    ContentChange.objects.filter(applied_at__lt=timezone.now() - KEEP_APPLIED).delete()


def _waiting() -> list[ContentChange]:
    due = Q(not_before=None) | Q(not_before__lte=timezone.now())
    return list(ContentChange.objects.filter(due, applied_at=None).order_by("pk")[:BATCH])


def _apply(changes: list[ContentChange]) -> int:
    try:
        outcome = sync(change.page_id for change in changes)
    except EngineUnavailable as error:
        _note_failure(error)
        return 0
    except Exception:
        logger.exception("a batch of changes could not be indexed, trying one by one")
        return sum(_apply_one(change) for change in changes)
    return _settle([change for change in changes if change.page_id not in outcome.overtaken], outcome.has_changed)


def _apply_one(change: ContentChange) -> int:
    try:
        outcome = sync([change.page_id])
    except EngineUnavailable as error:
        _note_failure(error)
        return 0
    except Exception as error:
        logger.exception("page %s could not be indexed", change.page_id)
        delay = min(timedelta(seconds=2**change.attempts), _LONGEST_DELAY)
        ContentChange.objects.filter(pk=change.pk).update(attempts=F("attempts") + 1, not_before=timezone.now() + delay)
        IndexState.note(last_error=f"page {change.page_id}: {error}"[:500])
        return 0
    return _settle([] if outcome.overtaken else [change], outcome.has_changed)


def _settle(changes: list[ContentChange], has_changed: bool) -> int:
    """Mark `changes` as applied. Pages made before the index knew are made anew, where it `has_changed`.

    Of changes that waited longer somebody may have written, and died before this.
    """
    now = timezone.now()
    with transaction.atomic():
        ContentChange.objects.filter(pk__in=[change.pk for change in changes]).update(applied_at=now)
        if changes and (has_changed or any(change.created_at < now - _AT_ONCE for change in changes)):
            ContentVersion.raise_number()
    IndexState.objects.exclude(failing_since=None).update(failing_since=None, last_error="")
    return len(changes)


def _note_failure(error: EngineUnavailable) -> None:
    logger.warning("the search engine does not take changes: %s", error)
    since = IndexState.objects.filter(pk=1).values_list("failing_since", flat=True).first()
    IndexState.note(failing_since=since or timezone.now(), last_error=str(error)[:500])


_held = None


@contextmanager
def _place(keep: bool) -> Iterator[bool]:
    """Hold the one place of a process that writes to the index; False where another process has it.

    The operating system frees the place of a process that dies.
    """
    global _held
    if _held is not None:
        yield True
        return
    path = Path(settings.INDEX_DIR) / "writer.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with_lock = path.open("w")
    try:
        fcntl.flock(with_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        with_lock.close()
        yield False
        return
    if keep:
        _held = with_lock
        yield True
        return
    try:
        yield True
    finally:
        current_engine().release()
        with_lock.close()
