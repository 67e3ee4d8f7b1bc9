"""From planned mails to what they say: asked again right before sending, so that nothing goes out that has gone away.

A hundred digests cost as many queries as one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse

from feeds.entries import Entry, absolute, entry_rows, make_entries
from feeds.matching import held_by, readable
from feeds.models import Announcement, DigestRun, Mail, Subscription
from feeds.selections import labels
from practices.models import PracticeChange, PracticePage
from practices.terms import all_terms
from search.params import CHANGED

Kind = PracticeChange.Kind
MOST_ITEMS = 50


@dataclass(frozen=True, slots=True, eq=False)
class News:
    """A practice in a digest; `is_new` says that it went online since, `notes` what else changed.

    Digests composed together share what they say alike, so that it is written once.
    """

    entry: Entry
    is_new: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Removal:
    """A practice that was taken off."""

    title: str
    reason: str
    at: datetime


@dataclass
class Topic:
    """One followed selection with what is new in it; `url` is the page that shows it all, `left_out` of it not told here."""

    label: str
    url: str
    news: list[News] = field(default_factory=list)
    left_out: int = 0


@dataclass
class Digest:
    """What a digest says. Each practice stands in it once; of very many the latest are told."""

    topics: list[Topic] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)

    @property
    def number(self) -> int:
        return sum(len(topic.news) + topic.left_out for topic in self.topics)

    @property
    def is_empty(self) -> bool:
        return not self.number and not self.removals


@dataclass(frozen=True, slots=True)
class Follower:
    """One digest to write: the announcements it was planned with, and the queries followed, in order."""

    announcements: Sequence[int]
    queries: Sequence[str]


def compose_mails(mails: Sequence[Mail]) -> dict[int, Digest]:
    """Return the digest of each of `mails` by its id, as it is right now; it may have become empty.

    Raises EngineUnavailable where the index can not be asked what selections hold.
    """
    people = {
        mail.subscriber_id
        for mail in mails
        if mail.subscriber and not mail.subscriber.paused_at and not mail.subscriber.suspended_at
    }
    followed = defaultdict(list)
    for subscription in Subscription.objects.filter(subscriber__in=people).exclude(confirmed_at=None).order_by("pk"):
        followed[subscription.subscriber_id].append(subscription)
    told = _told_already(mails)
    return compose(
        {
            mail.pk: Follower(
                [pk for pk in mail.announcements if pk not in told[mail.subscriber_id or 0]],
                [item.query for item in followed[mail.subscriber_id or 0] if _is_meant(item, mail.run)],
            )
            for mail in mails
            if mail.run and not mail.run.cancelled_at
        }
    ) | {mail.pk: Digest() for mail in mails if mail.run is None or mail.run.cancelled_at}


def _is_meant(subscription: Subscription, run: DigestRun) -> bool:
    """Return whether `run` tells of `subscription`: also where it got another rhythm since, which was too late for this run."""
    if subscription.frequency == run.frequency:
        return True
    begun, changed = subscription.confirmed_at, subscription.scheduled_at
    return begun is not None and changed is not None and begun <= run.slot < changed


def _told_already(mails: Sequence[Mail]) -> dict[int, set[int]]:
    """Return by subscriber what other mails have told; a cancelled run may be sent after later ones."""
    told: dict[int, set[int]] = defaultdict(set)
    first = min((pk for mail in mails for pk in mail.announcements), default=0)
    others = Mail.objects.filter(
        kind=Mail.Kind.DIGEST,
        state=Mail.State.SENT,
        run__until__gte=first,
        subscriber__in={mail.subscriber_id for mail in mails},
    ).exclude(pk__in=[mail.pk for mail in mails])
    for subscriber, announcements in others.values_list("subscriber", "announcements"):
        told[subscriber].update(announcements)
    return told


def compose(followers: Mapping[int, Follower]) -> dict[int, Digest]:
    """Return the digest of each of `followers` by the same key."""
    material = _Material.of(followers.values())
    return {key: _compose_one(follower, material) for key, follower in followers.items()}


@dataclass
class _Material:
    """What a batch of digests is made of, fetched for all of them at once."""

    announced: Mapping[int, Announcement]
    entries: Mapping[int, Entry]
    held: Mapping[str, set[int]]
    labels: Mapping[str, str]
    shared: dict[tuple, News] = field(default_factory=dict)

    def news(self, page_id: int, told: Sequence[PracticeChange]) -> News:
        """Return what is said of a practice of which `told` is told."""
        is_new = any(change.kind == Kind.NEW for change in told)
        notes = tuple(dict.fromkeys(change.note for change in told if change.note and change.kind == Kind.UPDATED))
        return self.shared.setdefault((page_id, is_new, notes), News(self.entries[page_id], is_new, notes))

    @classmethod
    def of(cls, followers: Iterable[Follower]) -> "_Material":
        terms = all_terms()
        followers = list(followers)
        ids = {pk for follower in followers for pk in follower.announcements}
        queries = {query for follower in followers if follower.announcements for query in follower.queries}
        announced = Announcement.objects.select_related("change").in_bulk(ids)
        pages = readable({announcement.change.page_id for announcement in announced.values()})
        shown = entry_rows(PracticePage.objects.filter(pk__in=pages))
        return cls(
            announced,
            {entry.page_id: entry for entry in make_entries(shown)},
            held_by(queries, pages, terms),
            labels(queries, terms),
        )


def _compose_one(follower: Follower, material: _Material) -> Digest:
    changes: dict[int, list[PracticeChange]] = defaultdict(list)
    removed_from: dict[int, list[str]] = {}
    for pk in sorted(follower.announcements):
        if announcement := material.announced.get(pk):
            changes[announcement.change.page_id].append(announcement.change)
            if announcement.change.kind == Kind.REMOVED:
                removed_from[announcement.change.page_id] = announcement.selections
    digest = Digest(removals=_removals(changes, removed_from, follower))
    topics: dict[str, Topic] = {}
    number = 0
    for page_id in sorted(changes, key=lambda page_id: changes[page_id][-1].pk, reverse=True):
        query = next((query for query in follower.queries if page_id in material.held[query]), None)
        told = [change for change in changes[page_id] if change.kind != Kind.REMOVED]
        if query is None or page_id not in material.entries or not told:
            continue
        if query not in topics:
            topics[query] = Topic(material.labels[query], _page_url(query))
        topic = topics[query]
        if number == MOST_ITEMS:
            topic.left_out += 1
            continue
        topic.news.append(material.news(page_id, told))
        number += 1
    digest.topics = [topics[query] for query in follower.queries if query in topics]
    return digest


def _removals(
    changes: Mapping[int, list[PracticeChange]], removed_from: Mapping[int, list[str]], follower: Follower
) -> list[Removal]:
    """Return what was taken off and is off still. What went online since the last digest was never told: it is silent."""
    return [
        Removal(told[-1].title, told[-1].note, told[-1].at)
        for page_id, told in changes.items()
        if told[-1].kind == Kind.REMOVED
        and told[0].kind != Kind.NEW
        and set(removed_from[page_id]) & set(follower.queries)
    ]


def _page_url(query: str) -> str:
    return absolute(f"{reverse('search')}?{query}{'&' if query else ''}sort={CHANGED}")
