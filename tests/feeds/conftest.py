"""What tests of feeds and mails need: a mail server, practices that were told of, and the steps a worker takes."""

import itertools

import pytest
from django.core import mail

from feeds.announcing import announce
from feeds.planning import plan
from feeds.sending import send_due
from search.indexing import drain
from tests.factories import ProjectFactory
from tests.feeds.factories import AnnouncementFactory
from tests.feeds.smtp_server import running_inbox
from tests.search.conftest import built, site_engine  # noqa: F401 - fixtures

_numbers = itertools.count(1)


@pytest.fixture
def inbox(settings):
    """A mail server that takes whatever is sent."""
    with running_inbox() as (inbox, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.MAIL_PER_MINUTE = 60_000
        yield inbox


@pytest.fixture
def announced(organisation, reindex):
    """A function that makes practices with these titles, has them indexed, and returns the announcements of them."""

    def announce_practices(*titles, **fields):
        pages = [ProjectFactory(parent=organisation, title=title, **fields) for title in titles]
        reindex()
        return [AnnouncementFactory(page=page) for page in pages]

    return announce_practices


@pytest.fixture
def publish(site, organisation, reindex):
    """A function that publishes a project through a revision; the index is there and empty at first."""
    reindex()

    def make(title=None, **fields):
        page = ProjectFactory(parent=organisation, title=title or f"Projekt {next(_numbers)}", live=False, **fields)
        page.save_revision().publish()
        return type(page).objects.get(pk=page.pk)

    return make


@pytest.fixture
def work():
    """A function that does what the worker does, and returns the mails that went out."""

    def run(now=None):
        before = len(mail.outbox)
        drain()
        announce()
        for _run in plan(now):
            pass
        for _pause in send_due():
            pass
        return mail.outbox[before:]

    return run


def change(page, note="Neue Zahlen", notify=True):
    """Publish a change of `page`."""
    page = type(page).objects.get(pk=page.pk)
    page.change_note, page.notify_followers = note, notify
    page.save_revision().publish()
    return page
