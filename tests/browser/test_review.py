"""A partner reads along without an account, and the editor sees what was said: on a desk and on a phone, accessible."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.following import follow, sign_in
from tests.browser.test_accessibility import RULES

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("restored_database")]

DESK = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 800}


@pytest.fixture(params=[DESK, NARROW], ids=["desk", "phone"])
def editing(request, new_page, db):
    """A project in the editor, after signing in."""
    page = new_page(viewport=request.param)
    sign_in(page)
    (pk,) = db.execute("SELECT page_ptr_id FROM practices_practicepage ORDER BY page_ptr_id LIMIT 1").fetchone()
    page.goto(f"/verwaltung/pages/{pk}/edit/")
    return page


def check_accessible(page, context: str | None = None) -> None:
    """Assert that axe objects to nothing, in `context` or in all of the page, and that it does not scroll sideways."""
    violations = Axe().run(page, context=context, options=RULES).response["violations"]
    assert [(violation["id"], node["html"]) for violation in violations for node in violation["nodes"]] == []
    assert page.evaluate("document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth")


def test_a_partner_approves_and_the_editor_sees_it(editing, new_page):
    show_panel(editing)
    check_accessible(editing, '[data-side-panel="review"]')
    follow(editing.locator('[data-side-panel="review"]').get_by_role("link", name="Mitlesen lassen"))
    assert editing.locator("h1").inner_text().strip() == "Mitlesen lassen"
    follow(editing.get_by_role("button", name="Link anlegen"))
    editing.get_by_text("Bitte nennen Sie die Organisation, die mitlesen soll.").wait_for()
    check_accessible(editing, "#main")
    editing.get_by_label("Partnerorganisation").fill("Verband West")
    editing.get_by_label("Darf zustimmen").check()
    follow(editing.get_by_role("button", name="Link anlegen"))
    editing.get_by_label("Link für Verband West").wait_for()
    editing.reload()  # without the message, which fades in
    address = editing.get_by_label("Link für Verband West").input_value()
    check_accessible(editing, "#main")

    partner = new_page(viewport=editing.viewport_size)
    partner.goto(urlsplit(address).path)
    check_accessible(partner)
    follow(partner.get_by_role("button", name="Kommentar senden"))
    partner.get_by_text("Bitte nennen Sie Ihren Namen.").first.wait_for()
    check_accessible(partner)
    partner.get_by_label("Ihr Name").fill("Frau Beispiel")
    partner.get_by_label("Ihr Kommentar").fill("So ist es gut.")
    follow(partner.get_by_role("button", name="Dem Text zustimmen"))
    partner.get_by_text("Ihre Zustimmung ist angekommen.").wait_for()
    check_accessible(partner)
    assert partner.context.cookies() == []

    editing.reload()
    editing.get_by_text("So ist es gut.").wait_for()
    follow(editing.get_by_role("link", name="Zur Seite „"))
    show_panel(editing)
    editing.locator('[data-side-panel="review"]').get_by_text("Frau Beispiel").wait_for()
    editing.goto("/verwaltung/berichte/pruefungen/")
    check_accessible(editing, "#main")


def show_panel(editing) -> None:
    panel = editing.locator('[data-side-panel="review"]')
    editing.locator('[data-side-panel-toggle="review"]').wait_for()
    if not panel.is_visible():
        editing.locator('[data-side-panel-toggle="review"]').click()
    panel.wait_for()
