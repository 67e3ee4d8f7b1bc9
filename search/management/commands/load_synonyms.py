"""Load the shipped synonyms once."""

from django.core.management.base import BaseCommand

from search.synonyms import load_shipped_synonyms


class Command(BaseCommand):
    help = "Lädt die mitgelieferte Liste von Synonymen, wenn es noch keine gibt."

    def handle(self, *args, **options) -> None:
        number = load_shipped_synonyms()
        if number:
            self.stdout.write(f"{number} Synonymgruppen geladen.")
