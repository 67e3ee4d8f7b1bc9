"""What JavaScript adds: the player moves in place, and a citation is copied."""

import pytest

from tests.practices.rich_practices import ADDRESSES

pytestmark = pytest.mark.browser


def test_a_chapter_moves_the_player_in_place(visit):
    page = visit(ADDRESSES["recording"])
    page.evaluate("window.here = true")
    page.get_by_role("link", name="Einführung").click()
    page.wait_for_function("document.getElementById('video').currentTime >= 65")
    assert page.evaluate("window.here"), "the page was loaded again"
    assert page.url.endswith("/mitschnitt/?t=65#video")


def test_a_citation_is_copied(visit):
    page = visit(ADDRESSES["project"], permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Zitat kopieren").click()
    page.get_by_text("Zitat kopiert.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == " ".join(page.locator("#zitat").inner_text().split())
    assert "Werkstatt Süd" in copied


def test_a_refused_copy_is_said(visit):
    page = visit(ADDRESSES["project"])
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error('refused')))")
    page.get_by_role("button", name="Zitat kopieren").click()
    page.get_by_text("Kopieren nicht möglich. Bitte markieren Sie den Text.").wait_for()
