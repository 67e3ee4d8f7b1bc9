"""Signing in with a browser: by passkey, on a phone and at a desk, and nothing axe objects to."""

from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import Editor
from tests.browser.following import follow
from tests.browser.test_accessibility import DESKTOP, PHONE, findings
from tests.browser.test_importing import check_accessible
from tests.editing.signing_in import app_code

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("restored_database")]
BOTH = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
SIGN_IN = "/konto/anmelden/"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def sign_in(page) -> None:
    page.get_by_label("E-Mail-Adresse oder Name des Zugangs").fill(Editor.name)
    page.get_by_label("Passwort", exact=True).fill(Editor.password)
    follow(page.get_by_role("button", name="Anmelden", exact=True))


def leave(page) -> None:
    page.goto("/konto/abmelden/")
    follow(page.get_by_role("button", name="Abmelden"))


def check(page) -> None:
    assert findings(page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth")


def give_device(page) -> None:
    """Give the browser a device that can do passkeys, as a phone has it built in."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


@BOTH
def test_a_passkey_opens_the_admin_without_a_password(visit, viewport):
    page = visit(SIGN_IN, viewport=viewport)
    give_device(page)
    sign_in(page)
    page.goto("/konto/passkeys/")
    check(page)
    follow(page.get_by_role("link", name="Passkey hinzufügen"))
    check(page)
    page.get_by_label("Name").fill("Mein Telefon")
    follow(page.get_by_role("button", name="Passkey hinzufügen"))
    page.get_by_role("heading", name="Ersatz-Codes").wait_for()
    check(page)
    leave(page)
    page.goto(f"{SIGN_IN}?next=/verwaltung/pages/")
    follow(page.get_by_role("button", name="Mit Passkey anmelden"))
    assert urlsplit(page.url).path == "/verwaltung/pages/"


def test_a_passkey_is_the_second_step_after_a_password(visit):
    page = visit(SIGN_IN)
    give_device(page)
    sign_in(page)
    page.goto("/konto/passkeys/neu/")
    page.get_by_label("Damit auch ohne Passwort anmelden").uncheck()
    follow(page.get_by_role("button", name="Passkey hinzufügen"))
    page.get_by_role("heading", name="Ersatz-Codes").wait_for()
    leave(page)
    sign_in(page)
    page.get_by_role("heading", name="Anmelden: zweiter Schritt").wait_for()
    check(page)
    follow(page.get_by_role("button", name="Passkey benutzen"))
    assert urlsplit(page.url).path == "/verwaltung/"


def test_a_device_that_refuses_is_answered_with_a_sentence(visit):
    page = visit(SIGN_IN)
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')) }")
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    page.get_by_text("Das hat nicht geklappt.").wait_for()
    check(page)


@BOTH
def test_an_app_is_set_up_and_asked_for(visit, viewport):
    page = visit(SIGN_IN, viewport=viewport)
    check(page)
    sign_in(page)
    page.goto("/konto/app/")
    check(page)
    secret = page.locator(".th-secret").inner_text()
    assert page.locator(".th-qr svg").bounding_box()["width"] > 150
    page.get_by_label("Code aus der App").fill(app_code(secret))
    follow(page.get_by_role("button", name="Einrichten"))
    page.get_by_role("heading", name="Ersatz-Codes").wait_for()
    page.goto("/konto/")
    check(page)
    leave(page)
    sign_in(page)
    page.get_by_label("Code").fill("000000")
    follow(page.get_by_role("button", name="Anmelden", exact=True))
    page.get_by_text("Dieser Code stimmt nicht.").first.wait_for()
    check(page)
    page.get_by_label("Code").fill(app_code(secret, steps=1))
    follow(page.get_by_role("button", name="Anmelden", exact=True))
    assert urlsplit(page.url).path == "/verwaltung/"


def test_without_javascript_there_is_the_password(visit):
    page = visit(SIGN_IN, java_script_enabled=False)
    assert not page.get_by_role("button", name="Mit Passkey anmelden").is_visible()
    sign_in(page)
    assert urlsplit(page.url).path == "/verwaltung/"


@BOTH
def test_the_page_that_resets_a_second_factor_is_accessible(visit, viewport):
    page = visit(SIGN_IN, viewport=viewport)
    sign_in(page)
    page.goto("/verwaltung/users/")
    page.locator("main tbody tr").first.get_by_role("button").first.click()
    follow(page.get_by_role("link", name="Zweiten Faktor zurücksetzen"))
    assert page.locator("h1").inner_text().strip() == "Zweiten Faktor zurücksetzen"
    check_accessible(page)
