"""The home page, standard pages and what the operator sets for the whole site."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.http import Http404, HttpRequest
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from home.blocks import StandardPageBlock
from home.presenters import home_context
from practices.web_addresses import WebAddressField


class HomePage(Page):
    """The start page: a search box, the vocabularies and the newest practices."""

    lead = models.TextField(
        "Einleitung", max_length=400, blank=True, help_text="Ein bis zwei Sätze: Was findet man hier, für wen ist es?"
    )

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["practices.PracticeIndexPage", "home.StandardPage"]
    content_panels = [*Page.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = "Startseite"
        verbose_name_plural = "Startseiten"

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the page below at any depth with two queries, where walking down the tree takes two for each level."""
        if not path_components:
            return super().route(request, path_components)
        url_path = f"{self.url_path}{'/'.join(path_components)}/"
        page = Page.objects.filter(url_path=url_path).specific().first()
        if page is None:
            raise Http404
        return page.route(request, [])

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        return super().get_context(request, *args, **kwargs) | home_context(request)


class StandardPage(Page):
    """A page of running text, such as Impressum, Datenschutz, Hilfe."""

    intro = models.TextField("Einleitung", max_length=600, blank=True)
    body = StreamField(StandardPageBlock(required=False), verbose_name="Inhalt", blank=True)
    checked_on = models.DateField(
        "Stand",
        null=True,
        blank=True,
        help_text="Wann wurde der Text zuletzt geprüft? Das Datum erscheint auf der Seite.",
    )

    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body"), FieldPanel("checked_on")]
    search_fields = [*Page.search_fields, index.SearchField("intro"), index.SearchField("body")]

    class Meta:
        verbose_name = "Standardseite"
        verbose_name_plural = "Standardseiten"


@register_setting(icon="cog")
class SiteSettings(BaseSiteSetting):
    """What the operator says about the platform on every page."""

    tagline = models.CharField("Untertitel", max_length=120, default="Gute Praxis weitergeben")
    operator = models.CharField(
        "Betreibende Organisation", max_length=255, blank=True, help_text="Erscheint in der Fußzeile."
    )
    contact_email = models.EmailField(
        "E-Mail für Rückmeldungen", blank=True, help_text="Für „Barriere melden“ und Fragen zur Plattform."
    )
    sign_language_url = WebAddressField(
        "Video in Gebärdensprache", blank=True, help_text="Adresse eines Videos in Deutscher Gebärdensprache."
    )

    confirm_after_months = models.PositiveSmallIntegerField(
        "Nach wie vielen Monaten nachfragen?",
        default=12,
        validators=[MaxValueValidator(60)],
        help_text="So lange nach der letzten Bestätigung fragt eine E-Mail, ob eine Seite noch stimmt. 0: nie.",
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel("tagline"), FieldPanel("operator"), FieldPanel("contact_email")], heading="Plattform"
        ),
        FieldPanel("sign_language_url"),
        FieldPanel("confirm_after_months"),
    ]

    class Meta:
        verbose_name = "Angaben zur Plattform"
