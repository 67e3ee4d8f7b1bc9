"""What did not arrive and belongs to no run, in the admin: looked at by those who look at runs, mended by those who act."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied

from feeds.delivery_admin import ACT, DeliveryPageMixin, may
from feeds.forgetting import KEEP_NOTICES
from feeds.models import Mail
from feeds.run_control import failed_messages, resend_messages
from feeds.sending import without_addresses
from feeds.subscribing import LIFTED, lift_suspensions, suspended_lately

MOST_MESSAGES = 200


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something to do about all of it at once, and what is said when it is done."""

    do: Callable[[], int]
    done: str


REMEDIES = {
    "nachsenden": Remedy(resend_messages, "E-Mails, die erneut gesendet werden: {number}"),
    "sperren-aufheben": Remedy(lift_suspensions, "Adressen, die wieder E-Mails bekommen: {number}"),
}


@dataclass(frozen=True, slots=True)
class FailedMessage:
    """A message that failed; `error` is what the server said, without addresses."""

    subject: str
    finished_at: datetime | None
    error: str


def present_message(mail: Mail) -> FailedMessage:
    """Return what may be shown of a message that failed."""
    subject = mail.notice["subject"] if mail.notice else mail.get_kind_display()
    return FailedMessage(without_addresses(subject), mail.finished_at, without_addresses(mail.last_error))


class UndeliveredView(DeliveryPageMixin, TemplateView):
    """Failed messages, and how many addresses are suspended, without a word about whose they are. Looking changes nothing."""

    template_name = "feeds/admin/undelivered.html"
    page_title = "Nicht angekommen"
    header_icon = "warning"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
            "number": failed_messages().count(),
            "failed": [present_message(mail) for mail in failed_messages().order_by("-finished_at")[:MOST_MESSAGES]],
            "days_kept": KEEP_NOTICES.days,
            "suspended": suspended_lately().count(),
            "days": LIFTED.days,
            "may_act": may(self.request.user, ACT),
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        if not may(request.user, ACT):
            return permission_denied(request)
        remedy = REMEDIES.get(request.POST.get("was", ""))
        if remedy is None:
            raise Http404
        messages.success(request, remedy.done.format(number=remedy.do()))
        return redirect("delivery_undelivered")


undelivered_urls = [path("versand/nicht-angekommen/", UndeliveredView.as_view(), name="delivery_undelivered")]
