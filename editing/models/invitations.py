"""Invitations: how people come to an account and a role."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from practices.models import FieldOfAction, OrganisationPage


class InvitationQuerySet(models.QuerySet):
    def open(self) -> "InvitationQuerySet":
        """Return those that can still be accepted."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A role offered to an address. The link is in the mail alone; the database keeps its digest."""

    class Role(models.TextChoices):
        CONTRIBUTOR = "mitwirkung", "Mitwirkung: schreibt für eine Organisation"
        REVIEWER = "pruefung", "Fachprüfung: prüft und kommentiert"
        EDITOR = "redaktion", "Redaktion: veröffentlicht"
        ADMINISTRATOR = "verwaltung", "Verwaltung: Vokabulare, Zugänge, Einstellungen"

    email = models.EmailField("E-Mail-Adresse", max_length=254)
    role = models.CharField("Rolle", max_length=10, choices=Role.choices)
    organisation = models.ForeignKey(
        OrganisationPage,
        verbose_name="Organisation",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="invitations",
    )
    fields_of_action = models.ManyToManyField(
        FieldOfAction, verbose_name="Handlungsfelder", blank=True, related_name="+"
    )
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField("eingeladen am", auto_now_add=True)
    expires_at = models.DateTimeField("gilt bis")
    accepted_at = models.DateTimeField("angenommen am", null=True)
    revoked_at = models.DateTimeField("zurückgezogen am", null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "Einladung"
        verbose_name_plural = "Einladungen"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.email

    @property
    def state(self) -> str:
        """What became of it, in a word or two."""
        if self.accepted_at:
            return "angenommen"
        if self.revoked_at:
            return "zurückgezogen"
        return "offen" if self.is_open else "abgelaufen"

    @property
    def is_open(self) -> bool:
        """Whether it can still be accepted."""
        return not (self.accepted_at or self.revoked_at) and self.expires_at > timezone.now()
