"""Sending: what waits is sent once, whatever the server answers; what became untrue is not sent at all."""

import threading
import time
from datetime import timedelta

import factory
import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from feeds import sending
from feeds.announcing import announce
from feeds.aside import LOOK_AGAIN_AFTER
from feeds.models import DigestRun, Mail, Subscriber, Subscription
from feeds.planning import plan
from feeds.run_control import cancel
from feeds.sending import MOST_BOUNCES, MOST_REFUSALS, ServerAway, lease, send_due
from feeds.subscribing import change_rhythm, leave, pause, remove
from practices.models import PracticePage
from search.engines.protocol import EngineUnavailable
from search.indexing import drain
from tests.factories import ProjectFactory
from tests.feeds.factories import AnnouncementFactory, MailFactory, RunFactory, SubscriberFactory, SubscriptionFactory
from transferhub.management.commands.work import Job, make_jobs

State = Mail.State


@pytest.fixture
def news(announced):
    """The ids of one announcement."""
    return [announcement.pk for announcement in announced("Digitale Beratung")]


def digest_for(news, run=None, **fields) -> Mail:
    """Return a waiting digest of `news` for a new subscriber who follows everything."""
    subscription = SubscriptionFactory(**fields)
    return MailFactory(run=run or RunFactory(), subscriber=subscription.subscriber, announcements=news)


def send() -> list[float]:
    return list(send_due())


def state_of(mail: Mail) -> str:
    return Mail.objects.get(pk=mail.pk).state


def let_time_pass() -> None:
    Mail.objects.exclude(not_before=None).update(not_before=timezone.now())


def test_what_waits_is_sent_and_marked(inbox, news):
    mail = digest_for(news)
    send()
    assert inbox.addresses == [mail.subscriber.email]
    assert state_of(mail) == State.SENT


def test_nothing_is_sent_twice(inbox, news):
    digest_for(news)
    send()
    send()
    assert len(inbox.mails) == 1


def test_links_go_before_digests(inbox, news):
    digest = digest_for(news)
    link = MailFactory(kind=Mail.Kind.MANAGE, run=None)
    send()
    assert inbox.addresses == [link.subscriber.email, digest.subscriber.email]


def test_links_go_where_the_index_is_away(inbox, organisation):
    digest = digest_for([AnnouncementFactory(page=ProjectFactory(parent=organisation)).pk])
    link = MailFactory(kind=Mail.Kind.MANAGE, run=None)
    with pytest.raises(EngineUnavailable):
        send()
    assert inbox.addresses == [link.subscriber.email]
    assert state_of(digest) == State.PENDING


def test_one_connection_serves_a_batch(inbox, news):
    run = RunFactory()
    for _ in range(5):
        digest_for(news, run)
    send()
    assert (len(inbox.mails), inbox.connections) == (5, 1)


def test_the_rate_is_kept_and_little_is_written_ahead(inbox, news, settings):
    settings.MAIL_PER_MINUTE = 12
    run = RunFactory()
    for _ in range(3):
        digest_for(news, run)
    steps = send_due()
    assert next(step for step in steps if step != LOOK_AGAIN_AFTER) == 5.0
    assert Mail.objects.filter(state=State.SENDING).count() == 1  # two in ten seconds, and one of them is sent
    steps.close()
    assert Mail.objects.filter(state=State.PENDING).count() == 2


def test_an_answer_for_now_is_tried_again_later_and_later(inbox, news):
    mail = digest_for(news)
    inbox.recipients[mail.subscriber.email] = "451 try again"
    delays = []
    for _ in range(12):
        send()
        mail.refresh_from_db()
        delays.append(round((mail.not_before - timezone.now()) / timedelta(minutes=1)))
        let_time_pass()
    assert delays[:4] == [1, 2, 4, 8]
    assert delays[-1] == 360
    assert (mail.state, mail.attempts, mail.last_error) == (State.PENDING, 12, "451 try again")


def test_after_two_days_it_is_given_up(inbox, news):
    mail = digest_for(news)
    inbox.recipients[mail.subscriber.email] = "451 try again"
    Mail.objects.update(created_at=timezone.now() - timedelta(days=2, minutes=1))
    send()
    assert state_of(mail) == State.FAILED


def test_a_final_answer_is_not_questioned(inbox, news):
    mail = digest_for(news)
    inbox.recipients[mail.subscriber.email] = "550 no such user"
    send()
    mail.refresh_from_db()
    assert (mail.state, mail.last_error, mail.subscriber.bounces) == (State.FAILED, "550 no such user", 1)


def test_an_address_that_refuses_three_times_in_a_row_gets_no_more(inbox, news):
    mail = digest_for(news)
    inbox.recipients[mail.subscriber.email] = "550 no such user"
    for _ in range(2):
        MailFactory(subscriber=mail.subscriber, announcements=news)
    fourth = MailFactory(subscriber=mail.subscriber, announcements=news)
    send()
    assert state_of(fourth) == State.SKIPPED
    assert Subscriber.objects.get(pk=mail.subscriber.pk).suspended_at is not None


def test_a_server_that_refuses_everybody_suspends_nobody_and_loses_little(inbox, news):
    """Three runs through a relay that is set up wrongly; then it is mended."""
    subscribers = [SubscriptionFactory().subscriber for _ in range(8)]
    inbox.recipients = {subscriber.email: "554 Relay access denied" for subscriber in subscribers}
    for _run in range(MOST_BOUNCES):
        run = RunFactory()
        MailFactory.create_batch(8, run=run, announcements=news, subscriber=factory.Iterator(subscribers))
        for _attempt in range(3):
            with pytest.raises(ServerAway):
                send()
    assert not Subscriber.objects.exclude(suspended_at=None).exists()
    assert Mail.objects.filter(state=State.FAILED).count() == MOST_REFUSALS
    inbox.recipients = {}
    let_time_pass()
    send()
    assert set(inbox.addresses) == {subscriber.email for subscriber in subscribers}


def test_dead_addresses_in_a_row_are_blamed_once_the_server_takes_another(inbox, news):
    run = RunFactory()
    mails = [digest_for(news, run) for _ in range(MOST_REFUSALS + 2)]
    inbox.recipients = {mail.subscriber.email: "550 no such user" for mail in mails[:-1]}
    with pytest.raises(ServerAway):
        send()
    send()
    let_time_pass()
    send()
    assert [state_of(mail) for mail in mails] == [State.FAILED] * (MOST_REFUSALS + 1) + [State.SENT]
    assert Subscriber.objects.filter(bounces=1).count() == MOST_REFUSALS + 1


@pytest.mark.parametrize("answer", ["550 5.7.1 mails from this address space are refused", "554 5.7.26 no DKIM"])
def test_a_refusal_by_policy_blames_no_address_and_is_tried_again(inbox, news, answer):
    mail, other = digest_for(news), digest_for(news)
    inbox.recipients[mail.subscriber.email] = answer
    send()
    mail.refresh_from_db()
    assert (mail.state, mail.last_error, mail.subscriber.bounces) == (State.PENDING, answer, 0)
    assert state_of(other) == State.SENT


def test_a_mail_that_is_taken_makes_up_for_refusals(inbox, news):
    mail = digest_for(news)
    Subscriber.objects.update(bounces=2)
    send()
    assert Subscriber.objects.get(pk=mail.subscriber.pk).bounces == 0


def test_a_server_that_refuses_the_text_refuses_one_mail(inbox, news):
    inbox.contents = "554 this looks like spam"
    run = RunFactory()
    mails = [digest_for(news, run), digest_for(news, run)]
    send()
    assert [state_of(mail) for mail in mails] == [State.FAILED, State.FAILED]


@pytest.mark.parametrize("answer", ["550 you may not send here", "451 not now"])
def test_a_server_that_refuses_our_sender_blames_no_recipient(inbox, news, answer):
    inbox.senders = answer
    mail = digest_for(news)
    with pytest.raises(ServerAway):
        send()
    mail.refresh_from_db()
    assert (mail.state, mail.subscriber.bounces) == (State.PENDING, 0)


def test_a_server_that_says_goodbye_keeps_the_others_waiting(inbox, news):
    run = RunFactory()
    first, second = digest_for(news, run), digest_for(news, run)
    inbox.recipients[first.subscriber.email] = "421 closing"
    with pytest.raises(ServerAway):
        send()
    second.refresh_from_db()
    assert (second.state, second.attempts, second.not_before) == (State.PENDING, 0, None)
    send()
    assert inbox.addresses == [second.subscriber.email]


def test_a_server_that_is_away_costs_no_attempt(inbox, news, settings):
    settings.EMAIL_PORT = 1
    mail = digest_for(news)
    with pytest.raises(ServerAway):
        send()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.not_before) == (State.PENDING, 0, None)


def test_a_server_that_stays_away_is_asked_less_and_less_often(news, inbox, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    digest_for(news)
    job = Job("sending mail", 1, send_due, patience=60)
    waits = []
    for _ in range(8):
        job.run()
        waits.append(job._wait())
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]
    settings.EMAIL_PORT = port
    job.finish()
    assert job._wait() == 1


@pytest.mark.parametrize("name", ["announcing", "planning digests", "sending mail", "importing"])
def test_what_needs_others_is_tried_less_and_less_often(name):
    job = next(job for job in make_jobs(stays=False) if job.name == name)
    job.failures = 20
    assert job._wait() == 60


def test_a_connection_cut_after_the_text_makes_one_copy_more(inbox, news):
    inbox.drops = 1
    mail = digest_for(news)
    send()
    assert state_of(mail) == State.PENDING
    let_time_pass()
    send()
    send()
    assert list(inbox.copies.values()) == [2]
    assert state_of(mail) == State.SENT


@pytest.fixture
def hanging(inbox):
    """An event before which the mail server does not answer to a recipient."""
    may_go_on = threading.Event()
    inbox.before["RCPT"] = lambda _taken: may_go_on.wait(60)
    yield may_go_on
    may_go_on.set()


def test_the_worker_does_other_things_while_the_mail_server_hangs(inbox, news, hanging):
    mail = digest_for(news)
    job = Job("sending mail", 1, send_due, patience=60)
    for _turn in range(3):
        job.run()
        assert job.due - time.monotonic() <= LOOK_AGAIN_AFTER
    assert (state_of(mail), inbox.mails) == (State.SENDING, [])
    hanging.set()
    job.finish()
    assert (state_of(mail), len(inbox.mails)) == (State.SENT, 1)


def test_what_is_under_way_when_the_worker_ends_is_noted(inbox, news, hanging):
    mail, other = digest_for(news), digest_for(news)
    steps = send_due()
    next(steps)
    hanging.set()
    steps.close()
    assert [state_of(mail), state_of(other)] == [State.SENT, State.PENDING]
    assert inbox.addresses == [mail.subscriber.email]


def test_a_server_that_goes_away_while_the_worker_ends_is_no_error(inbox, news, hanging):
    mail = digest_for(news)
    inbox.recipients[mail.subscriber.email] = "421 closing"
    steps = send_due()
    next(steps)
    hanging.set()
    steps.close()
    assert state_of(mail) == State.PENDING


def test_a_lease_that_expired_is_taken_again(inbox, news):
    mail = digest_for(news)
    assert [taken.pk for taken in lease()] == [mail.pk]
    assert lease() == []
    Mail.objects.update(lease_until=timezone.now())
    send()
    assert state_of(mail) == State.SENT


def test_who_lost_the_lease_decides_nothing(inbox, news):
    mail = digest_for(news)
    late = lease()[0]
    Mail.objects.update(lease_until=timezone.now())
    lease()
    sending._settle(late, State.FAILED, "too late")
    assert state_of(mail) == State.SENDING


def restrict(page: PracticePage, mail: Mail) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


CHANGES = {
    "restricted": restrict,
    "restricted above": lambda page, mail: restrict(page.get_parent(), mail),
    "unpublished": lambda page, mail: page.specific.unpublish(),
    "deleted": lambda page, mail: page.specific.delete(),
    "left": lambda page, mail: leave(mail.subscriber.leave_token),
    "ended": lambda page, mail: remove(mail.subscriber.subscriptions.get()),
    "paused": lambda page, mail: pause(mail.subscriber),
    "cancelled": lambda page, mail: cancel(mail.run),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_after_planning_is_not_sent(inbox, news, change):
    mail = digest_for(news)
    CHANGES[change](PracticePage.objects.get(), mail)
    send()
    assert inbox.mails == []
    assert state_of(mail) == State.SKIPPED


def test_another_rhythm_after_planning_loses_nothing(publish, work):
    subscription = SubscriptionFactory(frequency="taeglich")
    publish("Nachtcafé")
    drain()
    announce()
    list(plan(timezone.now() + timedelta(days=2)))
    change_rhythm(subscription, {"frequency": "sofort", "weekday": 0, "hour": 7})
    Subscription.objects.update(scheduled_at=timezone.now() + timedelta(days=3))
    [message] = work()
    assert "Nachtcafé" in message.body
    assert work() == []


@pytest.mark.parametrize("change", ["restricted", "unpublished", "left", "ended", "paused", "cancelled"])
def test_what_changes_while_a_batch_is_sent_is_not_sent_any_more(inbox, news, change):
    run = RunFactory()
    first, second = digest_for(news, run), digest_for(news, run)
    steps = send_due()
    next(step for step in steps if step != LOOK_AGAIN_AFTER)
    CHANGES[change](PracticePage.objects.get(), second)
    list(steps)
    assert inbox.addresses == [first.subscriber.email]
    assert state_of(second) == State.SKIPPED


def test_a_run_is_the_sum_of_its_mails(inbox, news):
    run = RunFactory()
    sent, skipped, failed, waiting = (digest_for(news, run) for _ in range(4))
    pause(skipped.subscriber)
    inbox.recipients = {failed.subscriber.email: "550 gone", waiting.subscriber.email: "450 busy"}
    send()
    assert [state_of(mail) for mail in (sent, skipped, failed, waiting)] == ["sent", "skipped", "failed", "pending"]
    assert DigestRun.objects.get(pk=run.pk).mails.count() == 4


def test_who_confirmed_meanwhile_is_not_asked_again(inbox, vocabularies):
    subscription = SubscriptionFactory()
    mail = MailFactory(kind=Mail.Kind.CONFIRM, run=None, subscriber=subscription.subscriber, subscription=subscription)
    send()
    assert (inbox.mails, state_of(mail)) == ([], State.SKIPPED)


def test_who_is_suspended_is_asked_to_confirm_again(inbox, vocabularies):
    subscriber = SubscriberFactory(suspended_at=timezone.now())
    subscription = SubscriptionFactory(subscriber=subscriber, confirmed_at=None, scheduled_at=None)
    MailFactory(kind=Mail.Kind.CONFIRM, run=None, subscriber=subscriber, subscription=subscription)
    send()
    assert inbox.addresses == [subscriber.email]
