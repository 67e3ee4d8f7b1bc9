"""What a digest says: each practice once, under the first topic that holds it, as it is when it is sent."""

from unittest.mock import Mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feeds import composing
from feeds.composing import MOST_ITEMS, Digest, compose_mails
from feeds.models import Mail
from feeds.sending import write_messages
from practices.models import PracticeChange, ProjectProfilePage
from search.indexing import drain
from search.rebuild import rebuild
from tests.feeds.factories import (
    AnnouncementFactory,
    MailFactory,
    RunFactory,
    SubscriberFactory,
    SubscriptionFactory,
)
from tests.practices.rich_practices import make_practices

Kind = PracticeChange.Kind
PROJECTS, ABOUT_ADVICE = "typ=projekt", "q=Beratung"


def told(announcements, *queries: str, **fields) -> Digest:
    """Return the digest of `announcements` for somebody who follows `queries`, in this order."""
    subscriber = SubscriberFactory()
    for query in queries:
        SubscriptionFactory(subscriber=subscriber, query=query, **fields)
    mail = MailFactory(subscriber=subscriber, announcements=[announcement.pk for announcement in announcements])
    return compose_mails([mail])[mail.pk]


def titles(digest: Digest) -> dict[str, list[str]]:
    return {topic.label: [news.entry.title for news in topic.news] for topic in digest.topics}


def changed(announcement, kind: str, note: str):
    """Announce that something else happened to the practice of `announcement`."""
    change = PracticeChange.objects.create(
        kind=kind,
        page_id=announcement.change.page_id,
        title=announcement.change.title,
        note=note,
        revision_id=PracticeChange.objects.count(),
    )
    return AnnouncementFactory(change=change)


def test_each_practice_stands_once_under_the_first_topic_that_holds_it(announced):
    digest = told(announced("Beratung am Telefon", "Garten"), ABOUT_ADVICE, PROJECTS)
    assert titles(digest) == {"„Beratung“": ["Beratung am Telefon"], "Projekte": ["Garten"]}


def test_the_latest_come_first(announced):
    assert titles(told(announced("Erst", "Dann", "Zuletzt"), "")) == {"Alle Beiträge": ["Zuletzt", "Dann", "Erst"]}


def test_what_no_followed_selection_holds_is_left_out(announced):
    assert told(announced("Garten"), ABOUT_ADVICE).is_empty


def test_only_subscriptions_of_the_same_rhythm_count(announced):
    assert told(announced("Garten"), PROJECTS, frequency="taeglich").is_empty


def test_requests_that_nobody_confirmed_do_not_count(announced):
    assert told(announced("Garten"), PROJECTS, confirmed_at=None).is_empty


def test_several_changes_are_one_item_with_all_notes(announced):
    (new,) = announced("Garten")
    first = changed(new, Kind.UPDATED, "Neue Beete")
    second = changed(new, Kind.UPDATED, "Neue Zeiten")
    (item,) = told([first, second], PROJECTS).topics[0].news
    assert (item.is_new, item.notes) == (False, ("Neue Beete", "Neue Zeiten"))


def test_what_is_new_and_changed_is_new(announced):
    (new,) = announced("Garten")
    (item,) = told([new, changed(new, Kind.UPDATED, "Neue Beete")], PROJECTS).topics[0].news
    assert item.is_new


@pytest.fixture
def removed(announced):
    """A practice that was told of, changed, and was then taken off while `PROJECTS` held it."""
    (new,) = announced("Garten")
    updated = changed(new, Kind.UPDATED, "Neue Beete")
    ProjectProfilePage.objects.get().delete()
    removal = PracticeChange.objects.filter(kind=Kind.REMOVED).get()
    PracticeChange.objects.filter(pk=removal.pk).update(note="Beendet.")
    return new, updated, AnnouncementFactory(change=removal, selections=[PROJECTS])


def test_a_removal_is_told_with_its_reason_and_nothing_else_of_the_practice(removed):
    _new, updated, removal = removed
    digest = told([updated, removal], PROJECTS)
    assert (digest.topics, [(item.title, item.reason) for item in digest.removals]) == ([], [("Garten", "Beendet.")])


def test_a_removal_is_told_to_those_who_followed_it(removed):
    assert told([removed[-1]], ABOUT_ADVICE).is_empty


def test_what_came_and_went_between_digests_is_silent(removed):
    new, _updated, removal = removed
    assert told([new, removal], PROJECTS).is_empty


def test_what_another_mail_has_told_is_left_out(announced):
    announcements = announced("Garten", "Küche")
    subscription = SubscriptionFactory()
    run = RunFactory(until=announcements[-1].pk)
    MailFactory(run=run, subscriber=subscription.subscriber, announcements=[announcements[0].pk], state=Mail.State.SENT)
    mail = MailFactory(
        run=RunFactory(), subscriber=subscription.subscriber, announcements=[item.pk for item in announcements]
    )
    assert titles(compose_mails([mail])[mail.pk]) == {"Alle Beiträge": ["Küche"]}


def test_of_very_many_the_latest_are_told_and_the_rest_counted(announced, monkeypatch):
    monkeypatch.setattr(composing, "MOST_ITEMS", 2)
    digest = told(announced("Beratung", "Garten", "Küche", "Laden"), ABOUT_ADVICE, PROJECTS)
    assert titles(digest) == {"„Beratung“": [], "Projekte": ["Laden", "Küche"]}
    assert [topic.left_out for topic in digest.topics] == [1, 1]
    assert digest.number == 4


def test_a_topic_leads_to_the_page_that_shows_it_by_last_change(announced, client):
    (topic,) = told(announced("Garten"), PROJECTS).topics
    page = client.get(topic.url.removeprefix("http://127.0.0.1:8000"))
    assert topic.url.endswith("/suche/?typ=projekt&sort=geaendert")
    assert "Garten" in page.content.decode()


def test_the_index_is_asked_anew_when_content_has_changed(announced):
    (announcement,) = announced("Garten")
    assert not told([announcement], "q=Garten").is_empty
    page = ProjectProfilePage.objects.get()
    page.title = "Werkstatt"
    page.save_revision().publish()
    drain()
    assert told([announcement], "q=Garten").is_empty


def test_mails_ask_for_no_file(built, site, monkeypatch):
    """What they do not offer they do not ask the storage about, which may be far away."""
    recording = make_practices(site)["mitschnitt"]
    rebuild()
    asked = []
    monkeypatch.setattr("feeds.entries.default_storage", Mock(exists=asked.append))
    assert told([AnnouncementFactory(page=recording)], "typ=mitschnitt").number == 1
    assert asked == []


def queries_for(number: int, announcements) -> int:
    """Return how many queries it takes to write the mails of `number` subscribers with three subscriptions each."""
    run = RunFactory(slot=timezone.now())
    for _ in range(number):
        subscriber = SubscriberFactory()
        for query in (PROJECTS, ABOUT_ADVICE, f"q=Thema{run.pk}"):
            SubscriptionFactory(subscriber=subscriber, query=query)
        MailFactory(run=run, subscriber=subscriber, announcements=[item.pk for item in announcements])
    mails = list(
        Mail.objects.filter(run=run).select_related(
            "run", "subscriber__organisation", "subscription__subscriber__organisation"
        )
    )
    with CaptureQueriesContext(connection) as queries:
        messages = write_messages(mails)
    assert all(messages.values())
    return len(queries)


def test_a_hundred_mails_cost_as_many_queries_as_ten(announced):
    announcements = announced(*(f"Beratung {number}" for number in range(MOST_ITEMS + 10)))
    queries_for(1, announcements)  # words and synonyms are read once in a process
    few = queries_for(10, announcements[:1])
    assert few <= 12
    assert queries_for(100, announcements[:1]) == few
    assert queries_for(10, announcements) == few
    assert queries_for(100, announcements) == few
