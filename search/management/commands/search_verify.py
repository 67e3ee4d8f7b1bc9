"""Compare the search index with the database."""

from django.core.management.base import BaseCommand, CommandError

from search.engines.protocol import EngineUnavailable
from search.indexing import waiting_changes
from search.rebuild import compare


class Command(BaseCommand):
    help = "Vergleicht Suchindex und Datenbank. Endet mit 1, wenn sie voneinander abweichen."

    def handle(self, *args, **options) -> None:
        try:
            drift = compare()
        except EngineUnavailable as error:
            raise CommandError(f"Die Suchmaschine antwortet nicht: {error}") from error
        for label, ids in (("fehlen", drift.missing), ("sind veraltet", drift.stale), ("sind überzählig", drift.extra)):
            if ids:
                shown = ", ".join(map(str, ids[:20])) + (" …" if len(ids) > 20 else "")
                self.stdout.write(f"{len(ids)} {label}: {shown}")
        if drift:
            raise CommandError(
                f"{len(drift)} Abweichungen, {waiting_changes()} Änderungen warten noch. Sie verschwinden von selbst, sobald "
                "der Worker läuft; „manage.py search_rebuild“ baut den Index neu auf."
            )
        self.stdout.write("Index und Datenbank stimmen überein.")
