from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "feeds"
    verbose_name = "Abonnements"

    def ready(self) -> None:
        from feeds.announcing import announce_removals
        from search.indexing import practices_leaving

        practices_leaving.connect(announce_removals, dispatch_uid="feeds-removals")
