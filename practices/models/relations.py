"""What belongs to a practice in rows of their own: partners, tools, evidence, factors, chapters, indicators."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.models import Orderable

from practices.panels import term_panel


class PracticePartner(Orderable):
    practice = ParentalKey("PracticePage", on_delete=models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(
        "OrganisationPage", verbose_name="Organisation", on_delete=models.CASCADE, related_name="partnerships"
    )
    role = models.CharField(
        "Rolle", max_length=255, blank=True, help_text="Zum Beispiel „Kooperationspartnerin“ oder „Förderin“."
    )

    panels = [PageChooserPanel("organisation"), FieldPanel("role")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "organisation"], name="partner_once")]


class ProjectTool(Orderable):
    project = ParentalKey("ProjectProfilePage", on_delete=models.CASCADE, related_name="tool_items")
    tool = models.ForeignKey(
        "ToolPage", verbose_name="Werkzeug", on_delete=models.CASCADE, related_name="project_items"
    )

    panels = [PageChooserPanel("tool")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["project", "tool"], name="tool_once")]


class ProjectRecording(Orderable):
    project = ParentalKey("ProjectProfilePage", on_delete=models.CASCADE, related_name="recording_items")
    recording = models.ForeignKey(
        "RecordingPage", verbose_name="Mitschnitt", on_delete=models.CASCADE, related_name="project_items"
    )

    panels = [PageChooserPanel("recording")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["project", "recording"], name="recording_once")]


class LessonEvidence(Orderable):
    class Stance(models.TextChoices):
        SUPPORTS = "supports", "stützt die Erkenntnis"
        CONTRADICTS = "contradicts", "spricht dagegen"

    lesson = ParentalKey("LessonPage", on_delete=models.CASCADE, related_name="evidence_items")
    project = models.ForeignKey(
        "ProjectProfilePage", verbose_name="Projekt", on_delete=models.CASCADE, related_name="lesson_items"
    )
    stance = models.CharField("Aussage", max_length=12, choices=Stance.choices, default=Stance.SUPPORTS)

    panels = [PageChooserPanel("project"), FieldPanel("stance")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["lesson", "project"], name="evidence_once")]


class Factor(Orderable):
    """A term of the vocabulary or, where none fits, a sentence of one's own."""

    statement = models.CharField(
        "Eigene Aussage", max_length=500, blank=True, help_text="Nur, wenn kein Begriff der Liste passt. Ein Satz."
    )

    class Meta(Orderable.Meta):
        abstract = True

    def clean(self) -> None:
        super().clean()
        if bool(self.term_id) == bool(self.statement):
            raise ValidationError("Bitte wählen Sie entweder einen Begriff oder schreiben Sie eine eigene Aussage.")

    def __str__(self) -> str:
        return self.statement or str(self.term)


class ProjectSuccessFactor(Factor):
    project = ParentalKey("ProjectProfilePage", on_delete=models.CASCADE, related_name="success_factor_items")
    term = models.ForeignKey(
        "SuccessFactor",
        verbose_name="Gelingensfaktor",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        limit_choices_to={"merged_into": None},
        related_name="project_items",
    )

    panels = [term_panel("term"), FieldPanel("statement")]


class ProjectObstacle(Factor):
    project = ParentalKey("ProjectProfilePage", on_delete=models.CASCADE, related_name="obstacle_items")
    term = models.ForeignKey(
        "Obstacle",
        verbose_name="Hemmnis",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        limit_choices_to={"merged_into": None},
        related_name="project_items",
    )

    panels = [term_panel("term"), FieldPanel("statement")]


class IndicatorManager(models.Manager):
    """Gives indicators with their values; nobody reads one without the other."""

    def get_queryset(self):
        return super().get_queryset().prefetch_related("values")


class ProjectIndicator(ClusterableModel, Orderable):
    """A figure by which a project measures itself, with target and actual for each half-year."""

    project = ParentalKey("ProjectProfilePage", on_delete=models.CASCADE, related_name="indicators")
    name = models.CharField("Kennzahl", max_length=255)
    unit = models.CharField("Einheit", max_length=100, blank=True, help_text="Zum Beispiel „Personen“ oder „Prozent“.")

    objects: models.Manager = IndicatorManager()

    panels = [
        FieldPanel("name"),
        FieldPanel("unit"),
        InlinePanel("values", heading="Werte je Halbjahr", label="Halbjahr"),
    ]

    def __str__(self) -> str:
        return self.name


class IndicatorValue(models.Model):
    indicator = ParentalKey(ProjectIndicator, on_delete=models.CASCADE, related_name="values")
    half_year = models.CharField(
        "Halbjahr",
        max_length=7,
        validators=[RegexValidator(r"^\d{4}-H[12]$", "Bitte als Jahr und Halbjahr schreiben, zum Beispiel 2024-H1.")],
        help_text="Zum Beispiel 2024-H1 für Januar bis Juni 2024.",
    )
    target = models.DecimalField("Soll", max_digits=14, decimal_places=2, null=True, blank=True)
    actual = models.DecimalField("Ist", max_digits=14, decimal_places=2, null=True, blank=True)

    panels = [FieldPanel("half_year"), FieldPanel("target"), FieldPanel("actual")]

    class Meta:
        ordering = ["half_year"]
        constraints = [models.UniqueConstraint(fields=["indicator", "half_year"], name="half_year_once")]

    @property
    def achievement(self) -> int | None:
        """How much of the target was reached, in whole percent; None where either value is missing or the target is 0."""
        if self.actual is None or not self.target:
            return None
        return int((self.actual / self.target * 100).quantize(Decimal(1)))


class RecordingChapter(models.Model):
    recording = ParentalKey("RecordingPage", on_delete=models.CASCADE, related_name="chapters")
    start = models.PositiveIntegerField("Beginn in Sekunden")
    title = models.CharField("Titel", max_length=255)
    practice = models.ForeignKey(
        "PracticePage",
        verbose_name="Vorgestellte Praxis",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="chapter_items",
    )

    panels = [FieldPanel("start"), FieldPanel("title"), PageChooserPanel("practice")]

    class Meta:
        ordering = ["start"]
