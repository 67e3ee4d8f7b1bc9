"""Public pages are made once for each version of the content, not once for each reader.

Readers who are not signed in all get the same page, so it is kept under the content version: a change raises the
version in its own transaction, and every process makes new pages from then on. Nothing has to be cleared.
"""

import hashlib

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse

from feeds.secret_links import purpose_of
from practices.models import ContentVersion

LIFETIME_S = 3600
MAX_ADDRESS_LENGTH = 300
NEVER_KEPT = (
    "/verwaltung/",
    "/konto/",
    "/documents/",
    settings.MEDIA_URL,
    "/suche/feed.",
    "/healthz",
    "/readyz",
)


class PageCacheMiddleware:
    """Answer readers who are not signed in from the cache; costs one SQL query."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_common(request):
            return self.get_response(request)
        cache = caches["pages"]
        key = _key(request)
        response = cache.get(key)
        if response is None:
            response = self.get_response(request)
            if _is_kept(response):
                cache.set(key, response, LIFETIME_S)
        return response


def _is_common(request: HttpRequest) -> bool:
    """Whether every reader who is not signed in gets the same answer."""
    return (
        request.method == "GET"
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and len(request.get_full_path()) <= MAX_ADDRESS_LENGTH
        and "q" not in request.GET  # every search is counted, and hardly one is asked twice
        and not request.path_info.startswith(NEVER_KEPT)
        and purpose_of(request.path_info) is None
    )


def _is_kept(response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "no-store" not in response.headers.get("Cache-Control", "")
        and response.headers.get("Content-Type", "").startswith("text/html")
    )


def _key(request: HttpRequest) -> str:
    encoding = "gzip" if "gzip" in request.headers.get("Accept-Encoding", "") else "plain"
    parts = f"{ContentVersion.current()} {encoding} {request.build_absolute_uri()}"
    return f"page-{hashlib.sha256(parts.encode()).hexdigest()}"
