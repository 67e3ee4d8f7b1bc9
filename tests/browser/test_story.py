"""From an invitation to a living page: four people, each in a browser of their own, at a desk and on a phone.

An administrator invites; an author writes, an expert returns the text, the author revises it, the expert approves, the
editor publishes and changes it with a note; the author confirms by a link in a mail that it is still true.
"""

import json
import re
from urllib.parse import urlsplit

import pytest

from editing.freshness import ask_for_confirmation
from tests.browser.following import follow, sign_in
from tests.browser.test_accessibility import DESKTOP
from tests.browser.test_review import check_accessible

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("restored_database")]

NARROW = {"width": 390, "height": 800}
PASSWORD = "ein langes Kennwort für alle"
TITLE = "Sprechstunde für Tablets"
ENGLISH = re.compile(
    r"\b(the|and|or|your|this|page|pages|save|edit|delete|home|dashboard|submit|search|settings|add|more|published|draft)\b",
    re.IGNORECASE,
)


class Person:
    """Somebody with a browser, and with a mailbox that the database stands for."""

    def __init__(self, page, db, address: str):
        self.page, self.db, self.address = page, db, address

    def link_from_mail(self, subject: str) -> str:
        """Return where the newest mail with `subject` leads."""
        rows = self.db.execute("SELECT notice FROM feeds_mail WHERE notice IS NOT NULL ORDER BY id DESC").fetchall()
        notices = [json.loads(row[0]) for row in rows]
        mine = [notice for notice in notices if notice["address"] == self.address and subject in notice["subject"]]
        return urlsplit(mine[0]["actions"][0]["url"]).path

    def page_to_edit(self, address: str) -> str:
        """Return where the page that readers find at `address` is edited."""
        slug = urlsplit(address).path.strip("/").split("/")[-1]
        (pk,) = self.db.execute("SELECT id FROM wagtailcore_page WHERE slug = ?", [slug]).fetchone()
        return f"/verwaltung/pages/{pk}/edit/"

    def accept_invitation(self, name: str) -> None:
        self.page.goto(self.link_from_mail("Einladung"))
        check_accessible(self.page)
        self.page.get_by_label("Ihr Name").fill(name)
        self.page.get_by_label("Passwort", exact=True).fill(PASSWORD)
        self.page.get_by_label("Passwort wiederholen").fill(PASSWORD)
        follow(self.page.get_by_role("button", name="Zugang anlegen und anfangen"))

    def open_what_waits(self) -> None:
        self.page.goto("/verwaltung/")
        check_german(self.page)
        check_accessible(self.page, "#main")
        follow(self.page.get_by_role("region", name="Wartet auf mich").get_by_role("link", name=TITLE))
        check_german(self.page)

    def action(self, name):
        """Return the button of one of the actions below the form, which may have been folded away."""
        button = self.page.locator("footer").get_by_role("button", name=name).first
        if not button.is_visible():
            self.page.get_by_role("button", name="Mehr Aktionen").click()
        return button

    def choose(self, name: str):
        """Choose an action of the review and return the dialogue that opens."""
        self.action(name).click()
        dialog = self.page.locator(".modal-dialog").filter(has=self.page.get_by_role("button", name=name))
        dialog.wait_for()
        return dialog

    def finish(self, dialog, name: str) -> None:
        check_german(self.page)
        follow(dialog.get_by_role("button", name=name))
        check_german(self.page)
        assert self.page.locator(".messages .error").all_inner_texts() == []


def check_german(page) -> None:
    shown = page.locator("body").inner_text()
    assert ENGLISH.findall(shown) == []


@pytest.fixture(params=[DESKTOP, NARROW], ids=["desk", "phone"])
def people(request, new_page, db):
    names = ("verwaltung", "ada", "pruefung", "freigabe")
    people = {name: Person(new_page(viewport=request.param), db, f"{name}@example.org") for name in names}
    for person in people.values():
        person.page.add_init_script(
            "addEventListener('w-unsaved:watch-edits', () => (document.documentElement.dataset.watches = ''))"
        )
    return people


def invite(page, address: str, role: str, organisation: str = "") -> None:
    page.goto("/verwaltung/einladungen/")
    check_german(page)
    check_accessible(page, "#main")
    page.get_by_label("E-Mail-Adresse").fill(address)
    page.get_by_label("Rolle").select_option(label=role)
    if organisation:
        page.get_by_label("Organisation", exact=True).select_option(label=organisation)
    follow(page.get_by_role("button", name="Einladen"))
    page.get_by_text(f"Die Einladung an {address} ist unterwegs.").wait_for()


def test_from_an_invitation_to_a_living_page(people, db, visit, monkeypatch):
    administrator, ada, expert, editor = people.values()
    sign_in(administrator.page)
    invite(administrator.page, ada.address, "Mitwirkung: schreibt für eine Organisation", "Werkstatt Süd")
    invite(administrator.page, expert.address, "Fachprüfung: prüft und kommentiert")
    invite(administrator.page, editor.address, "Redaktion: veröffentlicht")

    ada.accept_invitation("Ada Beispiel")
    write(ada)
    hand_in(ada)

    expert.accept_invitation("Erika Beispiel")
    expert.open_what_waits()
    dialog = expert.choose("Zur Überarbeitung zurückgeben")
    dialog.get_by_label("Was soll geändert werden?").fill("Bitte nennen Sie den Preis.")
    expert.finish(dialog, "Zur Überarbeitung zurückgeben")

    ada.page.goto(ada.link_from_mail("Bitte überarbeiten"))
    ada.page.get_by_label("Preis", exact=True).fill("kostenfrei")
    hand_in(ada)

    expert.open_what_waits()
    dialog = expert.choose("Freigeben")
    for group in dialog.get_by_role("radio", name="ja").all():
        group.check()
    expert.finish(dialog, "Freigeben")

    editor.accept_invitation("Edith Beispiel")
    editor.open_what_waits()
    dialog = editor.choose("Freigeben")
    editor.finish(dialog, "Freigeben")

    reader = visit("/")
    follow(reader.get_by_role("link", name=TITLE))
    assert reader.locator("h1").inner_text() == TITLE

    editor.page.goto("/verwaltung/")
    change_with_a_note(editor, reader.url)
    reader.reload()
    reader.get_by_text("Preis ergänzt").wait_for()

    confirm_by_mail(db, monkeypatch, visit)
    reader.reload()
    reader.get_by_text("Zuletzt bestätigt").wait_for()


def change_with_a_note(editor: Person, address: str) -> None:
    """Publish a change of the page that readers find at `address`, saying what is new."""
    page = editor.page
    page.goto(editor.page_to_edit(address))
    check_german(page)
    page.get_by_role("tab", name="Veröffentlichung", exact=True).click()
    page.get_by_label("Was hat sich geändert?").fill("Preis ergänzt")
    page.get_by_label("Abonnierende benachrichtigen").check()
    follow(editor.action("Veröffentlichen"))


def confirm_by_mail(db, monkeypatch, visit) -> None:
    """Let a year pass; the author is asked, and answers with one click, without signing in."""
    db.execute("UPDATE wagtailcore_page SET last_published_at = '2020-01-01 12:00:00' WHERE title = ?", [TITLE])
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in this thread
    ask_for_confirmation()
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE")
    page = visit("/")
    page.goto(Person(page, db, "ada@example.org").link_from_mail("Stimmt das noch?"))
    check_accessible(page)
    check_german(page)
    follow(page.get_by_role("button", name="Stimmt noch"))
    page.get_by_role("heading", name="Danke für die Bestätigung").wait_for()
    check_accessible(page)


def hand_in(author: Person) -> None:
    follow(author.action(re.compile("einreichen")))
    author.page.get_by_text(re.compile("eingereicht")).first.wait_for()


def write(author: Person) -> None:
    """Write what a tool can not do without, led by the panel."""
    page = author.page
    page.goto("/verwaltung/")
    follow(page.get_by_role("link", name="Neue Seite schreiben"))
    follow(page.get_by_role("link", name=re.compile(r"^Werkzeug\s*\.")))
    page.locator("#vollstaendigkeit").wait_for()
    check_accessible(page, "#vollstaendigkeit")
    page.locator("html[data-watches]").wait_for(state="attached")
    page.get_by_role("textbox", name="Titel").fill(TITLE)
    page.get_by_role("textbox", name="Zusammenfassung").press_sequentially("Wer Fragen zum Tablet hat, kommt vorbei.")
    panel = page.locator("#vollstaendigkeit")
    for name, hint in (
        ("clusters", "Mindestens ein Kostenträger-Cluster"),
        ("fields_of_action", "Mindestens ein Handlungs"),
    ):
        page.get_by_role("tab", name="Werkzeug", exact=True).click()
        panel.get_by_role("link", name=hint).click()
        page.locator(f"#id_{name} input").first.check()
        panel.get_by_role("link", name=hint, include_hidden=True).wait_for(state="detached")
    panel.get_by_text("Alles da, was zum Einreichen und Veröffentlichen nötig ist.").wait_for(state="attached")
    check_german(page)
