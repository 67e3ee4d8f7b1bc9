"""The engine of this installation: embedded, or Elasticsearch where ELASTICSEARCH_URL is set."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.signals import setting_changed

from search.engines.protocol import Engine


@cache
def current_engine() -> Engine:
    """Return the engine; one for each process, made when it is first asked for."""
    if settings.ELASTICSEARCH_URL:
        from search.engines.elasticsearch import ElasticsearchEngine

        return ElasticsearchEngine(
            settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_PREFIX, **settings.ELASTICSEARCH_OPTIONS
        )
    from search.engines.embedded import EmbeddedEngine

    return EmbeddedEngine(Path(settings.INDEX_DIR))


def forget_engine(*, setting: str = "", **_kwargs) -> None:
    """Make the engine anew where its settings change, as they do in tests."""
    if setting in {"INDEX_DIR", "ELASTICSEARCH_URL", "ELASTICSEARCH_PREFIX", "ELASTICSEARCH_OPTIONS"}:
        current_engine.cache_clear()


setting_changed.connect(forget_engine)
