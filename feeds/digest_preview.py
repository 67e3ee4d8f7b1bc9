"""What a digest would say now about any selection, for operators and editors."""

from datetime import timedelta
from urllib.parse import unquote, urlsplit

from django import forms
from django.http import QueryDict
from django.urls import path
from django.utils import timezone
from django.views.generic import TemplateView

from feeds.composing import Digest, Follower, compose
from feeds.delivery_admin import DeliveryPageMixin
from feeds.mail_messages import digest_subject, render_digest
from feeds.models import MAX_QUERY, Announcement, DigestRun, Subscription
from feeds.newsletter import introduction_for
from practices.models import SCHEMES
from search.engines.protocol import EngineUnavailable
from search.params import SearchParams

PERIODS = {1: "letzter Tag", 7: "letzte Woche", 30: "letzte 30 Tage", 90: "letzte 90 Tage"}
WEEK = 7


class PreviewForm(forms.Form):
    """A selection as an address of the site, or as the part of it behind the question mark."""

    auswahl = forms.CharField(
        label="Auswahl",
        required=False,
        max_length=MAX_QUERY,
        help_text="Die Adresse einer Suche oder eines Themas, so wie sie im Browser steht. Leer: alle Beiträge.",
        error_messages={"max_length": f"Diese Adresse ist zu lang. Bitte kürzen Sie sie auf {MAX_QUERY} Zeichen."},
    )
    zeitraum = forms.TypedChoiceField(
        label="Neuigkeiten aus der Zeit",
        coerce=int,
        choices=list(PERIODS.items()),
        initial=WEEK,
        help_text="Bei „letzte Woche“ gehört die veröffentlichte Einleitung dieser Woche dazu.",
    )

    def clean_auswahl(self) -> str:
        return _selection(self.cleaned_data["auswahl"]).as_selection().to_query()


def _selection(typed: str) -> SearchParams:
    """Return the selection of an address, of a topic's address, or of a query string."""
    try:
        address = urlsplit(typed)
    except ValueError as error:
        raise forms.ValidationError("Das ist keine Adresse. Bitte kopieren Sie sie aus dem Browser.") from error
    _start, _found, topic = address.path.partition("/themen/")
    scheme, _slash, key = topic.strip("/").partition("/")
    if scheme in SCHEMES and key:
        return SearchParams.for_term(scheme, unquote(key))
    is_address = address.query or "/" in address.path
    return SearchParams.parse(QueryDict(address.query if is_address else typed))


class DigestPreviewView(DeliveryPageMixin, TemplateView):
    """The form and, below it, the mail in both forms. Nothing is sent, nothing is written."""

    template_name = "feeds/admin/preview.html"
    page_title = "Vorschau einer E-Mail"
    header_icon = "view"

    def get_context_data(self, **kwargs) -> dict:
        asked = "zeitraum" in self.request.GET
        form = PreviewForm(self.request.GET) if asked else PreviewForm()
        context = super().get_context_data(**kwargs) | {"form": form}
        if not asked or not form.is_valid():
            return context
        try:
            digest = digest_now(form.cleaned_data["auswahl"], form.cleaned_data["zeitraum"])
        except EngineUnavailable:
            return context | {"is_away": True}
        return context | (_rendered(digest, form.cleaned_data["zeitraum"]) or {"is_empty": True})


def digest_now(query: str, days: int) -> Digest:
    """Return what a digest says now of the last `days` to somebody who follows `query`. Raises EngineUnavailable."""
    since = timezone.now() - timedelta(days=days)
    announced = Announcement.objects.filter(change__at__gte=since).order_by("pk")
    return compose({0: Follower(list(announced.values_list("pk", flat=True)), [query])})[0]


def _rendered(digest: Digest, days: int) -> dict | None:
    if digest.is_empty:
        return None
    run = DigestRun(frequency=Subscription.Frequency.WEEKLY, slot=timezone.now()) if days == WEEK else None
    introduction = introduction_for(run)
    text, html = render_digest(digest, introduction, run=run)
    return {"subject": digest_subject(digest, introduction), "text": text, "html": html}


preview_urls = [path("versand/vorschau/", DigestPreviewView.as_view(), name="delivery_preview")]
