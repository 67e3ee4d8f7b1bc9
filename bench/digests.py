"""Digests: 10,000 subscribers with three subscriptions each, 200 changes; planned, and written without being sent.

Run as a process of its own, so that its memory is that of the work alone.
"""

import json
import random
import sys
import time
from datetime import timedelta
from urllib.parse import urlencode

from bench.timing import peak_mb

SUBSCRIBERS = 10_000
CHANGES = 200
BATCH = 100
_WORDS = ("Sucht", "Pflege", "digital", "Beratung", "Schulung", "Teilhabe", "Quartier", "Arbeit", "Jugend", "Video")


def prepare() -> None:
    """Let people follow terms, types and organisations by Zipf's law, three of ten with a second filter or words, and change
    practices."""
    from django.utils import timezone

    from feeds.announcing import announce, newest_announcement
    from feeds.models import DigestRun, Mail, Subscriber, Subscription
    from feeds.tokens import digest
    from practices.models import PracticeChange, PracticePage
    from search.indexing import drain

    for model in (Mail, DigestRun, Subscription, Subscriber):
        model.objects.all().delete()
    drain()
    announce()
    now, position = timezone.now(), newest_announcement()
    people = [Subscriber(email=f"{number}@example.org") for number in range(SUBSCRIBERS)]
    for person in people:
        person.manage_hash, person.leave_hash = digest(person.manage_token), digest(person.leave_token)
    Subscriber.objects.bulk_create(people, batch_size=1000)
    draw = _Selections()
    followed = []
    for person in Subscriber.objects.order_by("pk"):
        for query in draw.three():
            subscription = Subscription(subscriber=person, query=query, frequency=Subscription.Frequency.DAILY)
            subscription.position, subscription.consent_version = position, "bench"
            subscription.confirmed_at = subscription.scheduled_at = now
            subscription.confirm_hash = digest(subscription.confirm_token)
            followed.append(subscription)
    Subscription.objects.bulk_create(followed, batch_size=1000)
    changed = PracticePage.objects.filter(live=True).order_by("-pk")[:CHANGES]
    PracticeChange.objects.bulk_create(
        PracticeChange(kind=PracticeChange.Kind.UPDATED, page_id=page.pk, title=page.title, note="Neue Zahlen")
        for page in changed
    )
    announce()


class _Selections:
    """Draws what people follow, the same for every run."""

    def __init__(self) -> None:
        from practices.models import PRACTICE_TYPES, SCHEMES, OrganisationPage
        from practices.terms import all_terms

        self.chance = random.Random(4)  # noqa: S311 - the same for every run
        keys = OrganisationPage.objects.order_by("pk").values_list("key", flat=True)[:200]
        self.filters = [(SCHEMES[term.scheme].parameter, term.key) for term in all_terms()]
        self.filters += [("typ", key) for key in PRACTICE_TYPES] + [("traeger", key) for key in keys]
        self.chance.shuffle(self.filters)

    def three(self) -> set[str]:
        found: set[str] = set()
        while len(found) < 3:
            found.add(self._one())
        return found

    def _one(self) -> str:
        from django.http import QueryDict

        from search.params import SearchParams

        place = min(int(self.chance.paretovariate(0.7)), len(self.filters)) - 1
        pairs = [self.filters[place]]
        if self.chance.random() < 0.15:
            pairs.append(self.chance.choice(self.filters))
        if self.chance.random() < 0.15:
            pairs.append(("q", " ".join(self.chance.sample(_WORDS, self.chance.choice((1, 1, 2))))))
        return SearchParams.parse(QueryDict(urlencode(pairs))).as_selection().to_query()


def work() -> dict:
    """Plan the run and write every mail; return seconds, memory and numbers."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from feeds.models import Mail, Subscription
    from feeds.planning import plan
    from feeds.sending import write_messages

    started = time.perf_counter()
    for _run in plan(timezone.now() + timedelta(days=2)):
        pass
    planned = time.perf_counter()
    ids = list(Mail.objects.order_by("pk").values_list("pk", flat=True))
    queries = []
    for start in range(0, len(ids), BATCH):
        connection.queries_log.clear()  # what is noted for counting is no memory of the work
        with CaptureQueriesContext(connection) as captured:
            mails = list(
                Mail.objects.filter(pk__in=ids[start : start + BATCH]).select_related("run", "subscriber__organisation")
            )
            for message in write_messages(mails).values():
                if message is not None:
                    message.message().as_bytes()
        queries.append(len(captured))
    return {
        "mails": len(ids),
        "selections": Subscription.objects.values("query").distinct().count(),
        "planning_s": round(planned - started, 1),
        "writing_s": round(time.perf_counter() - planned, 1),
        "peak_mb": peak_mb(),
        "queries_for_100_mails": [min(queries, default=0), max(queries, default=0)],
    }


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "prepare":
        prepare()
    else:
        print(json.dumps(work()))  # noqa: T201
