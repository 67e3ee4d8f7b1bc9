"""What operators do with runs and other mails: stop them, or send them again.

All of it is idempotent, and safe while workers are sending.
"""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from feeds.models import DigestRun, Mail

Kind, State = Mail.Kind, Mail.State


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


def failed_messages() -> QuerySet[Mail]:
    """Return what failed outside of runs and can still be sent: notices, and links to ones subscriptions."""
    failed = Mail.objects.filter(state=State.FAILED)
    return failed.filter(Q(kind=Kind.MANAGE, subscriber__isnull=False) | Q(kind=Kind.NOTICE) & ~Q(notice={}))


def resend_messages() -> int:
    """Let every one of `failed_messages` wait again; return how many."""
    return _as_good_as_new(failed_messages())


@transaction.atomic
def resend_all(run: DigestRun) -> int:
    """Let every mail of `run` wait again; return how many. Those who had it get it once more, with the same Message-ID."""
    return _wait_again(run, run.mails.filter(state__in=[State.SENT, State.FAILED, State.SKIPPED]))


def _wait_again(run: DigestRun, mails: QuerySet[Mail]) -> int:
    DigestRun.objects.filter(pk=run.pk).update(cancelled_at=None)
    return _as_good_as_new(mails)


def _as_good_as_new(mails: QuerySet[Mail]) -> int:
    """Let `mails` wait: given up after as long as new ones, and late no sooner."""
    return mails.update(
        state=State.PENDING, created_at=timezone.now(), not_before=None, finished_at=None, last_error=""
    )
