"""What ties Wagtail's groups to organisations and topics."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models

from practices.models import FieldOfAction, OrganisationPage


class OrganisationGroup(models.Model):
    """The group of those who contribute to an organisation; tree permissions say what it may do there."""

    organisation = models.OneToOneField(OrganisationPage, on_delete=models.CASCADE, related_name="contributors")
    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="organisation_group")

    class Meta:
        verbose_name = "Gruppe einer Organisation"
        verbose_name_plural = "Gruppen von Organisationen"

    def __str__(self) -> str:
        return self.group.name


class ReviewScope(models.Model):
    """The fields of action somebody reviews; without any of them, all."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="review_scope")
    fields_of_action = models.ManyToManyField(
        FieldOfAction, verbose_name="Handlungsfelder", blank=True, related_name="review_scopes"
    )

    class Meta:
        verbose_name = "Prüfbereich"
        verbose_name_plural = "Prüfbereiche"

    def __str__(self) -> str:
        return str(self.user)
