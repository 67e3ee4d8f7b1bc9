"""The pictures, videos and documents of a draft, for partners who read along.

What only a draft shows is closed to readers without an account. So the page behind a partner's link names its files by
addresses that are signed for this link. Which files that are, the page itself says: its newest text refers to them. It is
asked when an address is signed and again when a file is fetched. An address in a text gives no right, whoever typed it.
"""

import re

from django.core import signing
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from django.views.defaults import page_not_found
from wagtail.models import Page

from editing.models import PartnerLink
from editing.partner_links import newest_text
from practices.file_serving import file_response
from practices.models import CreditedDocument, CreditedImage, CreditedMedia, CreditedRendition
from practices.page_files import files_of
from practices.visibility import in_open_collections, public_documents

_SALT = "editing.partner_files.of_the_page"
_ADDRESS = re.compile(r"[^\s\"'<>?#,]+")


def open_files(article: str, page: Page, link: PartnerLink) -> SafeString:
    """Return `article`, the HTML of `page`, with addresses that whoever holds `link` may fetch in place of those of its files.

    Takes what was rendered from the page alone: nothing that readers typed belongs into it.
    """
    signed = {file.url: _address(file, link) for files in _open_to_partners(page) for file in files}
    return mark_safe(_ADDRESS.sub(lambda found: signed.get(found[0], found[0]), article))  # noqa: S308 - was HTML before


def _open_to_partners(page: Page) -> tuple[QuerySet, ...]:
    """Return the files that are open with a link to `page`: those it refers to. Closed collections stay closed, but for images,
    which are as visible as the pages that show them."""
    files = files_of(page)
    return (
        CreditedRendition.objects.filter(image__in=files[CreditedImage]),
        in_open_collections(CreditedMedia.objects.filter(pk__in=files[CreditedMedia])),
        public_documents(files[CreditedDocument]),
    )


def _address(file: Model, link: PartnerLink) -> str:
    return reverse("partner_file", args=[signing.dumps([link.pk, file._meta.model_name, file.pk], salt=_SALT)])


@require_safe
def partner_file(request: HttpRequest, signed: str) -> HttpResponseBase:
    """Answer with the file that `signed` names, while the link it was signed for is open and its page has the file."""
    file = _find(signed)
    if file is None:
        return page_not_found(request, Http404())
    response = file_response(request, file.file.open(), file.file.name)
    if isinstance(file, CreditedDocument):
        response.headers["Content-Disposition"] = content_disposition_header(True, file.filename)
    return response


def _find(signed: str):
    """Return the file, or None where `signed` opens nothing or the file is gone from the disk."""
    try:
        link_pk, kind, pk = signing.loads(signed, salt=_SALT)
    except signing.BadSignature:
        return None
    link = PartnerLink.objects.open().select_related("page").filter(pk=link_pk).first()
    files = _open_to_partners(newest_text(link)) if link else ()
    file = next((file for some in files if some.model._meta.model_name == kind for file in some.filter(pk=pk)), None)
    return file if file and file.file.storage.exists(file.file.name) else None
