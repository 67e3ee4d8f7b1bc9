from django.apps import AppConfig


class PracticesConfig(AppConfig):
    name = "practices"
    verbose_name = "Praxis"

    def ready(self) -> None:
        from practices import content_changes, history, incomplete_forms, media_owners

        content_changes.connect()
        history.connect()
        media_owners.connect()
        incomplete_forms.refuse_incomplete_forms()
