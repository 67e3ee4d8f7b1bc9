"""A new index beside the old one, swapped at one stroke; and the comparison of index and database."""

import logging
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from practices.models import ContentChange, ContentVersion, PracticePage
from search.documents import document_edition, make_documents
from search.engines import current_engine
from search.engines.protocol import EngineUnavailable
from search.indexing import practices_leaving
from search.lexicon import LEXICON
from search.models import IndexState
from search.synonyms import synonym_names

logger = logging.getLogger(__name__)

BATCH = 400
COMPARED_AT_ONCE = 50


def rebuild(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Build a new generation from the database, let it answer, and return how many practices it holds.

    The old one answers until then. Changes that are applied to the old one meanwhile are applied to the new one
    before the swap, and once more after it for those that were just under way.
    `progress` is called with how many of how many are done.
    """
    started = timezone.now()
    LEXICON.learn_texts(synonym_names())
    total = PracticePage.objects.filter(live=True).count()
    done = 0
    with current_engine().new_generation() as generation:
        with LEXICON.with_second_reader():
            for ids in _batches_of_pages():
                version = IndexState.next_sequence()
                documents = make_documents(ids)
                generation.write(documents, (), version)
                done += len(documents)
                progress(done, max(total, done))
        for ids in _batches(sorted(_changed_since(started))):
            version = IndexState.next_sequence()
            documents = make_documents(ids)
            generation.write(documents, set(ids) - {document.page_id for document in documents}, version)
        _say_what_leaves()
        generation.promote()
    ContentChange.record(sorted(_changed_since(started)))
    ContentVersion.raise_number()
    IndexState.note(failing_since=None, last_error="", drift=0, edition=document_edition())
    return done


def _say_what_leaves() -> None:
    """The old index is the last that knows which searches found what was removed and not drained yet."""
    waiting = set(ContentChange.objects.filter(applied_at=None).values_list("page_id", flat=True))
    gone = waiting - set(PracticePage.objects.filter(live=True, pk__in=waiting).values_list("pk", flat=True))
    if not gone:
        return
    try:
        practices_leaving.send(sender=None, page_ids=gone)
    except EngineUnavailable as error:
        logger.warning("the old index does not say which searches found what was removed: %s", error)


def needs_rebuild() -> bool:
    """Return whether there is no index yet, or one made by other rules than those of now."""
    if not current_engine().is_ready():
        return True
    return not IndexState.objects.filter(edition=document_edition()).exists()


@dataclass(frozen=True)
class Drift:
    """Where index and database differ: ids of practices that are missing, that say something old, or that are gone."""

    missing: list[int]
    stale: list[int]
    extra: list[int]

    def __len__(self) -> int:
        return len(self.missing) + len(self.stale) + len(self.extra)

    @property
    def page_ids(self) -> list[int]:
        return sorted({*self.missing, *self.stale, *self.extra})


def compare() -> Drift:
    """Return the difference between the live practices and the index, and note how much of it nobody is about to mend."""
    steps = _comparing()
    while True:
        try:
            next(steps)
        except StopIteration as finished:
            return finished.value


def reconcile() -> Iterator[None]:
    """Compare, and put whatever differs into the outbox. Yields often, so that the worker can do other things between."""
    drift = yield from _comparing()
    ContentChange.record(drift.page_ids)


def _comparing() -> Generator[None, None, Drift]:
    indexed = dict(current_engine().digests())
    missing, stale = [], []
    for batch in _batches_of_pages(COMPARED_AT_ONCE):
        yield
        for document in make_documents(batch):
            digest = indexed.pop(document.page_id, None)
            if digest is None:
                missing.append(document.page_id)
            elif digest != document.digest:
                stale.append(document.page_id)
    drift = Drift(missing, stale, sorted(indexed))
    waiting = set(ContentChange.objects.filter(applied_at=None).values_list("page_id", flat=True))
    IndexState.note(compared_at=timezone.now(), drift=len(set(drift.page_ids) - waiting))
    return drift


def _changed_since(moment) -> set[int]:
    recent = Q(applied_at=None) | Q(applied_at__gte=moment)
    return set(ContentChange.objects.filter(recent).values_list("page_id", flat=True))


def _batches_of_pages(size: int = BATCH) -> Iterator[list[int]]:
    """Yield the ids of the live practices. No cursor stays open: SQLite would refuse every write that follows it."""
    last = 0
    pages = PracticePage.objects.filter(live=True).order_by("pk").values_list("pk", flat=True)
    while batch := list(pages.filter(pk__gt=last)[:size]):
        yield batch
        last = batch[-1]


def _batches(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
