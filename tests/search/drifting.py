"""What the drift test runs in processes of their own: editors, a worker with a failing engine, a rebuild, and the
last count.

`python -m tests.search.drifting COMMAND [SEED] [NUMBER]`, with the database in DATABASE_URL and DATA_DIR, and the
server in DRIFT_ELASTICSEARCH_URL and DRIFT_PREFIX where the engine is not the embedded one.
"""

import json
import os
import random
import signal
import sys
import threading
from datetime import timedelta

import django
from django.conf import settings

FAILURES = 0.3
MOST_LEFT_OUT = 0.2
ORGANISATIONS = 6


def set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "transferhub.settings.test"
    django.setup()
    url = os.environ.get("DRIFT_ELASTICSEARCH_URL", "")
    if url:
        from tests.elasticsearch_server import client_options

        settings.ELASTICSEARCH_URL = url
        settings.ELASTICSEARCH_PREFIX = os.environ["DRIFT_PREFIX"]
        settings.ELASTICSEARCH_OPTIONS = client_options(url)


def prepare() -> None:
    """Make some organisations with practices, and the index."""
    from practices.services.find_pages import practice_index
    from search.rebuild import rebuild
    from tests.factories import OrganisationFactory, ProjectFactory

    if not os.environ.get("DRIFT_IS_PREPARED"):
        index = practice_index()
        for number in range(ORGANISATIONS):
            organisation = OrganisationFactory(parent=index, title=f"Träger {number}", slug=f"traeger-{number}")
            for page in range(5):
                ProjectFactory(parent=organisation, title=f"Projekt {number}-{page}")
    rebuild()


def operate(seed: int, number: int) -> None:
    """Do what editors do, at random; what comes to nothing because the other process was faster is left out."""
    from django.core.exceptions import ObjectDoesNotExist, ValidationError
    from django.db import DatabaseError

    chance = random.Random(seed)  # noqa: S311
    left_out = 0
    for step in range(number):
        operation = chance.choice(OPERATIONS)
        try:
            operation(chance, f"{os.getpid()}-{step}")
        except (LookupError, ObjectDoesNotExist, DatabaseError, ValidationError, AttributeError) as error:
            # treebeard asks whether a page has children, then for the last of them, which may have been moved away since
            if isinstance(error, AttributeError) and error.name != "_inc_path":
                raise
            left_out += 1
            print(f"left out: {error}", file=sys.stderr)  # noqa: T201
        if step == number // 2:
            print("halfway", flush=True)  # noqa: T201
    if left_out > number * MOST_LEFT_OUT:
        sys.exit(f"{left_out} of {number} operations came to nothing: this is no test any more")


def _page(chance):
    from practices.models import PracticePage

    ids = list(PracticePage.objects.values_list("pk", flat=True))
    page = PracticePage.objects.filter(pk=chance.choice(ids)).first()
    if page is None:
        raise LookupError("the other process was faster")
    return page.specific


def _organisation(chance):
    from practices.models import OrganisationPage

    return OrganisationPage.objects.get(slug=f"traeger-{chance.randrange(ORGANISATIONS)}")


def _create(chance, name):
    from django.db import transaction

    from practices.models import OrganisationPage
    from tests.factories import ProjectFactory

    with transaction.atomic():  # treebeard numbers children, so one process at a time adds below a page
        parent = OrganisationPage.objects.select_for_update().get(pk=_organisation(chance).pk)
        ProjectFactory(parent=parent, title=f"Neu {name}", slug=f"neu-{name}")


def _publish(chance, name):
    page = _page(chance)
    page.title = f"Geändert {name}"
    page.save_revision().publish()


def _unpublish(chance, name):
    _page(chance).unpublish()


def _delete(chance, name):
    _page(chance).delete()


def _move(chance, name):
    from django.db import transaction

    from practices.models import OrganisationPage

    with transaction.atomic():
        list(OrganisationPage.objects.select_for_update().order_by("pk"))
        page = _page(chance)
        page.move(_organisation(chance), pos="last-child")


def _restrict(chance, name):
    from wagtail.models import PageViewRestriction

    page = _organisation(chance)
    restrictions = PageViewRestriction.objects.filter(page=page)
    if restrictions.exists():
        restrictions.first().delete()
    else:
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def _rename(chance, name):
    if chance.random() < 0.5:
        organisation = _organisation(chance)
        organisation.title = f"Träger {name}"
        organisation.save_revision().publish()
    else:
        from practices.models import FieldOfAction

        term = FieldOfAction.objects.get(slug="suchthilfe")
        page = _page(chance)
        page.fields_of_action.add(term)
        page.save()
        term.name = f"Suchthilfe {name}"
        term.save()


def _schedule(chance, name):
    from django.core.management import call_command
    from django.utils import timezone

    page = _page(chance)
    page.expire_at = timezone.now() + timedelta(milliseconds=1)
    page.save_revision().publish()
    call_command("publish_scheduled", verbosity=0)


OPERATIONS = [_create, _create, _publish, _publish, _unpublish, _delete, _move, _restrict, _rename, _schedule]


def work(seed: int) -> None:
    """Drain until told to stop, with an engine that refuses at random, before or after it has written."""
    from search.engines import current_engine
    from search.engines.protocol import EngineUnavailable
    from search.indexing import drain_alone

    chance = random.Random(seed)  # noqa: S311
    engine = current_engine()
    write = engine.write

    def write_or_fail(*arguments):
        if chance.random() < FAILURES:
            raise EngineUnavailable("refused")
        overtaken = write(*arguments)
        if chance.random() < FAILURES:
            raise EngineUnavailable("the answer was lost")
        return overtaken

    engine.write = write_or_fail
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    while not stopping.wait(0.05):
        drain_alone(keep=True)


def rebuild_while_asked() -> None:
    """Build the index anew, and print how few practices somebody found meanwhile who asked all the time."""
    from search.engines import current_engine
    from search.engines.protocol import Everything, Question
    from search.rebuild import rebuild
    from tests.search.asking import asked_meanwhile

    everything = Question(Everything(), Everything())
    with asked_meanwhile(lambda: current_engine().ask(everything).total) as numbers:
        rebuild()
    print(min(numbers))  # noqa: T201


def settle() -> None:
    """Drain with a sound engine and print how index and database differ."""
    from search.engines import current_engine
    from search.indexing import drain, waiting_changes
    from search.rebuild import compare

    drain()
    drift = compare()
    print(  # noqa: T201
        json.dumps(
            {
                "waiting": waiting_changes(),
                "indexed": sum(1 for _row in current_engine().digests()),
                "missing": drift.missing,
                "stale": drift.stale,
                "extra": drift.extra,
            }
        )
    )


if __name__ == "__main__":
    set_up()
    command, *numbers = sys.argv[1:]
    commands = {"prepare": prepare, "operate": operate, "work": work, "rebuild": rebuild_while_asked, "settle": settle}
    commands[command](*map(int, numbers))
