"""Both engines behind the site."""

from tests.search.conftest import built, site_engine  # noqa: F401 - fixtures
