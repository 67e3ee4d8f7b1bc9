import gc
import sys
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from practices.exchange.importer import Report, import_records
from practices.exchange.reader import Line
from practices.services.find_pages import SiteIncomplete

REPORT_EVERY = 100


class Command(BaseCommand):
    help = (
        "Liest eine Austauschdatei (JSON Lines) ein: ganz oder gar nicht. Eine Zeile beschreibt die ganze Seite; was sie "
        "weglässt, wird geleert. Zeilen, deren Seite schon dasselbe sagt, ändern nichts."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "file", metavar="FILE", type=Path, help="Austauschdatei; Pfade darin gelten ab ihrem Ordner"
        )
        parser.add_argument("--dry-run", action="store_true", help="alles prüfen, nichts speichern")
        parser.add_argument("--publish", action="store_true", help="Seiten veröffentlichen statt als Entwurf ablegen")

    def handle(self, *args, **options):
        gc.freeze()  # Django itself is here to stay; not looking through it again and again saves a tenth of the time
        try:
            report = import_records(
                options["file"], publish=options["publish"], dry_run=options["dry_run"], progress=self._show_progress
            )
        except OSError as error:
            raise CommandError(f"Die Datei „{options['file']}“ lässt sich nicht lesen: {error.strerror}.") from error
        except SiteIncomplete as error:
            raise CommandError(str(error)) from error
        for problem in report.problems:
            self.stderr.write(f"Hinweis: {problem}" if problem.is_warning else str(problem))
        self.stdout.write(_summary(report))
        if report.has_errors:
            raise CommandError(
                "Es wurde nichts gespeichert. Bitte beheben Sie die Fehler und starten Sie den Import neu."
            )
        if options["dry_run"]:
            self.stdout.write("Probelauf: Es wurde nichts gespeichert.")

    def _show_progress(self, lines: list[Line]) -> Iterator[Line]:
        """Show a bar on a terminal, elsewhere a line for every hundred."""
        bar = tqdm(lines, disable=None, file=sys.stderr, unit=" Zeilen")
        for number, line in enumerate(bar, start=1):
            yield line
            if bar.disable and number % REPORT_EVERY == 0:
                self.stderr.write(f"{number} von {len(lines)} Zeilen")


def _summary(report: Report) -> str:
    return (
        f"{report.created} neu angelegt, {report.updated} geändert, {report.unchanged} unverändert, "
        f"{report.failed} fehlerhaft."
    )
