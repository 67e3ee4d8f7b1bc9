from django.core.management.base import BaseCommand

from practices.services.load_terms import load_terms


class Command(BaseCommand):
    help = "Lädt die mitgelieferten Vokabulare. Vorhandene Begriffe bleiben, wie sie sind."

    def handle(self, *args, **options):
        self.stdout.write(f"{load_terms()} Begriffe neu angelegt.")
