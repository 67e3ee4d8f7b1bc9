"""What somebody who means harm tries with subscriptions: each row of the list of abuses, through the real views."""

import pytest
from django.contrib.auth.models import User
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feeds import subscribing
from feeds.models import Announcement, DigestRun, Mail, Subscriber, Subscription, Turn
from feeds.notices import Notice, queue
from feeds.secret_links import CONFIRM, LEAVE, MANAGE
from feeds.tokens import make_token
from limits.rates import RATES
from practices.models import ContentChange, PracticeChange
from tests.feeds.factories import SubscriptionFactory

pytestmark = pytest.mark.one_database

FORM = {"email": "anna@example.org", "frequency": "taeglich", "hour": "9"}
DOORS = {CONFIRM: "subscription_confirm", MANAGE: "subscription_manage", LEAVE: "subscription_leave"}


def subscribe(client, **changed):
    return client.post("/abo/?q=Sucht", {**FORM, **changed})


@pytest.fixture
def subscription(site):
    """A confirmed subscription."""
    return SubscriptionFactory(subscriber__email="anna@example.org", query="q=Sucht")


def tokens(subscription) -> dict[str, str]:
    subscriber = subscription.subscriber
    return {CONFIRM: subscription.confirm_token, MANAGE: subscriber.manage_token, LEAVE: subscriber.leave_token}


def stored() -> list:
    """Return every row that subscriptions have anything to do with."""
    models = (Announcement, DigestRun, Mail, Subscriber, Subscription, Turn, ContentChange, PracticeChange, User)
    return [list(model.objects.order_by("pk").values()) for model in models]


# Bombing


def test_an_address_gets_three_links_a_day(client, site, work, later):
    for number in range(9):
        client.post(f"/abo/?q=Wort{number}", FORM)
    assert len(work()) == 3
    later(24 * 60 * 60)
    subscribe(client)
    assert len(work()) == 1


def test_a_mailbox_gets_three_links_a_day_under_whatever_tags(client, site, work):
    for number in range(9):
        subscribe(client, email=f"anna+{number}@example.org")
    subscribe(client)
    subscribe(client, email="annabella@example.org")
    subscribe(client, email="anna+1@example.com")
    assert [message.to[0] for message in work()] == [
        *(f"anna+{number}@example.org" for number in range(3)),
        *("annabella@example.org", "anna+1@example.com"),
    ]


def test_the_three_are_shared_by_all_ways_to_ask(client, subscription, work):
    for _ in range(3):
        client.post("/abo/link/", {"email": "anna@example.org"})
        subscribe(client)
        client.post("/abo/?q=Neues", FORM)
    assert len(work()) == 3


@pytest.fixture
def few(monkeypatch):
    """Three requests an hour from one origin, four in all."""
    monkeypatch.setitem(RATES, "subscribe", "3/h/origin,4/h/all")


def test_one_origin_takes_nothing_away_from_others(client, site, work, few, later):
    for number in range(9):
        response = subscribe(client, email=f"opfer{number}@example.org")
    assert response.status_code == 429
    assert "Im Moment kommen zu viele Anfragen. Bitte versuchen Sie es" in response.content.decode()
    assert "opfer8@example.org" in response.content.decode()
    assert 0 < int(response.headers["Retry-After"]) <= 60 * 60
    assert client.post("/abo/link/", {"email": "wer@example.org"}).status_code == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert subscribe(elsewhere).status_code == 303
    assert len(work()) == 4
    later(60 * 60)
    assert subscribe(client, email="spaeter@example.org").status_code == 303


def test_all_origins_together_have_a_limit_an_hour(client, site, work, few, later):
    for number in range(9):
        response = subscribe(Client(REMOTE_ADDR=f"192.0.2.{number}"), email=f"opfer{number}@example.org")
    assert response.status_code == 429
    assert len(work()) == 4
    later(60 * 60)
    assert subscribe(client).status_code == 303


def test_notices_of_the_platform_take_nobodys_link_away(client, site, work, few):
    queue(*(Notice("redaktion@example.org", "Stimmt diese Seite noch?", ("Bitte prüfen.",)) for _page in range(9)))
    subscribe(client)
    assert "anna@example.org" in [message.to[0] for message in work()]


def test_what_is_above_the_limit_leaves_no_request(client, site):
    for number in range(5):
        client.post(f"/abo/?q=Wort{number}", FORM)
    assert Subscription.objects.count() == 3


def test_what_is_above_the_limit_leaves_no_address(client, site, few):
    for number in range(9):
        subscribe(client, email=f"opfer{number}@example.org")
    assert Subscriber.objects.count() == 3


def test_requests_in_somebodys_name_do_not_fill_their_list(client, subscription, monkeypatch):
    monkeypatch.setattr(subscribing, "MOST_SUBSCRIPTIONS", 2)
    client.post("/abo/?q=Unbestellt", FORM)
    client.post("/abo/?q=Gewollt", FORM)
    assert Subscription.objects.filter(query="q=Gewollt").exists()


# Enumeration


def visible(response) -> tuple:
    headers = {name: value for name, value in response.headers.items() if name != "Date"}
    return response.status_code, response.content, headers, response.cookies.output()


@pytest.fixture
def every_kind_of_address(subscription):
    """Addresses about which different things are known."""
    SubscriptionFactory(subscriber__email="wartet@example.org", query="q=Sucht", confirmed_at=None)
    SubscriptionFactory(subscriber__email="pausiert@example.org", subscriber__paused_at=timezone.now())
    SubscriptionFactory(subscriber__email="gesperrt@example.org", subscriber__suspended_at=timezone.now())
    SubscriptionFactory(subscriber__email="zu-viel@example.org")
    for _ in range(3):
        subscribing.request_link("zu-viel@example.org")
    return [
        "anna@example.org",
        *("wartet@example.org", "pausiert@example.org", "gesperrt@example.org", "zu-viel@example.org"),
        "unbekannt@example.org",
    ]


def test_subscribing_tells_nothing_about_an_address(client, every_kind_of_address):
    assert len({repr(visible(subscribe(client, email=email))) for email in every_kind_of_address}) == 1


def test_asking_for_the_link_tells_nothing_about_an_address(client, every_kind_of_address):
    answers = {repr(visible(client.post("/abo/link/", {"email": email}))) for email in every_kind_of_address}
    assert len(answers) == 1


def test_leaving_tells_nothing_about_a_token(client, subscription):
    known = reverse("subscription_leave", args=[subscription.subscriber.leave_token])
    unknown = reverse("subscription_leave", args=[make_token(LEAVE, "geraten")])
    assert client.get(known).content == client.get(unknown).content
    answers = [client.post(address) for address in (unknown, known, known)]
    assert {response.status_code for response in answers} == {200}
    assert len({response.content for response in answers}) == 1


# Guessing and replaying tokens


@pytest.mark.parametrize("purpose", DOORS)
@pytest.mark.parametrize("door", DOORS.values())
def test_a_token_opens_one_kind_of_door(client, subscription, purpose, door):
    Subscription.objects.update(confirmed_at=None)
    before = stored()
    address = reverse(door, args=[tokens(subscription)[purpose]])
    if door == DOORS[MANAGE]:
        opened = client.get(address).status_code == 200
    else:
        client.post(address)
        opened = stored() != before
    assert opened == (DOORS[purpose] == door)


@pytest.mark.parametrize("token", ["x", "A" * 22, "%00", "..", "' OR 1=1 --", "ä", "A" * 3000])
@pytest.mark.parametrize("door", DOORS.values())
def test_guessed_tokens_open_nothing(client, subscription, door, token):
    before = stored()
    address = reverse(door, args=["TOKEN"]).replace("TOKEN", token)
    statuses = {client.get(address).status_code, client.post(address).status_code}
    assert statuses <= ({200, 404} if door == DOORS[LEAVE] else {404, 405})
    assert stored() == before


def test_what_is_stored_of_a_token_opens_nothing(client, subscription):
    subscriber = subscription.subscriber
    kept = {
        DOORS[CONFIRM]: [subscription.confirm_hash, subscription.secret],
        DOORS[MANAGE]: [subscriber.manage_hash, subscriber.manage_secret],
        DOORS[LEAVE]: [subscriber.leave_hash, subscriber.leave_secret],
    }
    before = stored()
    for door, texts in kept.items():
        for text in texts:
            client.post(reverse(door, args=[text]))
    assert stored() == before


def test_tokens_have_128_bits_of_their_own(site):
    made = [token for _ in range(50) for token in tokens(SubscriptionFactory()).values()]
    assert len(set(made)) == 150
    assert {len(token) for token in made} == {22}  # 22 characters of six bits


def test_links_are_not_kept_nor_listed_nor_passed_on(client, subscription):
    for purpose, token in tokens(subscription).items():
        response = client.get(reverse(DOORS[purpose], args=[token]))
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert response.headers["Referrer-Policy"] == "same-origin"


# Injection and redirects


@pytest.mark.parametrize(
    "email",
    [
        "anna@example.org\nBcc: opfer@example.org",
        "anna@example.org\r\n\r\nHallo",
        "anna@example.org, opfer@example.org",
        "Anna <anna@example.org>",
        '"anna\r\nBcc: opfer"@example.org',
        "anna@example.org\x00",
        "anna@example.org%0aBcc:opfer@example.org",
        "anna@[127.0.0.1]",
        "ſophie@example.org",
        "ıda@example.org",
        "müller@example.org",
    ],
)
def test_an_address_is_one_address(client, site, email):
    assert subscribe(client, email=email).status_code == 400
    assert not Subscriber.objects.exists()


def test_a_selection_can_not_write_headers(client, site, work):
    client.post("/abo/?q=Sucht%0d%0aBcc:%20opfer@example.org&region=%0aX-Evil:%201", FORM)
    [message] = work()
    assert message.recipients() == ["anna@example.org"]
    assert not {"Bcc", "X-Evil"} & set(message.message().keys())


@pytest.mark.parametrize("name", ["next", "url", "gespeichert", "page", "return_to"])
def test_nobody_is_led_elsewhere(client, subscription, name):
    evil = {name: "https://evil.example/"}
    change = reverse("subscription_change", args=[subscription.subscriber.manage_token, "pause"])
    confirm = reverse("subscription_confirm", args=[subscription.confirm_token])
    for address, data in (("/abo/?q=Sucht", FORM), ("/abo/link/", FORM), (change, {}), (confirm, {})):
        response = client.post(address, {**data, **evil}, query_params={"q": "Sucht", **evil})
        assert response.status_code == 303
        assert response.url.startswith("/abo/")
        assert "evil" not in response.url


def test_what_is_typed_is_shown_as_text(client, site):
    page = client.post("/abo/?q=<script>alert(1)</script>", {**FORM, "email": '"><script>alert(2)</script>'})
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize(
    "query", ["q=%00", "q=" + "a" * 10_000, "typ=%F0%9F%98%80", "von=9999999999", "q=%ff", "seite=x"]
)
def test_odd_selections_never_break_the_form(client, site, query):
    assert client.get(f"/abo/?{query}").status_code == 200
    assert client.post(f"/abo/?{query}", FORM).status_code in {303, 400}


# Reading changes nothing, and readers stay nameless


def every_address(subscription) -> list[str]:
    subscriber = subscription.subscriber
    return [
        *("/abo/", "/abo/?q=Sucht", "/abo/angefragt/", "/abo/link/", "/suche/feed.atom?typ=projekt"),
        *("/suche/feed.json?typ=projekt", "/abo/postausgang/"),
        *(reverse(DOORS[purpose], args=[token]) for purpose, token in tokens(subscription).items()),
        reverse("subscription_export", args=[subscriber.manage_token]),
        *(
            reverse("subscription_change", args=[subscriber.manage_token, action])
            for action in ("rhythmus", "entfernt", "pause", "weiter", "link", "loeschen", "neu")
        ),
    ]


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_reading_changes_nothing(client, subscription, method):
    SubscriptionFactory(subscriber=subscription.subscriber, query="q=wartet", confirmed_at=None)
    before = stored()
    for pending in Subscription.objects.all():
        for address in every_address(pending):
            assert getattr(client, method)(address, {"abo": pending.pk}).status_code in {200, 404, 405}
    assert stored() == before
    assert outbox.outbox == []


def test_readers_get_no_cookie(client, subscription):
    """Not on any page, and not for any form they send."""
    for address in every_address(subscription):
        client.get(address)
        assert not client.cookies, address
    for address in reversed(every_address(subscription)):
        client.post(address, {**FORM, "abo": subscription.pk})
        assert not client.cookies, address


def test_forms_of_readers_need_no_token_of_a_session(site):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/abo/?q=Sucht", FORM).status_code == 303
    subscription = Subscription.objects.get()
    client.post(reverse("subscription_confirm", args=[subscription.confirm_token]))
    assert Subscription.objects.get().confirmed_at


def test_mail_programs_leave_with_a_bare_post(subscription):
    """RFC 8058: a form-encoded body, no cookie, no Referer; repeated without harm."""
    client = Client(enforce_csrf_checks=True)
    address = reverse("subscription_leave", args=[subscription.subscriber.leave_token])
    for _ in range(2):
        response = client.post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert response.status_code == 200
    assert not Subscriber.objects.exists()


def test_foreign_pages_can_not_use_an_account(subscription):
    user = User.objects.create_user("anna", "anna@example.org")
    Subscriber.objects.update(user=user)
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    before = stored()
    assert client.post("/abo/?q=Untergeschoben", FORM).status_code == 403
    assert stored() == before
    token = client.get("/abo/?q=Gewollt").context["csrf_token"]
    assert client.post("/abo/?q=Gewollt", {**FORM, "csrfmiddlewaretoken": str(token)}).status_code == 303
    assert Subscription.objects.filter(query="q=Gewollt").exists()
