"""What did not arrive is seen and mended in one place, by those who may, without a word about who it was for."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone

from feeds.forgetting import KEEP_NOTICES, forget_deliveries
from feeds.models import Mail, Subscriber
from feeds.notices import Notice, queue
from feeds.run_control import resend_missing
from feeds.subscribing import LIFTED
from tests.feeds.factories import AnnouncementFactory, MailFactory, RunFactory, SubscriberFactory, SubscriptionFactory
from tests.feeds.test_delivery_admin import approver, signed_in  # noqa: F401 - a fixture

pytestmark = pytest.mark.one_database

State = Mail.State


def page(client) -> str:
    return client.get(reverse("delivery_undelivered")).content.decode()


def mend(client, what: str):
    return client.post(reverse("delivery_undelivered"), {"was": what})


@pytest.fixture
def suspended(site):
    """Somebody whose mails came back because of the server."""
    subscriber = SubscriberFactory(suspended_at=timezone.now(), bounces=3)
    SubscriptionFactory(subscriber=subscriber)
    return subscriber


def test_suspensions_are_lifted_and_what_failed_can_be_sent_again(approver, publish, suspended, work):  # noqa: F811
    news = AnnouncementFactory(page=publish("Nachtcafé"))
    mail = MailFactory(run=RunFactory(until=news.pk), subscriber=suspended, announcements=[news.pk], state=State.FAILED)
    assert "gesperrt: <strong>1</strong>" in page(approver)
    mend(approver, "sperren-aufheben")
    suspended.refresh_from_db()
    assert (suspended.suspended_at, suspended.bounces) == (None, 0)
    assert resend_missing(mail.run) == 1
    [message] = work()
    assert "Nachtcafé" in message.body


def test_what_happened_during_a_suspension_by_mistake_is_told(approver, publish, suspended, work):  # noqa: F811
    publish("Nachtcafé")
    assert work() == []
    mend(approver, "sperren-aufheben")
    [message] = work()
    assert "Nachtcafé" in message.body


@pytest.fixture
def refused(site):
    """An invitation and a link that the mail server refused, and a mistyped address."""
    queue(Notice("neu@example.org", "Einladung zu TransferHub für neu@example.org", ("Willkommen.",)))
    MailFactory(kind=Mail.Kind.MANAGE, run=None)
    subscription = SubscriptionFactory(confirmed_at=None)
    MailFactory(kind=Mail.Kind.CONFIRM, run=None, subscriber=subscription.subscriber, subscription=subscription)
    Mail.objects.update(state=State.FAILED, finished_at=timezone.now(), last_error="550 no such user")


def test_failed_messages_are_seen_and_sent_again(approver, refused, work):  # noqa: F811
    seen = page(approver)
    assert "Einladung zu TransferHub für ‹Adresse›" in seen
    assert "Link zur Verwaltung" in seen
    assert "Bestätigung eines Abonnements" not in seen
    mend(approver, "nachsenden")
    assert {message.subject for message in work()} == {
        "Einladung zu TransferHub für neu@example.org",
        "Ihre Abonnements",
    }


def test_what_notices_say_is_forgotten_after_a_week(approver, refused):  # noqa: F811
    Mail.objects.update(finished_at=timezone.now() - KEEP_NOTICES - timedelta(minutes=1))
    forget_deliveries()
    assert "Einladung zu TransferHub" not in page(approver)
    assert not Mail.objects.exclude(notice={}).exists()


def test_who_was_suspended_long_ago_stays_so(approver, suspended):  # noqa: F811
    Subscriber.objects.update(suspended_at=timezone.now() - LIFTED - timedelta(minutes=1))
    mend(approver, "sperren-aufheben")
    assert Subscriber.objects.get().suspended_at


def test_no_page_says_an_address(approver, suspended):  # noqa: F811
    assert suspended.email not in page(approver)


def test_nothing_else_is_done(approver, suspended):  # noqa: F811
    assert mend(approver, "alles").status_code == 404
    assert Subscriber.objects.get().suspended_at


def test_who_may_only_look_mends_nothing(client, suspended):
    group = Group.objects.create(name="Nur ansehen")
    codenames = ("view_digestrun", "access_admin")
    group.permissions.set(Permission.objects.filter(codename__in=codenames))
    signed_in(client, "Nur ansehen")
    assert "Sperren aufheben</button>" not in page(client)
    assert mend(client, "sperren-aufheben").status_code == 302
    assert Subscriber.objects.get().suspended_at


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_is_closed_to_others(client, suspended, method):
    signed_in(client, "Fachprüfung")
    assert getattr(client, method)(reverse("delivery_undelivered")).status_code == 302
