"""The worker: everything that happens without a request."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections

from editing.freshness import ask_for_confirmation
from editing.imports.running import forget_imports, work_on_imports
from editing.link_check import check_links
from editing.partner_links import forget_partner_links
from editing.review_notices import remind_reviewers
from feeds.announcing import announce
from feeds.forgetting import forget_deliveries
from feeds.local_mail import forget_mails
from feeds.planning import plan
from feeds.sending import ServerAway, send_due
from feeds.subscribing import forget_requests
from practices.media.stored import check_documents, check_images, check_recordings
from search.engines.protocol import EngineUnavailable
from search.indexing import drain_alone, forget_applied
from search.rebuild import needs_rebuild, rebuild, reconcile
from search.statistics import collect_searches
from transferhub.private_files import make_private

logger = logging.getLogger(__name__)

_DONE = object()


@dataclass
class Job:
    """Something to do every `interval` seconds; a database, search engine or mail server that is away does not end the worker.

    As long as it fails it is tried less and less often, up to every `patience` seconds.

    An action that returns an iterator is done step by step, and other jobs have their turn between the steps; a step that
    is a number says after how many seconds the next one is due.
    """

    name: str
    interval: float
    action: Callable[[], object]
    patience: float = 0.0
    due: float = 0.0
    steps: Iterator | None = None
    failures: int = 0

    def run(self, reraise: bool = False) -> None:
        """Do it, or the next step of it."""
        try:
            if self.steps is None:
                result = self.action()
                self.steps = result if isinstance(result, Iterator) else iter(())
            step = next(self.steps, _DONE)
            if step is not _DONE:
                if isinstance(step, float):
                    self.due = time.monotonic() + step
                return
            self.failures = 0
        except (Error, EngineUnavailable, ServerAway) as error:
            if reraise and isinstance(error, Error):
                raise
            self.failures += 1
            logger.exception("%s failed, next attempt in %s s", self.name, self._wait())
        self.steps = None
        self.due = time.monotonic() + self._wait()

    def _wait(self) -> float:
        return min(self.interval * 2 ** min(self.failures, 20), max(self.patience, self.interval))

    def leave_off(self) -> None:
        """Give back what a job that is done halfway has taken."""
        if isinstance(self.steps, Generator):
            self.steps.close()

    def finish(self) -> None:
        """Do all of it."""
        self.run(reraise=True)
        while self.steps is not None:
            time.sleep(max(self.due - time.monotonic(), 0))
            self.run(reraise=True)


def make_index_usable() -> None:
    """Build the index where there is none, or where it can not be read."""
    if needs_rebuild():
        rebuild()


def forget() -> None:
    """Delete what subscriptions, imports and links of partners do not need any more."""
    forget_requests()
    forget_deliveries()
    forget_mails()
    forget_imports()
    forget_partner_links()


def make_jobs(stays: bool) -> list[Job]:
    """Return what the worker does, in the order in which it is done when several are due.

    A worker that `stays` keeps the place of the one process that writes to the index.
    """
    return [
        Job("keeping the index usable", 30, make_index_usable),
        Job("scheduled publishing", 30, lambda: call_command("publish_scheduled")),
        Job("indexing", 0.2, lambda: drain_alone(keep=stays)),
        Job("announcing", 1, announce, patience=60),
        Job("planning digests", 1, plan, patience=60),
        Job("sending mail", 1, send_due, patience=60),
        Job("importing", 1, work_on_imports, patience=60),
        Job("reminding reviewers", 3600, remind_reviewers),
        Job("asking for confirmation", 3600, ask_for_confirmation),
        Job("checking links", 60, check_links),
        Job("counting searches", 60, collect_searches),
        Job("checking images", 600, check_images),
        Job("checking recordings", 600, check_recordings),
        Job("checking documents", 600, check_documents),
        Job("comparing index and database", 3600, reconcile),
        Job("forgetting applied changes", 3600, forget_applied),
        Job("forgetting requests, deliveries, imports and links", 3600, forget),
    ]


class Command(BaseCommand):
    help = (
        "Arbeitet im Hintergrund: veröffentlicht und entfernt Seiten zum geplanten Zeitpunkt, hält den Suchindex aktuell, "
        "zählt Suchanfragen, liest Tabellen ein und verschickt, was abonniert ist."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Einen Durchgang machen und aufhören.")

    def handle(self, *args, once: bool, **options) -> None:
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        make_private(settings.DATA_DIR)
        jobs = make_jobs(stays=not once)
        if once:
            for job in jobs:
                job.finish()
            return
        while not stopping.wait(max(min(job.due for job in jobs) - time.monotonic(), 0)):
            for job in jobs:
                if job.due <= time.monotonic() and not stopping.is_set():
                    job.run()
                    close_old_connections()
        for job in jobs:
            job.leave_off()
