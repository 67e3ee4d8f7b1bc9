"""Accounts in the admin: whoever manages them takes nothing from those who may do more, and gives nobody more than they have."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import CreateView, EditView, UserViewSet

from editing.rights import groups_beyond
from editing.roles import ADMINISTRATORS, EDITORS, REVIEWERS, has_role

_ONLY_SUPERUSERS = "Alle Rechte vergibt nur, wer sie selbst hat."
_NAME_IS_TAKEN = (
    "Mit diesem Namen meldet sich schon jemand anderes an, vielleicht in anderer Groß- und Kleinschreibung. Bitte wählen Sie einen "
    "anderen."
)
_ADDRESS_IS_TAKEN = (
    "Mit dieser Adresse meldet sich schon jemand anderes an. Jeder Zugang braucht eine eigene: Bitte nehmen Sie eine "
    "andere."
)
_NOT_ONESELF = "Die eigenen Gruppen ändert jemand anderes für Sie."


def groups_offered_by(user) -> QuerySet[Group]:
    """Return the groups that `user` may give to accounts: those that may do nothing `user` may not, and to
    administrators the roles of the platform, whatever these may do here."""
    offered = ~Q(pk__in=groups_beyond(user))
    if has_role(user, ADMINISTRATORS):
        offered |= Q(name__in=[REVIEWERS, EDITORS, ADMINISTRATORS])
    return Group.objects.filter(offered)


def accounts_above(user) -> QuerySet:
    """Return the accounts that are no concern of `user`: with a new password `user` would gain what they may do.

    Those that run the platform, and those with a group, or a permission of their own, that `user` could not give.
    """
    accounts = get_user_model().objects
    if user.is_superuser:
        return accounts.none()
    lacking = Q(groups__in=Group.objects.exclude(pk__in=groups_offered_by(user))) | Q(user_permissions__isnull=False)
    return accounts.filter(Q(is_superuser=True) | lacking & ~Q(pk=user.pk)).distinct()


def may_change(user, account) -> bool:
    """Return whether `account` is none of those above `user`; these are looked up once and kept with `user`, as lists ask."""
    if not hasattr(user, "_accounts_above"):
        user._accounts_above = frozenset(accounts_above(user).values_list("pk", flat=True))
    return account.pk not in user._accounts_above


class SuperusersOnly(BasePermissionPolicy):
    """Groups hold all rights: whoever could change one could give themselves any."""

    def user_has_permission(self, user, action: str) -> bool:
        return user.is_active and user.is_superuser

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet:
        return get_user_model().objects.filter(is_active=True, is_superuser=True)


class _OwnRightsOnly:
    """Superusers alone make superusers, and groups come from those who may do as much. Whatever else is sent is ignored."""

    def get_form(self, form_class=None) -> BaseForm:
        form = super().get_form(form_class)  # type: ignore[misc]
        user = self.request.user  # type: ignore[attr-defined]
        if user.is_superuser:
            return form
        form.fields["groups"].queryset = groups_offered_by(user)
        if "is_superuser" in form.fields:  # missing where people edit their own account
            _show_only(form.fields["is_superuser"], _ONLY_SUPERUSERS)
        if form.instance == user:
            _show_only(form.fields["groups"], _NOT_ONESELF)
        return form


def _show_only(field, reason: str) -> None:
    field.disabled = True
    field.help_text = reason


class _NameOfOneAccount:
    """No name or address that signs in somebody else: the sign-in takes both, and makes no difference of capitals."""

    def _clean_username(self):
        if self._signs_in_another(self.cleaned_data.get("username", "")):  # type: ignore[attr-defined]
            self.add_error("username", _NAME_IS_TAKEN)  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]  # type: ignore[attr-defined]
        is_new = email.lower() != self.instance.email.lower()  # type: ignore[attr-defined]
        # An address that two accounts share from before keeps nobody from changing the rest.
        if is_new and self._signs_in_another(email):
            raise ValidationError(_ADDRESS_IS_TAKEN)
        return email

    def _signs_in_another(self, login: str) -> bool:
        others = get_user_model().objects.exclude(pk=self.instance.pk)  # type: ignore[attr-defined]
        return bool(login) and others.filter(Q(username__iexact=login) | Q(email__iexact=login)).exists()


class AccountCreationForm(_NameOfOneAccount, UserCreationForm):
    """Asks for a new account."""


class AccountEditForm(_NameOfOneAccount, UserEditForm):
    """Asks for what is to change in an account."""


class AccountCreateView(_OwnRightsOnly, CreateView):
    """Makes an account."""


class AccountEditView(_OwnRightsOnly, EditView):
    """Changes an account."""


class AccountViewSet(UserViewSet):
    """Wagtail's own views for accounts, but for who gives which rights."""

    add_view_class = AccountCreateView
    edit_view_class = AccountEditView

    def get_form_class(self, for_update=False):
        return AccountEditForm if for_update else AccountCreationForm


def leave_alone_who_is_above(request: HttpRequest, user) -> HttpResponse | None:
    """Refuse to change or delete the account `user` where it is above that of who asks."""
    return None if may_change(request.user, user) else permission_denied(request)


def leave_out_who_is_above(request: HttpRequest, action_type: str, objects: Iterable, action) -> HttpResponse | None:
    """Refuse to change many accounts at once where one is above that of who asks, and to give rights beyond one's own."""
    if action.model is not get_user_model() or request.user.is_superuser:
        return None
    refused = _refusal(request.user, list(objects), action.cleaned_form.cleaned_data.get("role"))
    if refused is None:
        return None
    messages.warning(request, f"Nichts geändert: {refused}")
    return redirect(action.next_url)


def _refusal(user, accounts: list, role: Group | None) -> str | None:
    """Return why `user` may not change `accounts`, or give them `role`, if that is so."""
    above = accounts_above(user).filter(pk__in=[account.pk for account in accounts])
    names = [account.get_full_name() or account.get_username() for account in above]
    if names:
        return f"Mehr Rechte als Sie {'haben' if len(names) > 1 else 'hat'} {', '.join(names)}. Bitte wählen Sie ohne."
    if role and user in accounts:
        return f"{_NOT_ONESELF} Bitte wählen Sie ohne sich selbst."
    if role and not groups_offered_by(user).filter(pk=role.pk).exists():
        return f"Die Gruppe „{role}“ darf mehr als Sie."
    return None
