"""Imports of spreadsheets: what became of each file, and what is needed to take it back."""

from pathlib import Path

from django.conf import settings
from django.db import models

from practices.exchange.spreadsheet.columns import SHEETS


class ImportQuerySet(models.QuerySet["Import"]):
    def latest_done(self) -> "Import | None":
        """Return the import that was finished last and not taken back, or None."""
        return self.filter(state=Import.State.DONE).order_by("-finished_at").first()

    def due(self) -> "ImportQuerySet":
        """Return what the worker has to do, the oldest first.

        What is running counts as well: whoever works on it holds a lock on its row, and a row without one was left behind.
        """
        return self.filter(state__in=(Import.State.WAITING, Import.State.RUNNING)).order_by("pk")


class Import(models.Model):
    """A spreadsheet somebody uploaded.

    checked → waiting → running → checked (a trial, or mistakes came up), done, failed; done → waiting → running → undone.
    Work on an import is one transaction that ends with its new state, so a killed worker leaves nothing half done.
    """

    class State(models.TextChoices):
        CHECKED = "checked", "hochgeladen und geprüft"
        WAITING = "waiting", "wartet"
        RUNNING = "running", "läuft"
        DONE = "done", "abgeschlossen"
        FAILED = "failed", "gescheitert"
        UNDONE = "undone", "zurückgenommen"

    class Task(models.TextChoices):
        TRIAL = "trial", "Probelauf"
        IMPORT = "import", "Einlesen"
        UNDO = "undo", "Zurücknehmen"

    name = models.CharField("Datei", max_length=255)
    csv_title = models.CharField(
        "Inhalt der CSV-Datei", max_length=20, blank=True, choices=[(sheet.title, sheet.title) for sheet in SHEETS]
    )
    publish = models.BooleanField("Gleich veröffentlichen", default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="Hochgeladen von", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField("Stand", max_length=8, choices=State.choices, default=State.CHECKED)
    task = models.CharField("Aufgabe", max_length=8, choices=Task.choices, default=Task.IMPORT)
    attempts = models.PositiveSmallIntegerField("Versuche", default=0)
    corrections = models.JSONField(default=dict)  # new texts of cells, by cell
    findings = models.JSONField(default=list)  # practices.exchange.spreadsheet.reader.Finding as lists
    total = models.PositiveIntegerField("Zeilen", default=0)
    created = models.PositiveIntegerField("neu", default=0)
    updated = models.PositiveIntegerField("geändert", default=0)
    unchanged = models.PositiveIntegerField("unverändert", default=0)
    message = models.TextField("Meldung", blank=True)
    made = models.JSONField(default=dict)  # what came into being beside pages, see editing.imports.undoing
    uploaded_at = models.DateTimeField("hochgeladen", auto_now_add=True)
    tried_at = models.DateTimeField("Probelauf", null=True)
    finished_at = models.DateTimeField("abgeschlossen", null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = "Tabellen-Import"
        verbose_name_plural = "Tabellen-Importe"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where the uploaded file lies: beside the database, never among the media anybody can fetch."""
        return settings.DATA_DIR / "imports" / str(self.pk) / "upload"


class ImportedPage(models.Model):
    """A page that an import created or changed.

    `before` has the rows of a changed page as they were; `after` tells whether anybody changed it since.
    """

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="pages")
    page_id = models.PositiveBigIntegerField()
    title = models.CharField(max_length=255)
    is_new = models.BooleanField()
    before = models.JSONField(default=dict)
    after = models.CharField(max_length=64)

    class Meta:
        verbose_name = "Eingelesene Seite"
        verbose_name_plural = "Eingelesene Seiten"
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["of", "page_id"], name="page_once_an_import")]

    def __str__(self) -> str:
        return self.title
