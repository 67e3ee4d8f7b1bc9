import logging

from django.apps import AppConfig

logger = logging.getLogger(__name__)


class SearchConfig(AppConfig):
    name = "search"
    # Wagtail's own search app already carries the label "wagtailsearch"; ours is the plain word.
    verbose_name = "Suche"

    def ready(self) -> None:
        from practices.models import changes_recorded

        changes_recorded.connect(_drain, dispatch_uid="search-drain")


def _drain(**_kwargs) -> None:
    """Bring the index up to date after a commit; where a worker runs, it is faster and this finds the place taken."""
    from search.indexing import drain_alone

    try:
        drain_alone()
    except Exception:
        logger.exception("changes wait in the outbox")
