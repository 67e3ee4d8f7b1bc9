"""The feeds of every selection, with its own parameters; public content only, whoever asks."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.http import conditional_page, require_safe

from feeds import atom as atom_format
from feeds import json_feed as json_format
from feeds.syndication import PER_PAGE, Feed, make_feed
from practices.models import ContentVersion
from practices.terms import all_terms
from search.engines.protocol import EngineUnavailable
from search.params import SearchParams

_RETRY_AFTER_S = 120


@require_safe
@conditional_page
def atom(request: HttpRequest) -> HttpResponse:
    """Answer with the selection as Atom."""
    return _answer(request, atom_format.write_atom, atom_format.CONTENT_TYPE)


@require_safe
@conditional_page
def json_feed(request: HttpRequest) -> HttpResponse:
    """Answer with the selection as JSON Feed."""
    return _answer(request, json_format.write_json, json_format.CONTENT_TYPE)


def _answer(request: HttpRequest, write: Callable[[Feed], bytes], content_type: str) -> HttpResponse:
    terms = all_terms()
    params = SearchParams.parse(request.GET)
    if "anzahl" not in request.GET:
        params = replace(params, per_page=PER_PAGE)
    last_modified = _last_modified()  # asked first: what changes from here on is newer
    try:
        feed = make_feed(params, terms)
    except EngineUnavailable:
        message = "Die Suche ist gerade nicht erreichbar. Bitte versuchen Sie es in einigen Minuten noch einmal."
        return HttpResponse(
            message, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": str(_RETRY_AFTER_S)}
        )
    body = write(feed)
    response = HttpResponse(body, content_type=content_type)
    response.headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if last_modified:
        response.headers["Last-Modified"] = last_modified
    # Whoever keeps it asks each time whether it still holds.
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _last_modified() -> str | None:
    """Return when anything that readers can see changed last, as HTTP says it: what leaves a feed changes it, too.

    The version of the content rises with every write and again once the index has it. HTTP knows no fractions of seconds
    (RFC 9110, section 5.6.7): as long as the same second may bring more, the second before is named, so that nobody is told
    later that nothing changed since.
    """
    changed_at = ContentVersion.objects.values_list("changed_at", flat=True).first()
    if changed_at is None:
        return None
    is_over = timezone.now() - changed_at >= timedelta(seconds=1)
    return http_date(int(changed_at.timestamp()) - (0 if is_over else 1))
