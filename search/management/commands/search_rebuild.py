"""Build the search index anew."""

import gc
import sys
import time

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from tqdm import tqdm

from search.engines.protocol import EngineUnavailable
from search.rebuild import needs_rebuild, rebuild


class Command(BaseCommand):
    help = "Baut den Suchindex neu auf, neben dem alten, und tauscht beide in einem Zug. Der alte bleibt aufgehoben."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-needed",
            action="store_true",
            help="Nur, wenn es keinen brauchbaren Index gibt oder eine neue Fassung der Wortanalyse.",
        )

    def handle(self, *args, if_needed: bool, **options) -> None:
        if if_needed and not needs_rebuild():
            return
        _map_nothing()
        _look_for_garbage_less_often()
        started = time.monotonic()
        try:
            with tqdm(unit=" Seiten", disable=None, file=sys.stderr) as bar:
                number = rebuild(lambda done, total: _show(bar, done, total))
        except EngineUnavailable as error:
            raise CommandError(f"Die Suchmaschine antwortet nicht: {error}. Der alte Index ist unverändert.") from error
        seconds = max(time.monotonic() - started, 0.001)
        self.stdout.write(
            f"Suchindex mit {number} Seiten in {seconds:.1f} s aufgebaut ({number / seconds:.0f} je Sekunde)."
        )


def _map_nothing() -> None:
    """Every page is read once: what SQLite maps of its file serves nobody, and counts as memory of this process."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA mmap_size=0")


def _look_for_garbage_less_often() -> None:
    """What Django and the dictionaries hold stays for good; looking through it again and again took a sixth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _show(bar: tqdm, done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)
