import sys
from itertools import chain

from django.core.management.base import BaseCommand
from tqdm import tqdm

from practices.media.stored import check_documents, check_images, check_other_pictures, check_recordings


class Command(BaseCommand):
    help = (
        "Bringt gespeicherte Bilder, Videos und Tonaufnahmen auf den Stand der heutigen Annahme: Ort, Zeit, Personen und Geräte "
        "werden aus den Dateien entfernt, zu große Bilder verkleinert. Dokumente bleiben, wie sie sind; gemeldet wird, welche "
        "etwas anderes sind, als sie heißen, und was in ihnen verborgen ist. Was schon geprüft ist, bleibt, wie es ist."
    )

    def handle(self, *args, **options) -> None:
        checked = cleaned = 0
        refused, hidden = [], []
        files = chain(check_images(), check_other_pictures(), check_recordings(), check_documents())
        for file in tqdm(files, disable=None, file=sys.stderr, unit=" Dateien"):
            checked += 1
            cleaned += file.is_changed
            if file.refusal:
                refused.append(file)
            if file.hidden:
                hidden.append(file)
        for file in refused:
            self.stderr.write(f"{file.name}: {file.refusal}")
        for document in hidden:
            self.stderr.write(f"{document.name} enthält: {'; '.join(document.hidden.splitlines())}.")
        self.stdout.write(f"{checked} geprüft, {cleaned} bereinigt, {len(refused)} zu ersetzen.")
        if refused:
            self.stdout.write(
                "Bitte ersetzen Sie diese Dateien unter „Bilder“, „Medien“ und „Dokumente“. Bis dahin werden Bilder, Videos und "
                "Tonaufnahmen nicht gezeigt und Dokumente nur zum Herunterladen angeboten."
            )
