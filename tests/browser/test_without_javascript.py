"""What works without JavaScript: everything that matters."""

import pytest

from tests.browser.addresses import on_every_page
from tests.browser.following import follow
from tests.practices.rich_practices import ADDRESSES

pytestmark = pytest.mark.browser


@pytest.fixture
def visit_plainly(visit):
    """A function that opens an address in a browser without JavaScript."""
    return lambda address: visit(address, java_script_enabled=False)


@on_every_page
def test_every_page_shows_its_heading(address, visit_plainly):
    heading = visit_plainly(address).locator("h1")
    assert heading.is_visible()
    assert heading.inner_text()


def test_a_search_leads_from_home_to_results(visit_plainly):
    page = visit_plainly(ADDRESSES["home"])
    page.get_by_label("Wonach suchen Sie?").fill("Ergebnis")
    follow(page.get_by_role("button", name="Suchen"))
    assert page.locator("#treffer").inner_text().endswith("Treffer für „Ergebnis“")
    assert page.locator(".th-card__title").count() > 0


def test_a_chapter_reloads_the_page_at_its_minute(visit_plainly):
    page = visit_plainly(ADDRESSES["recording"])
    follow(page.get_by_role("link", name="Einführung"))
    assert page.url.endswith("/mitschnitt/?t=65#video")


def test_nothing_is_offered_that_would_not_work(visit_plainly):
    assert not visit_plainly(ADDRESSES["project"]).get_by_text("Zitat kopieren").is_visible()
