"""What organisations and practices have in common."""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models, transaction
from django.utils.functional import cached_property
from wagtail.fields import StreamField
from wagtail.models import Page, Workflow

from practices.blocks import DocumentStreamBlock, LinkStreamBlock
from practices.copying import WholeCopyForm
from practices.models.media import Licence
from practices.page_rights import PageRights
from practices.revision_references import are_all_there
from practices.slugs import german_slug, unused_slug
from practices.visibility import paths_to, restrictions_on


class StructuredPage(Page):
    """A page of the exchange format: identified by a key of its own, which stays when title and address change."""

    key = models.CharField(
        "Kennung",
        max_length=120,
        unique=True,
        blank=True,
        validators=[
            RegexValidator(r"^[a-z0-9][a-z0-9_.-]*$", "Bitte nur Kleinbuchstaben, Ziffern, Punkt und Striche.")
        ],
        help_text="Bleibende Kennung für den Austausch mit anderen Systemen. Bleibt sie leer, entsteht sie aus dem Titel.",
    )
    summary = models.TextField(
        "Zusammenfassung",
        max_length=1000,
        validators=[MaxLengthValidator(1000)],
        help_text="Zwei bis drei Sätze: Worum geht es, für wen, was ist dabei herausgekommen? Erscheint in jeder Liste.",
    )
    easy_summary = models.TextField(
        "In einfacher Sprache",
        max_length=2000,
        validators=[MaxLengthValidator(2000)],
        blank=True,
        help_text="Das Wichtigste in kurzen Sätzen, ohne Fachwörter. Eine Aussage je Satz.",
    )
    image = models.ForeignKey(
        "practices.CreditedImage",
        verbose_name="Bild",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Nur Bilder, die etwas zeigen. Die Beschreibung des Bildes dient als Alternativtext.",
    )
    licence = models.CharField(
        "Lizenz der Texte",
        max_length=20,
        choices=Licence.choices,
        blank=True,
        default="",
        help_text="Unter welchen Bedingungen dürfen andere die Texte weiterverwenden?",
    )
    links = StreamField(
        LinkStreamBlock(required=False),
        verbose_name="Links und Quellen",
        blank=True,
        help_text="Wo steht mehr, und worauf stützen sich die Angaben?",
    )
    documents = StreamField(
        DocumentStreamBlock(required=False),
        verbose_name="Dokumente",
        blank=True,
        help_text="Vorlagen, Handreichungen, Berichte zum Herunterladen.",
    )
    contact_name = models.CharField("Name", max_length=255, blank=True, help_text="Nur mit Einwilligung der Person.")
    contact_role = models.CharField(
        "Funktion", max_length=255, blank=True, help_text="Zum Beispiel „Projektleitung“ oder „Digitalberatung“."
    )
    contact_email = models.EmailField(
        "E-Mail-Adresse", blank=True, help_text="Am besten eine Funktionsadresse, die bei einem Wechsel bleibt."
    )
    change_note = models.CharField(
        "Was hat sich geändert?",
        max_length=500,
        blank=True,
        help_text="Ein Satz für Leserinnen und Leser, zum Beispiel „Ergebnisse der Auswertung ergänzt“.",
    )

    #: Whether readers saw the page before it was saved the last time; see practices/history.py.
    was_live = False
    exclude_fields_in_copy = ["key"]
    copy_form_class = WholeCopyForm

    class Meta:
        abstract = True

    def full_clean(self, *args, **kwargs):
        """Fill in address and key before they are checked, so that they are never missing."""
        self._fill_in_key()
        super().full_clean(*args, **kwargs)

    def clean(self):
        super().clean()
        if self.key and self._key_is_taken(self.key):
            raise ValidationError({"key": f"Die Kennung „{self.key}“ gehört schon zu einer anderen Seite."})

    def save(self, *args, **kwargs):
        self._fill_in_key()
        # Wagtail's signals ask for models as soon as they are imported.
        from practices.whole_saves import saved_whole

        with saved_whole(self, kwargs.get("update_fields")):
            return super().save(*args, **kwargs)

    def save_revision(self, *args, **kwargs):
        """Save a text as Wagtail does, and note to whom its files belong and where they are referred to."""
        # Asks questions about these models, so it can only be imported once the models are there.
        from practices.media_owners import note_files

        with transaction.atomic():
            revision = super().save_revision(*args, **kwargs)
            note_files(self, revision)
        return revision

    def get_view_restrictions(self):
        """Return the restrictions on this page and above with one query, where Wagtail's own way takes two."""
        return restrictions_on(self)

    @classmethod
    def from_serializable_data(cls, data, check_fks=True, strict_fks=False):
        """Return the page of a revision; where something it refers to is gone, modelcluster decides reference by reference."""
        check_fks = check_fks and not are_all_there(cls, data)
        return super().from_serializable_data(data, check_fks=check_fks, strict_fks=strict_fks)

    def permissions_for_user(self, user) -> PageRights:
        """Return what `user` may do with this page."""
        return PageRights(user, self)

    @property
    def current_workflow_task(self):
        """Return what Wagtail returns, the step a review is at; read once for all pages whose rights are asked for one user."""
        state = self.current_workflow_state
        if state is None or state.status != state.STATUS_IN_PROGRESS or state.current_task_state is None:
            return None
        steps, step = self.__dict__.setdefault("steps", {}), state.current_task_state.task
        if step.pk not in steps:
            steps[step.pk] = step.specific
        return steps[step.pk]

    @property
    def has_workflow(self) -> bool:
        """Whether a review is set up for this page or one above it."""
        return self._nearest_workflow is not None

    def get_workflow(self) -> Workflow | None:
        """Return the review set up for this page, or for the nearest one above it."""
        return self._nearest_workflow

    @cached_property
    def _nearest_workflow(self) -> Workflow | None:
        """Looked up once: the editor asks five times, each time with up to three queries."""
        found = Workflow.objects.filter(active=True, workflow_pages__page__path__in=paths_to(self))
        return found.order_by("-workflow_pages__page__depth").first()

    def _fill_in_key(self) -> None:
        if not self.key and self.title:
            self.key = unused_slug(self.title, self._key_is_taken)

    def _key_is_taken(self, key: str) -> bool:
        """Keys are unique among organisations and practices together, because references name nothing but the key."""
        models_with_keys = (apps.get_model("practices", name) for name in ("PracticePage", "OrganisationPage"))
        return any(model.objects.filter(key=key).exclude(pk=self.pk).exists() for model in models_with_keys)

    def _get_autogenerated_slug(self, base_slug):
        return super()._get_autogenerated_slug(german_slug(self.title or base_slug))
