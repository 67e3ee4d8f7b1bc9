"""Invitations in the admin, and the page behind the link in the mail."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.menu import MenuItem

from editing.invitation_forms import InvitationForm, NewAccountForm
from editing.invitations import (
    NotOpen,
    accept,
    accept_with_new_account,
    account_of,
    find,
    invitations_of,
    revoke,
    roles_offered_by,
    send,
)
from editing.models import Invitation
from editing.sign_in.sessions import record_new_account
from limits.answers import again, tell
from limits.counting import LimitReached
from practices.admin_pages import AdminPageMixin

_SHOWN = 100
_ENOUGH = (
    "An diese Adresse gingen heute schon mehrere Einladungen (bitte lassen Sie auch im Spam-Ordner nachsehen), oder Sie haben "
    "sehr viele verschickt."
)


class InvitingMixin:
    """Lets in those who may offer a role."""

    def dispatch(self, request, *args, **kwargs):
        if not roles_offered_by(request.user):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class InvitationListView(InvitingMixin, AdminPageMixin, TemplateView):
    """The form for a new invitation, and those there are."""

    template_name = "editing/invitations.html"
    page_title = "Einladungen"
    header_icon = "mail"

    def get_context_data(self, **kwargs) -> dict:
        form = kwargs.pop("form", None) or InvitationForm(user=self.request.user)
        invitations = invitations_of(self.request.user)[:_SHOWN]
        return super().get_context_data(**kwargs) | {"form": form, "invitations": invitations}

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        form = InvitationForm(request.POST, user=request.user, instance=Invitation(invited_by_id=request.user.pk))
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        invitation = form.save(commit=False)
        try:
            send(invitation, request.user)
        except LimitReached as reached:
            form.add_error(None, f"{_ENOUGH} {tell(request, reached)}")
            return self.render_to_response(self.get_context_data(form=form))
        form.save_m2m()
        messages.success(request, f"Die Einladung an {invitation.email} ist unterwegs.")
        return redirect("invitations")


class InvitationActionView(InvitingMixin, View):
    """Sends an invitation again, or takes it back."""

    http_method_names = ["post"]
    sends_again = False

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invitation = get_object_or_404(invitations_of(request.user), pk=pk)
        if self.sends_again and not (invitation.accepted_at or invitation.revoked_at):
            self.send_again(invitation)
        elif not self.sends_again and revoke(invitation):
            messages.success(request, f"Die Einladung an {invitation.email} ist zurückgezogen.")
        else:
            messages.warning(request, "Diese Einladung ist nicht mehr offen. Bitte laden Sie bei Bedarf neu ein.")
        return redirect("invitations")

    def send_again(self, invitation: Invitation) -> None:
        """Send it, unless that would flood somebody with mails."""
        try:
            send(invitation, self.request.user)
        except LimitReached as reached:
            messages.warning(self.request, f"{_ENOUGH} {again(reached)}")
        else:
            messages.success(self.request, f"Die Einladung an {invitation.email} ist noch einmal unterwegs.")


@sensitive_post_parameters()
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is offered, and accept it: with a new account, or with one's own after signing in."""
    found = find(token)
    if found is None or not found.is_open:
        status = 404 if found is None else 410
        return render(request, "editing/invitation_over.html", {"invitation": found}, status=status)
    account = account_of(found.email)
    form = NewAccountForm(request.POST or None, email=found.email)
    if request.method == "POST":
        try:
            if account is not None and request.user == account:
                accept(found, account)
                return redirect("wagtailadmin_home")
            if account is None and not request.user.is_authenticated and form.is_valid():
                user = accept_with_new_account(found, form.cleaned_data["name"], form.cleaned_data["password"])
                login(request, user)
                record_new_account(request, user)
                return redirect("wagtailadmin_home")
        except NotOpen:
            return redirect(request.path)
    is_new = account is None and not request.user.is_authenticated
    context = {
        "invitation": found,
        "form": form if is_new else None,
        "is_closed": account is not None and not account.is_active,
        "is_own": account is not None and request.user == account,
        "must_leave": request.user.is_authenticated and request.user != account,
        "sign_in": f"{reverse('account_login')}?next={request.path}",
    }
    return render(request, "editing/invitation.html", context, status=400 if form.errors and is_new else 200)


class InvitationItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(roles_offered_by(request.user))


invitation_urls = [
    path("einladungen/", InvitationListView.as_view(), name="invitations"),
    path("einladungen/<int:pk>/noch-einmal/", InvitationActionView.as_view(sends_again=True), name="invitation_send"),
    path("einladungen/<int:pk>/zuruecknehmen/", InvitationActionView.as_view(), name="invitation_revoke"),
]
