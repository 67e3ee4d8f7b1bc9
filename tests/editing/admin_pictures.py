"""Makes the pictures of the handbook for editors in docs/images: the admin as people see it, with the example content.

`DATA_DIR=/tmp/pictures python -m tests.editing.admin_pictures`, on a folder that does not exist yet. Needs Chromium.
"""

import os
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import django
from PIL import Image

from tests.chromium import find_chromium

IMAGES = Path(__file__).resolve().parent.parent.parent / "docs" / "images"
HOST = "localhost:8765"
WIDTH, HEIGHT = 1360, 860


def set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "transferhub.settings.dev"
    os.environ["BASE_URL"] = f"http://{HOST}"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("prepare")


def leave_work() -> dict[str, str]:
    """Let people work on the example content; return by name what the pictures are of."""
    from datetime import timedelta

    from django.contrib.auth.models import User
    from django.urls import reverse
    from django.utils import timezone

    from editing.freshness import ask_for_confirmation
    from editing.models import PartnerLink
    from editing.partner_links import offer
    from feeds.models import Mail
    from practices.models import CreditedImage, PracticePage, ProjectProfilePage
    from search.models import SearchCount

    author, editor = User.objects.get(username="mitwirkung"), User.objects.get(username="redaktion")
    organisation = author.groups.get().organisation_group.organisation
    handed_in, passed_on = (
        write(organisation, author, ProjectProfilePage.objects.exclude(situation="")[number], title)
        for number, title in enumerate(("Sprechstunde für Tablets", "Digitale Ersthilfe im Quartier"))
    )
    unfinished = organisation.add_child(
        instance=ProjectProfilePage(title="Tablets für die Wohngruppe", live=False, owner=author)
    )
    unfinished.save_revision(user=author, clean=False)
    write(organisation, editor, ProjectProfilePage.objects.exclude(situation="")[2], "Einfach erklärt")
    for page in (handed_in, passed_on):
        page.get_workflow().start(page, author)
    step = passed_on.current_workflow_task_state
    step.approve(user=User.objects.get(username="fachpruefung"))
    link = PartnerLink(
        page=passed_on,
        partner="Verband West",
        may_approve=True,
        created_by=author,
        expires_at=timezone.now() + timedelta(days=30),
    )
    offer(link, passed_on.title)
    some = PracticePage.objects.live().order_by("pk").values_list("pk", flat=True)[:4]
    PracticePage.objects.filter(pk__in=list(some)).update(
        last_published_at=timezone.now() - timedelta(days=500), last_confirmed=None, contact_email="projekt@example.org"
    )
    ask_for_confirmation()
    question = next(mail.notice for mail in Mail.objects.order_by("pk") if "Stimmt das noch?" in str(mail.notice))
    for query, times in (("pflegeroboter", 7), ("fahrdienst", 4), ("telepräsenz", 2)):
        SearchCount.objects.create(day=timezone.localdate(), query=query, times=times, without_hits=times)
    image = CreditedImage.objects.order_by("pk").first()
    CreditedImage.objects.filter(pk=image.pk).update(title="Zeitplan nach Halbjahren")
    return {
        "review": reverse("wagtailadmin_pages:edit", args=[handed_in.pk]),
        "completeness": reverse("wagtailadmin_pages:edit", args=[unfinished.pk]),
        "partner-link": reverse("partner_links", args=[passed_on.pk]),
        "freshness": urlsplit(question["actions"][0]["url"]).path,
        "image": reverse("wagtailimages:edit", args=[image.pk]),
        "report": reverse("coverage_report"),
        "dashboard": reverse("wagtailadmin_home"),
    }


def write(organisation, author, example, title: str):
    """Return a draft of `author` called `title`, otherwise like `example`."""
    page = example.copy(
        to=organisation,
        copy_revisions=False,
        keep_live=False,
        user=author,
        update_attrs={"title": title, "draft_title": title, "slug": "", "key": "", "owner": author},
    )
    page.save_revision(user=author)
    return page


def sessions() -> dict[str, str]:
    """Return the session of each person after signing in."""
    from django.contrib.auth.models import User
    from django.test import Client

    found = {}
    for user in User.objects.all():
        client = Client()
        client.force_login(user)
        found[user.username] = client.cookies["sessionid"].value
    return found


def take_pictures(addresses: dict[str, str], signed_in: dict[str, str]) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])

        def visit(address: str, name: str = "", height: int = HEIGHT):
            size = {"width": WIDTH, "height": height}
            context = browser.new_context(base_url=f"http://{HOST}", locale="de-DE", viewport=size)
            if name:
                context.add_cookies([{"name": "sessionid", "value": signed_in[name], "url": f"http://{HOST}"}])
            page = context.new_page()
            page.goto(address, wait_until="networkidle")
            for chooser in page.locator("input[type=file]").all():
                chooser.evaluate("field => { field.style.visibility = 'hidden' }")  # it speaks the browser's language
            return page

        def keep(page, name: str) -> None:
            picture = Image.open(BytesIO(page.screenshot(animations="disabled")))
            picture.quantize(256).save(IMAGES / f"{name}.png", optimize=True)  # a third of the size
            page.context.close()

        keep(visit("/konto/anmelden/"), "sign-in")
        keep(visit(addresses["dashboard"], "redaktion", 1500), "dashboard")
        keep(visit(addresses["completeness"], "mitwirkung"), "completeness")
        keep(visit(addresses["partner-link"], "mitwirkung", 1060), "partner-link")
        keep(visit(addresses["freshness"], height=1150), "freshness")
        keep(visit(addresses["image"], "redaktion", 1150), "image-form")
        keep(visit(addresses["report"], "redaktion"), "report")
        reviewing = visit(addresses["review"], "fachpruefung")
        action = reviewing.get_by_role("button", name="Freigeben", exact=True)
        if not action.is_visible():
            reviewing.get_by_role("button", name="Mehr Aktionen").click()
        action.click()
        reviewing.get_by_text("Verständlich geschrieben", exact=True).wait_for()
        keep(reviewing, "review")
        browser.close()


if __name__ == "__main__":
    set_up()
    from pytest_django.live_server_helper import LiveServer

    what, who = leave_work(), sessions()
    server = LiveServer(HOST)
    take_pictures(what, who)
    server.stop()
