"""What a visit costs and whom it tells: nothing from elsewhere, nothing refused, and little of it."""

from pathlib import Path
from urllib.parse import urlsplit

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from tests.browser.addresses import on_every_found_page, on_every_page
from tests.practices.rich_practices import ADDRESSES

pytestmark = pytest.mark.browser

WEIGHT_LIMIT = 100 * 1024
LOAD_ALL_IMAGES = """Promise.all(Array.from(document.images, image => {
    image.loading = "eager";
    return image.decode();
}))"""


def load_completely(page, address: str) -> None:
    """Open `address` with every image, also those that wait for the reader to scroll there."""
    page.goto(address)
    page.evaluate(LOAD_ALL_IMAGES)
    page.evaluate("document.fonts.ready")


@on_every_page
def test_no_request_leaves_the_site(address, new_page, server):
    page = new_page()
    requested = []
    page.on("request", lambda request: requested.append(request.url))
    load_completely(page, address)
    assert requested
    assert [url for url in requested if not url.startswith(f"{server.url}/")] == []


@on_every_found_page
def test_the_browser_has_nothing_to_complain_about(address, new_page):
    page = new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(f"{request.url}: {request.failure}"))
    load_completely(page, address)
    assert complaints == []


@on_every_page
def test_the_strict_policy_is_sent(address, new_page):
    policy = new_page().goto(address).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_policy_is_enforced(visit):
    page = visit(ADDRESSES["home"])
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))")
    assert page.evaluate("window.ran") is None


@on_every_page
def test_pages_are_compressed(address, new_page):
    headers = new_page().goto(address).headers
    assert headers.get("content-encoding") in {"gzip", "br"}


def sent_bytes(url: str) -> int:
    """Return what production sends for a static file: the smaller of the file and its brotli form."""
    content = Path(finders.find(urlsplit(url).path.removeprefix(settings.STATIC_URL))).read_bytes()
    return min(len(content), len(brotli.compress(content)))


def test_a_first_visit_to_a_project_is_light(new_page):
    """CSS, JavaScript and fonts, compressed here as production has them compressed: the test server sends them plain."""
    page = new_page()
    weights = {}
    page.on(
        "requestfinished",
        lambda request: (
            weights.update({request.url: sent_bytes(request.url)})
            if request.resource_type in {"stylesheet", "script", "font"}
            else None
        ),
    )
    load_completely(page, ADDRESSES["project"])
    assert {url.rpartition(".")[2] for url in weights} == {"css", "js", "woff2"}
    assert sum(weights.values()) <= WEIGHT_LIMIT, weights
