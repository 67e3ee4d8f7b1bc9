"""An editor's first day: she logs in, writes a project profile, looks at it, publishes it, and readers find it."""

import re

import pytest

from tests.browser.following import follow, sign_in
from tests.practices.rich_practices import ADDRESSES

pytestmark = pytest.mark.browser

TITLE = "Leihgeräte für Wohngruppen"
SUMMARY = "Bewohnerinnen leihen Geräte aus und lernen sie gemeinsam kennen."
TABS = [
    "Projekt",
    "Erfahrungen",
    "Förderung, Kosten und Nutzen",
    "Einordnung",
    "Beteiligte und Quellen",
    "Veröffentlichung",
]
LABELS = {
    "Projekt": ["Titel", "Zusammenfassung", "In einfacher Sprache", "Ort und Zeitraum"],
    "Erfahrungen": ["Was hat geholfen?", "Was war schwierig?", "Kennzahlen"],
    "Einordnung": ["Kostenträger-Cluster", "Handlungsfelder", "Zielgruppen", "Schlagwörter"],
}


@pytest.fixture
def editing(new_page, restored_database):
    """The empty form of a project profile, reached by the links of the admin."""
    page = new_page(viewport={"width": 1280, "height": 900})
    page.context.add_init_script(
        "addEventListener('w-unsaved:watch-edits', () => (document.documentElement.dataset.watches = ''))"
    )
    sign_in(page)
    page.goto("/verwaltung/pages/")
    for title in ("Gute Praxis weitergeben", "Praxis", "Werkstatt Süd"):
        follow(page.get_by_role("link", name=f"Unterseiten von ‚{title}‘ durchsehen"))
    follow(page.get_by_role("link", name="Unterseite hinzufügen"))
    follow(page.get_by_role("link", name=re.compile(r"^Projektprofil\s*\.")))
    return page


@pytest.fixture
def filled(editing):
    """The form with what a profile can not do without."""
    editing.get_by_role("textbox", name="Titel").fill(TITLE)
    editing.get_by_role("textbox", name="Zusammenfassung").fill(SUMMARY)
    return editing


def test_the_form_speaks_german(editing):
    assert [" ".join(tab.split()) for tab in editing.get_by_role("tab").all_inner_texts()] == TABS
    for tab, labels in LABELS.items():
        editing.get_by_role("tab", name=tab, exact=True).click()
        headings = editing.get_by_role("tabpanel", name=tab, exact=True).get_by_role("heading", level=2)
        shown = {heading.strip(" *\n") for heading in headings.all_inner_texts()}
        assert set(labels) <= shown


def test_a_preview_shows_what_is_not_yet_stored(filled):
    filled.get_by_role("button", name="Vorschau umschalten").click()
    preview = filled.frame_locator("[data-side-panel=preview] iframe").last
    preview.get_by_role("heading", name=TITLE, level=1).wait_for()
    preview.get_by_text(SUMMARY).first.wait_for()


def publish(form) -> None:
    form.get_by_role("button", name="Mehr Aktionen").click()
    follow(form.get_by_role("button", name="Veröffentlichen", exact=True))


def test_the_panel_leads_to_what_is_missing_and_is_renewed_while_writing(filled):
    # Wagtail takes two seconds to remember what the form was like; what is typed from then on is saved by itself.
    filled.locator("html[data-watches]").wait_for(state="attached")
    filled.get_by_role("textbox", name="Zusammenfassung").press_sequentially(" Das hilft.")
    panel = filled.locator("#vollstaendigkeit")
    panel.get_by_text("Das fehlt noch zum Einreichen und Veröffentlichen:").wait_for()
    panel.get_by_role("link", name="Zusammenfassung:").wait_for(state="detached")
    panel.get_by_role("link", name="Mindestens ein Handlungsfeld").click()
    first = filled.get_by_role("group", name="Handlungsfelder").or_(filled.locator("#id_fields_of_action"))
    first.first.locator("input").first.check()
    panel.get_by_role("link", name="Mindestens ein Handlungsfeld").wait_for(state="detached")


@pytest.mark.parametrize("typed", ["01.02.2024", "2.1.24", "im Frühjahr"])
def test_a_date_stays_as_it_was_typed(filled, typed):
    start = filled.locator("[name=start]")
    start.click()
    picker = filled.locator(".xdsoft_datetimepicker:visible")
    picker.wait_for()
    start.press_sequentially(typed)
    start.press("Tab")
    picker.wait_for(state="detached")
    assert start.input_value() == typed


def test_a_page_is_planned_for_the_time_that_was_typed(filled):
    filled.get_by_role("button", name="Status umschalten").click()
    filled.get_by_role("button", name="Zeitplan festlegen").click()
    moment = filled.locator("[name=go_live_at]")
    moment.click()
    picker = filled.locator(".xdsoft_datetimepicker:visible")
    picker.wait_for()
    moment.press_sequentially("24.12.2046 10:00")
    moment.press("Tab")
    picker.wait_for(state="detached")
    assert moment.input_value() == "24.12.2046 10:00"


def test_nothing_typed_is_lost_when_publishing_is_refused(filled):
    publish(filled)
    filled.get_by_text("Das fehlt noch zum Einreichen und Veröffentlichen: Mindestens ein Handlungsfeld").wait_for(
        state="attached"
    )
    assert filled.locator("[name=title]").input_value() == TITLE
    filled.locator("form[data-w-unsaved-check-interval-value]").wait_for()  # saved by itself, as a draft
    with filled.expect_response("**/edit/"):  # what is typed after the refusal, too
        filled.get_by_role("textbox", name="Zusammenfassung").press_sequentially("Später. ", delay=20)
    filled.reload()
    assert filled.locator("[name=title]").input_value() == TITLE
    assert filled.locator("[name=summary]").input_value() == f"Später. {SUMMARY}"


def test_a_published_project_reaches_readers(filled, visit):
    filled.get_by_role("tab", name="Einordnung", exact=True).click()
    for name in ("clusters", "fields_of_action"):
        filled.locator(f"#id_{name} input").first.check()
    publish(filled)
    filled.get_by_text(f"Die Seite ‚{TITLE}‘ wurde erstellt und veröffentlicht.").wait_for()
    reader = visit(ADDRESSES["home"])
    follow(reader.get_by_role("link", name=TITLE))
    assert reader.locator("h1").inner_text() == TITLE
    assert reader.locator(".th-pagehead .th-lead").inner_text() == SUMMARY
