"""What feeds and mails say of a practice: read from the database when it is said, as everybody may read it."""

import mimetypes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Case, F, When
from django.http import HttpRequest

from practices.cards import CARD_FIELDS, OrganisationLink, PracticeCard, make_cards
from practices.models import PracticePage
from practices.querysets import PracticeQuerySet
from practices.terms import TermRef, terms_of
from practices.visibility import ANONYMOUS, public_documents

# Stands for a date where there is none: the same whenever it is asked for.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


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

    `video` is the file of a recording, `documents` are the ids of what it offers to download; `attachments` are those of
    them that everybody may fetch, once they were asked for.
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
    video: str = ""
    documents: Sequence[int] = ()
    attachments: Sequence[Attachment] = ()


def entry_rows(pages: PracticeQuerySet) -> PracticeQuerySet:
    """Return `pages` with what entries are made of."""
    return (
        pages.only(*CARD_FIELDS, "licence", "documents")
        .with_changed_at()
        .with_last_note()
        .annotate(
            video_name=Case(When(recordingpage__video__refusal="", then=F("recordingpage__video__file"))),
            slides_id=F("recordingpage__slides"),
            captions_id=F("recordingpage__captions"),
        )
    )


def make_entries(pages: Iterable[PracticePage]) -> list[Entry]:
    """Return an entry for each of `pages`, which come from `entry_rows`, in their order; two queries for any number."""
    pages = list(pages)
    cards = make_cards(pages, _request(), with_terms=False)
    terms = terms_of(card.page_id for card in cards) if cards else {}
    return [_entry(card, page, terms.get(page.pk, [])) for card, page in zip(cards, pages, strict=True)]


def with_attachments(entries: Sequence[Entry]) -> list[Entry]:
    """Return `entries` with the files that everybody may fetch; one query where there are documents."""
    wanted = {pk for entry in entries for pk in entry.documents}
    found = public_documents(wanted).in_bulk() if wanted else {}
    return [
        replace(
            entry,
            attachments=[
                *_of_file(entry.title, entry.video),
                *(_of_document(found[pk]) for pk in dict.fromkeys(entry.documents) if pk in found),
            ],
        )
        for entry in entries
    ]


def absolute(path: str) -> str:
    """Return the address of `path` as the world knows it."""
    return path if path.startswith(("http://", "https://")) else f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{path}"


def _entry(card: PracticeCard, page: Any, terms: list[TermRef]) -> Entry:
    owner = card.organisation and OrganisationLink(card.organisation.title, absolute(card.organisation.url))
    listed = [block["value"]["document"] for block in page.documents.raw_data]
    return Entry(
        page_id=card.page_id,
        key=page.key,
        type_key=card.type_key,
        type_label=card.type_label,
        title=card.title,
        url=absolute(card.url),
        summary=card.summary,
        organisation=owner,
        terms=terms,
        published=card.published,
        changed=page.changed_at or NEVER,
        note=page.last_note or "",
        licence=page.licence,
        video=page.video_name or "",
        documents=[pk for pk in (page.slides_id, page.captions_id, *listed) if pk],
    )


def _of_file(title: str, name: str) -> list[Attachment]:
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
