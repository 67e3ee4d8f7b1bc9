"""From wall clock to the moments at which digests are due: Europe/Berlin, whatever the clocks are set to."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from feeds.models import Subscription

BERLIN = ZoneInfo("Europe/Berlin")
Frequency = Subscription.Frequency


def latest_slot(frequency: str, weekday: int, hour: int, now: datetime) -> datetime:
    """Return the last moment up to `now` at which a daily or weekly digest was due, in UTC.

    An hour that the clocks leave out in spring is due when the clocks go on, one that they repeat in autumn is due once,
    the first time.
    """
    step = timedelta(days=7) if frequency == Frequency.WEEKLY else timedelta(days=1)
    day = now.astimezone(BERLIN).date()
    if frequency == Frequency.WEEKLY:
        day -= timedelta(days=(day.weekday() - weekday) % 7)
    slot = _moment(day, hour)
    return slot if slot <= now else _moment(day - step, hour)


def _moment(day: date, hour: int) -> datetime:
    # By way of UTC: 2:00 of a day on which the clocks go from 2 to 3 becomes 3:00.
    return datetime.combine(day, time(hour), BERLIN).astimezone(UTC)
