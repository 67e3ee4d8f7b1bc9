"""What feeds and mails say of a practice: read from the database when it is said, as everybody may read it."""

import mimetypes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpRequest

from practices.cards import OrganisationLink, make_cards
from practices.models import PracticePage
from practices.terms import TermRef, terms_of
from practices.visibility import ANONYMOUS, public_documents

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to a practice; `length` in bytes."""

    title: str
    url: str
    length: int
    mime_type: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A practice in a feed or a mail; addresses are absolute. `changed` is when followers were last told of it.

    `documents` are the ids of what it offers to download, `attachments` those of them that everybody may fetch.
    """

    page_id: int
    key: str
    type_key: str
    type_label: str
    title: str
    url: str
    summary: str
    organisation: OrganisationLink | None
    terms: list[TermRef]
    published: datetime | None
    changed: datetime
    note: str
    licence: str
    documents: Sequence[int] = ()
    attachments: Sequence[Attachment] = ()


def make_entries(pages: Iterable[PracticePage]) -> list[Entry]:
    """Return an entry for each of `pages`, in their order; three queries for any number."""
    cards = make_cards(pages, _request(), with_terms=False)
    ids = [card.page_id for card in cards]
    if not ids:
        return []
    terms = terms_of(ids)
    stored = {row["pk"]: row for row in _stored(ids)}
    return [_entry(card, stored[card.page_id], terms.get(card.page_id, [])) for card in cards]


def with_documents(entries: Sequence[Entry]) -> list[Entry]:
    """Return `entries` with the documents that everybody may fetch; one query where there are any."""
    wanted = {pk for entry in entries for pk in entry.documents}
    found = public_documents(wanted).in_bulk() if wanted else {}
    return [
        replace(
            entry,
            attachments=[
                *entry.attachments,
                *(_of_document(found[pk]) for pk in dict.fromkeys(entry.documents) if pk in found),
            ],
        )
        for entry in entries
    ]


def absolute(path: str) -> str:
    """Return the address of `path` as the world knows it."""
    return path if path.startswith(("http://", "https://")) else f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{path}"


def _stored(ids: Sequence[int]):
    pages = PracticePage.objects.filter(pk__in=ids).with_changed_at().with_last_note()
    recording = ("recordingpage__video__file", "recordingpage__slides", "recordingpage__captions")
    return pages.values("pk", "key", "licence", "documents", "changed_at", "last_note", *recording)


def _entry(card, row: dict, terms: list[TermRef]) -> Entry:
    owner = card.organisation and OrganisationLink(card.organisation.title, absolute(card.organisation.url))
    listed = [block["value"]["document"] for block in row["documents"].raw_data]
    return Entry(
        page_id=card.page_id,
        key=row["key"],
        type_key=card.type_key,
        type_label=card.type_label,
        title=card.title,
        url=absolute(card.url),
        summary=card.summary,
        organisation=owner,
        terms=terms,
        published=card.published,
        changed=row["changed_at"] or _NEVER,
        note=row["last_note"] or "",
        licence=row["licence"],
        documents=[pk for pk in (row["recordingpage__slides"], row["recordingpage__captions"], *listed) if pk],
        attachments=_of_file(card.title, row["recordingpage__video__file"]),
    )


def _of_file(title: str, name: str | None) -> list[Attachment]:
    """Return the video of a recording, which whoever may read its page may watch."""
    if not name or not default_storage.exists(name):
        return []
    url = absolute(default_storage.url(name))
    return [Attachment(title, url, default_storage.size(name), mimetypes.guess_type(name)[0] or "video/mp4")]


def _of_document(document) -> Attachment:
    return Attachment(document.title, absolute(document.url), document.file_size or 0, document.content_type)


def _request() -> HttpRequest:
    """Return a request of anybody, on no site in particular: cards show what its user may read."""
    request = HttpRequest()
    request.user = ANONYMOUS
    request._wagtail_site = None  # type: ignore[attr-defined]
    return request
