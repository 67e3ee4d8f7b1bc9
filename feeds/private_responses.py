"""Answers that are for one reader alone."""

from typing import TypeVar

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

Response = TypeVar("Response", bound=HttpResponseBase)


def private(response: Response) -> Response:
    """Return `response`, marked so that nobody keeps it, lists it, or tells other sites its address.

    Whoever answers behind a secret link need not think of it (`feeds.secret_links`).
    """
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    # Nothing stricter: with "no-referrer" browsers send forms from the origin "null", which Django's check for accounts refuses.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def see_other(address: str) -> HttpResponse:
    """Answer a form that did its work: reloading the next page sends nothing again (RFC 9110, section 15.4.4)."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return private(response)
