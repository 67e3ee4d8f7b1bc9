"""Who paid for a project, and the statement that has to say so."""

from django.core.exceptions import ValidationError
from django.db import models


class FundingProgramme(models.Model):
    """A funding programme with the notice its projects carry.

    Projects with money of the European Union show its emblem and a statement: article 50 of Regulation (EU) 2021/1060.
    """

    class Kind(models.TextChoices):
        EU = "eu", "Europäische Union (zum Beispiel ESF)"
        BUND = "bund", "Bund"
        LAND = "land", "Land"
        FOUNDATION = "stiftung", "Stiftung"
        OTHER = "sonstige", "Sonstige"

    name = models.CharField("Programm", max_length=255, blank=True)
    funder = models.CharField("Fördernde Stelle", max_length=255, blank=True)
    kind = models.CharField("Herkunft der Mittel", max_length=10, choices=Kind.choices, default=Kind.OTHER)
    statement = models.TextField(
        "Förderhinweis",
        blank=True,
        help_text="Wortlaut, den die fördernde Stelle verlangt. Er erscheint auf jeder Projektseite und im Druck.",
    )
    emblem = models.ForeignKey(
        "practices.CreditedImage",
        verbose_name="Emblem",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Ohne Bild zeigen EU-geförderte Projekte das mitgelieferte EU-Emblem.",
    )

    class Meta:
        verbose_name = "Förderprogramm"
        verbose_name_plural = "Förderprogramme"
        ordering = ["name", "funder"]
        constraints = [models.UniqueConstraint(fields=["name", "funder"], name="unique_programme_of_funder")]

    def __str__(self) -> str:
        return " – ".join(part for part in (self.name, self.funder) if part)

    def clean(self) -> None:
        if not self.name and not self.funder:
            raise ValidationError("Bitte nennen Sie das Programm oder die fördernde Stelle.")

    @property
    def has_emblem(self) -> bool:
        """Whether the notice comes with an emblem, an own one or the built-in emblem of the European Union."""
        return self.emblem_id is not None or self.kind == self.Kind.EU


def default_statement(kind: str, name: str, funder: str) -> str:
    """Return the usual wording of a funding notice; the European one is prescribed (Regulation (EU) 2021/1060)."""
    if kind == FundingProgramme.Kind.EU:
        return "Kofinanziert von der Europäischen Union"
    if name and funder:
        return f"Gefördert von: {funder}, Programm „{name}“"
    return f"Gefördert von: {funder or name}"
