from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from practices.exchange.export import FileCopies, export_lines, stored_path
from practices.exchange.selection import PARAMETERS, UnknownSelection


class Command(BaseCommand):
    help = (
        "Gibt veröffentlichte Seiten im Austauschformat (JSON Lines) aus: alle oder eine Auswahl, dazu die Organisationen, "
        "die sie nennen. Mit --output liegen die Dateien (Bilder, Dokumente, Videos) im Ordner „NAME-dateien“ daneben; "
        "ohne --output nennen die Zeilen deren Pfade im Medienordner."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "query",
            metavar="QUERY",
            nargs="?",
            default="",
            help=f"Auswahl wie in der Adresse der Suche, zum Beispiel „typ=projekt&phase=act“: {', '.join(PARAMETERS)}",
        )
        parser.add_argument("--output", metavar="FILE", type=Path, help="Datei statt Standardausgabe")

    def handle(self, *args, **options):
        query, output = options["query"].removeprefix("?"), options["output"]
        try:
            lines = list(export_lines(query, FileCopies(output).path_of if output else stored_path))
            if output:
                output.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        except UnknownSelection as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Der Export lässt sich nicht schreiben: {error}") from error
        if output:
            self.stdout.write(f"{len(lines)} Zeilen in „{output}“ geschrieben.")
        else:
            self.stdout.write("\n".join(lines))
