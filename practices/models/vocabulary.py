"""The controlled vocabularies: one abstract term, one taggit tag model for each scheme.

taggit's `slug` is the term's key. It never changes: links, feeds and subscriptions store it. A merged term stays as a
row that points to its successor, so its key can neither be lost nor given to something else.
"""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Coalesce
from taggit.models import TagBase
from wagtail.search import index


class TermQuerySet(models.QuerySet):
    def current(self) -> "TermQuerySet":
        """Return the terms that may be used, that is without merged ones."""
        return self.filter(merged_into__isnull=True)

    def in_tree_order(self) -> "TermQuerySet":
        """Order the terms so that narrower ones follow their broader one."""
        return self.order_by(
            Coalesce("broader__order", "order"),
            Coalesce("broader__name", "name"),
            models.Case(models.When(broader=None, then=0), default=1),
            "order",
            "name",
        )


class Term(index.Indexed, TagBase):
    """A term of a controlled vocabulary."""

    free_tagging = False
    scheme: str
    parameter: str

    slug = models.SlugField(
        "Schlüssel",
        max_length=100,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9-]+$", "Bitte nur Kleinbuchstaben, Ziffern und Bindestriche verwenden.")],
        help_text="Kennung in Adressen und Abonnements. Sie lässt sich später nicht mehr ändern.",
    )
    notation = models.CharField(
        "Kurzform", max_length=40, blank=True, help_text="Amtliche oder übliche Abkürzung, zum Beispiel „SGB II“."
    )
    alt_labels = models.TextField(
        "Andere Bezeichnungen",
        blank=True,
        help_text="Eine je Zeile. Wer mit diesen Wörtern sucht, findet den Begriff ebenfalls.",
    )
    broader = models.ForeignKey(
        "self",
        verbose_name="Oberbegriff",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        limit_choices_to={"merged_into": None},
        related_name="narrower",
        help_text="Eine Auswahl des Oberbegriffs schließt diesen Begriff ein.",
    )
    note = models.TextField("Erläuterung", blank=True, help_text="Wer oder was ist gemeint, wer ist zuständig?")
    order = models.PositiveIntegerField("Reihenfolge", default=0, help_text="Kleinere Zahlen stehen weiter oben.")
    merged_into = models.ForeignKey(
        "self",
        verbose_name="Zusammengeführt mit",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged_terms",
    )

    objects = TermQuerySet.as_manager()
    search_fields = [
        index.SearchField("name", boost=2),
        index.SearchField("alt_labels"),
        index.SearchField("notation"),
        index.AutocompleteField("name"),
    ]

    class Meta:
        abstract = True
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def alternative_labels(self) -> list[str]:
        """The other names of this term, without empty lines."""
        return [line.strip() for line in self.alt_labels.splitlines() if line.strip()]

    def clean(self) -> None:
        """Refuse a changed key and a circle of broader terms."""
        super().clean()
        if self.pk:
            stored = type(self).objects.values_list("slug", flat=True).filter(pk=self.pk).first()
            if stored is not None and stored != self.slug:
                raise ValidationError(
                    {"slug": "Der Schlüssel eines Begriffs bleibt, wie er ist: Links beruhen auf ihm."}
                )
        seen, above = {self.pk}, self.broader
        while above is not None:
            if above.pk in seen:
                raise ValidationError({"broader": "Ein Begriff kann nicht sein eigener Oberbegriff sein."})
            seen.add(above.pk)
            above = above.broader


class Cluster(Term):
    scheme = parameter = "cluster"
    cost_bearers = models.ManyToManyField(
        "CostBearer", verbose_name="Kostenträger in diesem Cluster", blank=True, related_name="clusters"
    )

    class Meta(Term.Meta):
        verbose_name = "Kostenträger-Cluster"
        verbose_name_plural = "Kostenträger-Cluster"


class CostBearer(Term):
    scheme = parameter = "kostentraeger"

    class Meta(Term.Meta):
        verbose_name = "Kostenträger"
        verbose_name_plural = "Kostenträger"


class FieldOfAction(Term):
    scheme = parameter = "handlungsfeld"

    class Meta(Term.Meta):
        verbose_name = "Handlungsfeld"
        verbose_name_plural = "Handlungsfelder"


class TargetGroup(Term):
    scheme = parameter = "zielgruppe"

    class Meta(Term.Meta):
        verbose_name = "Zielgruppe"
        verbose_name_plural = "Zielgruppen"


class WorkArea(Term):
    scheme = parameter = "arbeitsbereich"

    class Meta(Term.Meta):
        verbose_name = "Arbeitsbereich"
        verbose_name_plural = "Arbeitsbereiche"


class ExperimentField(Term):
    scheme = parameter = "experimentierfeld"

    class Meta(Term.Meta):
        verbose_name = "Experimentierfeld"
        verbose_name_plural = "Experimentierfelder"


class SuccessFactor(Term):
    scheme = parameter = "gelingensfaktor"

    class Meta(Term.Meta):
        verbose_name = "Gelingensfaktor"
        verbose_name_plural = "Gelingensfaktoren"


class Obstacle(Term):
    scheme = parameter = "hemmnis"

    class Meta(Term.Meta):
        verbose_name = "Hemmnis"
        verbose_name_plural = "Hemmnisse"


class Continuation(Term):
    scheme = parameter = "verstetigung"

    class Meta(Term.Meta):
        verbose_name = "Stand der Verstetigung"
        verbose_name_plural = "Verstetigung"


class Phase(Term):
    scheme = "pdca"
    parameter = "phase"

    class Meta(Term.Meta):
        verbose_name = "PDCA-Phase"
        verbose_name_plural = "PDCA-Phasen"


class ToolKind(Term):
    scheme = parameter = "werkzeugart"

    class Meta(Term.Meta):
        verbose_name = "Werkzeugart"
        verbose_name_plural = "Werkzeugarten"


class Addressee(Term):
    scheme = parameter = "adressat"

    class Meta(Term.Meta):
        verbose_name = "Adressierte Stelle"
        verbose_name_plural = "Adressierte Stellen"


SCHEMES: dict[str, type[Term]] = {
    model.scheme: model
    for model in (
        Cluster,
        CostBearer,
        FieldOfAction,
        TargetGroup,
        WorkArea,
        ExperimentField,
        SuccessFactor,
        Obstacle,
        Continuation,
        Phase,
        ToolKind,
        Addressee,
    )
}
