"""What is announced, when, and of what was removed to whom: those whose selection held it until then."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from feeds.announcing import announce
from feeds.models import Announcement
from practices.models import PracticeChange, PracticePage
from search.engines.embedded import EmbeddedEngine
from search.engines.protocol import EngineUnavailable
from search.indexing import drain, waiting_changes
from tests.feeds.conftest import change
from tests.feeds.factories import SubscriptionFactory

REMOVED = PracticeChange.Kind.REMOVED


def refuse(*_arguments):
    raise EngineUnavailable("down for the test")


def removal() -> Announcement:
    return Announcement.objects.get(change__kind=REMOVED)


def test_changes_are_announced_in_the_order_in_which_they_happened(publish):
    for _number in range(3):
        publish()
    drain()
    announce()
    assert list(Announcement.objects.order_by("pk").values_list("change", flat=True)) == list(
        PracticeChange.objects.order_by("pk").values_list("pk", flat=True)
    )


def test_minor_changes_are_not_announced(publish):
    page = publish()
    change(page, notify=False)
    drain()
    assert announce() == 1


def test_many_changes_cost_as_many_queries_as_one(publish):
    def queries(number):
        for _number in range(number):
            publish()
        drain()
        with CaptureQueriesContext(connection) as captured:
            assert announce() == number
        return len(captured)

    queries(1)  # the first of all makes the row that is locked
    assert queries(1) == queries(20)


def test_a_removal_names_the_followed_selections_that_held_the_practice(publish):
    page = publish("Nachtcafé")
    for query in ("", "q=Nachtcaf%C3%A9", "typ=werkzeug"):
        SubscriptionFactory(query=query)
    SubscriptionFactory(query="typ=projekt", confirmed_at=None)
    drain()
    page.unpublish()
    drain()
    assert sorted(removal().selections) == ["", "q=Nachtcaf%C3%A9"]


def test_a_removal_of_what_the_index_never_held_concerns_nobody(publish):
    SubscriptionFactory()
    publish().unpublish()
    drain()
    announce()
    assert removal().selections == []


def test_a_removal_is_announced_once_where_the_index_has_to_be_asked_to_drop_it_twice(publish, monkeypatch):
    SubscriptionFactory()
    page = publish()
    drain()
    page.delete()
    with monkeypatch.context() as away:
        away.setattr(EmbeddedEngine, "write", refuse)
        drain()
    assert waiting_changes() > 0
    first = removal()
    drain()
    announce()
    assert waiting_changes() == 0
    assert removal() == first
    assert removal().selections == [""]


def test_a_removal_waits_in_the_outbox_while_nobody_can_be_asked_who_followed(publish, monkeypatch):
    SubscriptionFactory()
    page = publish()
    drain()
    page.unpublish()
    with monkeypatch.context() as away:
        away.setattr(EmbeddedEngine, "ask", refuse)
        drain()
        announce()
    assert waiting_changes() > 0
    assert not Announcement.objects.filter(change__kind=REMOVED).exists()
    drain()
    assert removal().selections == [""]


@pytest.mark.parametrize("gone", ["unpublish", "delete"])
@pytest.mark.parametrize("closed", ["practice", "organisation"])
def test_what_was_closed_goes_silently_even_if_the_index_did_not_know(publish, organisation, work, gone, closed):
    SubscriptionFactory()
    page = publish("Offen")
    work()
    PageViewRestriction.objects.create(
        page=page if closed == "practice" else organisation, restriction_type=PageViewRestriction.LOGIN
    )
    page.title = "Geheim"
    page.save_revision().publish()
    getattr(PracticePage.objects.get(pk=page.pk).specific, gone)()
    assert work() == []


def test_a_removal_is_told_where_the_index_is_rebuilt_before_it_is_drained(publish, reindex):
    page = publish()
    SubscriptionFactory()
    drain()
    page.unpublish()
    reindex()
    drain()
    announce()
    assert removal().selections == [""]
