"""Whether what is written is still true: who was asked, and what they answered."""

from django.db import models
from django.utils import timezone

from practices.models import PracticePage


class ConfirmationRequest(models.Model):
    """One address was asked about one page. The link is in the mail alone; the database keeps its digest."""

    class Answer(models.TextChoices):
        CONFIRMED = "stimmt", "Stimmt noch"
        CHANGE = "aendern", "Etwas hat sich geändert"
        ARCHIVE = "archivieren", "Bitte archivieren"

    page = models.ForeignKey(PracticePage, on_delete=models.CASCADE, related_name="confirmation_requests")
    address = models.EmailField("E-Mail-Adresse", max_length=254)
    due_on = models.DateField("fällig am")
    digest = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField("gefragt am", auto_now_add=True)
    expires_at = models.DateTimeField("gilt bis")
    answer = models.CharField("Antwort", max_length=11, choices=Answer.choices, blank=True)
    message = models.TextField("Nachricht", max_length=2000, blank=True)
    answered_at = models.DateTimeField("beantwortet am", null=True)

    class Meta:
        verbose_name = "Bitte um Bestätigung"
        verbose_name_plural = "Bitten um Bestätigung"
        constraints = [
            # Two workers may look at the same time; nobody is asked twice for it.
            models.UniqueConstraint(fields=["page", "address", "due_on"], name="asked_once_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.address}"

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered."""
        return not self.answer and self.expires_at > timezone.now() and self.page.live
