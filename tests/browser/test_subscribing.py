"""From a search to a subscription and out of it again, on a phone."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connections
from playwright.sync_api import expect

from feeds.announcing import announce
from feeds.planning import plan
from feeds.secret_links import CONFIRM, LEAVE
from feeds.sending import send_due
from feeds.tokens import make_token
from practices.models import ProjectProfilePage
from search.indexing import drain
from tests.browser.following import follow
from tests.browser.test_accessibility import DESKTOP, findings
from tests.practices.rich_practices import ADDRESSES

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("restored_database")]

PHONE = {"width": 390, "height": 844}
TOO_WIDE = """[document.scrollingElement, ...document.querySelectorAll('main .kern-btn')]
    .filter((element) => element.scrollWidth > element.clientWidth).map((element) => element.outerHTML.slice(0, 200))"""
WAYS = pytest.mark.parametrize("has_javascript", [True, False], ids=["with JavaScript", "without"])


@pytest.fixture
def door(db):
    """A function that gives the address which a mail about the only subscription holds."""

    def address(way: str) -> str:
        table, column, purpose = {
            "bestaetigen": ("feeds_subscription", "secret", CONFIRM),
            "abmelden": ("feeds_subscriber", "leave_secret", LEAVE),
        }[way]
        [(secret,)] = db.execute(f"SELECT {column} FROM {table}").fetchall()  # noqa: S608 - from the table above
        return f"/abo/{way}/{make_token(purpose, secret)}/"

    return address


@pytest.fixture
def background(db):
    """A function that lets another function use the database, which the browser's event loop forbids here."""

    def run(function, *arguments):
        def call():
            connections["default"] = connection
            return function(*arguments)

        with ThreadPoolExecutor(1) as pool:
            return pool.submit(call).result()

    connection = connections["default"]
    connection.inc_thread_sharing()
    yield run
    connection.dec_thread_sharing()


def work_once() -> list:
    """Do what the worker does, and return the mails that went out."""
    before = len(mail.outbox)
    drain()
    announce()
    list(plan())
    list(send_due())
    return mail.outbox[before:]


def tell_what_is_new() -> str:
    """Publish a change of a project of which followers are told; return its title."""
    project = ProjectProfilePage.objects.filter(live=True).first()
    project.change_note, project.notify_followers = "Ergebnisse der Auswertung ergänzt", True
    project.save_revision().publish()
    return project.title


def link_to(way: str, message) -> str:
    """Return the address in the text of a mail that leads to `way`."""
    return re.search(rf"/abo/{way}/\S+", message.body)[0]


def test_follow_a_search_hear_of_it_and_leave_by_the_mails_own_links(new_page, background):
    page = new_page(viewport=PHONE)
    ask_for_a_subscription(page)
    [message] = background(work_once)
    page.goto(link_to("bestaetigen", message))
    follow(page.get_by_role("button", name="Ja, abonnieren"))
    title = background(tell_what_is_new)
    [message] = background(work_once)
    assert message.subject == "1 geänderter Beitrag: Projekte"
    assert title in message.body
    assert "Was sich geändert hat: Ergebnisse der Auswertung ergänzt" in message.body
    page.goto(link_to("verwalten", message))
    rhythm = open_rhythm(page)
    rhythm.get_by_label("wöchentlich", exact=True).check()
    follow(rhythm.get_by_role("button", name="Rhythmus speichern"))
    expect(page.get_by_role("status")).to_contain_text("Der Rhythmus ist gespeichert.")
    page.goto(link_to("abmelden", message))
    follow(page.get_by_role("button", name="Alle E-Mails abbestellen"))
    assert heading(page) == "Es kommen keine E-Mails mehr"
    background(tell_what_is_new)
    assert background(work_once) == []


def open_rhythm(page):
    """Open the form in which the only subscription gets another rhythm, and return it."""
    rhythm = page.locator("[id^=abo-][id$=-rhythmus]")
    rhythm.get_by_text("Rhythmus ändern").click()
    return rhythm


def add_a_topic(page) -> None:
    page.get_by_text("Thema oder Wörter wählen").click()
    page.get_by_label("Thema", exact=True).select_option("Suchthilfe")
    follow(page.get_by_role("button", name="Hinzufügen"))
    expect(page.get_by_role("status")).to_contain_text("Das Abonnement ist gespeichert.")


def heading(page) -> str:
    return page.locator("h1").inner_text()


def ask_for_a_subscription(page) -> None:
    page.goto(f"{ADDRESSES['search']}?typ=projekt")
    follow(page.get_by_role("link", name="Diese Auswahl abonnieren"))
    expect(page.get_by_text("Auswahl ansehen und ändern")).to_be_visible()
    page.get_by_label("Ihre E-Mail-Adresse").fill("anna@example.org")
    page.get_by_label("sofort", exact=True).check()
    follow(page.get_by_role("button", name="Abonnieren"))


@WAYS
def test_subscribe_confirm_change_and_leave(new_page, door, db, has_javascript):
    page = new_page(viewport=PHONE, java_script_enabled=has_javascript)
    ask_for_a_subscription(page)
    assert heading(page) == "Bitte sehen Sie in Ihr Postfach"
    page.goto(door("bestaetigen"))
    follow(page.get_by_role("button", name="Ja, abonnieren"))
    assert heading(page) == "Ihre Abonnements"
    rhythm = open_rhythm(page)
    rhythm.get_by_label("täglich", exact=True).check()
    rhythm.get_by_label("Uhrzeit").select_option("16 Uhr")
    follow(rhythm.get_by_role("button", name="Rhythmus speichern"))
    expect(page.get_by_role("status")).to_contain_text("Der Rhythmus ist gespeichert.")
    expect(page.get_by_text("täglich um 16 Uhr")).to_be_visible()
    add_a_topic(page)
    expect(page.get_by_role("heading", name="Suchthilfe")).to_be_visible()
    page.goto(door("abmelden"))
    follow(page.get_by_role("button", name="Alle E-Mails abbestellen"))
    assert heading(page) == "Es kommen keine E-Mails mehr"
    assert db.execute("SELECT count(*) FROM feeds_subscriber").fetchall() == [(0,)]
    assert page.context.cookies() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_on_the_way(new_page, door, viewport, scheme):
    page = new_page(viewport=viewport, color_scheme=scheme)
    found = []

    def check():
        found.extend(f"{heading(page)}: {finding}" for finding in findings(page))

    page.goto("/abo/?typ=projekt")
    check()
    follow(page.get_by_role("button", name="Abonnieren"))
    check()  # with a mistake
    page.goto("/abo/link/")
    check()
    ask_for_a_subscription(page)
    check()
    page.goto(door("bestaetigen"))
    check()
    follow(page.get_by_role("button", name="Ja, abonnieren"))
    page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    check()
    follow(page.get_by_role("button", name="Alle pausieren"))
    check()
    page.goto(door("bestaetigen"))
    check()  # when it is confirmed
    page.goto(door("abmelden"))
    check()
    follow(page.get_by_role("button", name="Alle E-Mails abbestellen"))
    check()
    page.goto("/abo/verwalten/unbekannt/")
    check()
    assert found == []


@WAYS
def test_a_mistake_is_where_the_focus_is(new_page, has_javascript):
    page = new_page(viewport=PHONE, java_script_enabled=has_javascript)
    page.goto("/abo/?typ=projekt")
    page.get_by_label("Ihre E-Mail-Adresse").fill("anna@")
    follow(page.get_by_role("button", name="Abonnieren"))
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Ihre E-Mail-Adresse")).to_be_focused()
    expect(page.get_by_label("Ihre E-Mail-Adresse")).to_have_value("anna@")


@pytest.mark.parametrize("width", [320, 640], ids=["small phone", "1280 at 200 percent"])
def test_nothing_scrolls_sideways_or_is_cut_off(new_page, door, width):
    page = new_page(viewport={"width": width, "height": 700})
    cut_off = []

    def look():
        page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
        cut_off.extend(page.evaluate(TOO_WIDE))

    ask_for_a_subscription(page)
    page.goto(door("bestaetigen"))
    look()
    follow(page.get_by_role("button", name="Ja, abonnieren"))
    look()
    page.goto("/abo/?typ=projekt")
    look()
    assert cut_off == []
