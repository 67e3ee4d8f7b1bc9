"""What operators do with a run: stop it, or send it again. All of it idempotent, and safe while workers are sending."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from feeds.models import DigestRun, Mail

State = Mail.State


@transaction.atomic
def cancel(run: DigestRun) -> int:
    """Let the waiting mails of `run` not go out; return how many. Those just handed to the server are sent.

    A run that is over stays as it is.
    """
    if not is_under_way(run):
        return 0
    DigestRun.objects.filter(pk=run.pk, cancelled_at=None).update(cancelled_at=timezone.now())
    return run.mails.filter(state=State.PENDING).update(state=State.SKIPPED, finished_at=timezone.now())


def is_under_way(run: DigestRun) -> bool:
    """Return whether `run` is being planned or has mails that wait."""
    return not run.planned_at or run.mails.filter(state__in=(State.PENDING, State.SENDING)).exists()


@transaction.atomic
def resend_missing(run: DigestRun) -> int:
    """Let those mails of `run` wait again that failed, and if it was cancelled those that were left out; return how many.

    Nobody gets a mail twice. Each mail is asked again what it may say.
    """
    cancelled = DigestRun.objects.filter(pk=run.pk).exclude(cancelled_at=None).exists()
    missing = [State.FAILED, State.SKIPPED] if cancelled else [State.FAILED]
    return _wait_again(run, run.mails.filter(state__in=missing))


@transaction.atomic
def resend_all(run: DigestRun) -> int:
    """Let every mail of `run` wait again; return how many. Those who had it get it once more, with the same Message-ID."""
    return _wait_again(run, run.mails.filter(state__in=[State.SENT, State.FAILED, State.SKIPPED]))


def _wait_again(run: DigestRun, mails: QuerySet[Mail]) -> int:
    DigestRun.objects.filter(pk=run.pk).update(cancelled_at=None)
    # They are as good as new: given up after as long, and late no sooner than others.
    return mails.update(
        state=State.PENDING, created_at=timezone.now(), not_before=None, finished_at=None, last_error=""
    )
