"""Makes the pictures of a digest in docs/images, from the example content and through the real way from change to mail.

`DATA_DIR=/tmp/pictures python -m tests.feeds.mail_pictures`; the folder is made, or used again. Needs Chromium.
"""

import html
import os
from email import message_from_bytes, policy
from pathlib import Path

import django
from django.conf import settings

from tests.chromium import find_chromium

IMAGES = Path(__file__).resolve().parent.parent.parent / "docs" / "images"
QUERIES = ("typ=werkzeug", "handlungsfeld=organisationsentwicklung", "cluster=arbeit")


def set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "transferhub.settings.dev"
    os.environ["BASE_URL"] = "https://praxis.example.org"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("prepare")


def send_digest() -> bytes:
    """Let things happen to practices that somebody follows, and return the digest that tells of them."""
    from feeds.announcing import announce
    from feeds.matching import held_by
    from feeds.models import Mail, Subscriber
    from feeds.planning import plan
    from feeds.sending import send_due
    from practices.models import PracticePage
    from practices.terms import all_terms
    from search.indexing import drain
    from tests.feeds.factories import SubscriberFactory, SubscriptionFactory

    drain()
    announce()
    everything = set(PracticePage.objects.values_list("pk", flat=True))
    held = [sorted(held_by([query], everything, all_terms())[query]) for query in QUERIES]
    others = [pk for pk in held[1] if pk not in held[0]]
    used = [held[0][0], held[0][1], others[0], next(pk for pk in held[2] if pk not in held[0] + others)]
    pages = [PracticePage.objects.get(pk=pk).specific for pk in used]
    pages[0].unpublish()
    drain()
    announce()
    Subscriber.objects.all().delete()
    reader = SubscriberFactory()
    for query in QUERIES:
        SubscriptionFactory(subscriber=reader, query=query)
    pages[0].save_revision().publish()
    for page, note in ((pages[1], "Neue Preise ab Januar."), (pages[2], "Die Ergebnisse der Befragung sind da.")):
        page.change_note = note
        page.save_revision().publish()
    pages[3].removal_reason = "Das Projekt ist beendet, seine Seite wird nicht mehr gepflegt."
    pages[3].unpublish()
    drain()
    announce()
    list(plan())
    list(send_due())
    pages[3].save_revision().publish()
    assert Mail.objects.latest("pk").state == Mail.State.SENT
    return max(settings.MAIL_DIR.glob("*.eml")).read_bytes()


def take_pictures(message: bytes) -> None:
    """Show both forms of `message` in a browser and photograph them."""
    from playwright.sync_api import sync_playwright

    mail = message_from_bytes(message, policy=policy.default)
    text = html.escape(mail.get_body(("plain",)).get_content())
    forms = {
        "mail-html": mail.get_body(("html",)).get_content(),
        "mail-text": f'<body style="margin:24px;background:#fff;color:#1b2733"><pre style="font-size:14px">{text}</pre>',
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for name, content in forms.items():
            page = browser.new_page(viewport={"width": 760, "height": 600})
            page.set_content(content)
            page.screenshot(path=IMAGES / f"{name}.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    set_up()
    take_pictures(send_digest())
