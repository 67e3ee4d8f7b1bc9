"""What everybody may read only later is told when they may, once; what they knew already is not told again."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from wagtail.models import PageViewRestriction

from feeds.announcing import announce
from feeds.planning import plan
from practices.models import OrganisationPage, PracticeChange
from practices.services.find_pages import practice_index
from search.indexing import drain
from tests.factories import OrganisationFactory, ProjectFactory
from tests.feeds.conftest import change
from tests.feeds.factories import SubscriptionFactory

NEW = PracticeChange.Kind.NEW
TOMORROW, LATER = timedelta(days=2), timedelta(days=4)


def close(page) -> PageViewRestriction:
    return PageViewRestriction.objects.create(page=page.page_ptr, restriction_type=PageViewRestriction.LOGIN)


@pytest.fixture
def room(site):
    """An organisation whose pages are for people with an account."""
    page = OrganisationFactory(parent=practice_index(), title="Geschützter Raum")
    close(page)
    return page


def fresh(page):
    return type(page).objects.get(pk=page.pk)


def subjects(mails) -> list[str]:
    return [mail.subject for mail in mails]


@pytest.mark.parametrize("closed", ["practice", "organisation"])
def test_what_was_published_closed_is_told_when_it_opens(publish, organisation, work, closed):
    SubscriptionFactory()
    if closed == "organisation":
        restriction = close(OrganisationPage.objects.get(pk=organisation.pk))
        publish("Nachtcafé")
    else:
        page = ProjectFactory(parent=organisation, title="Nachtcafé", live=False)
        restriction = close(page)
        page.save_revision().publish()
    assert work() == []
    restriction.delete()
    [mail] = work()
    assert "Projekt, neu am" in mail.body
    assert work() == []


def test_everything_in_a_room_that_opens_is_told_once_in_one_mail(publish, organisation, work):
    SubscriptionFactory()
    restriction = close(OrganisationPage.objects.get(pk=organisation.pk))
    for number in range(3):
        publish(f"Beitrag {number}")
    work()
    restriction.delete()
    assert subjects(work()) == ["3 neue Beiträge auf TransferHub"]
    close(OrganisationPage.objects.get(pk=organisation.pk)).delete()
    assert work() == []


def test_what_is_closed_by_two_restrictions_opens_with_the_second(publish, organisation, work):
    SubscriptionFactory()
    above = close(OrganisationPage.objects.get(pk=organisation.pk))
    page = publish("Nachtcafé")
    below = close(page)
    above.delete()
    assert work() == []
    below.delete()
    assert len(work()) == 1


def test_what_is_moved_out_of_a_closed_room_is_told(organisation, room, work, reindex):
    SubscriptionFactory()
    reindex()
    page = ProjectFactory(parent=room, title="Nachtcafé", live=False)
    page.save_revision().publish()
    assert work() == []
    fresh(page).move(fresh(organisation), pos="last-child")
    assert len(work()) == 1
    fresh(page).move(fresh(room), pos="last-child")
    work()
    fresh(page).move(fresh(organisation), pos="last-child")
    assert work() == []


def test_what_a_move_opens_is_written_with_the_move(organisation, room):
    page = ProjectFactory(parent=room, live=False)
    page.save_revision().publish()
    with transaction.atomic():
        fresh(page).move(fresh(organisation), pos="last-child")
        assert PracticeChange.objects.filter(kind=NEW, public=True).count() == 1
        transaction.set_rollback(True)
    assert not PracticeChange.objects.filter(public=True).exists()


def test_what_was_told_before_it_was_closed_is_not_told_again(publish, work):
    SubscriptionFactory()
    page = publish("Nachtcafé")
    assert len(work()) == 1
    restriction = close(page)
    change(page, "Hinter verschlossener Tür")
    assert work() == []
    restriction.delete()
    assert work() == []


def test_what_was_closed_before_it_could_be_told_is_told_when_it_opens(publish, work):
    """By those who heard of it at once it is not heard again."""
    at_once, daily = SubscriptionFactory().subscriber, SubscriptionFactory(frequency="taeglich").subscriber
    page = publish("Nachtcafé")
    assert [mail.to for mail in work()] == [[at_once.email]]
    restriction = close(page)
    assert work(timezone.now() + TOMORROW) == []
    restriction.delete()
    assert [mail.to for mail in work(timezone.now() + LATER)] == [[daily.email]]
    assert work(timezone.now() + LATER + TOMORROW) == []


def test_a_practice_that_was_taken_off_is_new_again_when_it_comes_back_open(publish, work):
    SubscriptionFactory()
    page = publish("Nachtcafé")
    work()
    page.unpublish()
    work()
    restriction = close(page)
    fresh(page).save_revision().publish()
    assert work() == []
    restriction.delete()
    assert subjects(work()) == ["1 neuer Beitrag auf TransferHub"]


def test_what_was_to_be_published_quietly_opens_quietly(publish, organisation, work):
    SubscriptionFactory()
    restriction = close(OrganisationPage.objects.get(pk=organisation.pk))
    publish("Nachtcafé", notify_followers=False)
    restriction.delete()
    assert work() == []


@pytest.mark.parametrize("gone", ["unpublished", "deleted"])
def test_what_is_gone_does_not_open(publish, organisation, work, gone):
    SubscriptionFactory()
    closed = OrganisationPage.objects.get(pk=organisation.pk)
    restriction = close(closed)
    page = publish("Nachtcafé")
    if gone == "unpublished":
        page.unpublish()
        restriction.delete()
    else:
        closed.delete()
    assert not PracticeChange.objects.filter(public=True).exists()
    assert work() == []


def test_what_opens_between_announcing_and_planning_is_told_once(publish, organisation, work):
    SubscriptionFactory()
    restriction = close(OrganisationPage.objects.get(pk=organisation.pk))
    publish("Nachtcafé")
    drain()
    announce()
    restriction.delete()
    drain()
    list(plan())
    assert len(work()) == 1
    assert work() == []
