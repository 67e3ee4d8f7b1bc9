from django.apps import AppConfig


class EditingConfig(AppConfig):
    name = "editing"
    verbose_name = "Redaktion"

    def ready(self) -> None:
        from editing import organisation_groups, page_titles, review_notices
        from editing.sign_in import addresses, guesses, sessions

        organisation_groups.connect()
        review_notices.connect()
        page_titles.ask_who_looks()
        addresses.connect()
        guesses.connect()
        sessions.connect()
