"""What readers with disabilities are promised of every page: axe finds nothing, and nothing is cut off."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.addresses import on_every_page
from tests.practices.rich_practices import ADDRESSES

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 800}
DESKTOP = {"width": 1280, "height": 900}
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}


def findings(page) -> list[str]:
    """Return what axe objects to, one line for each rule and element."""
    return [
        f"{violation['id']}: {node['html']} {node['failureSummary']}"
        for violation in Axe().run(page, options=RULES).response["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@on_every_page
def test_axe_finds_nothing(address, viewport, visit):
    assert findings(visit(address, viewport=viewport, color_scheme="light")) == []


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("name", ["home", "project", "recording", "search with words"])
def test_axe_finds_nothing_in_the_dark(name, viewport, visit):
    assert findings(visit(ADDRESSES[name], viewport=viewport, color_scheme="dark")) == []


@pytest.mark.parametrize("width", [320, 640], ids=["small phone", "1280 at 200 percent"])
@on_every_page
def test_nothing_scrolls_sideways(address, width, visit):
    page = visit(address, viewport={"width": width, "height": 700})
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
