"""The organisations, and the section of the site they and their practices live in."""

from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from wagtail.models import Page
from wagtail.search import index

from practices import panels
from practices.models.shared import StructuredPage
from practices.models.tagging import (
    OrganisationCluster,
    OrganisationCostBearer,
    OrganisationFieldOfAction,
    OrganisationTag,
    OrganisationTargetGroup,
    OrganisationWorkArea,
    TermManager,
)
from practices.visibility import visible_pages
from practices.web_addresses import WebAddressField


class PracticeIndexPage(Page):
    """The section /praxis/: every organisation is its child, every practice the child of an organisation."""

    max_count = 1
    subpage_types = ["practices.OrganisationPage"]

    class Meta:
        verbose_name = "Praxisbereich"
        verbose_name_plural = "Praxisbereiche"

    def get_context(self, request, *args, **kwargs):
        organisations = visible_pages(OrganisationPage.objects.child_of(self), request.user).order_by("title")
        return super().get_context(request, *args, **kwargs) | {"organisations": organisations}


class OrganisationPage(StructuredPage):
    """An organisation. It owns its practices: they are its children in the page tree."""

    page_description = (
        "Wer Praxis weitergibt: ein Träger, eine Einrichtung oder ein Verband. Alle Beiträge liegen darunter."
    )

    place = models.CharField("Ort", max_length=255, blank=True)
    region = models.CharField("Bundesland oder Region", max_length=255, blank=True)
    website = WebAddressField("Website", blank=True, max_length=500)
    association = models.CharField(
        "Verband",
        max_length=255,
        blank=True,
        help_text="Spitzenverband oder Dachverband, dem die Organisation angehört.",
    )
    employees = models.PositiveIntegerField("Beschäftigte", null=True, blank=True)
    is_editorial = models.BooleanField(
        "Redaktion dieser Plattform",
        default=False,
        help_text="Werkzeuge und Erkenntnisse ohne eigene Organisation gehören der Redaktion.",
    )

    clusters = TermManager(
        through=OrganisationCluster, blank=True, verbose_name="Kostenträger-Cluster", related_name="organisations"
    )
    cost_bearers = TermManager(
        through=OrganisationCostBearer, blank=True, verbose_name="Kostenträger", related_name="organisations"
    )
    fields_of_action = TermManager(
        through=OrganisationFieldOfAction, blank=True, verbose_name="Handlungsfelder", related_name="organisations"
    )
    target_groups = TermManager(
        through=OrganisationTargetGroup, blank=True, verbose_name="Zielgruppen", related_name="organisations"
    )
    work_areas = TermManager(
        through=OrganisationWorkArea, blank=True, verbose_name="Arbeitsbereiche", related_name="organisations"
    )
    tags = ClusterTaggableManager(
        through=OrganisationTag, blank=True, verbose_name="Schlagwörter", related_name="organisations"
    )

    parent_page_types = ["practices.PracticeIndexPage"]
    subpage_types = [
        "practices.ProjectProfilePage",
        "practices.ToolPage",
        "practices.RecordingPage",
        "practices.LessonPage",
    ]
    edit_handler = panels.organisation_panels()
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("place")]

    class Meta:
        verbose_name = "Organisation"
        verbose_name_plural = "Organisationen"
        constraints = [
            models.UniqueConstraint(
                fields=["is_editorial"], condition=models.Q(is_editorial=True), name="one_editorial_organisation"
            )
        ]

    def get_context(self, request, *args, **kwargs):
        # Presenters ask questions about these models, so they can only be imported once the models are there.
        from practices.presenters import present_organisation

        return super().get_context(request, *args, **kwargs) | present_organisation(self, request)
