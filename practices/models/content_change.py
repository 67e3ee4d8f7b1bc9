"""The outbox: which practices may have changed, written in the transaction of the change itself."""

from collections.abc import Iterable

from django.db import connection, models, transaction
from django.dispatch import Signal

# Sent after the commit that wrote changes: who keeps a copy may bring it up to date now.
changes_recorded = Signal()


class ContentChange(models.Model):
    """A practice that may have changed; the page itself may be gone. What it says now, the database knows.

    `applied_at` is set once the change has reached the index. Rows are kept for a while after that, because an index
    being rebuilt meanwhile needs them, too.
    """

    page_id = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "Änderung"
        verbose_name_plural = "Änderungen"
        indexes = [
            models.Index(fields=["id"], condition=models.Q(applied_at=None), name="change_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}"

    @classmethod
    def record(cls, page_ids: Iterable[int]) -> None:
        """Note that the practices with `page_ids` may have changed. Belongs into the transaction of the change."""
        rows = [ContentChange(page_id=page_id) for page_id in dict.fromkeys(page_ids)]
        if rows:
            ContentChange.objects.bulk_create(rows, batch_size=500)
            # One announcement for each transaction: an import records tens of thousands of changes.
            if not any(_announce in waiting for waiting in connection.run_on_commit):
                transaction.on_commit(_announce, robust=True)


def _announce() -> None:
    changes_recorded.send(sender=ContentChange)
