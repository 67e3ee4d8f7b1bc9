"""Answers behind secret links."""

import logging
import re
from typing import TypeVar

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

Response = TypeVar("Response", bound=HttpResponseBase)
_TOKEN = re.compile(r"(/abo/(?:bestaetigen|abmelden|verwalten)/)[^/\s]+")


def private(response: Response) -> Response:
    """Return `response`, marked so that nobody keeps it or lists it.

    Links in addresses open doors, so nobody may learn of their address from elsewhere either: that is
    SECURE_REFERRER_POLICY ("same-origin"). Nothing stricter: with "no-referrer" browsers send forms from the origin "null",
    which Django's check for accounts refuses.
    """
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def see_other(address: str) -> HttpResponse:
    """Answer a form that did its work: reloading the next page sends nothing again (RFC 9110, section 15.4.4)."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return private(response)


def without_tokens(record: logging.LogRecord) -> bool:
    """Take tokens out of what Django logs of requests it refuses: they still open doors. Keeps every record.

    The request itself, which formatters write down with its address, is taken out with them.
    """
    if _TOKEN.search(getattr(getattr(record, "request", None), "path", "")):
        del record.__dict__["request"]
    if isinstance(record.args, tuple):
        record.args = tuple(_TOKEN.sub(r"\1…", part) if isinstance(part, str) else part for part in record.args)
    return True
