from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand

from home.services.set_up_site import set_up_site


class Command(BaseCommand):
    help = "Legt Startseite, Praxisbereich, Redaktion und Standardseiten an, soweit sie fehlen."

    def handle(self, *args, **options):
        address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
        port = address.port or (443 if address.scheme == "https" else 80)
        set_up_site(hostname=address.hostname, port=port)
        self.stdout.write("Die Grundseiten sind vorhanden.")
