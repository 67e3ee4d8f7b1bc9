"""What did not arrive and belongs to no run, in the admin: looked at by those who look at runs, mended by those who act."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied

from feeds.delivery_admin import ACT, DeliveryPageMixin, may
from feeds.subscribing import LIFTED, lift_suspensions, suspended_lately


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something to do about all of it at once, and what is said when it is done."""

    do: Callable[[], int]
    done: str


REMEDIES = {
    "sperren-aufheben": Remedy(lift_suspensions, "Adressen, die wieder E-Mails bekommen: {number}"),
}


class UndeliveredView(DeliveryPageMixin, TemplateView):
    """How many addresses are suspended, without a word about whose they are. A button does, looking changes nothing."""

    template_name = "feeds/admin/undelivered.html"
    page_title = "Nicht angekommen"
    header_icon = "warning"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
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
