import pytest
from tests.browser.conftest import Editor
from tests.practices.rich_practices import ADDRESSES
pytestmark = pytest.mark.browser

def test_shots(visit):
    for name in ("project","home","topics","search","recording","tool","lesson","organisation","search with words"):
        for w,h in ((360,800),(1280,900)):
            p=visit(ADDRESSES[name],viewport={"width":w,"height":h})
            p.evaluate("Promise.all(Array.from(document.images, i=>{i.loading='eager';return i.decode()}))")
            p.evaluate("document.fonts.ready")
            p.screenshot(path=f"/tmp/shots/{name.replace(' ','-')}-{w}.png",full_page=True)
    p=visit(ADDRESSES["project"],viewport={"width":1280,"height":900},color_scheme="dark")
    p.screenshot(path="/tmp/shots/project-dark.png",full_page=True)
    p=visit(ADDRESSES["recording"],viewport={"width":1280,"height":900})
    p.evaluate("document.querySelector('.th-facts').remove()")
    p.locator("a[href='mailto:projekt@example.org']").focus(); p.keyboard.press("Tab")
    p.screenshot(path="/tmp/shots/video-focus.png")

def test_admin(visit, restored_database):
    p=visit("/verwaltung/login/",viewport={"width":1280,"height":900})
    p.fill("[name=username]",Editor.name); p.fill("[name=password]",Editor.password); p.keyboard.press("Enter")
    p.wait_for_url("**/verwaltung/")
    p.goto("/verwaltung/pages/3/")
    p.get_by_role("link", name="Unterseiten von ‚Praxis‘ durchsehen").click()
    p.get_by_role("link", name="Unterseiten von ‚Werkstatt Süd‘ durchsehen").click()
    print(p.url)
    p.screenshot(path="/tmp/shots/a-org.png")
    print(p.locator("main").aria_snapshot()[:1500])
    p.goto(p.url.rstrip("/")+"/add_subpage/")
    print(p.locator("main").aria_snapshot()[:2500])
    p.locator("a[href*='projectprofilepage']").first.click()
    p.wait_for_load_state()
    p.screenshot(path="/tmp/shots/a-add.png")
    print(p.locator("main").aria_snapshot()[:12000])
