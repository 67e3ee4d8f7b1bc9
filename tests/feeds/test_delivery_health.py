"""The figures say late where something is wrong, and not where mails wait as they should."""

from datetime import timedelta

import pytest
from django.utils import timezone

from feeds.announcing import announce
from feeds.delivery_health import LATE, delivery_health
from feeds.models import Mail
from feeds.planning import plan
from practices.models import PracticeChange
from search.indexing import drain
from tests.feeds.factories import MailFactory, RunFactory, SubscriptionFactory

pytestmark = pytest.mark.one_database

LONG_AGO = LATE + timedelta(minutes=2)


def waiting(number: int, **fields) -> None:
    run = RunFactory()
    Mail.objects.filter(pk__in=[MailFactory(run=run, **fields).pk for _ in range(number)]).update(
        created_at=timezone.now() - LONG_AGO
    )


def test_a_large_run_that_goes_out_at_its_rate_is_not_late(site, settings):
    settings.MAIL_PER_MINUTE = 1
    waiting(1)
    assert delivery_health().is_late
    for _minute in range(3):
        MailFactory(state=Mail.State.SENT, finished_at=timezone.now())
    assert not delivery_health().is_late


def test_a_mail_that_is_to_be_tried_again_later_is_not_late(site):
    waiting(1, not_before=timezone.now() + timedelta(hours=1))
    health = delivery_health()
    assert (health.backlog, health.waiting_since, health.is_late) == (1, None, False)


def test_a_mail_that_should_have_been_tried_again_is_late(site):
    waiting(1, not_before=timezone.now() - LATE - timedelta(minutes=1))
    assert delivery_health().is_late


def test_a_mistyped_address_is_no_failure(site):
    MailFactory(kind=Mail.Kind.CONFIRM, run=None, state=Mail.State.FAILED, finished_at=timezone.now())
    health = delivery_health()
    assert (health.failed, health.failed_others) == (0, 0)


def happened_long_ago() -> None:
    PracticeChange.objects.update(at=timezone.now() - LONG_AGO)


@pytest.mark.parametrize("done", ["nothing", "announced", "cut off"])
def test_news_that_do_not_become_mails_are_late(publish, monkeypatch, done):
    monkeypatch.setattr("feeds.planning.BATCH", 1)
    for _number in range(3):
        SubscriptionFactory(scheduled_at=timezone.now() - timedelta(days=1))
    publish()
    drain()
    assert not delivery_health().is_late
    happened_long_ago()
    if done != "nothing":
        announce()
    if done == "cut off":
        next(plan())
    assert delivery_health().is_late
    announce()
    list(plan())
    assert not delivery_health().is_late


def test_news_that_wait_for_their_day_are_not_late(publish):
    SubscriptionFactory(frequency="woechentlich")
    publish()
    happened_long_ago()
    drain()
    announce()
    assert not delivery_health().is_late
