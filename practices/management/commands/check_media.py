import sys
from itertools import chain

from django.core.management.base import BaseCommand
from tqdm import tqdm

from practices.media.stored import check_images, check_other_pictures


class Command(BaseCommand):
    help = (
        "Bringt gespeicherte Bilder auf den Stand der heutigen Annahme: Ort, Zeit, Personen und Geräte werden aus den Dateien "
        "entfernt, zu große Bilder verkleinert. Was schon geprüft ist, bleibt, wie es ist."
    )

    def handle(self, *args, **options) -> None:
        checked = cleaned = 0
        refused = []
        for picture in tqdm(
            chain(check_images(), check_other_pictures()), disable=None, file=sys.stderr, unit=" Bilder"
        ):
            checked += 1
            cleaned += picture.is_changed
            if picture.refusal:
                refused.append(picture)
        for picture in refused:
            self.stderr.write(f"{picture.name}: {picture.refusal}")
        self.stdout.write(f"{checked} geprüft, {cleaned} bereinigt, {len(refused)} zu ersetzen.")
        if refused:
            self.stdout.write("Bitte ersetzen Sie diese Dateien unter „Bilder“. Bis dahin werden sie nicht gezeigt.")
