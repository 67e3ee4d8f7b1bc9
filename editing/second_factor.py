"""The second factor: who needs one, and that nobody reaches the admin without having shown theirs."""

import time

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from editing.roles import ADMINISTRATORS, EDITORS, has_role

TYPES = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
_FILES = (settings.MEDIA_URL, "/documents/")
_ADMIN, _LOGOUT = "wagtailadmin_home", "wagtailadmin_logout"


class SecondFactorMiddleware:
    """Before any page of the admin: who has a second factor shows it in this session, who needs one sets it up.

    The session is asked how it came about, not the address it came from: a sign-in by any other way than allauth's, today's
    or a later one, ends here as well. Costs one SQL query for each page of the admin. Files are handed to such a session as
    to anybody.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path.startswith(reverse(_ADMIN)) and path != reverse(_LOGOUT) and request.user.is_authenticated:
            detour = _detour(request)
            if detour is not None:
                return redirect_to_login(request.get_full_path(), login_url=detour)
        elif path.startswith(_FILES):
            _hide_user(request)
        return self.get_response(request)


def _hide_user(request: HttpRequest) -> None:
    """Have who should have shown a second factor first read as nobody; looked into where a file is not for everybody."""
    user = request.user

    def look():
        request.user = user
        if user.is_authenticated and _detour(request) is not None:
            request.user = AnonymousUser()
        return request.user

    request.user = SimpleLazyObject(look)  # type: ignore[assignment]


def _detour(request: HttpRequest) -> str | None:
    """Return the name of the page to see first, if any."""
    if has_second_factor(request.user):
        return None if was_shown(request) else "account_reauthenticate"
    return "mfa_activate_totp" if is_required(request.user) else None


def has_second_factor(user) -> bool:
    """Return whether `user` has set up an app or a passkey."""
    return is_mfa_enabled(user, TYPES)


def is_required(user) -> bool:
    """Return whether `user` may not work without a second factor: whoever publishes or administers."""
    return settings.SECOND_FACTOR_REQUIRED and has_role(user, EDITORS, ADMINISTRATORS)


def was_shown(request: HttpRequest, within_s: float = float("inf")) -> bool:
    """Return whether the second factor was shown, or set up, in this session and in the last `within_s` seconds."""
    since = time.time() - within_s
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" and record["at"] > since for record in records)
