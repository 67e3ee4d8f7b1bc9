"""What the editorial team says before the list of news."""

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from practices.richtext import CleanRichTextField


class NewsletterIntroduction(
    WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, models.Model
):
    """The introduction to the weekly digests of one week. It goes through review like a page; drafts are never sent."""

    title = models.CharField(
        "Betreff und Überschrift", max_length=120, help_text="Zum Beispiel „Digitale Teilhabe im Quartier: drei Wege“."
    )
    week = models.DateField(
        "Woche ab Montag",
        unique=True,
        help_text="Der Montag der Woche, in der die Einleitung verschickt wird.",
        error_messages={"unique": "Für diese Woche gibt es schon eine Einleitung. Bitte bearbeiten Sie diese."},
    )
    text = CleanRichTextField("Einleitung", help_text="Zwei bis drei Absätze. Danach folgt die Liste der Neuigkeiten.")

    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="newsletter_introduction",
        for_concrete_model=False,
    )
    revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="newsletter_introduction",
        for_concrete_model=False,
    )

    class Meta:
        verbose_name = "Einleitung zum Newsletter"
        verbose_name_plural = "Newsletter"
        ordering = ["-week"]

    def __str__(self) -> str:
        return f"{self.title} (Woche ab {self.week:%d.%m.%Y})" if self.week else self.title

    def clean(self) -> None:
        super().clean()
        if self.week and self.week.weekday():
            raise ValidationError({"week": "Das ist kein Montag. Bitte wählen Sie den Montag der Woche."})

    def get_preview_template(self, request, mode_name):
        return "feeds/admin/newsletter_preview.html"

    def get_preview_context(self, request, mode_name):
        # Presenting asks questions about these models, so it can only be imported once the models are there.
        from feeds.newsletter import present_introduction

        return super().get_preview_context(request, mode_name) | {"introduction": present_introduction(self)}
