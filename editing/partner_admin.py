"""Reading along, in the admin: the links of a page, a new one, and what partners have said."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.ui.menus.pages import PageMenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.log_actions import LogFormatter
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from editing.models import PartnerLink, PartnerRemark
from editing.partner_forms import PartnerLinkForm
from editing.partner_links import address_of, offer, revoke
from limits.answers import tell
from limits.counting import LimitReached

_SHOWN = 100
_ENOUGH = "Sie haben schon viele Links angelegt, oder an diese Adresse gingen heute schon mehrere."


def may_offer(user, page: Page) -> bool:
    """Return whether `user` may give links to `page`: whoever may change it by right, not only during a review."""
    return not page.is_root() and page_permission_policy.user_has_permission_for_instance(user, "change", page)


def links_of(page: Page) -> list[PartnerLink]:
    """Return the newest links to `page` with what was said by them; two queries."""
    remarks = Prefetch("remarks", PartnerRemark.objects.select_related("revision"))
    return list(page.partner_links.prefetch_related(remarks)[:_SHOWN])


class PartnerLinksView(WagtailAdminTemplateMixin, TemplateView):
    """The form for a new link, and those there are."""

    template_name = "editing/partner_links.html"
    page_title = "Mitlesen lassen"
    header_icon = "group"

    @cached_property
    def page(self) -> Page:
        return get_object_or_404(Page, pk=self.kwargs["page_id"])

    def dispatch(self, request, *args, **kwargs):
        if not may_offer(request.user, self.page):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        edit = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        return [
            *self.breadcrumbs_items,
            {"url": edit, "label": self.page.get_admin_display_title()},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs) -> dict:
        form = kwargs.pop("form", None) or PartnerLinkForm()
        rows = [
            (link, address_of(link), [(remark, remark.is_about(self.page)) for remark in link.remarks.all()])
            for link in links_of(self.page)
        ]
        return super().get_context_data(**kwargs) | {"form": form, "rows": rows, "page": self.page}

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        form = PartnerLinkForm(request.POST, instance=PartnerLink(page=self.page, created_by_id=request.user.pk))
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        link = form.save(commit=False)
        try:
            offer(link, self.page.get_admin_display_title())
        except LimitReached as reached:
            form.add_error(None, f"{_ENOUGH} {tell(request, reached)}")
            return self.render_to_response(self.get_context_data(form=form))
        sent = f" und unterwegs an {link.email}" if link.email else ". Sie finden ihn unten in der Liste"
        messages.success(request, f"Der Link für {link.partner} ist angelegt{sent}.")
        return redirect("partner_links", self.page.pk)


class RevokePartnerLinkView(View):
    """Closes a link."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        link = get_object_or_404(PartnerLink.objects.select_related("page"), pk=pk)
        if not may_offer(request.user, link.page):
            return permission_denied(request)
        if revoke(link, request.user):
            messages.success(request, f"Der Link für {link.partner} ist zurückgezogen.")
        else:
            messages.warning(request, f"Der Link für {link.partner} war nicht mehr offen.")
        return redirect("partner_links", link.page_id)


class PartnerLinksButton(PageMenuItem):
    """Leads from the menu of a page to its links."""

    label = "Mitlesen lassen"
    icon_name = "group"
    url_name = "partner_links"

    def is_shown(self, user) -> bool:
        return may_offer(user, self.page)


def partner_links_button(page, user, view_name, next_url=None):
    """Offer the links of `page` in its menu."""
    yield PartnerLinksButton(page=page, priority=66)


def register_partner_log_actions(actions) -> None:
    """Let the history of a page say what partners and their links did."""
    for name, label, message in (
        ("partner_link", "Link zum Mitlesen", "Link zum Mitlesen für {partner} angelegt"),
        ("partner_link_revoked", "Link zurückgezogen", "Link zum Mitlesen für {partner} zurückgezogen"),
        ("partner_comment", "Kommentar einer Partnerorganisation", "{name} ({partner}) hat kommentiert"),
        ("partner_approval", "Zustimmung einer Partnerorganisation", "{name} ({partner}) stimmt zu"),
    ):
        actions.register_action(f"editing.{name}")(_formatter(label, message))


def _formatter(wording: str, pattern: str) -> type[LogFormatter]:
    class PartnerFormatter(LogFormatter):
        label = wording

        def format_message(self, log_entry) -> str:
            return pattern.format(**log_entry.data)

    return PartnerFormatter


partner_urls = [
    path("mitlesen/<int:page_id>/", PartnerLinksView.as_view(), name="partner_links"),
    path("mitlesen/link/<int:pk>/zuruecknehmen/", RevokePartnerLinkView.as_view(), name="partner_link_revoke"),
]
