"""Ways from one page to the next that a test can rely on, however slow the server is."""

from tests.browser.conftest import Editor


def follow(target) -> None:
    """Click a link or button that leads to another page, and wait until that page has loaded.

    A click alone may return while the old page is still shown: what is asked then, the old page answers, or none.
    """
    with target.page.expect_event("load"):
        target.click()


def sign_in(page) -> None:
    """Open the admin as the editor of all browser tests."""
    page.goto("/verwaltung/")
    page.locator("[name=login]").fill(Editor.name)
    page.locator("[name=password]").fill(Editor.password)
    follow(page.get_by_role("button", name="Anmelden", exact=True))
