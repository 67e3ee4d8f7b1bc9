"""The search page in a browser: plain links and a form without JavaScript, in place with it, and by keyboard alone."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.following import follow
from tests.browser.test_accessibility import DESKTOP, PHONE, findings
from tests.practices.rich_practices import ADDRESSES

pytestmark = pytest.mark.browser

SEARCH = ADDRESSES["search"]
TWO_A_PAGE = f"{SEARCH}?anzahl=2"
SUGGESTIONS = [
    {"kind": "praxis", "label": "Geräteverleih für Wohngruppen", "url": "/praxis/werkstatt-sud/projekt/"},
    {"kind": "thema", "label": "Arbeit", "url": "/themen/cluster/arbeit/"},
    {"kind": "suche", "label": "gerät", "url": "/suche/?q=ger%C3%A4t"},
]
OPEN_ALL_DETAILS = "for (const details of document.querySelectorAll('main details')) details.open = true"


@pytest.fixture
def visit_plainly(visit):
    """A function that opens an address in a browser without JavaScript."""
    return lambda address, **options: visit(address, java_script_enabled=False, **options)


@pytest.fixture
def visit_once(visit):
    """A function that opens an address for good: `is_same_page` tells whether anything was loaded anew since."""

    def visit_once(address, **options):
        page = visit(address, **options)
        page.evaluate("window.here = true")
        return page

    return visit_once


@pytest.fixture
def visit_with_suggestions(new_page):
    """A function that opens an address where everything typed is answered with SUGGESTIONS."""

    def visit_with_suggestions(address, **options):
        page = new_page(**options)
        page.route(
            "**/api/v1/vorschlaege?*",
            lambda route: route.fulfill(content_type="application/json", body=json.dumps({"suggestions": SUGGESTIONS})),
        )
        page.goto(address)
        return page

    return visit_with_suggestions


def is_same_page(page) -> bool:
    return page.evaluate("window.here === true")


def types(page) -> set[str]:
    return set(page.locator(".th-card .th-type").all_inner_texts())


def titles(page) -> list[str]:
    return page.locator(".th-card__title").all_inner_texts()


def type_words(page, text: str):
    """Type into the search box; return it."""
    box = page.get_by_role("combobox", name=re.compile("suchen|Suchbegriff"))
    box.press_sequentially(text)
    return box


class TestWithoutJavaScript:
    def test_filters_apply_by_button(self, visit_plainly):
        page = visit_plainly(SEARCH)
        page.locator("#typ-werkzeug").check()
        follow(page.get_by_role("button", name="Filter anwenden"))
        assert "typ=werkzeug" in page.url
        assert types(page) == {"Werkzeug"}
        assert page.locator("#typ-werkzeug").is_checked()

    def test_filters_wait_behind_a_summary_on_phones(self, visit_plainly):
        page = visit_plainly(f"{SEARCH}?typ=werkzeug", viewport=PHONE)
        expect(page.locator("#typ-werkzeug")).to_be_hidden()
        page.get_by_text("Filter (1)").click()
        expect(page.locator("#typ-werkzeug")).to_be_visible()

    def test_pages_are_links(self, visit_plainly):
        page = visit_plainly(TWO_A_PAGE)
        first = titles(page)
        follow(page.get_by_role("link", name="Weiter"))
        assert "seite=2" in page.url
        assert len(first) == len(titles(page)) == 2
        assert not set(first) & set(titles(page))
        assert page.locator(".th-pagination [aria-current=page]").inner_text().endswith("2")

    def test_a_chip_takes_its_filter_away(self, visit_plainly):
        page = visit_plainly(f"{SEARCH}?typ=werkzeug")
        follow(page.get_by_role("list", name="Gewählte Filter").get_by_role("link", name="Werkzeug entfernen"))
        assert "typ=" not in page.url
        assert len(types(page)) == 4

    def test_new_words_keep_the_filters(self, visit_plainly):
        page = visit_plainly(f"{SEARCH}?typ=werkzeug")
        page.get_by_label("Suchbegriff").fill("Worum")
        follow(page.get_by_role("button", name="Suchen"))
        assert "q=Worum" in page.url
        assert "typ=werkzeug" in page.url

    def test_nothing_found_leads_on(self, visit_plainly):
        page = visit_plainly(f"{SEARCH}?q=xqzwvxqzwv")
        assert page.locator(".th-card").count() == 0
        follow(page.locator("#ergebnis").get_by_role("link", name="allen Themen"))
        assert page.url.endswith(ADDRESSES["topics"])


class TestInPlace:
    def test_a_filter_swaps_the_results(self, visit_once):
        page = visit_once(SEARCH)
        page.locator("#typ-werkzeug").check()
        page.wait_for_url("**/suche/?typ=werkzeug")
        expect(page.locator("#typ-werkzeug")).to_be_focused()
        expect(page.locator("#ansage")).to_have_text(page.locator("#treffer").inner_text())
        expect(page.locator("#ergebnis")).not_to_have_attribute("aria-busy", "true")
        assert types(page) == {"Werkzeug"}
        assert is_same_page(page)

    def test_back_shows_what_was_there(self, visit_once):
        page = visit_once(SEARCH)
        page.locator("#typ-werkzeug").check()
        page.wait_for_url("**/suche/?typ=werkzeug")
        page.go_back()
        expect(page.locator("#typ-werkzeug")).not_to_be_checked()
        assert page.url.endswith(SEARCH)
        assert len(types(page)) == 4
        page.go_forward()
        expect(page.locator("#typ-werkzeug")).to_be_checked()
        assert types(page) == {"Werkzeug"}

    def test_back_from_a_hit_shows_the_whole_page(self, visit_once):
        page = visit_once(SEARCH)
        page.locator("#typ-werkzeug").check()
        page.wait_for_url("**/suche/?typ=werkzeug")
        follow(page.locator(".th-card__title a"))
        page.go_back()
        expect(page.locator("h1")).to_have_text("Suche")
        assert types(page) == {"Werkzeug"}

    def test_quick_choices_all_count(self, visit_once):
        page = visit_once(SEARCH)
        page.evaluate("for (const id of ['typ-projekt', 'typ-werkzeug']) document.getElementById(id).click()")
        page.wait_for_url("**/suche/?typ=projekt&typ=werkzeug")
        expect(page.locator(".th-active li")).to_have_count(3)
        assert types(page) == {"Projekt", "Werkzeug"}

    def test_opened_filters_stay_open(self, visit_once):
        page = visit_once(SEARCH, viewport=PHONE)
        page.locator("#filterbereich > summary").click()
        page.locator("#facette-cluster > summary").click()
        page.locator("#typ-projekt").check()
        page.wait_for_url("**/suche/?typ=projekt")
        expect(page.locator("#typ-projekt")).to_be_focused()
        expect(page.locator("#facette-cluster li").first).to_be_visible()

    def test_the_button_leads_to_the_results(self, visit_once):
        page = visit_once(SEARCH, viewport=PHONE)
        page.locator("#filterbereich > summary").click()
        page.get_by_role("button", name="Filter anwenden").click()
        expect(page.locator("#treffer")).to_be_focused()
        expect(page.locator("#treffer")).to_be_in_viewport()
        expect(page.locator("#typ-projekt")).to_be_hidden()
        assert is_same_page(page)
        assert page.url.endswith(SEARCH), "fields left empty are in the address"

    def test_a_page_begins_at_its_heading(self, visit_once):
        page = visit_once(TWO_A_PAGE)
        page.get_by_role("link", name="Weiter").click()
        page.wait_for_url(re.compile("seite=2"))
        expect(page.locator("#treffer")).to_be_focused()
        expect(page.locator("#treffer")).to_be_in_viewport()
        assert is_same_page(page)

    def test_an_order_keeps_the_focus(self, visit_once):
        page = visit_once(SEARCH)
        page.get_by_role("navigation", name="Sortierung").get_by_role("link", name="Titel").click()
        page.wait_for_url("**/suche/?sort=titel")
        expect(page.locator(":focus")).to_have_text("Titel")
        expect(page.locator(":focus")).to_have_attribute("aria-current", "true")
        assert titles(page) == sorted(titles(page))
        assert is_same_page(page)

    def test_a_chip_leaves_the_focus_at_the_results(self, visit_once):
        page = visit_once(f"{SEARCH}?typ=werkzeug")
        page.get_by_role("link", name="Werkzeug entfernen").click()
        expect(page.locator("#treffer")).to_be_focused()
        assert page.url.removesuffix("?").endswith(SEARCH)
        assert len(types(page)) == 4
        assert is_same_page(page)

    def test_new_words_keep_filters_chosen_in_place(self, visit_once):
        page = visit_once(SEARCH)
        page.locator("#typ-werkzeug").check()
        page.wait_for_url("**/suche/?typ=werkzeug")
        page.get_by_label("Suchbegriff").fill("Worum")
        page.get_by_label("Suchbegriff").press("Enter")
        page.wait_for_url(re.compile("q=Worum"))
        assert "typ=werkzeug" in page.url

    @pytest.mark.parametrize("answer", [{"status": 500}, None], ids=["error", "no answer"])
    def test_a_failed_request_becomes_a_page(self, answer, visit_once):
        page = visit_once(SEARCH)

        def fail(route):
            if "hx-request" not in route.request.headers:
                route.continue_()
            elif answer:
                route.fulfill(**answer)
            else:
                route.abort()

        page.route("**/suche/?*", fail)
        page.locator("#typ-werkzeug").check()
        expect(page.locator(".th-active li")).to_have_count(1)
        assert types(page) == {"Werkzeug"}
        assert not is_same_page(page)

    def test_the_browser_has_nothing_to_complain_about(self, new_page):
        page = new_page()
        complaints = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(TWO_A_PAGE)
        page.get_by_role("link", name="Weiter").click()
        page.wait_for_url(re.compile("seite=2"))
        page.locator("#typ-projekt").check()
        page.wait_for_url(re.compile("typ=projekt"))
        page.go_back()
        expect(page.locator("#typ-projekt")).not_to_be_checked()
        assert complaints == []


class TestSuggestions:
    @pytest.mark.parametrize("name", ["home", "search"])
    def test_a_suggestion_is_chosen_by_keyboard(self, name, visit_with_suggestions):
        page = visit_with_suggestions(ADDRESSES[name])
        box = type_words(page, "ger")
        expect(page.get_by_role("option")).to_have_text(
            ["Geräteverleih für Wohngruppen Praxis", "Arbeit Thema", "gerät Suche"]
        )
        expect(box).to_have_attribute("aria-expanded", "true")
        expect(page.get_by_text("3 Vorschläge", exact=True)).to_be_attached()
        assert box.get_attribute("aria-activedescendant") is None, "the first one is chosen unasked"
        box.press("ArrowDown")
        box.press("ArrowDown")
        active = page.get_by_role("option", selected=True)
        expect(active).to_have_text("Arbeit Thema")
        assert box.get_attribute("aria-activedescendant") == active.get_attribute("id")
        expect(box).to_be_focused()
        box.press("Enter")
        page.wait_for_url("**/themen/cluster/arbeit/")

    def test_arrows_home_and_end_move(self, visit_with_suggestions):
        page = visit_with_suggestions(SEARCH)
        box = type_words(page, "ger")
        page.get_by_role("listbox", name="Vorschläge").wait_for()
        active = page.get_by_role("option", selected=True)
        for key, label in (
            ("ArrowUp", "gerät Suche"),
            ("Home", "Geräteverleih für Wohngruppen Praxis"),
            ("End", "gerät Suche"),
        ):
            box.press(key)
            expect(active).to_have_text(label)
        box.press("ArrowDown")
        expect(active).to_have_count(0)
        box.press("ArrowDown")
        expect(active).to_have_text("Geräteverleih für Wohngruppen Praxis")
        box.press("ArrowLeft")
        expect(active).to_have_count(0)
        box.press("x")
        expect(box).to_have_value("gexr")

    def test_escape_closes_and_arrow_opens_again(self, visit_with_suggestions):
        page = visit_with_suggestions(SEARCH)
        box = type_words(page, "ger")
        suggestions = page.get_by_role("listbox", name="Vorschläge")
        suggestions.wait_for()
        box.press("Escape")
        expect(suggestions).to_be_hidden()
        expect(box).to_have_value("ger")
        expect(box).to_have_attribute("aria-expanded", "false")
        box.press("ArrowDown")
        expect(suggestions).to_be_visible()
        box.press("Tab")
        expect(suggestions).to_be_hidden()
        expect(page.get_by_role("button", name="Suchen")).to_be_focused()

    def test_enter_searches_for_what_was_typed(self, visit_with_suggestions):
        page = visit_with_suggestions(SEARCH)
        box = type_words(page, "ger")
        page.get_by_role("listbox", name="Vorschläge").wait_for()
        box.press("Enter")
        page.wait_for_url("**/suche/?q=ger")

    def test_a_suggestion_is_chosen_by_pointer(self, visit_with_suggestions):
        page = visit_with_suggestions(SEARCH)
        type_words(page, "ger")
        page.get_by_role("option", name="Arbeit").click()
        page.wait_for_url("**/themen/cluster/arbeit/")

    def test_one_letter_asks_for_nothing(self, new_page):
        page = new_page()
        page.clock.install()
        asked = []
        page.on("request", lambda request: asked.append(request.url) if "vorschlaege" in request.url else None)
        page.goto(SEARCH)
        type_words(page, "g")
        page.clock.run_for("01:00")
        with page.expect_request("**/api/v1/vorschlaege?*"):
            type_words(page, "e")
            page.clock.run_for("01:00")
        assert [parse_qs(urlsplit(url).query)["q"] for url in asked] == [["ge"]]

    @pytest.mark.parametrize("answer", [{"status": 503}, {"body": "kein JSON"}], ids=["error", "no JSON"])
    def test_no_answer_leaves_a_plain_box(self, answer, new_page):
        page = new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.route("**/api/v1/vorschlaege?*", lambda route: route.fulfill(**answer))
        page.goto(SEARCH)
        with page.expect_response("**/api/v1/vorschlaege?*"):
            box = type_words(page, "ger")
        expect(page.get_by_role("listbox")).to_have_count(0)
        box.press("Enter")
        page.wait_for_url("**/suche/?q=ger")
        assert errors == []

    def test_the_site_suggests_its_organisations(self, visit):
        page = visit(ADDRESSES["home"])
        box = type_words(page, "Werkst")
        organisation = page.get_by_role("option", name="Werkstatt Süd Organisation")
        organisation.wait_for()
        place = [option.get_attribute("id") for option in page.get_by_role("option").all()].index(
            organisation.get_attribute("id")
        )
        for _ in range(place + 1):
            box.press("ArrowDown")
        expect(organisation).to_have_attribute("aria-selected", "true")
        box.press("Enter")
        page.wait_for_url(f"**{ADDRESSES['organisation']}")


class TestAccessibility:
    @pytest.mark.parametrize("colours", ["light", "dark"])
    @pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
    def test_axe_finds_nothing_with_everything_open(self, viewport, colours, visit_with_suggestions):
        page = visit_with_suggestions(ADDRESSES["search with words"], viewport=viewport, color_scheme=colours)
        page.evaluate(OPEN_ALL_DETAILS)
        box = type_words(page, "ger")
        page.get_by_role("listbox", name="Vorschläge").wait_for()
        box.press("ArrowDown")
        assert findings(page) == []

    @pytest.mark.parametrize("address", [f"{SEARCH}?q=xqzwvxqzwv&typ=projekt", f"{SEARCH}?von=abc"])
    def test_axe_finds_nothing_when_something_is_wrong(self, address, visit):
        assert findings(visit(address, viewport=PHONE)) == []

    @pytest.mark.parametrize("width", [320, 640], ids=["small phone", "1280 at 200 percent"])
    def test_nothing_scrolls_sideways_with_everything_open(self, width, visit_with_suggestions):
        page = visit_with_suggestions(ADDRESSES["search with words"], viewport={"width": width, "height": 700})
        page.evaluate(OPEN_ALL_DETAILS)
        type_words(page, "ger")
        page.get_by_role("listbox", name="Vorschläge").wait_for()
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
