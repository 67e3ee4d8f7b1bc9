"""What is searched for, counted without a trace of who searched.

A search adds one line to a file: no database write, so a search never waits for one. The worker adds the lines up by day
and forgets them. Queries that may name a person (addresses, long numbers) are not counted at all.
"""

import json
import logging
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from search.models import SearchCount
from search.params import SearchParams

logger = logging.getLogger(__name__)

KEEP = timedelta(days=365)
_MOST_CHARACTERS = 100
_PERSONAL = re.compile(r"@|\d{5,}|https?:")
_SPOOL = "searches.jsonl"


def note_search(params: SearchParams, was_found: bool) -> None:
    """Note one search with words, once for each selection: further pages and filters do not count again.

    A search that was answered by another word was not found.
    """
    query = params.q.casefold()
    if not query or params.page > 1 or params.has_filters or len(query) > _MOST_CHARACTERS or _PERSONAL.search(query):
        return
    line = json.dumps([timezone.localdate().isoformat(), query, was_found], ensure_ascii=False)
    try:
        _folder().mkdir(parents=True, exist_ok=True)
        with (_folder() / _SPOOL).open("a", encoding="utf-8") as spool:
            spool.write(line + "\n")
    except OSError:
        logger.exception("a search was not counted")


def collect_searches() -> int:
    """Add the noted searches to the counts by day, forget old ones, and return how many were added."""
    searches: Counter[tuple[date, str]] = Counter()
    empty: Counter[tuple[date, str]] = Counter()
    taken = list(_take_spools())
    for spool in taken:
        for day, query, was_found in _read(spool):
            searches[day, query] += 1
            empty[day, query] += not was_found
    with transaction.atomic():
        for (day, query), times in searches.items():
            row, _is_new = SearchCount.objects.get_or_create(day=day, query=query)
            SearchCount.objects.filter(pk=row.pk).update(
                times=F("times") + times, without_hits=F("without_hits") + empty[day, query]
            )
    for spool in taken:
        spool.unlink()
    SearchCount.objects.filter(day__lt=timezone.localdate() - KEEP).delete()
    return searches.total()


def frequent_searches(days: int, only_without_hits: bool = False):
    """Return the queries of the last `days` as rows of query, times and without_hits, the most frequent first."""
    rows = (
        SearchCount.objects.filter(day__gt=timezone.localdate() - timedelta(days=days))
        .values("query")
        .annotate(times=Sum("times"), without_hits=Sum("without_hits"))
    )
    if only_without_hits:
        return rows.filter(without_hits__gt=0).order_by("-without_hits", "query")
    return rows.order_by("-times", "query")


def _folder() -> Path:
    return Path(settings.INDEX_DIR)


def _take_spools() -> Iterator[Path]:
    """Rename the spool, so that searches go on into a new one; also yield what an interrupted run left."""
    spool = _folder() / _SPOOL
    if spool.exists():
        spool.rename(spool.with_name(f"{_SPOOL}.{timezone.now().timestamp()}"))
    yield from sorted(_folder().glob(f"{_SPOOL}.*"))


def _read(spool: Path) -> Iterator[tuple[date, str, bool]]:
    for line in spool.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            day, query, was_found = json.loads(line)
            yield date.fromisoformat(day), str(query)[:_MOST_CHARACTERS], bool(was_found)
        except (ValueError, TypeError):
            continue  # a line torn by a crash
