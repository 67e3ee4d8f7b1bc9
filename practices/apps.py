from django.apps import AppConfig


class PracticesConfig(AppConfig):
    name = "practices"
    verbose_name = "Praxis"

    def ready(self) -> None:
        from practices.content_changes import connect

        connect()
