"""What readers without a mouse are promised: everything is reached by Tab, and one sees where one is."""

import pytest

from tests.practices.rich_practices import ADDRESSES

pytestmark = pytest.mark.browser

NUMBER_INTERACTIVE = """
    Array.from(document.querySelectorAll("a[href], button, input, select, textarea, summary, video, [tabindex='0']"))
        .filter(element => element.checkVisibility() && !element.disabled)
        .map((element, number) => { element.dataset.number = number; return number; })
"""
FOCUSED = """(() => {
    const element = document.activeElement;
    const drawn = style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const own = getComputedStyle(element);
    const reach = parseFloat(own.outlineWidth) + parseFloat(own.outlineOffset);
    const inner = element.getBoundingClientRect();
    const cut = box => {
        const outer = box.getBoundingClientRect();
        return getComputedStyle(box).overflow !== "visible"
            && (inner.left - reach < outer.left || inner.right + reach > outer.right);
    };
    const ancestors = [];
    for (let box = element.parentElement; box; box = box.parentElement) ancestors.push(box);
    return {
        number: element === document.body ? null : Number(element.dataset.number),
        html: element.outerHTML.slice(0, 200),
        outlined: drawn(own) ? !ancestors.some(cut) : drawn(getComputedStyle(element, "::after")),
    };
})()"""


def walk(page) -> list[dict]:
    """Press Tab until the page is left; return where the focus was. A player's own buttons count as the player."""
    stops = []
    for _ in range(500):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["number"] is None:
            break
        stops.append(stop)
    return stops


def test_the_first_stop_is_the_skip_link(visit):
    page = visit(ADDRESSES["home"])
    page.keyboard.press("Tab")
    link = page.locator(":focus")
    assert link.inner_text() == "Zum Inhalt springen"
    assert link.bounding_box()["y"] >= 0


def test_the_skip_link_leads_into_the_content(visit):
    page = visit(ADDRESSES["home"])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("id") == "inhalt"


@pytest.mark.parametrize("name", ["home", "project", "recording", "search with words"])
def test_everything_interactive_is_reached(name, visit):
    page = visit(ADDRESSES[name])
    interactive = page.evaluate(NUMBER_INTERACTIVE)
    assert sorted({stop["number"] for stop in walk(page)}) == interactive


@pytest.mark.parametrize("name", ["home", "project", "recording", "search with words"])
def test_the_focus_is_visible_everywhere(name, visit):
    page = visit(ADDRESSES[name])
    page.evaluate(NUMBER_INTERACTIVE)
    stops = walk(page)
    outlined = {stop["number"] for stop in stops if stop["outlined"]}
    assert [stop["html"] for stop in stops if stop["number"] not in outlined] == []


def test_the_transcript_opens(visit):
    page = visit(ADDRESSES["recording"])
    spoken = page.get_by_text("Guten Tag.")
    assert not spoken.is_visible()
    page.get_by_text("Mitschrift lesen").focus()
    page.keyboard.press("Enter")
    assert spoken.is_visible()
