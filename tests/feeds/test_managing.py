"""The page of one's subscriptions: everything by the link in a mail, nothing by opening it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from feeds import subscribing
from feeds.consent import CONSENT_VERSION
from feeds.models import Announcement, Mail, Subscriber, Subscription
from practices.models import SCHEMES, FieldOfAction
from practices.services.merge_terms import merge_terms
from tests.feeds.factories import AnnouncementFactory, MailFactory, RunFactory, SubscriberFactory, SubscriptionFactory

RHYTHM = {"frequency": "woechentlich", "weekday": "4", "hour": "16"}


@pytest.fixture
def anna(site):
    """Somebody who follows one selection."""
    return SubscriptionFactory(subscriber__email="anna@example.org", query="q=Sucht&typ=projekt").subscriber


@pytest.fixture
def subscription(anna):
    return anna.subscriptions.get()


def address(subscriber) -> str:
    return reverse("subscription_manage", args=[subscriber.manage_token])


@pytest.fixture
def act(client, anna):
    """A function that does one thing on the page and returns the page after it."""

    def act(action, **data):
        return client.post(reverse("subscription_change", args=[anna.manage_token, action]), data, follow=True)

    return act


def test_the_page_shows_what_is_followed_and_leads_there(client, anna, subscription):
    page = client.get(address(anna)).content.decode()
    assert "„Sucht“ · Projekte" in page
    assert "/suche/?q=Sucht&amp;typ=projekt" in page
    assert f'id="abo-{subscription.pk}"' in page


def test_requests_that_are_not_confirmed_are_not_shown(client, anna):
    """Anybody can ask in somebody's name."""
    SubscriptionFactory(subscriber=anna, query="q=Unbestellt", confirmed_at=None)
    assert "Unbestellt" not in client.get(address(anna)).content.decode()


def test_terms_that_were_merged_keep_working(client, anna):
    SubscriptionFactory(subscriber=anna, query="handlungsfeld=suchthilfe")
    merge_terms(FieldOfAction.objects.get(slug="suchthilfe"), FieldOfAction.objects.get(slug="quartier"))
    assert FieldOfAction.objects.get(slug="quartier").name in client.get(address(anna)).content.decode()


def test_the_rhythm_changes_from_now_on(act, subscription):
    before = timezone.now()
    page = act(
        "rhythmus", abo=subscription.pk, **{f"{subscription.pk}-{name}": value for name, value in RHYTHM.items()}
    )
    changed = Subscription.objects.get()
    assert (changed.frequency, changed.weekday, changed.hour) == ("woechentlich", 4, 16)
    assert changed.scheduled_at > before
    assert changed.position == subscription.position
    assert "Der Rhythmus ist gespeichert." in page.content.decode()


def test_a_rhythm_that_is_none_is_named_and_changes_nothing(act, subscription):
    page = act("rhythmus", abo=subscription.pk, **{f"{subscription.pk}-frequency": "stündlich"})
    assert page.status_code == 400
    assert "Bitte wählen Sie sofort, täglich oder wöchentlich." in page.content.decode()
    assert Subscription.objects.get().frequency == subscription.frequency


def test_nothing_is_sent_during_a_pause_nor_told_afterwards(act, anna, publish, work):
    Subscription.objects.update(query="")
    act("pause")
    publish()
    assert work() == []
    page = act("weiter")
    assert work() == []
    publish("Nachher")
    [mail] = work()
    assert "Ihre Abonnements laufen wieder." in page.content.decode()
    assert "Nachher" in mail.body


def test_going_on_without_a_pause_skips_nothing(act, publish):
    AnnouncementFactory(page=publish())
    act("weiter")
    assert Subscription.objects.get().position < Announcement.objects.get().pk


def test_going_on_lifts_a_suspension(client, act, anna):
    Subscriber.objects.update(suspended_at=timezone.now(), bounces=3)
    assert "kamen zurück" in client.get(address(anna)).content.decode()
    act("weiter")
    subscriber = Subscriber.objects.get()
    assert (subscriber.suspended_at, subscriber.bounces) == (None, 0)


def add(act, **data):
    return act(
        "neu", **{f"neu-{name}": value for name, value in {"frequency": "taeglich", "hour": "9", **data}.items()}
    )


@pytest.mark.parametrize(
    ("chosen", "query"),
    [
        ({"topic": "handlungsfeld=suchthilfe"}, "handlungsfeld=suchthilfe"),
        ({"topic": "typ=werkzeug", "words": " Video  Beratung "}, "q=Video+Beratung&typ=werkzeug"),
        ({"words": "Nachtcafé"}, "q=Nachtcaf%C3%A9"),
    ],
)
def test_a_selection_is_added_without_another_confirmation(act, anna, chosen, query):
    page = add(act, **chosen)
    added = Subscription.objects.get(query=query)
    assert (added.frequency, added.hour, added.consent_version) == ("taeglich", 9, CONSENT_VERSION)
    assert added.confirmed_at is not None
    assert not Mail.objects.exists()
    assert "Das Abonnement ist gespeichert." in page.content.decode()


def test_what_is_added_is_told_from_then_on(act, publish, work):
    publish("Vorher")
    work()
    add(act, words="Nachher", frequency="sofort")
    publish("Nachher")
    [mail] = work()
    assert "Nachher" in mail.body


def test_every_vocabulary_is_offered(client, anna):
    offered = dict(client.get(address(anna)).context["adding"].fields["topic"].choices)
    used = {model for model in SCHEMES.values() if model.objects.current().exists()}
    assert {str(model._meta.verbose_name_plural) for model in used} <= offered.keys()


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({}, "Bitte wählen Sie ein Thema, oder geben Sie Wörter ein."),
        ({"topic": "handlungsfeld=mondfahrt"}, "Dieses Thema gibt es nicht mehr."),
        ({"words": "x" * 201}, "Bitte kürzen Sie die Wörter"),
        ({"words": "Garten", "frequency": "stündlich"}, "Bitte wählen Sie sofort, täglich oder wöchentlich."),
    ],
)
def test_what_can_not_be_added_is_named_and_changes_nothing(act, subscription, chosen, says):
    page = add(act, **chosen)
    assert page.status_code == 400
    assert says in page.content.decode()
    assert Subscription.objects.get() == subscription


def test_no_more_is_added_than_anybody_may_follow(act, anna, monkeypatch):
    monkeypatch.setattr(subscribing, "MOST_SUBSCRIPTIONS", 1)
    page = add(act, words="Garten")
    assert anna.subscriptions.count() == 1
    assert "Abonnements sind nicht möglich" in page.content.decode()


def test_one_subscription_ends(act, anna, subscription):
    other = SubscriptionFactory(subscriber=anna)
    page = act("entfernt", abo=subscription.pk)
    assert Subscription.objects.get() == other
    assert "Das Abonnement ist beendet." in page.content.decode()


def test_with_the_last_subscription_the_address_is_forgotten(act, subscription):
    page = act("entfernt", abo=subscription.pk)
    assert not Subscriber.objects.exists()
    assert "Es kommen keine E-Mails mehr" in page.content.decode()


@pytest.mark.parametrize("action", ["rhythmus", "entfernt"])
def test_a_link_opens_its_own_subscriptions_only(act, action):
    foreign = SubscriptionFactory()
    assert act(action, abo=foreign.pk).status_code == 404
    assert Subscription.objects.filter(pk=foreign.pk).values().get()["frequency"] == foreign.frequency


@pytest.mark.parametrize("number", ["", "abc", "-1", "9" * 40, "²"])
def test_numbers_that_are_none_do_no_harm(act, number):
    assert act("entfernt", abo=number).status_code == 404


def test_a_new_link_makes_the_old_one_worthless(client, act, anna):
    old = address(anna)
    page = act("link")
    assert client.get(old).status_code == 404
    assert "neue Adresse" in page.content.decode()
    assert page.request["PATH_INFO"] == address(Subscriber.objects.get())


def test_who_got_a_new_link_can_still_leave_by_every_mail(client, act, anna):
    act("link")
    client.post(reverse("subscription_leave", args=[anna.leave_token]))
    assert not Subscriber.objects.exists()


def test_the_export_holds_everything_that_is_stored(client, anna, subscription):
    """Each column is a line of the export, or named here with the reason why not."""
    left_out = {
        "Subscriber": {"id", "manage_secret", "leave_secret", "manage_hash", "leave_hash"},  # open the doors
        "Subscription": {"id", "subscriber_id", "secret"},
        # The machine's own; a notice is for people with an account, never for a subscriber.
        "Mail": {"id", "subscriber_id", "run_id", "subscription_id", "lease_until", "not_before", "notice"},
    }
    marks = {
        Subscriber: {"paused_at": 1, "suspended_at": 2, "bounces": 77, "created_at": 3},
        Subscription: {
            "weekday": 5,
            "hour": 21,
            "position": 88,
            "consent_version": "2026-11",
            "requested_at": 4,
            "confirmed_at": 5,
            "scheduled_at": 6,
        },
        Mail: {
            "state": "failed",
            "attempts": 99,
            "announcements": [4711],
            "last_error": "452 voll",
            "created_at": 7,
            "finished_at": 8,
        },
    }
    MailFactory(subscriber=anna, run=RunFactory())
    start = timezone.now().replace(microsecond=0)
    for model, values in marks.items():
        model.objects.update(
            **{name: start - timedelta(days=value) if name.endswith("_at") else value for name, value in values.items()}
        )
    exported = client.get(reverse("subscription_export", args=[anna.manage_token])).json()
    said = {"weekday": "Samstag", "kind": "Neues zu Abonnements", "state": "gescheitert", "announcements": 4711}
    for model in marks:
        for name, value in model.objects.values().get().items():
            if name not in left_out[model.__name__] and value is not None:
                expected = value.isoformat().replace("+00:00", "Z") if name.endswith("_at") else value
                assert said.get(name, expected) in leaves(exported), name


def leaves(data) -> list:
    """Return the single values in nested lists and mappings."""
    if isinstance(data, dict):
        data = data.values()
    elif not isinstance(data, list):
        return [data]
    return [leaf for part in data for leaf in leaves(part)]


def test_the_export_is_a_file(client, anna):
    response = client.get(reverse("subscription_export", args=[anna.manage_token]))
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Content-Disposition"].startswith("attachment;")


def rows_with(text: str) -> list[str]:
    """Return the tables in which `text` stands, in whatever column."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of our own tables
            if any(text in str(value).lower() for row in cursor.fetchall() for value in row):
                found.append(table)
    return found


@pytest.mark.parametrize("way", ["loeschen", "abmelden"])
def test_erasing_leaves_nothing_of_an_address(client, act, anna, way):
    MailFactory(subscriber=anna, state=Mail.State.FAILED)
    secrets = [
        anna.manage_secret,
        anna.leave_secret,
        anna.manage_hash,
        anna.leave_hash,
        anna.subscriptions.get().secret,
    ]
    assert rows_with("anna@example.org") == ["feeds_subscriber"]
    if way == "loeschen":
        act("loeschen")
    else:
        client.post(reverse("subscription_leave", args=[anna.leave_token]))
    assert [rows_with(text) for text in ("anna@example.org", *secrets)] == [[]] * 6
    assert Mail.objects.get().state == Mail.State.FAILED


def test_what_a_mail_server_says_is_kept_without_the_address(client, anna, inbox, work):
    inbox.recipients["anna@example.org"] = "550 5.1.1 <Anna@example.org>: mailbox unknown"
    client.post("/abo/link/", {"email": "anna@example.org"})
    work()
    assert Mail.objects.get().last_error == "550 5.1.1 <‹Adresse›>: mailbox unknown"


def test_what_a_mail_server_says_of_a_link_is_kept_without_its_secret(client, anna, inbox, work):
    link = f"http://127.0.0.1:8000{address(anna)}"
    inbox.recipients["anna@example.org"] = f"550 5.6.0 no mail with {link} please"
    client.post("/abo/link/", {"email": "anna@example.org"})
    work()
    assert Mail.objects.get().last_error == "550 5.6.0 no mail with http://127.0.0.1:8000/abo/verwalten/…/ please"


def test_a_mail_that_waits_for_somebody_who_left_is_not_sent(client, anna, publish, work):
    page = publish()
    MailFactory(subscriber=anna, announcements=[AnnouncementFactory(page=page).pk])
    subscribing.erase(anna)
    assert work() == []
    assert Mail.objects.get().state == Mail.State.SKIPPED


def test_the_link_is_sent_to_who_follows_something(client, anna, work):
    client.post("/abo/link/", {"email": "ANNA@example.org"})
    [mail] = work()
    assert mail.to == ["anna@example.org"]
    assert address(anna) in mail.body


def test_the_link_is_sent_to_nobody_else(client, site, work):
    SubscriptionFactory(subscriber__email="berta@example.org", confirmed_at=None, scheduled_at=None)
    SubscriberFactory(email="carla@example.org")
    for email in ("berta@example.org", "carla@example.org", "dora@example.org"):
        client.post("/abo/link/", {"email": email})
    assert work() == []


def test_a_link_without_an_address_says_what_to_do(client, site):
    response = client.post("/abo/link/", {})
    assert response.status_code == 400
    assert "vollständige E-Mail-Adresse" in response.content.decode()


def test_only_known_words_are_shown_as_done(client, anna):
    page = client.get(address(anna), {"gespeichert": "<b>Sie haben gewonnen</b>"}).content.decode()
    assert "gewonnen" not in page
    assert 'role="status"' not in page
