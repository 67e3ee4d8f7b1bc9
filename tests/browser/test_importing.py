"""The import of spreadsheets on a desk and on a phone: accessible, and nothing cut off."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.following import follow, sign_in
from tests.browser.test_accessibility import RULES
from tests.practices.workbooks import tool_row, write_book

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("restored_database")]

DESK = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 800}


@pytest.fixture(params=[DESK, NARROW], ids=["desk", "phone"])
def importing(request, new_page):
    """The page of imports, after signing in."""
    page = new_page(viewport=request.param)
    sign_in(page)
    page.goto("/verwaltung/tabellen-import/")
    return page


def check_accessible(page) -> None:
    """Assert that axe objects to nothing of ours and that the page does not scroll sideways."""
    violations = Axe().run(page, context="#main", options=RULES).response["violations"]
    assert [(violation["id"], node["html"]) for violation in violations for node in violation["nodes"]] == []
    assert page.evaluate("document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth")


def test_a_table_with_a_mistake_is_put_right_and_started(importing, tmp_path):
    assert importing.locator("h1").inner_text().strip() == "Tabellen-Import"
    check_accessible(importing)
    row = tool_row(Titel="Aus der Tabelle", Zielgruppen="Fachkräffte", Preis="x" * 501)
    path = write_book(tmp_path / "werkzeuge.xlsx", Werkzeuge=[row])
    importing.get_by_label("Tabelle").set_input_files(path)
    follow(importing.get_by_role("button", name="Hochladen und prüfen"))
    importing.get_by_text("Fehler und Hinweise: 2").wait_for()
    check_accessible(importing)
    follow(importing.get_by_role("button", name="„Fachkräfte“ übernehmen"))
    importing.get_by_text("Fehler und Hinweise: 1").wait_for()
    follow(importing.get_by_role("link", name="Zelle ändern"))
    importing.get_by_label("Neuer Inhalt der Zelle").fill("1 Euro")
    check_accessible(importing)
    follow(importing.get_by_role("button", name="Einsetzen und neu prüfen"))
    follow(importing.get_by_role("button", name="Import starten"))
    importing.get_by_text("Gleich geht es los.").wait_for()
