import contextlib
import gc
import os
import sqlite3
import time
from uuid import uuid4

import psycopg
import pytest
from django.core.cache import caches
from django.db import connection

from editing.services.set_up_roles import set_up_roles
from editing.services.set_up_workflow import set_up_workflow
from feeds import matching
from home.services.set_up_site import set_up_site
from limits import store
from practices.models import Cluster, PracticeIndexPage
from practices.services.find_pages import editorial_organisation, practice_index
from practices.services.load_terms import load_terms
from search import synonyms
from search.corrections import DICTIONARY
from search.indexing import drain
from search.lexicon import LEXICON
from search.rebuild import rebuild
from tests import drills
from tests.factories import OrganisationFactory


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items) -> None:
    """Leave a sample of the cases of drills, unless all are wanted; of those that were chosen by mark and name."""
    if not drills.are_whole():
        chosen = drills.without_most_cases(items)
        config.hook.pytest_deselected(items=list(set(items) - set(chosen)))
        items[:] = chosen


def pytest_collection_finish() -> None:
    """Spare what is loaded by now from every search for garbage, and search less often: a sixth of the whole time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def forget_stored_words() -> None:
    """Let the process look again which words and synonyms the database holds: those of one test are gone in the next."""
    LEXICON.forget_what_is_stored()
    DICTIONARY._read_at = float("-inf")
    synonyms._current = None


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path, monkeypatch):
    """Give each test media, index and static folders of its own, and empty caches: versions of the content repeat."""
    for cache in caches.all(initialized_only=True):
        cache.clear()
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.INDEX_DIR = tmp_path / "index"
    forget_stored_words()
    monkeypatch.setattr(matching, "MEMORY", matching._Memory())
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()


@pytest.fixture
def later(monkeypatch):
    """A function that lets so many seconds pass, by the clock of limits."""
    passed = [0.0]

    def pass_by(seconds: float) -> None:
        passed[0] += seconds

    monkeypatch.setattr(store, "now", lambda: time.time() + passed[0])
    return pass_by


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Prepare the test database once as every installation is; tests that flush it prepare it again by fixture."""
    with django_db_blocker.unblock():
        load_terms()
        set_up_site()
        set_up_roles()
        set_up_workflow()
        LEXICON.learn_texts(synonyms.synonym_names())


@pytest.fixture(scope="session")
def copied_database(django_db_setup, django_db_blocker, tmp_path_factory):
    """A copy of the prepared test database that nobody works on: the path of an SQLite file, or the name on the server."""
    with django_db_blocker.unblock():
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            path = tmp_path_factory.mktemp("database") / "transferhub.sqlite3"
            with contextlib.closing(sqlite3.connect(path)) as copy:
                connection.connection.backup(copy)
            yield path
            return
        name = connection.settings_dict["NAME"]
        connection.close()
        connection.close_pool()  # nobody may look at what is copied
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}_copy" TEMPLATE "{name}"')
        yield f"{name}_copy"
        server.execute(f'DROP DATABASE "{name}_copy" WITH (FORCE)')


@pytest.fixture(scope="module")
def installation(copied_database, tmp_path_factory):
    """The environment of an installation of its own, prepared as every one is, on the kind of database of this run."""
    folder = tmp_path_factory.mktemp("installation")
    environment = {**os.environ, "DATA_DIR": str(folder)}
    if connection.vendor == "sqlite":
        (folder / copied_database.name).write_bytes(copied_database.read_bytes())
        yield environment | {"DATABASE_URL": ""}
        return
    url, name = os.environ["DATABASE_URL"], f"installation_{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{copied_database}"')
        yield environment | {"DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"}
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def vocabularies(db):
    """All shipped terms."""
    if not Cluster.objects.exists():
        load_terms()


@pytest.fixture
def site(db, vocabularies):
    """A site as a fresh installation has it; returns the practice section."""
    if not PracticeIndexPage.objects.exists():
        set_up_site()
        set_up_roles()
        set_up_workflow()
    return practice_index()


@pytest.fixture
def organisation(site):
    """An organisation that may own practices."""
    return OrganisationFactory(parent=site, title="Werkstatt Nord")


@pytest.fixture
def editorial(site):
    """The organisation that owns what belongs to none."""
    return editorial_organisation()


@pytest.fixture
def reindex(db):
    """A function that builds the search index from the database as it is now, so that nothing waits any more."""

    def build() -> None:
        rebuild()
        drain()

    return build
