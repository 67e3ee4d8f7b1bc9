from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    # Wagtail's own search app already carries the label "wagtailsearch"; ours is the plain word.
    verbose_name = "Suche"
