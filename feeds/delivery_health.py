"""How the delivery of mails stands, for operators and editors."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from feeds.announcing import unannounced
from feeds.models import Mail
from feeds.planning import is_planned_until

# What waits so much longer than it should means that nobody works, or that the server does not take it.
LATE = timedelta(minutes=15)
REPORTED = timedelta(days=1)


@dataclass(frozen=True)
class DeliveryHealth:
    """`backlog` mails wait; the oldest of those that could be sent now waits `waiting_since`, and since then `handled` were.

    In the last day `failed` digests and `failed_others`, such as invitations, could not be delivered. `is_planned` says
    that everything that was to be told by now has become mails.
    """

    backlog: int
    waiting_since: datetime | None
    handled: int
    failed: int
    failed_others: int
    is_planned: bool

    @property
    def is_overdue(self) -> bool:
        """Whether the oldest mail waits longer than the limit of mails a minute explains."""
        if self.waiting_since is None:
            return False
        its_turn = self.waiting_since + timedelta(minutes=self.handled / settings.MAIL_PER_MINUTE)
        return timezone.now() - its_turn > LATE

    @property
    def is_late(self) -> bool:
        return self.is_overdue or not self.is_planned


def delivery_health() -> DeliveryHealth:
    """Return the state of the mails; the number of queries depends on nothing.

    Mails that ask for a confirmation count as failed nowhere: anybody can mistype an address.
    """
    now = timezone.now()
    waiting = Q(state__in=(Mail.State.PENDING, Mail.State.SENDING))
    due = waiting & (Q(not_before=None) | Q(not_before__lte=now))
    failed = Q(state=Mail.State.FAILED, finished_at__gte=now - REPORTED)
    found = Mail.objects.filter(waiting | failed).aggregate(
        backlog=Count("pk", filter=waiting),
        waiting_since=Min(Coalesce("not_before", "created_at"), filter=due),
        failed=Count("pk", filter=failed & Q(kind=Mail.Kind.DIGEST)),
        failed_others=Count("pk", filter=failed & Q(kind__in=(Mail.Kind.MANAGE, Mail.Kind.NOTICE))),
    )
    since = found["waiting_since"]
    handled = Mail.objects.filter(finished_at__gte=since).count() if since else 0
    is_planned = not unannounced().filter(at__lt=now - LATE).exists() and is_planned_until(now - LATE)
    return DeliveryHealth(**found, handled=handled, is_planned=is_planned)
