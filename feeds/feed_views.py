"""The feeds of every selection, with its own parameters; public content only, whoever asks."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from django.views.decorators.http import conditional_page, require_safe

from feeds import atom as atom_format
from feeds import json_feed as json_format
from feeds.syndication import PER_PAGE, Feed, make_feed
from practices.models import PracticeChange
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
    params = SearchParams.parse(request.GET).with_current_keys(terms)
    if "anzahl" not in request.GET:
        params = replace(params, per_page=PER_PAGE)
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
    changed = PracticeChange.objects.order_by("-at").values_list("at", flat=True).first()
    if changed:  # of anything: what leaves a feed changes it, too
        response.headers["Last-Modified"] = http_date(changed.timestamp())
    # Whoever keeps it asks each time whether it still holds.
    response.headers["Cache-Control"] = "public, no-cache"
    return response
