"""A number that grows with every change of what readers can see, and the time of the last one."""

from django.db import models
from django.db.models import F
from django.utils import timezone


class ContentVersion(models.Model):
    """One row. It changes in the transaction of the change itself, so that nobody sees the one without the other."""

    number = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "Stand der Inhalte"
        verbose_name_plural = "Stand der Inhalte"

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def current(cls) -> int:
        """Return the version of the committed content; one query."""
        return cls.objects.values_list("number", flat=True).first() or 0

    @classmethod
    def raise_number(cls) -> None:
        """Note that something changed. Changes of queryset.update() have to call this themselves."""
        if not cls.objects.update(number=F("number") + 1, changed_at=timezone.now()):
            cls.objects.create(pk=1, number=1)
