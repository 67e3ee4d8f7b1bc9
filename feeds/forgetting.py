"""What is not needed any more is deleted: rows of mails and runs, and who followed what was removed."""

from datetime import timedelta

from django.utils import timezone

from feeds.models import Announcement, DigestRun, Mail

KEEP_MAILS = timedelta(days=90)
KEEP_NOTICES = timedelta(days=7)


def forget_deliveries() -> None:
    """Delete finished mails and planned runs of long ago, what notices say, and what announcements kept of removals."""
    before = timezone.now() - KEEP_MAILS
    Mail.objects.filter(finished_at__lt=before).delete()
    failed_long_ago = Mail.objects.filter(finished_at__lt=timezone.now() - KEEP_NOTICES)
    failed_long_ago.exclude(notice={}).update(notice={})
    DigestRun.objects.filter(slot__lt=before, mails=None).exclude(planned_at=None).delete()
    # The change itself stays in the history of its practice, so announcing must not find it unannounced again: the row
    # stays, what it kept of a removal goes.
    Announcement.objects.filter(at__lt=before).exclude(selections=[]).update(selections=[])
