"""From changes to planned mails: everything once, to those it concerns, and nothing to others."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from feeds.announcing import announce
from feeds.models import Announcement, DigestRun, Mail, Subscriber
from feeds.planning import plan
from feeds.run_control import cancel, resend_missing
from feeds.sending import send_due
from feeds.subscribing import pause, resume
from practices.models import FieldOfAction
from practices.services.merge_terms import merge_terms
from search.engines.protocol import EngineUnavailable
from search.indexing import drain
from tests.factories import ProjectFactory
from tests.feeds.conftest import change
from tests.feeds.factories import SubscriberFactory, SubscriptionFactory

SUCHT = "handlungsfeld=suchthilfe"


def tag(page, key="suchthilfe"):
    page.fields_of_action.set(FieldOfAction.objects.filter(slug=key))
    page.save_revision().publish()
    return page


def test_followers_hear_of_what_is_new(publish, work):
    SubscriptionFactory()
    publish("Nachtcafé")
    [mail] = work()
    assert mail.subject == "1 neuer Beitrag auf TransferHub"
    assert "Nachtcafé" in mail.body


def test_nothing_is_told_twice(publish, work):
    SubscriptionFactory()
    publish()
    assert len(work()) == 1
    assert work() == []


def test_only_what_the_selection_holds_is_told(publish, work):
    SubscriptionFactory(query=SUCHT)
    SubscriptionFactory(query="q=Nachtcaf%C3%A9&typ=projekt")
    SubscriptionFactory(query="typ=werkzeug")
    tag(publish("Suchtberatung"))
    publish("Nachtcafés am Hafen")
    mails = work()
    assert sorted(mail.subject for mail in mails) == [
        "1 neuer Beitrag: Suchthilfe",
        "1 neuer Beitrag: „Nachtcafé“ · Projekte",
    ]


def test_minor_changes_stay_quiet_and_major_ones_say_what_is_new(publish, work):
    page = publish("Nachtcafé")
    work()
    SubscriptionFactory()
    change(page, "Komma gesetzt", notify=False)
    assert work() == []
    change(page, "Neue Öffnungszeiten")
    [mail] = work()
    assert "Was sich geändert hat: Neue Öffnungszeiten" in mail.body
    assert mail.subject == "1 geänderter Beitrag auf TransferHub"


def test_who_follows_now_is_not_told_of_before(publish, work):
    publish()
    work()
    SubscriptionFactory()
    assert work() == []


def test_drafts_are_not_told(publish, organisation, work):
    SubscriptionFactory()
    page = ProjectFactory(parent=organisation, title="Entwurf", live=False)
    page.save_revision()
    assert work() == []


def test_one_mail_for_several_selections_and_each_item_once(publish, work):
    reader = SubscriberFactory()
    SubscriptionFactory(subscriber=reader, query=SUCHT)
    SubscriptionFactory(subscriber=reader, query="typ=projekt")
    tag(publish("Suchtberatung"))
    publish("Nachtcafé")
    [mail] = work()
    assert mail.subject == "2 neue Beiträge zu Ihren Themen"
    assert mail.body.count("Suchtberatung") == 1
    assert mail.body.index("\nSuchthilfe\n") < mail.body.index("Suchtberatung") < mail.body.index("\nProjekte\n")


def test_what_was_told_at_once_is_not_in_the_weekly_digest(publish, work):
    reader = SubscriberFactory()
    SubscriptionFactory(subscriber=reader, query=SUCHT)
    SubscriptionFactory(subscriber=reader, query="typ=projekt", frequency="woechentlich")
    tag(publish("Suchtberatung"))
    publish("Nachtcafé")
    assert len(work()) == 1
    [weekly] = work(timezone.now() + timedelta(days=8))
    assert "Nachtcafé" in weekly.body
    assert "Suchtberatung" not in weekly.body


def test_a_digest_waits_for_its_hour(publish, work):
    SubscriptionFactory(frequency="taeglich")
    publish()
    assert work() == []
    assert len(work(timezone.now() + timedelta(days=1, hours=1))) == 1


def test_after_a_standstill_there_is_one_digest_with_everything(publish, work):
    SubscriptionFactory(frequency="taeglich")
    publish("Erstes")
    publish("Zweites")
    [mail] = work(timezone.now() + timedelta(days=5))
    assert "Erstes" in mail.body
    assert "Zweites" in mail.body
    assert DigestRun.objects.count() == 1


def test_a_digest_without_news_is_not_sent(publish, work):
    SubscriptionFactory(query=SUCHT, frequency="taeglich")
    publish("Etwas anderes")
    assert work(timezone.now() + timedelta(days=2)) == []
    assert not Mail.objects.exists()


def test_what_happens_during_a_pause_is_not_told(publish, work):
    reader = SubscriptionFactory().subscriber
    pause(reader)
    publish("Während der Pause")
    assert work() == []
    resume(reader)
    publish("Nach der Pause")
    [mail] = work()
    assert "Während der Pause" not in mail.body


def test_unconfirmed_and_suspended_addresses_get_nothing(publish, work):
    SubscriptionFactory(confirmed_at=None)
    Subscriber.objects.filter(pk=SubscriptionFactory().subscriber_id).update(suspended_at=timezone.now())
    publish()
    assert work() == []


@pytest.mark.parametrize("away", ["unpublish", "delete", "restrict", "retag"])
def test_what_went_away_before_sending_is_left_out(publish, away):
    SubscriptionFactory(query=SUCHT)
    page = tag(publish("Suchtberatung"))
    drain()
    announce()
    list(plan())
    assert Mail.objects.count() == 1
    match away:
        case "unpublish":
            page.unpublish()
        case "delete":
            page.delete()
        case "restrict":
            PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
        case "retag":
            page.fields_of_action.clear()
            page.save()
    drain()
    list(send_due())
    assert Mail.objects.get().state == Mail.State.SKIPPED


def test_removals_are_told_with_the_reason(publish, work):
    page = tag(publish("Suchtberatung"))
    work()
    SubscriptionFactory(query=SUCHT)
    SubscriptionFactory(query="handlungsfeld=altenhilfe")
    page.removal_reason = "Das Projekt wurde beendet."
    page.unpublish()
    [mail] = work()
    assert mail.subject == "Nicht mehr verfügbar: Suchtberatung"
    assert "Grund: Das Projekt wurde beendet." in mail.body
    assert work() == []


def test_what_comes_and_goes_between_digests_is_not_mentioned(publish, work):
    SubscriptionFactory(frequency="taeglich")
    page = publish("Kurzlebig")
    drain()
    announce()
    page.unpublish()
    assert work(timezone.now() + timedelta(days=2)) == []


def test_a_restricted_practice_is_never_told(publish, organisation, work):
    SubscriptionFactory()
    PageViewRestriction.objects.create(page=organisation, restriction_type=PageViewRestriction.LOGIN)
    publish("Geheim")
    assert work() == []


def test_merged_terms_go_on_being_followed(publish, work):
    old = FieldOfAction.objects.get(slug="suchthilfe")
    new = FieldOfAction.objects.exclude(pk=old.pk).filter(merged_into=None).first()
    SubscriptionFactory(query=SUCHT)
    merge_terms(old, new)
    tag(publish("Unter dem neuen Begriff"), new.slug)
    [mail] = work()
    assert "Unter dem neuen Begriff" in mail.body


def test_narrower_terms_are_followed_too(publish, work):
    broad = FieldOfAction.objects.get(slug="suchthilfe")
    narrow = FieldOfAction.objects.create(name="Cannabisberatung", slug="cannabisberatung", broader=broad)
    SubscriptionFactory(query=SUCHT)
    tag(publish("Beratung"), narrow.slug)
    assert len(work()) == 1


def test_a_change_is_announced_when_the_index_knows_it(publish):
    publish()
    drain()
    publish()
    assert announce() == 1
    drain()
    assert announce() == 1
    assert announce() == 0


def test_without_an_index_nothing_is_planned_and_nothing_lost(publish, work, monkeypatch):
    SubscriptionFactory()
    publish("Nachtcafé")
    drain()
    announce()

    def refuse(*_arguments):
        raise EngineUnavailable("down for the test")

    with monkeypatch.context() as away:
        away.setattr("search.engines.embedded.EmbeddedEngine.ask", refuse)
        with pytest.raises(EngineUnavailable):
            list(plan())
    assert not Mail.objects.exists()
    [mail] = work()
    assert "Nachtcafé" in mail.body


def test_planning_goes_on_where_it_was_cut_off(publish, monkeypatch):
    monkeypatch.setattr("feeds.planning.BATCH", 2)
    for _number in range(5):
        SubscriptionFactory()
    publish()
    drain()
    announce()
    next(plan())
    assert Mail.objects.count() == 2
    list(plan())
    assert Mail.objects.count() == 5
    assert Announcement.objects.count() == 1
    assert DigestRun.objects.get().planned_at is not None


def test_a_run_that_is_cancelled_while_it_is_planned_sends_nothing_and_can_be_sent_later(publish, work, monkeypatch):
    monkeypatch.setattr("feeds.planning.BATCH", 2)
    for _number in range(5):
        SubscriptionFactory()
    publish("Nachtcafé")
    drain()
    announce()
    steps = plan()
    run = next(steps)
    cancel(run)
    list(steps)
    assert work() == []
    assert DigestRun.objects.get().planned_at is not None
    assert set(Mail.objects.values_list("state", flat=True)) == {Mail.State.SKIPPED}
    assert resend_missing(run) == 5
    assert len(work()) == 5


def test_a_cancelled_run_whose_planning_was_cut_off_is_planned_without_sending(publish, work, monkeypatch):
    monkeypatch.setattr("feeds.planning.BATCH", 2)
    for _number in range(5):
        SubscriptionFactory()
    publish()
    drain()
    announce()
    cancel(next(plan()))
    assert work() == []
    assert DigestRun.objects.count() == 1


def test_where_nobody_is_concerned_there_is_no_run(publish, work):
    SubscriptionFactory(query="typ=werkzeug")
    publish()
    assert work() == []
    assert not DigestRun.objects.exists()
    assert list(plan()) == []


def test_queries_for_planning_do_not_grow_with_subscribers(publish, django_assert_max_num_queries):
    def follow(number):
        for _number in range(number):
            reader = SubscriberFactory()
            for query in ("", SUCHT, "typ=projekt"):
                SubscriptionFactory(subscriber=reader, query=query)

    follow(100)
    publish()
    drain()
    announce()
    with django_assert_max_num_queries(44):
        list(plan())
    assert Mail.objects.count() == 100


def test_looking_what_is_due_costs_the_same_for_all_rhythms(publish, django_assert_max_num_queries):
    publish()
    drain()
    announce()
    for weekday in range(7):
        for hour in (0, 7, 12):
            SubscriptionFactory(frequency="woechentlich", weekday=weekday, hour=hour)
            SubscriptionFactory(frequency="taeglich", hour=hour)
    publish()
    drain()
    announce()
    with django_assert_max_num_queries(3):
        assert list(plan()) == []
