"""Images and videos of practices. Nothing below MEDIA_ROOT is handed out wholesale: each file is checked first.

Wagtail's privacy of collections does not protect images, so a file is as visible as the pages that show it. Originals of
images are never served; documents pass the same check in front of Wagtail's own view.
"""

import mimetypes
import re
from collections import defaultdict

from django.core.files.storage import default_storage
from django.db.models import Model
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from wagtail.models import DraftStateMixin, Page, ReferenceIndex

from practices.models import CreditedMedia, CreditedRendition, FundingProgramme
from practices.visibility import ANONYMOUS, visible_pages

BLOCK_SIZE = 64 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})$")


@require_safe
def serve_media(request: HttpRequest, name: str) -> HttpResponseBase:
    """Answer with a rendition of an image or with a video, to readers of a page that shows it and to editors."""
    shown = shown_file(name)
    if shown is None:
        raise Http404
    public = _is_on_visible_page(shown, ANONYMOUS)
    if not public and not _may_see(shown, request.user):
        raise Http404
    response = file_response(request, default_storage.open(name), name)
    response.headers["Cache-Control"] = "public, max-age=86400" if public else "private, no-store"
    return response


def file_response(request: HttpRequest, file, name: str) -> HttpResponseBase:
    """Answer with an opened `file`, or with the one range of bytes the request asks for (RFC 9110, section 14).

    Whatever the file holds, a browser runs nothing of it.
    """
    size = file.size
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    span = _requested_span(request.headers.get("Range", ""), size)
    response: HttpResponseBase
    if span is None:
        response = FileResponse(file, content_type=content_type)
        response.headers["Content-Length"] = str(size)
    elif not span:
        file.close()
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    else:
        response = FileResponse(_Part(file, span), status=206, content_type=content_type)
        response.headers["Content-Length"] = str(len(span))
        response.headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Last-Modified"] = http_date(default_storage.get_modified_time(name).timestamp())
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


class _Part:
    """A file object that ends where the requested span ends."""

    def __init__(self, file, span: range):
        self.file, self.left = file, len(span)
        file.seek(span.start)

    def read(self, size: int = BLOCK_SIZE) -> bytes:
        data = self.file.read(min(size if size >= 0 else self.left, self.left))
        self.left -= len(data)
        return data

    def close(self) -> None:
        self.file.close()


def _requested_span(header: str, size: int) -> range | None:
    """Return the bytes asked for; None where the whole file is, an empty range where the request can not be met."""
    match = _RANGE.match(header.strip())
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        return range(max(size - int(last), 0), size)
    return range(int(first), min(int(last), size - 1) + 1 if last else size)


def shown_file(name: str) -> Model | None:
    """Return the image or the video that pages show by the stored file `name`; None for all else, as images' originals."""
    if "\0" in name:  # PostgreSQL refuses to be asked
        return None
    rendition = CreditedRendition.objects.filter(file=name).select_related("image").first()
    shown = rendition.image if rendition else CreditedMedia.objects.filter(file=name, refusal="").first()
    return shown if shown and default_storage.exists(name) else None


def _may_see(shown: Model, user) -> bool:
    return user.is_authenticated and (user.has_perm("wagtailadmin.access_admin") or _is_on_visible_page(shown, user))


def check_document(document: Model, request: HttpRequest) -> None:
    """Let those readers pass who may read a page with the document, and editors; raise Http404 for all others."""
    if not _is_on_visible_page(document, ANONYMOUS) and not _may_see(document, request.user):
        raise Http404


def _is_on_visible_page(shown: Model, user) -> bool:
    """Return whether a page that `user` may read shows the file, or something else that everybody may see."""
    found: dict[type[Model], set[str]] = defaultdict(set)
    for reference in ReferenceIndex.get_references_to(shown).select_related("base_content_type"):
        found[reference.base_content_type.model_class()].add(reference.object_id)
    return any(_is_seen(model, keys, user) for model, keys in found.items())


def _is_seen(model: type[Model], keys: set[str], user) -> bool:
    """Return whether `user` may see one of the objects with `keys`. A kind nobody has decided about opens nothing."""
    if issubclass(model, Page):
        return visible_pages(Page.objects.filter(pk__in=keys), user).exists()
    if issubclass(model, DraftStateMixin):
        return model._default_manager.filter(pk__in=keys, live=True).exists()
    return issubclass(model, FundingProgramme)  # its emblem stands below every project
