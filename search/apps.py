import logging

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save

logger = logging.getLogger(__name__)


class SearchConfig(AppConfig):
    name = "search"
    # Wagtail's own search app already carries the label "wagtailsearch"; ours is the plain word.
    verbose_name = "Suche"

    def ready(self) -> None:
        from practices.models import changes_recorded
        from practices.similar import similar_wanted
        from search.models import SynonymGroup
        from search.similar import find_similar

        changes_recorded.connect(drain_after_commit, dispatch_uid="search-drain")
        similar_wanted.connect(find_similar, dispatch_uid="search-similar")
        for signal in (post_save, post_delete):
            signal.connect(_raise_version, sender=SynonymGroup, dispatch_uid="search-synonyms")


def _raise_version(**_kwargs) -> None:
    """Other words find other things: pages and processes look anew."""
    from practices.models import ContentVersion

    ContentVersion.raise_number()


def drain_after_commit(**_kwargs) -> None:
    """Bring the index up to date after a commit; where a worker runs, it is faster and this finds the place taken."""
    from search.indexing import drain_alone

    try:
        drain_alone()
    except Exception:
        logger.exception("changes wait in the outbox")
