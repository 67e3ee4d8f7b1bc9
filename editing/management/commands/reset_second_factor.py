"""Help somebody who lost both the second factor and the recovery codes."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from editing.sign_in.lost_factor import reset


class Command(BaseCommand):
    help = "Entfernt den zweiten Faktor und die Ersatz-Codes eines Zugangs. Prüfen Sie vorher, wer darum bittet."

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", help="Name des Zugangs oder E-Mail-Adresse")

    def handle(self, *args, name: str, **options) -> None:
        users = get_user_model().objects.filter(Q(username=name) | Q(email__iexact=name))
        if len(users) != 1:
            raise CommandError(
                f"{len(users)} Zugänge heißen „{name}“. Nötig ist genau einer: nehmen Sie den Namen des Zugangs."
            )
        self.stdout.write(
            f"Entfernt: {reset(users[0])}. Beim nächsten Anmelden genügt das Passwort; Pflicht bleibt Pflicht."
        )
