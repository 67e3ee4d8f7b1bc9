"""Planning digests: who gets which announcements in which run.

A run asks the index which announced practices each followed selection holds, and then goes through the subscribers in
batches. Each batch is one transaction: its mails are there and its subscriptions' positions have moved on, or neither. So
planning can be cut off anywhere, repeated, and done by two processes at once.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from operator import itemgetter

from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from feeds.matching import held_by, readable
from feeds.models import Announcement, DigestRun, Mail, Subscription, Turn
from feeds.schedule import latest_slot
from practices.models import ContentVersion, PracticeChange, PracticePage
from practices.terms import all_terms

Frequency = Subscription.Frequency
NEW = PracticeChange.Kind.NEW
BATCH = 500


def plan(now: datetime | None = None) -> Iterator[DigestRun]:
    """Plan every run that is due, the unfinished ones first; yields after each batch of subscribers.

    Of the runs that were missed only the last one of each rhythm is made up for, with everything since. Raises
    EngineUnavailable with nothing lost: the next call goes on.
    """
    now = now or timezone.now()
    for run in DigestRun.objects.filter(planned_at=None).order_by("pk"):
        yield from _fill(run)
    for frequency, slot, until in _due(now):
        if _followers(frequency, slot, until).exists():
            run, is_new = DigestRun.objects.get_or_create(frequency=frequency, slot=slot, defaults={"until": until})
            if is_new:
                yield from _fill(run)


def active_subscriptions() -> QuerySet[Subscription]:
    """Return the subscriptions that are confirmed and whose address takes mail."""
    return Subscription.objects.filter(subscriber__paused_at=None, subscriber__suspended_at=None).exclude(
        confirmed_at=None
    )


def is_planned_until(moment: datetime) -> bool:
    """Return whether everything that was due by `moment` has become mails."""
    return not any(_followers(*run).exists() for run in _due(moment))


def _due(now: datetime) -> list[tuple[str, datetime, int]]:
    """Return every rhythm with the last moment at which it was due, and the last announcement before that moment.

    Rhythms whose followers have all been considered for it are left out. Planning asks this every second: the number of
    queries depends on nothing.
    """
    rhythms = list(
        active_subscriptions()
        .order_by()
        .values("frequency", "weekday", "hour")
        .annotate(since=Min("position"))
        .values_list("frequency", "weekday", "hour", "since")
    )
    if not rhythms:
        return []
    announced = Announcement.objects.filter(pk__gt=min(since for *_rhythm, since in rhythms))
    by_time = list(announced.order_by("change__at").values_list("change__at", "pk"))
    newest = [0, *accumulate((pk for _at, pk in by_time), max)]
    due = {}
    for frequency, weekday, hour, since in rhythms:
        slot = now if frequency == Frequency.AT_ONCE else latest_slot(frequency, weekday, hour, now)
        until = newest[bisect_right(by_time, slot, key=itemgetter(0))]
        if until > since:
            due[slot, frequency] = until
    return [(frequency, slot, until) for (slot, frequency), until in sorted(due.items())]


def _followers(frequency: str, slot: datetime, until: int) -> QuerySet[Subscription]:
    """Return the subscriptions that a run concerns and that it has not been planned for."""
    followers = active_subscriptions().filter(frequency=frequency, scheduled_at__lte=slot, position__lt=until)
    if frequency == Frequency.AT_ONCE:
        return followers
    rhythms = followers.order_by().values_list("weekday", "hour").distinct()
    meant = [(weekday, hour) for weekday, hour in rhythms if latest_slot(frequency, weekday, hour, slot) == slot]
    if not meant:
        return followers.none()
    return followers.filter(Q(*(Q(weekday=weekday, hour=hour) for weekday, hour in meant), _connector=Q.OR))


@dataclass(frozen=True)
class _Told:
    """What a run tells: for each followed query the ids of the announcements it holds, in order.

    `newcomers` names for the removal of a practice the announcement with which it came: who was not told of the one is
    not told of the other. `repeats` names for a practice that opened the announcements with which it came before it was
    closed: some may have been told then.
    """

    by_query: dict[str, list[int]]
    newcomers: dict[int, int]
    repeats: dict[int, set[int]]

    def of(self, subscription: Subscription) -> list[int]:
        since = subscription.position
        return [
            pk for pk in self.by_query.get(subscription.query, ()) if pk > since and self.newcomers.get(pk, 0) <= since
        ]


def _fill(run: DigestRun) -> Iterator[DigestRun]:
    """Make the mails of `run`, those that are missing. A run that concerns nobody leaves nothing behind."""
    told = _told(_followers(run.frequency, run.slot, run.until), run.until)
    while _fill_batch(run, told):
        yield run
    _finish(run)
    yield run


@transaction.atomic
def _finish(run: DigestRun) -> None:
    Turn.take("plan")
    if run.mails.exists():
        DigestRun.objects.filter(pk=run.pk).update(planned_at=timezone.now())
    else:
        DigestRun.objects.filter(pk=run.pk).delete()


def _told(followers: QuerySet[Subscription], until: int) -> _Told:
    since = followers.aggregate(since=Min("position"))["since"]
    if since is None:
        return _Told({}, {}, {})
    announced = list(
        Announcement.objects.filter(pk__gt=since, pk__lte=until)
        .order_by("pk")
        .values_list("pk", "change__page_id", "change__kind", "selections")
    )
    queries = list(followers.order_by().values_list("query", flat=True).distinct())
    page_ids = {page_id for _pk, page_id, *_rest in announced}
    newest = {page_id: pk for pk, page_id, kind, _selections in announced if kind == NEW}
    held = held_by(queries, _readable_or_kept(page_ids, newest), all_terms())
    by_page = defaultdict(list)
    came: dict[int, int] = {}
    newcomers: dict[int, int] = {}
    by_query: dict[str, list[int]] = {query: [] for query in queries}
    for pk, page_id, kind, selections in announced:
        if kind == NEW:
            came[page_id] = pk
        if kind == PracticeChange.Kind.REMOVED:
            newcomers[pk] = came.get(page_id, 0)
            for query in by_query.keys() & set(selections):
                by_query[query].append(pk)
        else:
            by_page[page_id].append(pk)
    for query, page_ids in held.items():
        by_query[query] = sorted([*by_query[query], *(pk for page_id in page_ids for pk in by_page[page_id])])
    return _Told(by_query, newcomers, _repeats(newest))


@transaction.atomic
def _readable_or_kept(page_ids: set[int], newest: Mapping[int, int]) -> set[int]:
    """Return which of the practices everybody may read; those that came and were closed since are kept for later.

    Nobody is told of them now, so they count as never public: when they open, they are new (practices.history). `newest`
    has by practice the announcement with which it came.
    """
    found = readable(page_ids)
    if not PracticePage.objects.filter(live=True, pk__in=newest.keys() - found).exists():
        return found
    ContentVersion.raise_number()  # whoever opens or closes something meanwhile waits
    found = readable(page_ids)
    closed = PracticePage.objects.filter(live=True, pk__in=newest.keys() - found)
    PracticeChange.objects.filter(kind=NEW, announcement__in=newest.values(), page_id__in=closed).update(public=False)
    return found


def _repeats(newest: Mapping[int, int]) -> dict[int, set[int]]:
    before = Announcement.objects.filter(change__kind=NEW, change__public=False, change__page_id__in=newest)
    repeats = defaultdict(set)
    for pk, page_id in before.values_list("pk", "change__page_id"):
        repeats[newest[page_id]].add(pk)
    return repeats


@transaction.atomic
def _fill_batch(run: DigestRun, told: _Told) -> bool:
    """Make the mails of the next subscribers; False where there are none left.

    A cancelled run is planned to its end, with mails that are left out: nobody is told by another run what it would have
    told, and it can still be sent.
    """
    Turn.take("plan")
    current = DigestRun.objects.filter(pk=run.pk).first()
    if current is None:  # another process has finished it, and it concerned nobody
        return False
    cancelled = {"state": Mail.State.SKIPPED, "finished_at": current.cancelled_at} if current.cancelled_at else {}
    followers = _followers(run.frequency, run.slot, run.until)
    people = list(followers.order_by("subscriber").values_list("subscriber", flat=True).distinct()[:BATCH])
    subscriptions = list(followers.filter(subscriber__in=people))
    wanted: dict[int, set[int]] = defaultdict(set)
    for subscription in subscriptions:
        wanted[subscription.subscriber_id].update(told.of(subscription))
    _leave_out_told(wanted, subscriptions, told.repeats)
    Mail.objects.bulk_create(
        [
            Mail(kind=Mail.Kind.DIGEST, run=run, subscriber_id=subscriber, announcements=sorted(ids), **cancelled)
            for subscriber, ids in wanted.items()
            if ids
        ],
        ignore_conflicts=True,
    )
    Subscription.objects.filter(pk__in=[subscription.pk for subscription in subscriptions]).update(position=run.until)
    return bool(subscriptions)


def _leave_out_told(
    wanted: dict[int, set[int]], subscriptions: Sequence[Subscription], repeats: Mapping[int, set[int]]
) -> None:
    """Take away what another mail tells the same subscriber: somebody may follow it at once and weekly as well."""
    since = min((subscription.position for subscription in subscriptions), default=0)
    since = min([since, *(pk - 1 for before in repeats.values() for pk in before)])
    told: Iterable[tuple[int, list[int]]] = (
        Mail.objects.filter(subscriber__in=list(wanted), kind=Mail.Kind.DIGEST, run__until__gt=since)
        .exclude(state=Mail.State.SKIPPED)
        .values_list("subscriber", "announcements")
    )
    for subscriber, ids in told:
        wanted[subscriber].difference_update(ids, (pk for pk in repeats if not repeats[pk].isdisjoint(ids)))
