from django.core.management.base import BaseCommand

from editing.services.set_up_roles import set_up_roles
from editing.services.set_up_workflow import set_up_workflow


class Command(BaseCommand):
    help = "Legt die Gruppen für Mitwirkende, Fachprüfung, Redaktion und Verwaltung mit ihren Rechten an, soweit sie fehlen."

    def handle(self, *args, **options):
        set_up_roles()
        set_up_workflow()
        self.stdout.write("Die Rollen sind vorhanden.")
