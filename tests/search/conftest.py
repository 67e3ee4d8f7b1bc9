"""Both engines, bare or behind the site."""

import os

import pytest

from search.engines import current_engine
from search.engines.embedded import EmbeddedEngine
from search.rebuild import rebuild
from tests.elasticsearch_server import client_options, engine_for_tests


def server_or_reason() -> str:
    """Return the address of the server for tests; without one the test is left out, or fails where all is required."""
    url = os.environ.get("TEST_ELASTICSEARCH_URL", "")
    if not url:
        give_up = pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip
        give_up("TEST_ELASTICSEARCH_URL names no server; `make test` starts one")
    return url


@pytest.fixture
def embedded(tmp_path):
    """The embedded engine, with nothing built yet."""
    return EmbeddedEngine(tmp_path / "index")


@pytest.fixture
def elasticsearch():
    """The engine on Elasticsearch, with nothing built yet."""
    with engine_for_tests(server_or_reason()) as engine:
        yield engine


@pytest.fixture(params=["embedded", "elasticsearch"])
def engine(request):
    """Each engine in turn, with nothing built yet."""
    return request.getfixturevalue(request.param)


@pytest.fixture(params=["embedded", "elasticsearch"])
def site_engine(request, settings):
    """The site with each engine in turn; gives the engine, with nothing built yet."""
    if request.param == "embedded":
        yield current_engine()
        return
    with engine_for_tests(server_or_reason()) as engine:
        settings.ELASTICSEARCH_URL = engine.url
        settings.ELASTICSEARCH_PREFIX = engine.prefix
        settings.ELASTICSEARCH_OPTIONS = client_options(engine.url)
        yield current_engine()


@pytest.fixture
def built(site_engine, site):
    """The site with an empty index on each engine in turn; gives the engine."""
    rebuild()
    return site_engine
