"""What the fault tests of mail run in processes of their own: workers that may be killed at any moment.

`python -m tests.feeds.mailing PORT`, with the database in DATABASE_URL and DATA_DIR, sends to a mail server on PORT. It
reads a command a line and answers each with a line of JSON. Every command runs in a fresh process, forked from one that
has loaded everything and has no connection of its own: that is as good as a start, and takes no time.
"""

import json
import os
import signal
import sys
import threading
import traceback
from datetime import timedelta

import django
from django.conf import settings

SUBSCRIBERS = 12
LEASE = timedelta(seconds=0.5)
PATIENCE = 300  # seconds


def set_up(port: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "transferhub.settings.test"
    django.setup()
    settings.INDEX_DIR = settings.DATA_DIR / "index"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.MAIL_PER_MINUTE = 60_000
    from feeds import sending

    sending.BATCH = 5


def set_up_database() -> None:
    """Make the tables, and what every installation has."""
    from django.core.management import call_command

    for command in ("migrate", "load_terms", "set_up_site"):
        call_command(command, verbosity=0, stdout=sys.stderr)


def prepare() -> None:
    """Make a practice, its index, and people who follow everything."""
    from practices.services.find_pages import practice_index
    from search.rebuild import rebuild
    from tests.factories import OrganisationFactory, ProjectFactory
    from tests.feeds.factories import SubscriptionFactory

    ProjectFactory(parent=OrganisationFactory(parent=practice_index()))
    rebuild()
    _round()
    for _ in range(SUBSCRIBERS):
        SubscriptionFactory()


def publish() -> None:
    """Publish a major change."""
    from practices.models import PracticePage

    page = PracticePage.objects.get().specific
    page.change_note = "Neue Zahlen"
    page.save_revision().publish()


def work() -> None:
    """Do what the worker does for mails, over and over, until killed."""
    while True:
        _round()
        threading.Event().wait(0.01)


def work_with_short_leases() -> None:
    """Do the same; a mail whose worker was killed is taken over soon."""
    _shorten_leases()
    work()


def work_undaunted() -> None:
    """Do the same where the mail server misbehaves; what it does not take is tried again soon."""
    from feeds import sending

    _shorten_leases()
    sending.FIRST_DELAY = timedelta(milliseconds=20)
    while True:
        try:
            _round()
        except sending.ServerAway:
            threading.Event().wait(0.01)


def run_worker() -> None:
    """Be the whole worker, as operators run it; a mail whose fate the database was not there to note is soon sent again."""
    from django.core.management import call_command

    _shorten_leases()
    call_command("work")


def announce_all() -> None:
    """Do what comes before planning."""
    from feeds.announcing import announce
    from search.indexing import drain_alone

    drain_alone()
    announce()


def plan_on_and_on() -> None:
    """Plan, a few subscribers at a time, over and over, until killed."""
    from feeds import planning

    planning.BATCH = 2
    while True:
        for _run in planning.plan():
            pass


def plan_until(number: int) -> None:
    """Do the same, and be killed right before query number `number`: between two batches or in the middle of one."""
    from django.db import connection

    left = iter(range(number))

    def count(execute, *arguments):
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*arguments)

    with connection.execute_wrapper(count):
        plan_on_and_on()


def finish_planning() -> dict:
    """Plan what is left, and return how many runs are unfinished and by subscriber how often each change was told."""
    from collections import Counter

    from feeds.models import DigestRun, Mail, Subscriber
    from feeds.planning import plan

    for _run in plan():
        pass
    told = {subscriber.pk: Counter() for subscriber in Subscriber.objects.all()}
    for subscriber, announcements in Mail.objects.values_list("subscriber", "announcements"):
        told[subscriber].update(announcements)
    return {"unfinished": DigestRun.objects.filter(planned_at=None).count(), "told": list(told.values())}


def settle() -> dict:
    """Work until nothing waits and return what became of all mails."""
    from django.db.models import Count

    from feeds.models import Announcement, DigestRun, Mail
    from practices.models import PracticeChange

    _shorten_leases()
    while True:
        _round()
        if not Mail.objects.filter(state__in=("pending", "sending")).exists():
            break
        threading.Event().wait(0.05)
    return {
        "unannounced": PracticeChange.objects.filter(announcement=None).count(),
        "unplanned": DigestRun.objects.filter(planned_at=None).count(),
        "announced": Announcement.objects.count(),
        "states": dict(Mail.objects.order_by().values_list("state").annotate(Count("pk"))),
    }


def wait_until_done() -> bool:
    """Return whether others announce, plan and send everything before patience ends."""
    from feeds.models import Mail
    from practices.models import PracticeChange

    for _look in range(PATIENCE * 50):
        if not PracticeChange.objects.filter(announcement=None).exists():
            newest = PracticeChange.objects.latest("pk").announcement.pk
            told = Mail.objects.filter(run__until=newest).count() == SUBSCRIBERS
            if told and not Mail.objects.filter(finished_at=None).exists():
                return True
        threading.Event().wait(0.02)
    return False


def _shorten_leases() -> None:
    from feeds import sending

    sending.LEASE = LEASE


def _round() -> None:
    from feeds.announcing import announce
    from feeds.planning import plan
    from feeds.sending import send_due
    from search.indexing import drain_alone

    drain_alone()
    announce()
    for _run in plan():
        pass
    for _wait in send_due():
        pass


BACKGROUND = {
    command.__name__: command
    for command in (work, work_with_short_leases, work_undaunted, run_worker, plan_on_and_on, plan_until)
}
COMMANDS = BACKGROUND | {
    command.__name__: command
    for command in (set_up_database, prepare, publish, announce_all, finish_planning, settle, wait_until_done)
}


def serve() -> None:
    """Run a command a line. Workers go on by themselves: their process id is the answer, and `kill` ends them.

    `wait` waits for one to end and answers with the signal that ended it.
    """
    for line in sys.stdin:
        name, *arguments = line.split()
        if name == "kill":
            os.kill(int(arguments[0]), 9)
            os.waitpid(int(arguments[0]), 0)
            answer = "null"
        elif name == "wait":
            answer = json.dumps(os.WTERMSIG(os.waitpid(int(arguments[0]), 0)[1]))
        else:
            answer = _run(name, *map(int, arguments))
        print(answer, flush=True)  # noqa: T201


def _run(name: str, *arguments: int) -> str:
    readable, writable = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(readable)
        try:
            os.write(writable, json.dumps(COMMANDS[name](*arguments)).encode())
        except BaseException:  # noqa: BLE001 - whatever it is, the process that was forked ends here
            traceback.print_exc()
        os._exit(0)
    os.close(writable)
    with os.fdopen(readable) as answer:
        if name in BACKGROUND:
            return str(pid)
        text = answer.read()
    os.waitpid(pid, 0)
    return text or json.dumps({"failed": name})


if __name__ == "__main__":
    set_up(int(sys.argv[1]))
    serve()
