import pytest
from django.core.cache import caches

from editing.services.set_up_roles import set_up_roles
from editing.services.set_up_workflow import set_up_workflow
from home.services.set_up_site import set_up_site
from practices.services.find_pages import editorial_organisation, practice_index
from practices.services.load_terms import load_terms
from search.corrections import DICTIONARY
from search.lexicon import LEXICON
from search.rebuild import rebuild
from tests.factories import OrganisationFactory


def forget_stored_words() -> None:
    """Let the process look again which words the database holds: those stored by one test are gone in the next."""
    LEXICON.forget_what_is_stored()
    DICTIONARY._read_at = float("-inf")


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    """Give each test media, index and static folders of its own, and empty caches."""
    for cache in caches.all(initialized_only=True):
        cache.clear()
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.INDEX_DIR = tmp_path / "index"
    forget_stored_words()
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Prepare the test database once as every installation is; tests that flush it prepare it again by fixture."""
    with django_db_blocker.unblock():
        load_terms()
        set_up_site()
        set_up_roles()
        set_up_workflow()


@pytest.fixture
def vocabularies(db):
    """All shipped terms."""
    load_terms()


@pytest.fixture
def site(db, vocabularies):
    """A site as a fresh installation has it; returns the practice section."""
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
    """A function that builds the search index from the database as it is now."""
    return rebuild
