"""A real browser on a real server: the rich practices, served through the middleware of every installation.

Everything here lives as long as this folder's tests. Playwright keeps an event loop running in the main thread, where
Django then refuses database access; so content is made before the browser starts, and taken back without the ORM.
"""

import shutil
import sqlite3
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from home.services.set_up_site import set_up_site
from practices.models import changes_recorded
from practices.services.find_pages import practice_index
from search.apps import drain_after_commit
from search.rebuild import rebuild
from tests.chromium import find_chromium
from tests.practices.rich_practices import make_practices, publish_under_fixed_addresses

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Editor:
    name: str = "redakteurin"
    password: str = "ein langes Kennwort"


@pytest.fixture(scope="package", autouse=True)
def data_dir(tmp_path_factory):
    """Give all browser tests one media folder and one index: what they look at is made once."""
    folder = tmp_path_factory.mktemp("browser")
    (folder / "static").mkdir()
    folders = {"MEDIA_ROOT": folder / "media", "STATIC_ROOT": folder / "static", "INDEX_DIR": folder / "index"}
    with override_settings(DATA_DIR=folder, **folders):
        yield


@pytest.fixture(scope="package")
def db(django_db_setup, django_db_blocker):
    """The test database, open to the server's threads for all browser tests together; then it is what it was.

    It replaces pytest-django's fixture here, whose transaction around each test the server's threads would share.
    """
    with django_db_blocker.unblock():
        if connection.vendor != "sqlite" or not connection.is_in_memory_db():
            pytest.skip("browser tests share SQLite's database in memory with their server")
        connection.ensure_connection()
        before = copy_database(connection.connection)
        yield connection.connection
        restore_database(connection.connection, before)


@pytest.fixture(scope="package")
def server(db, data_dir):
    """Serve a site with the rich practices and one editor.

    Django's test server would hand out media by itself, without ranges of bytes: here they come from where readers get them.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.test.testcases._MediaFilesHandler", lambda application: application)
        live_server = LiveServer("localhost")  # it has started when this is done
    set_up_site(port=live_server.thread.port)
    publish_under_fixed_addresses(make_practices(practice_index()))
    rebuild()
    get_user_model().objects.create_superuser(Editor.name, "redaktion@example.org", Editor.password)
    yield live_server
    live_server.stop()


def copy_database(database: sqlite3.Connection) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    database.backup(copy)
    return copy


def restore_database(database: sqlite3.Connection, copy: sqlite3.Connection) -> None:
    copy.backup(database)
    copy.close()
    cache.clear()
    shutil.rmtree(settings.DATA_DIR / "cache", ignore_errors=True)  # what is counted for limits


@pytest.fixture
def restored_database(db, server):
    """Take back what a test stores; the index stays as it is meanwhile, so that it fits again afterwards."""
    before = copy_database(db)
    changes_recorded.disconnect(dispatch_uid="search-drain")
    yield
    changes_recorded.connect(drain_after_commit, dispatch_uid="search-drain")
    restore_database(db, before)


@pytest.fixture(scope="package")
def browser(server):
    """Chromium as the system brings it; it starts after the content is there."""
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("Chromium is missing: apt install chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser, server):
    """A function that opens an empty page in a browser context of its own, with the given options."""
    contexts = []

    def new_page(**options):
        context = browser.new_context(base_url=server.url, locale="de-DE", **options)
        contexts.append(context)
        return context.new_page()

    yield new_page
    for context in contexts:
        context.close()


@pytest.fixture
def visit(new_page):
    """A function that opens an address in a browser context of its own, with the given options."""

    def visit(address, **options):
        page = new_page(**options)
        page.goto(address)
        return page

    return visit
