"""How the delivery of mails stands, for operators and editors."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from feeds.models import Mail

# A mail that waits longer than this means that nobody works, or that the server does not take it.
LATE = timedelta(minutes=15)
REPORTED = timedelta(days=1)


@dataclass(frozen=True)
class DeliveryHealth:
    """`backlog` mails wait, the oldest since `waiting_since`; `failed` could not be delivered in the last day."""

    backlog: int
    waiting_since: datetime | None
    failed: int

    @property
    def is_late(self) -> bool:
        return self.waiting_since is not None and timezone.now() - self.waiting_since > LATE


def delivery_health() -> DeliveryHealth:
    """Return the state of the mails; one query."""
    waiting = Q(state__in=(Mail.State.PENDING, Mail.State.SENDING))
    failed = Q(state=Mail.State.FAILED, finished_at__gte=timezone.now() - REPORTED)
    found = Mail.objects.filter(waiting | failed).aggregate(
        backlog=Count("pk", filter=waiting),
        waiting_since=Min("created_at", filter=waiting),
        failed=Count("pk", filter=failed),
    )
    return DeliveryHealth(**found)
