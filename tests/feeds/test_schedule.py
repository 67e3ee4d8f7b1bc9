"""When digests are due, whatever the clocks are set to."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.schedule import BERLIN, latest_slot

DAILY, WEEKLY = "taeglich", "woechentlich"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("frequency", "weekday", "hour", "now", "slot"),
    [
        (DAILY, 0, 7, "2026-11-23T06:00", "2026-11-23T06:00"),
        (DAILY, 0, 7, "2026-11-23T05:59", "2026-11-22T06:00"),
        (DAILY, 0, 7, "2026-07-01T05:00", "2026-07-01T05:00"),
        (DAILY, 0, 0, "2026-12-31T23:30", "2026-12-31T23:00"),
        (WEEKLY, 0, 7, "2026-11-23T06:00", "2026-11-23T06:00"),
        (WEEKLY, 0, 7, "2026-11-23T05:59", "2026-11-16T06:00"),
        (WEEKLY, 6, 23, "2026-11-23T05:59", "2026-11-22T22:00"),
        (WEEKLY, 3, 7, "2028-03-01T12:00", "2028-02-24T06:00"),
        # The clocks go from 2 to 3 on 2027-03-28: there is no 2:00, it is due when the clocks go on.
        (DAILY, 0, 2, "2027-03-28T00:59", "2027-03-27T01:00"),
        (DAILY, 0, 2, "2027-03-28T01:00", "2027-03-28T01:00"),
        (DAILY, 0, 3, "2027-03-28T01:00", "2027-03-28T01:00"),
        # They go from 3 back to 2 on 2026-10-25: 2:00 comes twice, it is due the first time only.
        (DAILY, 0, 2, "2026-10-25T00:00", "2026-10-25T00:00"),
        (DAILY, 0, 2, "2026-10-25T01:30", "2026-10-25T00:00"),
        (DAILY, 0, 3, "2026-10-25T02:00", "2026-10-25T02:00"),
    ],
)
def test_slots(frequency, weekday, hour, now, slot):
    assert latest_slot(frequency, weekday, hour, utc(now)) == utc(slot)


@given(
    st.sampled_from([DAILY, WEEKLY]),
    st.integers(0, 6),
    st.integers(0, 23),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)),
)
def test_a_slot_is_past_is_its_own_latest_and_comes_each_day_or_week(frequency, weekday, hour, now):
    slot = latest_slot(frequency, weekday, hour, now)
    assert slot <= now < slot + timedelta(days=8 if frequency == WEEKLY else 1, hours=1)
    assert latest_slot(frequency, weekday, hour, slot) == slot
    if frequency == WEEKLY:
        assert slot.astimezone(BERLIN).weekday() == weekday
