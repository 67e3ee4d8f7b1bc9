"""The page in the admin that helps who lost the second factor. Whoever may change accounts may open it."""

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.widgets import Button
from wagtail.log_actions import log

from editing.accounts import may_change
from editing.sign_in.lost_factor import reset
from practices.admin_pages import AdminPageMixin


class LostFactorView(AdminPageMixin, TemplateView):
    """Asks before it removes a second factor."""

    template_name = "editing/lost_factor.html"
    page_title = "Zweiten Faktor zurücksetzen"
    header_icon = "key"
    above = (("wagtailusers_users:index", "Konten"),)

    def dispatch(self, request, *args, pk: int, **kwargs):
        self.person = get_object_or_404(get_user_model(), pk=pk)
        if not may_reset(request.user, self.person):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"person": self.person}

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        name = self.person.get_full_name() or self.person.get_username()
        if reset(self.person):
            log(instance=self.person, action="wagtail.edit")
            messages.success(request, f"Der zweite Faktor von {name} ist zurückgesetzt.")
        else:
            messages.warning(request, f"{name} hat keinen zweiten Faktor.")
        return redirect("wagtailusers_users:index")


def may_reset(user, person) -> bool:
    """Return whether `user` may remove the second factor of `person`: of the same people whose password `user` may set."""
    return user.has_perm("auth.change_user") and may_change(user, person)


def reset_buttons(user, request_user):
    """Offer the page in the list of accounts."""
    if may_reset(request_user, user):
        yield Button(
            "Zweiten Faktor zurücksetzen", reverse("lost_factor", args=[user.pk]), icon_name="key", priority=30
        )


lost_factor_urls = [path("zweiter-faktor/<int:pk>/", LostFactorView.as_view(), name="lost_factor")]
