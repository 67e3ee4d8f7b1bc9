"""Accounts in the admin: whoever manages them may not take what belongs to those who run the platform."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.users.views.users import CreateView, EditView, UserViewSet

_ONLY_SUPERUSERS = "Alle Rechte vergibt nur, wer sie selbst hat."


class _OwnRightsOnly:
    """Superusers alone make superusers: for others the field is shown, and whatever is sent for it is ignored."""

    def get_form(self, form_class=None) -> BaseForm:
        form = super().get_form(form_class)  # type: ignore[misc]
        field = form.fields.get("is_superuser")  # missing where people edit their own account
        if field and not self.request.user.is_superuser:  # type: ignore[attr-defined]
            field.disabled = True
            field.help_text = _ONLY_SUPERUSERS
        return form


class AccountCreateView(_OwnRightsOnly, CreateView):
    """Makes an account."""


class AccountEditView(_OwnRightsOnly, EditView):
    """Changes an account."""


class AccountViewSet(UserViewSet):
    """Wagtail's own views for accounts, but for who makes a superuser."""

    add_view_class = AccountCreateView
    edit_view_class = AccountEditView


def leave_superusers_alone(request: HttpRequest, user) -> HttpResponse | None:
    """Whoever runs the platform is no concern of those who only manage accounts: with a new password they would become them."""
    if user.is_superuser and not request.user.is_superuser:
        return permission_denied(request)
    return None


def leave_superusers_out(request: HttpRequest, action_type: str, objects: Iterable, action) -> HttpResponse | None:
    """Refuse to close many accounts at once, or to give them a role, where one of them runs the platform."""
    if action.model is not get_user_model() or request.user.is_superuser:
        return None
    names = [user.get_full_name() or user.get_username() for user in objects if user.is_superuser]
    if not names:
        return None
    verb = "haben" if len(names) > 1 else "hat"
    messages.warning(request, f"Nichts geändert: Alle Rechte {verb} {', '.join(names)}. Bitte wählen Sie ohne.")
    return redirect(action.next_url)
