"""What the history test runs in a process of its own: editors who are killed at every write of what they do.

`python -m tests.practices.dying`, with a prepared database in DATABASE_URL and DATA_DIR. Prints for each operation how often it
was cut off, and every practice for which page and history did not agree afterwards.
"""

import json
import os
import signal

import django

MOST_WRITES = 100


def set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "transferhub.settings.test"
    django.setup()


def prepare():
    """Make an organisation."""
    from practices.services.find_pages import practice_index
    from tests.factories import OrganisationFactory

    return OrganisationFactory(parent=practice_index())


def killed_at(number: int, operation, page) -> bool:
    """Do `operation` in a process that is killed before its write `number`; return whether it got that far."""
    from django.db import connection, connections

    connections.close_all()  # a connection is not to be shared with the child
    child = os.fork()
    if child == 0:
        connection.ensure_connection()
        with connection.execute_wrapper(_killing(number)):
            operation(page)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError(f"the operation failed before write {number}")
    return os.WIFSIGNALED(status)


def _killing(number: int):
    count = 0

    def execute(run, sql, params, many, context):
        nonlocal count
        count += not sql.startswith("SELECT")
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return run(sql, params, many, context)

    return execute


def _publish(page):
    page.save_revision().publish()


def _unpublish(page):
    page.unpublish()


def _delete(page):
    page.delete()


# What is done, with what readers see before and after.
OPERATIONS = {
    "new": (_publish, False, True),
    "unpublished": (_unpublish, True, False),
    "deleted": (_delete, True, False),
}


def main() -> None:
    from practices.models import PracticeChange, ProjectProfilePage
    from tests.factories import ProjectFactory

    organisation = prepare()
    cut_off, torn = dict.fromkeys(OPERATIONS, 0), []
    for name, (operation, live_before, live_after) in OPERATIONS.items():
        for number in range(1, MOST_WRITES):
            page = ProjectFactory(parent=organisation, live=live_before)
            known = PracticeChange.objects.filter(page_id=page.pk).count()
            was_killed = killed_at(number, operation, page)
            is_live = ProjectProfilePage.objects.filter(pk=page.pk, live=True).exists()
            told = PracticeChange.objects.filter(page_id=page.pk).count() - known
            if told != int(is_live == live_after):
                torn.append([name, number, is_live, told])
            if not was_killed:
                break
            cut_off[name] += 1
    print(json.dumps({"cut_off": cut_off, "torn": torn}))  # noqa: T201


if __name__ == "__main__":
    set_up()
    main()
