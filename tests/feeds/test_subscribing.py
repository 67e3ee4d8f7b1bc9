"""From the form to a subscription that counts: what it shows, what it stores, and that nothing counts unconfirmed."""

from datetime import timedelta

import html5lib
import pytest
from django.core import mail as outbox
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from feeds import subscribing
from feeds.consent import CONSENT_VERSION, CONSENTS
from feeds.models import Mail, Subscriber, Subscription
from feeds.secret_links import CONFIRM
from practices.models import FieldOfAction, PracticeChange
from practices.services.merge_terms import merge_terms
from search.engines import current_engine
from search.engines.protocol import EngineUnavailable
from search.indexing import drain
from tests.feeds.conftest import change
from tests.feeds.factories import AnnouncementFactory, SubscriptionFactory

FORM = {"email": "anna@example.org", "frequency": "woechentlich", "weekday": "2", "hour": "9"}
WORDS = "q=Sucht&typ=projekt"


def send(client, query="", **changed):
    """Send the form for a selection."""
    return client.post(f"/abo/?{query}", {**FORM, **changed})


def pending() -> Subscription:
    return Subscription.objects.get(confirmed_at=None)


def confirm_address(subscription) -> str:
    return reverse("subscription_confirm", args=[subscription.confirm_token])


def manage_address(subscriber) -> str:
    return reverse("subscription_manage", args=[subscriber.manage_token])


def page(response):
    return html5lib.parse(response.content.decode(), namespaceHTMLElements=False)


def by_id(document, key):
    return next(element for element in document.iter() if element.get("id") == key)


def test_the_form_says_in_words_what_is_subscribed_to(client, site):
    assert "„Sucht“ · Projekte" in client.get(f"/abo/?{WORDS}").content.decode()


def test_the_form_counts_practices_followers_would_have_heard_of(client, publish):
    _told, twice, restricted, removed, minor, old = (publish(f"Thema {number}") for number in range(6))
    change(twice)
    publish("Ganz anderes")
    PageViewRestriction.objects.create(page=restricted, restriction_type=PageViewRestriction.LOGIN)
    removed.unpublish()
    for page_id, values in ((minor.pk, {"notify": False}), (old.pk, {"at": timezone.now() - timedelta(days=91)})):
        PracticeChange.objects.filter(page_id=page_id).update(**values)
    drain()
    assert "<dd>2 Beiträge</dd>" in client.get("/abo/?q=Thema").content.decode()


def test_the_form_counts_nothing_where_the_index_is_away(client, publish, monkeypatch):
    publish("Thema")

    def refuse(*_args, **_kwargs):
        raise EngineUnavailable("down for the test")

    monkeypatch.setattr(type(current_engine()), "ask", refuse)
    response = client.get("/abo/?q=Thema")
    assert response.status_code == 200
    assert "In den letzten" not in response.content.decode()


def test_a_request_waits_for_its_confirmation(client, site):
    response = send(client, WORDS)
    assert (response.status_code, response.url) == (303, "/abo/angefragt/")
    request = pending()
    assert (request.query, request.frequency, request.weekday, request.hour) == (WORDS, "woechentlich", 2, 9)
    assert [(mail.kind, mail.subscription) for mail in Mail.objects.all()] == [(Mail.Kind.CONFIRM, request)]


def test_the_selection_is_stored_in_its_canonical_form(client, site):
    send(client, "seite=4&typ=projekt&sort=titel&unsinn=1&q=Sucht")
    assert pending().query == WORDS


def test_a_merged_term_is_stored_as_what_it_became(client, site):
    merge_terms(FieldOfAction.objects.get(slug="suchthilfe"), FieldOfAction.objects.get(slug="quartier"))
    send(client, "handlungsfeld=suchthilfe")
    assert pending().query == "handlungsfeld=quartier"


@pytest.mark.parametrize("query", ["cluster=mondfahrt", "traeger=niemand", "schlagwort=nie", "von=gestern"])
def test_what_does_not_exist_can_not_be_followed(client, site, query):
    assert "Diesen Filter gibt es nicht" in client.get(f"/abo/?{query}").content.decode()
    assert send(client, query).status_code == 400
    assert not Subscription.objects.exists()


def test_a_selection_that_is_too_long_can_not_be_followed(client, site):
    response = send(client, "&".join(f"region={'x' * 90}{number}" for number in range(40)))
    assert response.status_code == 400
    assert "zu viele Filter" in response.content.decode()
    assert not Subscription.objects.exists()


def test_mistakes_are_named_and_nothing_typed_is_lost(client, site):
    response = send(client, WORDS, email="anna(at)example", frequency="taeglich", hour="25")
    document = page(response)
    email = by_id(document, "id_email")
    assert response.status_code == 400
    assert (email.get("value"), email.get("aria-invalid")) == ("anna(at)example", "true")
    assert "vollständige E-Mail-Adresse" in "".join(by_id(document, email.get("aria-describedby")).itertext())
    assert by_id(document, "id_frequency_1").get("checked") is not None
    assert {"#id_email", "#id_hour"} <= {link.get("href") for link in document.iter("a")}
    assert document.find(".//form[@class='th-form']").get("action") == f"/abo/?{WORDS}"


def test_an_empty_form_says_what_is_missing(client, site):
    response = client.post("/abo/", {})
    assert response.status_code == 400
    assert "Bitte wählen Sie sofort, täglich oder wöchentlich." in response.content.decode()


def test_one_mailbox_has_one_spelling(client, site):
    for spelling in ("Anna@Müller.example", " anna@müller.example ", "ANNA@xn--mller-kva.example"):
        send(client, email=spelling)
    assert [subscriber.email for subscriber in Subscriber.objects.all()] == ["anna@xn--mller-kva.example"]


def test_the_words_agreed_to_are_those_shown(client, site):
    send(client)
    assert CONSENTS[pending().consent_version] in client.get("/abo/").content.decode()


def test_the_mail_holds_the_link_that_confirms(client, site, work):
    send(client, WORDS)
    [message] = work()
    assert message.to == ["anna@example.org"]
    assert confirm_address(pending()) in message.body


def test_opening_the_link_confirms_nothing(client, site):
    send(client, WORDS)
    response = client.get(confirm_address(pending()))
    assert response.status_code == 200
    assert pending().confirmed_at is None


def test_confirming_begins_with_what_comes_next(client, publish):
    newest = AnnouncementFactory(page=publish())
    before = timezone.now()
    send(client)
    client.post(confirm_address(pending()))
    subscription = Subscription.objects.get()
    assert subscription.position == newest.pk
    assert before < subscription.requested_at < subscription.confirmed_at == subscription.scheduled_at
    assert subscription.consent_version == CONSENT_VERSION


def test_confirming_leads_to_ones_subscriptions_once(client, site):
    send(client)
    address = confirm_address(pending())
    first = client.post(address)
    again = client.post(address, follow=True)
    assert first.url == f"{manage_address(Subscriber.objects.get())}?gespeichert=bestaetigt"
    assert "Das Abonnement ist bestätigt" in again.content.decode()
    assert "/abo/verwalten/" not in again.content.decode()


def test_confirming_again_changes_nothing(client, publish):
    send(client)
    address = confirm_address(pending())
    client.post(address)
    stored = Subscription.objects.values().get()
    AnnouncementFactory(page=publish())
    client.post(address)
    assert Subscription.objects.values().get() == stored


def test_a_link_works_for_seven_days(client, site):
    send(client)
    Subscription.objects.update(requested_at=timezone.now() - CONFIRM.lifetime)
    response = client.post(confirm_address(pending()))
    assert response.status_code == 404
    assert "Bitte abonnieren Sie noch einmal" in response.content.decode()
    assert pending().confirmed_at is None


def test_a_link_does_not_bring_back_what_was_ended(client, site):
    send(client)
    address = confirm_address(pending())
    client.post(address)
    subscribing.remove(Subscription.objects.get())
    assert client.post(address).status_code == 404
    assert not Subscription.objects.exists()


def test_confirming_lifts_a_suspension_and_tells_nothing_of_before(client, publish):
    early = SubscriptionFactory(query="typ=projekt")
    Subscriber.objects.update(suspended_at=timezone.now(), bounces=3)
    newest = AnnouncementFactory(page=publish())
    send(client, email=early.subscriber.email)
    client.post(confirm_address(pending()))
    subscriber = Subscriber.objects.get()
    assert (subscriber.suspended_at, subscriber.bounces) == (None, 0)
    assert {subscription.position for subscription in subscriber.subscriptions.all()} == {newest.pk}


def test_who_follows_it_already_gets_the_link_to_their_subscriptions(client, site):
    subscription = SubscriptionFactory(query=WORDS)
    send(client, WORDS, email=subscription.subscriber.email)
    assert [mail.kind for mail in Mail.objects.all()] == [Mail.Kind.MANAGE]
    assert Subscription.objects.get() == subscription


def test_asking_again_changes_the_request(client, site):
    send(client, WORDS)
    send(client, WORDS, frequency="sofort")
    assert pending().frequency == "sofort"


def test_requests_are_forgotten_after_a_week(client, site):
    confirmed = SubscriptionFactory()
    send(client)
    subscribing.forget_requests()
    assert Subscription.objects.count() == 2
    long_ago = timezone.now() - CONFIRM.lifetime - timedelta(minutes=1)
    Subscription.objects.update(requested_at=long_ago)
    Subscriber.objects.update(created_at=long_ago)
    subscribing.forget_requests()
    assert Subscription.objects.get() == confirmed
    assert Subscriber.objects.get() == confirmed.subscriber


def test_nothing_is_sent_before_it_is_confirmed(client, publish, work):
    send(client, frequency="sofort")
    work()
    outbox.outbox.clear()
    publish()
    assert work() == []
