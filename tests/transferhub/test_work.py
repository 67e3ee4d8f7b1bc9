"""The worker: long jobs leave room for others, and what fails is tried again."""

from django.core.management import call_command
from django.db import OperationalError

from practices.models import ContentChange
from search.rebuild import compare
from tests.factories import ProjectFactory
from transferhub.management.commands.work import Job


def test_one_round_brings_the_index_up_to_date(organisation):
    ProjectFactory(parent=organisation)
    call_command("work", "--once", verbosity=0)
    assert len(compare()) == 0
    assert not ContentChange.objects.filter(applied_at=None).exists()


def test_a_long_job_is_done_step_by_step(db):
    done = []
    job = Job("long", 60, lambda: (done.append(number) for number in range(3)))
    job.run()
    assert (done, job.due) == ([0], 0.0)
    job.finish()
    assert done == [0, 1, 2]
    assert job.due > 0


def test_a_database_that_is_away_does_not_end_the_worker(db):
    def fail():
        raise OperationalError("away for the test")

    job = Job("failing", 60, fail)
    job.run()
    assert job.due > 0
