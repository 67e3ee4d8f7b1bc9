"""The worker: everything that happens without a request."""

import logging
import signal
import threading

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections

logger = logging.getLogger(__name__)

PUBLISHING_INTERVAL_S = 30


class Command(BaseCommand):
    help = "Arbeitet im Hintergrund: veröffentlicht und entfernt Seiten zum geplanten Zeitpunkt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Einen Durchgang machen und aufhören.")

    def handle(self, *args, once: bool, **options) -> None:
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        self._publish_scheduled(reraise=once)
        while not once and not stopping.wait(PUBLISHING_INTERVAL_S):
            self._publish_scheduled()

    def _publish_scheduled(self, reraise: bool = False) -> None:
        """Publish what is due; a database that is away for a while does not end the worker."""
        try:
            call_command("publish_scheduled")
        except Error:
            if reraise:
                raise
            logger.exception("scheduled publishing failed, next attempt in %s s", PUBLISHING_INTERVAL_S)
        finally:
            close_old_connections()
