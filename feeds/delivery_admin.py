"""Delivery in the admin: runs and what became of their mails, without a word about who gets them.

An address is a number here; what a mail server answers may repeat it, so it is taken out of that as well.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy

from feeds.delivery_health import delivery_health
from feeds.models import DigestRun, Mail
from feeds.run_control import cancel, is_under_way, resend_all, resend_missing
from feeds.sending import without_addresses
from practices.admin_pages import AdminPageMixin

LOOK, ACT = "view", "change"
POLICY = ModelPermissionPolicy(DigestRun)
MOST_FAILURES = 200
_STATES = {
    "waiting": (Mail.State.PENDING, Mail.State.SENDING),
    "sent": (Mail.State.SENT,),
    "failed": (Mail.State.FAILED,),
    "skipped": (Mail.State.SKIPPED,),
}


def may(user, action: str) -> bool:
    """Return whether `user` may look at runs, or act on them; who may act may look."""
    return POLICY.user_has_any_permission(user, [action, ACT])


class DeliveryPermissionMixin:
    """Lets in only those with the right to look at runs, or to act on them."""

    needs = LOOK

    def dispatch(self, request, *args, **kwargs):
        if not may(request.user, self.needs):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


def runs_with_counts() -> QuerySet[DigestRun]:
    """Return every run with the number of its mails, in all and by state; one query."""
    by_state = {name: Count("mails", filter=Q(mails__state__in=states)) for name, states in _STATES.items()}
    return DigestRun.objects.annotate(planned=Count("mails"), **by_state).order_by("-slot", "-pk")


class DeliveryPageMixin(DeliveryPermissionMixin, AdminPageMixin):
    """A page below the list of runs."""

    above = (("delivery", "Versand"),)


class RunListView(DeliveryPermissionMixin, ReportView):
    """All runs, the latest first, with what became of their mails."""

    model = DigestRun
    page_title = "Versand"
    header_icon = "mail"
    index_url_name = "delivery"
    index_results_url_name = "delivery_results"
    default_ordering = None
    permission_policy = POLICY
    columns = [
        TitleColumn("run", label="Rhythmus und Zeitpunkt", accessor=str, url_name="delivery_run"),
        NumberColumn("planned", label="geplant"),
        NumberColumn("waiting", label="wartet"),
        NumberColumn("sent", label="gesendet"),
        NumberColumn("failed", label="gescheitert"),
        NumberColumn("skipped", label="entfallen"),
        Column("stopped", label="Stand", accessor=lambda run: describe_state(run)),
    ]
    list_export = ["__str__", "planned", "waiting", "sent", "failed", "skipped"]
    export_headings = {
        "__str__": "Rhythmus und Zeitpunkt",
        "planned": "geplant",
        "waiting": "wartet",
        "sent": "gesendet",
        "failed": "gescheitert",
        "skipped": "entfallen",
    }

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton("Nicht angekommen", url=reverse("delivery_undelivered"), icon_name="warning"),
            HeaderButton("Vorschau einer Auswahl", url=reverse("delivery_preview"), icon_name="view"),
        ]

    def get_queryset(self) -> QuerySet[DigestRun]:
        return runs_with_counts()


def describe_state(run) -> str:
    """Return where `run`, one of runs_with_counts, stands."""
    if run.cancelled_at:
        return "abgebrochen"
    if not run.planned_at:
        return "wird geplant"
    return "läuft" if run.waiting else "fertig"


@dataclass(frozen=True, slots=True)
class Action:
    """What can be done with a run: how it is called, what to know before, and what does it."""

    name: str
    label: str
    explanation: str
    do: Callable[[DigestRun], int]
    done: str
    icon: str
    is_serious: bool = False


ACTIONS = {
    action.name: action
    for action in (
        Action(
            "abbrechen",
            "Versand abbrechen",
            "E-Mails, die noch warten, gehen nicht hinaus. Was gerade an den Mailserver übergeben wird, kommt noch an. "
            "Sie können die übrigen später erneut senden.",
            cancel,
            "Abgebrochen. E-Mails, die nicht mehr gesendet werden: {number}",
            "cross",
        ),
        Action(
            "nachsenden",
            "Fehlende erneut senden",
            "Noch einmal versucht wird, was gescheitert ist, und nach einem Abbruch auch, was dadurch entfallen ist. "
            "Niemand bekommt eine E-Mail doppelt.",
            resend_missing,
            "E-Mails, die erneut gesendet werden: {number}",
            "repeat",
        ),
        Action(
            "alle-senden",
            "Alle erneut senden",
            "Alle Abonnierenden dieses Versands bekommen die E-Mail noch einmal, auch wer sie schon hat. Manche "
            "Mailprogramme zeigen die zweite nicht an, weil sie dieselbe Kennung trägt. Tun Sie das nur, wenn sicher ist, "
            "dass die E-Mails verloren gegangen sind.",
            resend_all,
            "E-Mails, die erneut gesendet werden: {number}",
            "warning",
            is_serious=True,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Failure:
    """A mail that did not arrive; `address` is a number, `error` what the server said, without addresses."""

    address: str
    attempts: int
    error: str


class RunView(DeliveryPageMixin, TemplateView):
    """One run: its mails by state, and what failed."""

    template_name = "feeds/admin/run.html"
    header_icon = "mail"

    @cached_property
    def run(self) -> DigestRun:
        return get_object_or_404(runs_with_counts(), pk=self.kwargs["pk"])

    def get_page_title(self) -> str:
        return str(self.run)

    def get_context_data(self, **kwargs) -> dict:
        failed = self.run.mails.filter(state=Mail.State.FAILED).order_by("pk")
        return super().get_context_data(**kwargs) | {
            "run": self.run,
            "state": describe_state(self.run),
            "failures": [present_failure(mail) for mail in failed[:MOST_FAILURES]],
            "actions": self.possible_actions() if may(self.request.user, ACT) else (),
        }

    def possible_actions(self) -> list[Action]:
        """Return what makes sense now: what is over can not be cancelled."""
        over = self.run.cancelled_at or not is_under_way(self.run)
        return [action for action in ACTIONS.values() if not (over and action.do is cancel)]


def present_failure(mail: Mail) -> Failure:
    """Return what may be shown of a mail that failed."""
    address = f"Adresse {mail.subscriber_id}" if mail.subscriber_id else "gelöschte Adresse"
    return Failure(address, mail.attempts, without_addresses(mail.last_error))


class RunActionView(RunView):
    """Asks before something is done with a run, and does it when it is sent back by POST."""

    template_name = "feeds/admin/confirm_run_action.html"
    needs = ACT

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"action": self.kwargs["action"]}

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        action = self.kwargs["action"]
        messages.success(request, action.done.format(number=action.do(self.run)))
        return redirect("delivery_run", self.run.pk)


class DeliveryHealthPanel(Component):
    """Tells those who look after the delivery when mails wait too long or fail. Silent while all is well."""

    template_name = "feeds/admin/health_panel.html"
    order = 51

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        return {"health": delivery_health() if may(user, LOOK) else None}


delivery_urls = [
    path("versand/", RunListView.as_view(), name="delivery"),
    path("versand/results/", RunListView.as_view(results_only=True), name="delivery_results"),
    path("versand/<int:pk>/", RunView.as_view(), name="delivery_run"),
    *(
        path(f"versand/<int:pk>/{name}/", RunActionView.as_view(), {"action": action}, name=f"delivery_{name}")
        for name, action in ACTIONS.items()
    ),
]
