"""Asking whether practices are still true, and taking the answers.

Who is asked: the contact of the page, else those who contribute to its organisation, else the editors.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, Exists, F, OuterRef
from django.db.models.functions import Cast, Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Site

from editing.models import ConfirmationRequest, OrganisationGroup
from editing.roles import editors
from editing.secret_links import FRESHNESS
from feeds.entries import absolute
from feeds.notices import Action, Notice, queue
from feeds.tokens import digest
from home.models import SiteSettings
from practices.models import PracticePage
from practices.querysets import PracticeQuerySet
from practices.services.confirm_page import confirm_page

MOST_IN_A_MAIL = 20
MOST_AT_ONCE = 500
# What each link in the mail says, and to which part of the page behind it it leads.
_LINKS = (("stimmt noch", "stimmt"), ("aktualisieren", "aendern"), ("bitte archivieren", "archivieren"))
_DAYS_A_MONTH = 30.44
Answer = ConfirmationRequest.Answer


class NotOpen(Exception):
    """The question was answered before, its link has expired, or readers no longer see the page."""


def pages_due() -> PracticeQuerySet:
    """Return the live practices that nobody has confirmed or published for as long as the settings say, the oldest first.

    Archived ones need no confirmation. Each page has the time when somebody last looked as `looked_at`; of a confirmation
    only the day is known.
    """
    interval = _interval()
    if not interval:
        return PracticePage.objects.none()
    # Compared as times: SQLite would ask Python for the day of every page. Some databases know no greatest of a time and nothing.
    confirmed, published = Cast("last_confirmed", DateTimeField()), F("last_published_at")
    looked_at = Coalesce(Greatest(confirmed, published), confirmed, published)
    pages = PracticePage.objects.live().filter(archive_reason="").annotate(looked_at=looked_at)
    first_day_not_due = datetime.combine(timezone.localdate() - interval + timedelta(days=1), time.min)
    return pages.filter(looked_at__lt=timezone.make_aware(first_day_not_due)).order_by("looked_at", "pk")


def ask_for_confirmation() -> None:
    """Ask about every page that is due, once a round; each address gets one mail for all its pages."""
    interval = _interval()
    asked = ConfirmationRequest.objects.filter(page=OuterRef("pk"), asked_at__gt=timezone.now() - interval)
    due = pages_due().with_owner_path().exclude(Exists(asked))[:MOST_AT_ONCE]
    by_address = defaultdict(list)
    for page in due:
        for address in _addresses_of(page):
            by_address[address].append(page)
    for address, pages in by_address.items():
        for start in range(0, len(pages), MOST_IN_A_MAIL):
            _ask(address, pages[start : start + MOST_IN_A_MAIL], interval)


def find(token: str) -> ConfirmationRequest | None:
    """Return the question behind a link, whatever became of it, or None."""
    return ConfirmationRequest.objects.select_related("page").filter(digest=digest(token)).first()


@transaction.atomic
def answer(question: ConfirmationRequest, what: Answer, message: str = "") -> None:
    """Take the answer to `question`. Raises NotOpen.

    "Still true" is noted at once; any other answer goes to the editors, who decide.
    """
    now = timezone.now()
    open_ones = ConfirmationRequest.objects.filter(pk=question.pk, answer="", expires_at__gt=now, page__live=True)
    if not open_ones.update(answer=what, message=message, answered_at=now):
        raise NotOpen
    if what == Answer.CONFIRMED:
        confirm_page(question.page, timezone.localdate())
    else:
        _tell_editors(question.page, what, message)


def _interval() -> timedelta:
    site = Site.objects.filter(is_default_site=True).first()
    months = SiteSettings.for_site(site).confirm_after_months if site else 0
    return timedelta(days=round(months * _DAYS_A_MONTH))


def _addresses_of(page) -> list[str]:
    if page.contact_email:
        return [page.contact_email.lower()]
    group = OrganisationGroup.objects.filter(organisation__path=page.owner_path).select_related("group").first()
    people = group.group.user_set.filter(is_active=True) if group else editors().none()
    addresses = _with_address(people) or _with_address(editors())
    return sorted(addresses)


def _with_address(people: Iterable) -> set[str]:
    return {person.email.lower() for person in people if person.email}


def _ask(address: str, pages: list, interval: timedelta) -> None:
    """Ask `address` about `pages`; where another worker has just done so, nothing happens."""
    now = timezone.now()
    tokens = [secrets.token_urlsafe(16) for _ in pages]
    rows = [
        ConfirmationRequest(
            page=page,
            address=address,
            due_on=_round(timezone.localdate(page.looked_at), interval),
            digest=digest(token),
            expires_at=now + FRESHNESS.lifetime,
        )
        for page, token in zip(pages, tokens, strict=True)
    ]
    try:
        with transaction.atomic():
            ConfirmationRequest.objects.bulk_create(rows)
            queue(_notice(address, pages, tokens))
    except IntegrityError:
        return


def _round(looked_at: date, interval: timedelta) -> date:
    """Return when the page became due for the last time: whoever does not answer is asked again a round later."""
    return looked_at + (timezone.localdate() - looked_at) // interval * interval


def _notice(address: str, pages: list, tokens: list[str]) -> Notice:
    one = len(pages) == 1
    return Notice(
        address=address,
        subject=f"Stimmt das noch? „{pages[0].title}“" + ("" if one else f" und {len(pages) - 1} weitere"),
        paragraphs=(
            f"{'Diese Seite ist' if one else 'Diese Seiten sind'} länger nicht bestätigt worden. Bitte sehen Sie nach, ob die "
            "Angaben noch stimmen, und wählen Sie dann, was zutrifft. Anmelden müssen Sie sich nicht.",
            f"Jeder Link öffnet eine Seite, auf der Sie Ihre Antwort absenden. Die Links gelten {FRESHNESS.lifetime.days} Tage.",
        ),
        actions=tuple(
            Action(f"„{page.title}“ {label}", f"{absolute(reverse('freshness', args=[token]))}#{part}")
            for page, token in zip(pages, tokens, strict=True)
            for label, part in _LINKS
        ),
    )


def _tell_editors(page: PracticePage, what: Answer, message: str) -> None:
    wish = "soll archiviert werden" if what == Answer.ARCHIVE else "stimmt nicht mehr ganz"
    link = Action("Seite bearbeiten", absolute(AdminURLFinder().get_edit_url(page.specific)))
    how = (
        ("Zum Archivieren schreiben Sie auf der Seite unter „Veröffentlichung“ in „Archiviert, weil“ den Grund.",)
        if what == Answer.ARCHIVE
        else ()
    )
    paragraphs = (f"„{page.title}“ {wish}. Das schreibt, wer dafür zuständig ist:", *message.splitlines(), *how)
    queue(
        *(
            Notice(address, f"„{page.title}“ {wish}", paragraphs, (link,))
            for address in sorted(_with_address(editors()))
        )
    )
