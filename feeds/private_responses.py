"""Answers behind secret links."""

from typing import TypeVar

from django.http.response import HttpResponseBase

Response = TypeVar("Response", bound=HttpResponseBase)


def private(response: Response) -> Response:
    """Return `response`, marked so that nobody keeps it or lists it.

    Links in addresses open doors, so nobody may learn of their address from elsewhere either: that is
    SECURE_REFERRER_POLICY ("same-origin"). Nothing stricter: with "no-referrer" browsers send forms from the origin "null",
    which Django's check for accounts refuses.
    """
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
