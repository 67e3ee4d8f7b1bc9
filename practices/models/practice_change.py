"""What happened to a practice in the eyes of its readers: its history, and what followers are told."""

from django.db import models


class PracticeChange(models.Model):
    """A practice went online, went online anew, or was taken off; written in the transaction of the change itself.

    The page may be gone, so its title is kept. `note` says what is new, or why the practice was removed. Changes with
    `notify` are major: followers hear of them. Not `public` is what happened while not everybody could read the practice,
    and a practice that came when it was closed before followers could be told: it is new when it opens.
    """

    class Kind(models.TextChoices):
        NEW = "new", "neu"
        UPDATED = "updated", "geändert"
        REMOVED = "removed", "entfernt"

    kind = models.CharField("Art", max_length=8, choices=Kind.choices)
    page_id = models.PositiveBigIntegerField(db_index=True)
    revision_id = models.PositiveBigIntegerField(null=True)
    title = models.CharField("Titel", max_length=255)
    note = models.CharField("Anmerkung", max_length=500, blank=True)
    notify = models.BooleanField("Abonnierende benachrichtigen", default=True)
    public = models.BooleanField("für alle zu lesen", default=True)
    at = models.DateTimeField("Zeitpunkt", auto_now_add=True)

    class Meta:
        verbose_name = "Änderung einer Praxis"
        verbose_name_plural = "Änderungen von Praxis"
        constraints = [
            # Scheduled publishing may run twice for one revision.
            models.UniqueConstraint(
                fields=["page_id", "revision_id"],
                condition=models.Q(kind__in=["new", "updated"]),
                name="one_change_a_revision",
            )
        ]
        indexes = [models.Index(fields=["at"], name="practice_change_at")]

    def __str__(self) -> str:
        return f"{self.title}: {self.get_kind_display()}"
