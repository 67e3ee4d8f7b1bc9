"""Old addresses lead on to pages that their reader may read; of others not even the new address is told."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from wagtail.contrib.redirects.middleware import RedirectMiddleware, get_redirect
from wagtail.contrib.redirects.models import Redirect

from practices.visibility import is_visible


class OpenRedirectMiddleware(RedirectMiddleware):
    """Wagtail's middleware, which leads to wherever a page lies by now."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        answer = super().process_response(request, response)
        return response if answer is not response and _leads_to_what_is_hidden(request) else answer


def _leads_to_what_is_hidden(request: HttpRequest) -> bool:
    path = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
    redirect = get_redirect(request, path) or get_redirect(request, urlsplit(path).path)
    page = redirect.redirect_page if redirect else None
    return page is not None and not is_visible(page, request.user)
