"""Headers that depend on the area of the site, and on whom an answer is for."""

from contextlib import suppress

from csp.constants import HEADER
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from feeds.private_responses import private
from feeds.secret_links import purpose_of
from limits.answers import refusal
from limits.counting import LimitReached, check, origin_of, spend

PERMISSIONS_POLICY = (
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
)
ADMIN_PREFIX = "/verwaltung/"
FOR_EVERYBODY = (200, 206, 301, 304, 308)
# Wagtail's own, for pages and for documents.
_SHARED_PASSWORDS = ("/_util/authenticate_with_password/", "/documents/authenticate_with_password/")


class SecretLinkMiddleware:
    """Marks every answer to the address of a secret link, whoever gives it: a view, a redirect, a refusal or an error.

    It stands first, so that no other answers before it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        return response if purpose_of(request.path_info) is None else private(response)


class PrivateAnswersMiddleware:
    """Lets nobody keep what is not for everybody, browsers included: other people may sit down at the same one.

    That is whatever is answered in a session, sets a cookie, belongs to the admin, or is no plain answer: a refusal says
    something about a page or file, too. Views that know better say so: what they call public stays public, but in the admin.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        said = response.headers.get("Cache-Control", "")
        if "no-store" not in said and (is_admin(request) or ("public" not in said and _is_private(request, response))):
            response.headers["Cache-Control"] = "private, no-store"
        return response


def _is_private(request: HttpRequest, response: HttpResponseBase) -> bool:
    return (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        or bool(response.cookies)
        or response.status_code not in FOR_EVERYBODY
    )


class GuessedAddressesMiddleware:
    """Slows down who tries secret links that do not exist, and passwords that readers share for a page or a collection."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        guessed = _guessed(request)
        if guessed and response.status_code == guessed[1]:
            with suppress(LimitReached):
                spend(guessed[0], origin=origin_of(request))
        return response

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponseBase | None:
        guessed = _guessed(request)
        try:
            if guessed:
                check(guessed[0], origin=origin_of(request))
        except LimitReached as reached:
            return refusal(request, reached)
        return None


def _guessed(request: HttpRequest) -> tuple[str, int] | None:
    """Return what a request may guess, as one of the limits, and the status of the answer to a wrong guess."""
    if request.method == "POST" and request.path_info.startswith(_SHARED_PASSWORDS):
        return "shared_password", 200
    return ("unknown_link", 404) if purpose_of(request.path_info) else None


class PolicyByAreaMiddleware(CSPMiddleware):
    """Send the strict content security policy with public pages and the admin's own with the admin and its previews."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only:
            parts.config = settings.ADMIN_CSP if is_admin(request) else settings.PUBLIC_CSP
        return parts

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if is_admin(request):
            # A preview went through these middlewares as a public page before it is shown in the editor's frame.
            response.headers.pop(HEADER, None)
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return super().process_response(request, response)


def is_admin(request: HttpRequest) -> bool:
    """Return whether the request is for the admin, previews included."""
    return request.path_info.startswith(ADMIN_PREFIX)
