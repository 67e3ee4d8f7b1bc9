"""Images and videos of practices. Nothing below MEDIA_ROOT is handed out wholesale: each file is checked first.

Wagtail's privacy of collections does not protect images, so a file is as visible as the pages that show it. What no page shows
is for those who may choose or change it, and for those who work on a page that refers to it. Originals of images are never
served; documents pass the same check in front of Wagtail's own view.
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
from wagtail.models import DraftStateMixin, Page, ReferenceIndex, TaskState, get_default_page_content_type
from wagtail.permissions import page_permission_policy, policy_registry

from practices.models import CreditedMedia, CreditedRendition, FundingProgramme
from practices.page_files import pages_drafting_with
from practices.visibility import ANONYMOUS, visible_pages

BLOCK_SIZE = 64 * 1024
# The keys of what is stored and refers to a file, by model.
References = dict[type[Model], set[str]]
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})$")


@require_safe
def serve_media(request: HttpRequest, name: str) -> HttpResponseBase:
    """Answer with a rendition of an image or with a video, to readers of a page that shows it and to those who work with it."""
    shown = shown_file(name)
    if shown is None:
        raise Http404
    references = _references_to(shown)
    public = _is_shown(references, ANONYMOUS)
    if not public and not _may_see(shown, references, request.user):
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


def check_document(document: Model, request: HttpRequest) -> None:
    """Let those readers pass who may read a page with the document, and those who work with it; raise Http404 for all others."""
    references = _references_to(document)
    if not _is_shown(references, ANONYMOUS) and not _may_see(document, references, request.user):
        raise Http404


def _references_to(shown: Model) -> References:
    found: References = defaultdict(set)
    for reference in ReferenceIndex.get_references_to(shown).select_related("base_content_type"):
        found[reference.base_content_type.model_class()].add(reference.object_id)
    return found


def _may_see(shown: Model, references: References, user) -> bool:
    """Return whether `user` may fetch what not everybody may; the number of queries does not depend on that of pages."""
    if not user.is_authenticated or not user.has_perm("wagtailadmin.access_admin"):
        return user.is_authenticated and _is_shown(references, user)
    return _may_use(shown, user) or _is_shown(references, user) or _works_on_page_with(shown, references, user)


def _may_use(shown: Model, user) -> bool:
    """Return whether `user` may choose or change the file: by the rights to its collection."""
    policy = policy_registry.get_by_type(type(shown))
    return policy.user_has_any_permission_for_instance(user, ["choose", "change"], shown)


def _works_on_page_with(shown: Model, references: References, user) -> bool:
    """Return whether `user` may change, or is asked to review, a page that refers to the file, be it in its newest text only."""
    pages = {*references[Page], *map(str, pages_drafting_with(shown).values_list("pk", flat=True))}
    if not pages:
        return False
    editable = page_permission_policy.instances_user_has_permission_for(user, "change")
    if editable.filter(pk__in=pages).exists():
        return True
    of_pages = get_default_page_content_type()
    waiting = TaskState.objects.reviewable_by(user).filter(workflow_state__base_content_type=of_pages)
    return waiting.filter(workflow_state__object_id__in=pages).exists()


def _is_shown(references: References, user) -> bool:
    """Return whether something that `user` may see shows the file: a page, or what everybody sees."""
    return any(_is_seen(model, keys, user) for model, keys in references.items())


def _is_seen(model: type[Model], keys: set[str], user) -> bool:
    """Return whether `user` may see one of the objects with `keys`. A kind nobody has decided about opens nothing."""
    if issubclass(model, Page):
        return visible_pages(Page.objects.filter(pk__in=keys), user).exists()
    if issubclass(model, DraftStateMixin):
        return model._default_manager.filter(pk__in=keys, live=True).exists()
    return issubclass(model, FundingProgramme)  # its emblem stands below every project
