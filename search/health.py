"""How search stands, for operators and editors."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils import timezone

from practices.models import ContentChange
from search.engines import current_engine
from search.models import IndexState

# A change that waits longer than this means that nobody works, or that the engine does not take it.
LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class Health:
    """`backlog` changes wait, the oldest since `waiting_since`; `drift` practices differed at the last comparison."""

    engine: str
    is_ready: bool
    backlog: int
    waiting_since: datetime | None
    drift: int
    compared_at: datetime | None
    failing_since: datetime | None
    last_error: str

    @property
    def is_late(self) -> bool:
        return self.waiting_since is not None and timezone.now() - self.waiting_since > LATE


def search_health() -> Health:
    """Return the state of index and outbox; two queries and one look at the engine."""
    waiting = ContentChange.objects.filter(applied_at=None).aggregate(number=Count("pk"), since=Min("created_at"))
    state = IndexState.objects.filter(pk=1).first() or IndexState()
    engine = current_engine()
    return Health(
        engine=engine.name,
        is_ready=engine.is_ready(),
        backlog=waiting["number"],
        waiting_since=waiting["since"],
        drift=state.drift,
        compared_at=state.compared_at,
        failing_since=state.failing_since,
        last_error=state.last_error,
    )
