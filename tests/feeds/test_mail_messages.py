"""Mails as people and mail programs get them."""

import re
from email import message_from_bytes, policy
from html.parser import HTMLParser

import pytest

from feeds.mail_messages import WIDTH, message_id
from feeds.models import Mail
from feeds.sending import write_messages
from feeds.subscribing import leave
from practices.models import OrganisationPage
from tests.feeds.factories import MailFactory, SubscriberFactory, SubscriptionFactory

pytestmark = pytest.mark.one_database

VOID = {"meta", "br", "hr", "img", "link"}


class Page(HTMLParser):
    """What a mail program reads: tags with their attributes, headings, and whether everything is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    @property
    def headings(self) -> list[int]:
        return [int(tag[1]) for tag, _ in self.tags if re.fullmatch("h[1-6]", tag)]


def parts(message) -> tuple:
    """Return a message as it is read from the wire, its text, and its HTML."""
    mail = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    return mail, mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()


@pytest.fixture
def write():
    """A function that writes one mail and reads it as a mail program does."""

    def write_one(mail: Mail):
        return parts(write_messages([mail])[mail.pk])

    return write_one


@pytest.fixture
def digest(announced, write):
    """A function that returns the digest of practices with these titles to a new subscriber."""

    def write_digest(*titles: str, subscriber=None, query: str = "", **fields):
        subscription = SubscriptionFactory(subscriber=subscriber or SubscriberFactory(), query=query)
        announcements = [item.pk for item in announced(*titles, **fields)]
        return write(MailFactory(subscriber=subscription.subscriber, announcements=announcements))

    return write_digest


def confirmation(subscription, write):
    return write(
        MailFactory(kind=Mail.Kind.CONFIRM, run=None, subscriber=subscription.subscriber, subscription=subscription)
    )


def test_subjects_say_how_much_is_new_about_what(digest):
    assert digest("Garten", query="typ=projekt")[0]["Subject"] == "1 neuer Beitrag: Projekte"
    assert digest("Küche", query="")[0]["Subject"] == "1 neuer Beitrag auf TransferHub"


def test_headings_of_the_text_are_underlined_and_not_read_as_marks(digest):
    text = digest("Garten", query="typ=projekt")[1]
    assert "\n\nProjekte\n--------\n\n1. Garten\n" in text
    assert "#" not in text


def test_a_digest_says_why_it_comes_and_how_often(digest):
    text = " ".join(digest("Garten")[1].split())
    assert "weil Sie Neues auf TransferHub abonniert haben. Ihr Rhythmus: sofort." in text


def test_the_text_holds_what_there_is_to_know(digest):
    text = digest("Garten am Hafen", summary="Gemüse für alle.")[1]
    for part in ("Garten am Hafen", "Projekt, neu am", "Werkstatt Nord", "Gemüse für alle.", "/garten-am-hafen/"):
        assert part in text


def test_lines_of_text_are_short_and_links_whole(digest):
    text = digest("Garten " * 30, summary="Sehr lang. " * 40)[1]
    long = [line for line in text.splitlines() if len(line) > WIDTH]
    assert all(re.fullmatch(r"\s*https?://\S+", line) for line in long)


def test_the_html_has_a_language_a_heading_structure_and_no_gaps(digest):
    page = Page(digest("Garten", "Küche")[2])
    assert ("html", {"lang": "de"}) in page.tags
    assert page.headings == [1, 2, 3, 3]
    assert page.open == []


def test_nothing_is_loaded_from_anywhere(digest):
    html = digest("Garten")[2]
    loading = {"img", "script", "link", "iframe", "object", "embed", "video", "audio", "form"}
    assert not loading & {tag for tag, _ in Page(html).tags}
    assert "url(" not in html
    assert "@import" not in html


def test_links_lead_to_this_site_and_count_nothing(digest):
    links = [attributes["href"] for tag, attributes in Page(digest("Garten")[2]).tags if tag == "a"]
    assert links
    assert all(link.startswith("http://127.0.0.1:8000/") for link in links)
    assert not any("utm_" in link for link in links)


def test_headers_let_leave_with_one_click(digest):
    subscriber = SubscriberFactory()
    mail = digest("Garten", subscriber=subscriber)[0]
    address = f"http://127.0.0.1:8000/abo/abmelden/{subscriber.leave_token}/"
    assert mail["List-Unsubscribe"] == f"<{address}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "Neues auf TransferHub <neues.127.0.0.1>"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_the_click_works(digest, client):
    subscriber = SubscriberFactory()
    address = digest("Garten", subscriber=subscriber)[0]["List-Unsubscribe"].strip("<>")
    client.post(address.removeprefix("http://127.0.0.1:8000"), {"List-Unsubscribe": "One-Click"})
    assert not type(subscriber).objects.filter(pk=subscriber.pk).exists()


def test_the_message_id_stays_and_says_nothing_of_the_person(site):
    mail = MailFactory()
    assert message_id(mail) == message_id(Mail.objects.get(pk=mail.pk))
    assert message_id(mail) != message_id(MailFactory())
    assert re.fullmatch(r"<[0-9a-f]{32}@127\.0\.0\.1>", message_id(mail))


def test_titles_never_break_headers(digest):
    mail = digest("Garten\r\nBcc: alle@beispiel.example", query="q=Garten\r\nBcc: alle@beispiel.example")[0]
    assert mail["Bcc"] is None
    assert "\n" not in mail["Subject"]


def test_markup_in_titles_stays_text(digest):
    assert "<script>" not in digest("<script>alert(1)</script>")[2]


def test_a_list_names_its_organisation_and_opens_no_door_to_it(digest, organisation):
    subscriber = SubscriberFactory(organisation=OrganisationPage.objects.get(pk=organisation.pk))
    _mail, text, html = digest("Garten", subscriber=subscriber)
    assert "Diese E-Mail geht an einen Verteiler von Werkstatt Nord." in text.replace("\n", " ")
    assert subscriber.manage_token not in text + html
    assert subscriber.leave_token in text


def test_who_leaves_by_the_link_of_a_sent_mail_is_gone(digest, client):
    subscriber = SubscriberFactory()
    text = digest("Garten", subscriber=subscriber)[1]
    leave(re.search(r"/abo/abmelden/([\w-]+)/", text).group(1))
    assert not type(subscriber).objects.filter(pk=subscriber.pk).exists()


def test_a_confirmation_says_what_is_asked_and_is_no_list_mail(site, write):
    subscription = SubscriptionFactory(
        query="handlungsfeld=suchthilfe", frequency="woechentlich", hour=9, confirmed_at=None, scheduled_at=None
    )
    mail, text, _html = confirmation(subscription, write)
    assert "Suchthilfe, wöchentlich, montags um 9 Uhr" in text
    assert f"/abo/bestaetigen/{subscription.confirm_token}/" in text
    assert not [name for name in mail if name.startswith("List-")]
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    "query", ["q=Gewinn+auf+http%3A%2F%2Fboese.example", "q=www+boese", "q=boese.example", "cluster=boese.example"]
)
def test_nobody_can_send_a_link_of_theirs_to_others(site, write, query):
    _mail, text, html = confirmation(SubscriptionFactory(query=query, confirmed_at=None, scheduled_at=None), write)
    assert "boese" not in text + html


def test_the_link_to_ones_subscriptions(site, write):
    subscriber = SubscriberFactory()
    mail, text, html = write(MailFactory(kind=Mail.Kind.MANAGE, run=None, subscriber=subscriber))
    assert mail["Subject"] == "Ihre Abonnements"
    assert "Bitte geben Sie diesen Link nicht weiter." in text.replace("\n", " ")
    assert f"/abo/verwalten/{subscriber.manage_token}/" in text
    assert Page(html).headings == [1]
