from django.apps import AppConfig


class EditingConfig(AppConfig):
    name = "editing"
    verbose_name = "Redaktion"

    def ready(self) -> None:
        from editing import organisation_groups

        organisation_groups.connect()
