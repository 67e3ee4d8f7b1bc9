"""The four kinds of practice on one common table."""

import logging

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.search import index

from practices import panels
from practices.blocks import BenefitStreamBlock, SpeakerStreamBlock
from practices.captions import read_cues
from practices.forms import PracticePageForm
from practices.models.funding import FundingProgramme
from practices.models.organisations import OrganisationPage
from practices.models.shared import StructuredPage
from practices.models.tagging import (
    LessonAddressee,
    PracticeCluster,
    PracticeCostBearer,
    PracticeFieldOfAction,
    PracticeTag,
    PracticeTargetGroup,
    PracticeWorkArea,
    TermManager,
)
from practices.models.vocabulary import Continuation, ExperimentField, Phase, ToolKind
from practices.querysets import PracticeQuerySet
from practices.richtext import CleanRichTextField
from practices.web_addresses import WebAddressField

logger = logging.getLogger(__name__)


def _single_term(model, verbose_name: str, help_text: str = ""):
    """A field for at most one term of a vocabulary; a term in use can be merged, but not deleted."""
    return models.ForeignKey(
        model,
        verbose_name=verbose_name,
        help_text=help_text,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        limit_choices_to={"merged_into": None},
        related_name="pages",
    )


class PracticePage(StructuredPage):
    """What every practice has. Concrete, so that one queryset reaches all four kinds; editors create the kinds only."""

    last_confirmed = models.DateField(
        "Zuletzt bestätigt am",
        null=True,
        blank=True,
        help_text="Wann hat jemand geprüft, dass die Angaben noch stimmen?",
    )
    notify_followers = models.BooleanField(
        "Abonnierende benachrichtigen",
        default=True,
        help_text="Wer dem Thema folgt, erfährt davon. Bei kleinen Korrekturen bitte ausschalten.",
    )
    archive_reason = models.CharField(
        "Archiviert, weil",
        max_length=500,
        blank=True,
        help_text="Zum Beispiel „Das Projekt endete 2024 ohne Anschlussfinanzierung“. Die Seite bleibt unter ihrer Adresse "
        "zu lesen, der Grund steht oben. In der Suche steht sie weiter hinten.",
    )
    removal_reason = models.CharField(
        "Grund der Entfernung",
        max_length=500,
        blank=True,
        help_text="Wer dem Thema folgt, liest diesen Grund.",
    )

    clusters = TermManager(
        through=PracticeCluster,
        blank=True,
        verbose_name="Kostenträger-Cluster",
        help_text="In welchen Kreis von Kostenträgern gehört die Praxis?",
        related_name="practices",
    )
    cost_bearers = TermManager(
        through=PracticeCostBearer,
        blank=True,
        verbose_name="Kostenträger",
        help_text="Wer bezahlt die regelhafte Leistung – nicht das befristete Projekt?",
        related_name="practices",
    )
    fields_of_action = TermManager(
        through=PracticeFieldOfAction, blank=True, verbose_name="Handlungsfelder", related_name="practices"
    )
    target_groups = TermManager(
        through=PracticeTargetGroup, blank=True, verbose_name="Zielgruppen", related_name="practices"
    )
    work_areas = TermManager(
        through=PracticeWorkArea, blank=True, verbose_name="Arbeitsbereiche", related_name="practices"
    )
    tags = ClusterTaggableManager(
        through=PracticeTag,
        blank=True,
        verbose_name="Schlagwörter",
        help_text="Freie Stichwörter, die in keiner Liste stehen.",
        related_name="practices",
    )

    objects = PageManager.from_queryset(PracticeQuerySet)()

    base_form_class = PracticePageForm
    is_creatable = False
    parent_page_types = ["practices.OrganisationPage"]
    subpage_types: list[str] = []
    search_fields = [*Page.search_fields, index.SearchField("summary")]

    type_key: str
    type_label: str

    class Meta:
        verbose_name = "Praxis"
        verbose_name_plural = "Praxis"

    def save(self, *args, **kwargs):
        if self.live:
            self.removal_reason = ""
        return super().save(*args, **kwargs)

    def get_context(self, request, *args, **kwargs):
        # Presenters ask questions about these models, so they can only be imported once the models are there.
        from practices.presenters import present_practice

        return super().get_context(request, *args, **kwargs) | {"view": present_practice(self, request)}

    @property
    def organisation(self) -> OrganisationPage | None:
        """The organisation that owns this practice: its parent in the page tree."""
        if not hasattr(self, "_organisation"):
            path = self.path[: -self.steplen] if self.path else ""
            self._organisation = OrganisationPage.objects.filter(path=path).first()
        return self._organisation


class ProjectProfilePage(PracticePage):
    """A funded project: who did what, for whom, paid by whom, and what came out."""

    type_key = "projekt"
    type_label = "Projekt"
    page_description = "Ein gefördertes Vorhaben: Wer hat was für wen getan, wer hat es bezahlt, was kam heraus?"

    place = models.CharField("Ort", max_length=255, blank=True)
    region = models.CharField("Bundesland oder Region", max_length=255, blank=True)
    start = models.DateField("Beginn", null=True, blank=True)
    end = models.DateField("Ende", null=True, blank=True)
    programme = models.ForeignKey(
        FundingProgramme,
        verbose_name="Förderprogramm",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="projects",
        help_text="Wer hat das befristete Projekt bezahlt? Der Förderhinweis erscheint auf der Seite.",
    )
    eu_funded = models.BooleanField(
        "Mit Mitteln der Europäischen Union",
        default=False,
        help_text="Solche Projekte lassen sich nur mit Emblem und Förderhinweis veröffentlichen.",
    )
    funding_eur = models.DecimalField(
        "Fördersumme in Euro",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    phase = _single_term(Phase, "Phase im PDCA-Zyklus", "Planen, durchführen, überprüfen oder anpassen?")
    experiment_field = _single_term(ExperimentField, "Experimentierfeld")
    continuation = _single_term(Continuation, "Verstetigung", "Wie geht es nach dem Projekt weiter?")
    refinancing = CleanRichTextField(
        "Refinanzierung",
        blank=True,
        help_text="Welcher Kostensatz oder Vertrag trägt die Leistung nach Projektende? Oder: Woran scheitert es?",
    )
    situation = CleanRichTextField("Ausgangslage", blank=True, help_text="Welches Problem gab es, und für wen?")
    goals = CleanRichTextField("Ziele", blank=True, help_text="Was sollte am Ende anders sein? Möglichst überprüfbar.")
    approach = CleanRichTextField(
        "Vorgehen", blank=True, help_text="Welche Schritte sind Sie gegangen, in welcher Reihenfolge, mit wem?"
    )
    results = CleanRichTextField(
        "Ergebnisse", blank=True, help_text="Was hat sich verändert? Auch: Was hat nicht geklappt?"
    )
    participation = CleanRichTextField(
        "Beteiligung der Zielgruppe", blank=True, help_text="Wie haben die Menschen, um die es geht, mitgestaltet?"
    )
    costs = CleanRichTextField(
        "Kosten und Aufwand", blank=True, help_text="Anschaffung, laufende Kosten, Arbeitszeit – und wer sie trägt."
    )
    benefits = StreamField(
        BenefitStreamBlock(required=False),
        verbose_name="Nutzen",
        blank=True,
        help_text="Was steht den Kosten gegenüber?",
    )
    transfer_tips = CleanRichTextField(
        "Tipps für die Übertragung", blank=True, help_text="Was sollten andere wissen, die das übernehmen möchten?"
    )

    edit_handler = panels.project_panels()

    class Meta:
        verbose_name = "Projektprofil"
        verbose_name_plural = "Projektprofile"

    def clean(self) -> None:
        super().clean()
        errors = {}
        if self.start and self.end and self.end < self.start:
            errors["end"] = "Das Ende liegt vor dem Beginn. Bitte prüfen Sie beide Daten."
        if self.eu_funded and not self.has_complete_funding_notice:
            errors["programme"] = (
                "Das Projekt ist mit Mitteln der Europäischen Union gefördert. Bitte wählen Sie ein Förderprogramm, "
                "bei dem Förderhinweis und Emblem hinterlegt sind."
            )
        if errors:
            raise ValidationError(errors)

    @property
    def has_complete_funding_notice(self) -> bool:
        """Whether the statement and the emblem of the programme are there, as European funds require."""
        return bool(self.programme and self.programme.statement.strip() and self.programme.has_emblem)


class ToolPage(PracticePage):
    """A tool in the wide sense: software, method, concept, curriculum, template."""

    type_key = "werkzeug"
    type_label = "Werkzeug"
    page_description = "Was andere gleich nutzen können: Software, Methode, Konzept, Lehrplan oder Vorlage."

    kind = _single_term(ToolKind, "Art des Werkzeugs")
    description = CleanRichTextField(
        "Beschreibung", blank=True, help_text="Was ist es, wofür eignet es sich, wofür nicht?"
    )
    website = WebAddressField("Website", blank=True, max_length=500)
    price = models.CharField(
        "Preis", max_length=500, blank=True, help_text="Zum Beispiel „kostenfrei“ oder „ab 5 Euro im Monat“."
    )
    data_protection = CleanRichTextField(
        "Datenschutz",
        blank=True,
        help_text="Welche Daten fallen an, wo liegen sie, gibt es einen Vertrag zur Auftragsverarbeitung?",
    )
    accessibility = CleanRichTextField(
        "Barrierefreiheit", blank=True, help_text="Läuft es mit Tastatur und Screenreader, gibt es Untertitel?"
    )
    hosting = models.CharField(
        "Betrieb", max_length=500, blank=True, help_text="Eigener Server, Rechenzentrum in der EU, Cloud?"
    )
    effort = models.CharField(
        "Aufwand", max_length=500, blank=True, help_text="Wie viel Zeit für Einführung und Pflege?"
    )
    prerequisites = CleanRichTextField(
        "Voraussetzungen", blank=True, help_text="Geräte, Netz, Kenntnisse, Zuständigkeit."
    )

    edit_handler = panels.tool_panels()

    class Meta:
        verbose_name = "Werkzeug"
        verbose_name_plural = "Werkzeuge"


class RecordingPage(PracticePage):
    """The recording of a workshop talk."""

    type_key = "mitschnitt"
    type_label = "Mitschnitt"
    page_description = "Die Aufzeichnung eines Vortrags oder Workshops, mit Untertiteln und Kapiteln."

    date = models.DateField("Datum der Veranstaltung", null=True, blank=True)
    series = models.CharField("Veranstaltung oder Reihe", max_length=255, blank=True)
    speakers = StreamField(SpeakerStreamBlock(required=False), verbose_name="Vortragende", blank=True)
    duration_s = models.PositiveIntegerField(
        "Dauer in Sekunden", null=True, blank=True, validators=[MaxValueValidator(24 * 3600)]
    )
    video = models.ForeignKey(
        "practices.CreditedMedia",
        verbose_name="Videodatei",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="recordings",
    )
    video_url = WebAddressField(
        "Video an anderer Stelle", blank=True, max_length=500, help_text="Wird als Link gezeigt, nicht eingebettet."
    )
    captions = models.ForeignKey(
        "practices.CreditedDocument",
        verbose_name="Untertitel (WebVTT)",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Datei mit der Endung .vtt. Aus ihr entsteht auch das Transkript.",
    )
    cues = models.JSONField("Transkript", default=list, blank=True, editable=False)
    slides = models.ForeignKey(
        "practices.CreditedDocument",
        verbose_name="Folien",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    description = CleanRichTextField("Beschreibung", blank=True, help_text="Worum geht es im Vortrag?")

    edit_handler = panels.recording_panels()

    class Meta:
        verbose_name = "Mitschnitt"
        verbose_name_plural = "Mitschnitte"

    def clean(self) -> None:
        super().clean()
        if self.captions:
            try:
                read_cues(self.captions.file)
            except ValueError as error:
                raise ValidationError({"captions": str(error)}) from error

    @classmethod
    def renew_cues(cls, captions) -> None:
        """Read `captions` again, whose file may have been replaced; what can not be read leaves the transcripts as they were."""
        recordings = cls.objects.filter(captions=captions)
        if not recordings.exists():
            return
        try:
            recordings.update(cues=read_cues(captions.file))
        except (ValueError, OSError) as error:
            logger.warning("captions %s can not be read: %s", captions.pk, error)

    def save(self, *args, **kwargs):
        """Keep the cues of the captions beside the page, so that nothing is parsed when it is read."""
        self.cues = read_cues(self.captions.file) if self.captions else []
        return super().save(*args, **kwargs)


class LessonPage(PracticePage):
    """A lesson learned, with its evidence and to whom it is addressed."""

    type_key = "erkenntnis"
    type_label = "Erkenntnis"
    page_description = "Was Sie gelernt haben und anderen raten: in einem Satz, mit Belegen, und für wen es gilt."

    class Level(models.TextChoices):
        LEADERSHIP = "leitung", "Leitung"
        TEAM = "team", "Team"
        TARGET_GROUP = "zielgruppe", "Zielgruppe"

    statement = models.TextField(
        "Erkenntnis", max_length=600, blank=True, help_text="Ein Satz, den man sich merken kann."
    )
    context = CleanRichTextField(
        "Zusammenhang", blank=True, help_text="Wo und unter welchen Umständen zeigte sich das?"
    )
    recommendation = CleanRichTextField("Empfehlung", blank=True, help_text="Was folgt daraus, wer sollte was tun?")
    level = models.CharField("Ebene", max_length=12, choices=Level.choices, blank=True)
    addressees = TermManager(
        through=LessonAddressee, blank=True, verbose_name="Richtet sich an", related_name="lessons"
    )

    edit_handler = panels.lesson_panels()

    class Meta:
        verbose_name = "Erkenntnis"
        verbose_name_plural = "Erkenntnisse"


PRACTICE_TYPES: dict[str, type[PracticePage]] = {
    model.type_key: model for model in (ProjectProfilePage, ToolPage, RecordingPage, LessonPage)
}
