"""The pictures, videos and documents of a draft, for partners who read along.

What only a draft shows is closed to readers without an account. So the page behind a partner's link names its files by
addresses that are signed for this link: they open the files named there, nothing else, and no longer than the link does.
"""

import re
from functools import cache
from urllib.parse import unquote

from django.conf import settings
from django.core import signing
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import resolve, reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from editing.models import PartnerLink
from feeds.private_responses import private
from practices.file_serving import file_response, shown_file
from practices.visibility import public_documents

_SALT = "editing.partner_files"


def open_files(html: str, link: PartnerLink) -> str:
    """Return `html` with addresses that whoever holds `link` may fetch, in place of those of files."""

    def sign(match: re.Match) -> str:
        return reverse("partner_file", args=[signing.dumps([link.pk, unquote(match[0])], salt=_SALT)])

    return _addresses().sub(sign, html)


@cache
def _addresses() -> re.Pattern:
    """Return the pattern of addresses of files in a page."""
    documents = re.escape(reverse("wagtaildocs_serve", args=[0, "x"]).removesuffix("0/x"))
    return re.compile(rf"(?<![\w/])(?:{re.escape(settings.MEDIA_URL)}|{documents}\d+/)[^\s\"'<>?#,]+")


@require_safe
def partner_file(request: HttpRequest, signed: str) -> HttpResponseBase:
    """Answer with the file that `signed` names, while the link it was signed for is open."""
    try:
        pk, path = signing.loads(signed, salt=_SALT)
    except signing.BadSignature:
        raise Http404 from None
    if not PartnerLink.objects.open().filter(pk=pk).exists():
        raise Http404
    found = resolve(path)
    if found.url_name == "media":
        return private(_media(request, found.kwargs["name"]))
    return private(_document(request, found.args[0]))


def _media(request: HttpRequest, name: str) -> HttpResponseBase:
    if shown_file(name) is None:
        raise Http404
    return file_response(request, default_storage.open(name), name)


def _document(request: HttpRequest, pk: str) -> HttpResponseBase:
    document = public_documents([int(pk)]).first()
    if document is None:
        raise Http404
    response = file_response(request, document.file.open(), document.file.name)
    response.headers["Content-Disposition"] = content_disposition_header(True, document.filename)
    return response
