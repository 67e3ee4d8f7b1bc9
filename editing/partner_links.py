"""Reading along: links for partner organisations, and what they answer. What they say never publishes anything."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, WorkflowState

from editing.models import PartnerLink, PartnerRemark
from editing.roles import editors
from feeds.entries import absolute
from feeds.notices import Action, Notice, queue, queue_within
from feeds.tokens import digest
from limits.counting import mailbox_of, spend
from practices.richtext import clean_draft

MOST_OPEN_LINKS = 20
KEPT = timedelta(days=365)


def address_of(link: PartnerLink) -> str:
    """Return the full address behind which the partner reads."""
    return absolute(reverse("partner_reading", args=[link.token]))


def has_enough_links(page: Page) -> bool:
    """Return whether `page` has as many open links as a page may have."""
    return PartnerLink.objects.open().filter(page_id=page.pk).count() >= MOST_OPEN_LINKS


@transaction.atomic
def offer(link: PartnerLink, title: str) -> None:
    """Save the new `link` to the page called `title`, and mail it where it has an address. Raises LimitReached."""
    spend("partner_link", person=link.created_by_id)
    if link.email:
        mailbox = mailbox_of(link.email)
        spend("partner_mail", page=f"{link.page_id} {mailbox}", mailbox=mailbox, person=link.created_by_id)
    link.save()
    log(instance=link.page, action="editing.partner_link", user=link.created_by, data={"partner": link.partner})
    if link.email:
        until = timezone.localtime(link.expires_at)
        wish = "Sie können dort Kommentare schreiben" + (" und dem Text zustimmen." if link.may_approve else ".")
        queue(
            Notice(
                address=link.email,
                subject=f"Bitte lesen Sie mit: „{title}“",
                paragraphs=(
                    f"Sie können „{title}“ lesen, bevor der Text veröffentlicht wird. {wish}",
                    f"Der Link gilt bis zum {until:%d.%m.%Y}. Sie brauchen keinen Zugang. Wer den Link kennt, kann den Entwurf "
                    "lesen: Bitte geben Sie ihn nur innerhalb Ihrer Organisation weiter.",
                ),
                actions=(Action("Entwurf lesen", address_of(link)),),
            )
        )


@transaction.atomic
def revoke(link: PartnerLink, user) -> bool:
    """Close `link`; False where it was not open any more. What was said stays."""
    is_closed = bool(PartnerLink.objects.open().filter(pk=link.pk).update(revoked_at=timezone.now()))
    if is_closed:
        log(instance=link.page, action="editing.partner_link_revoked", user=user, data={"partner": link.partner})
    return is_closed


def find(token: str) -> PartnerLink | None:
    """Return the link with `token` and its page, whatever became of it, or None."""
    return PartnerLink.objects.select_related("page").filter(digest=digest(token)).first()


def newest_text(link: PartnerLink) -> Page:
    """Return the page of `link` as it was saved last, published or not: that is what may be read with it."""
    page = link.page.get_latest_revision_as_object()
    clean_draft(page)
    return page


@transaction.atomic
def say(link: PartnerLink, page: Page, *, name: str, text: str, approves: bool, is_about_newest: bool) -> None:
    """Keep what somebody said about `page`, in its newest text or an older one, and tell those who work on it."""
    PartnerRemark.objects.create(
        link=link,
        name=name,
        text=text,
        approves=approves,
        revision_id=page.latest_revision_id if is_about_newest else None,
        text_from=page.latest_revision_created_at if is_about_newest else None,
    )
    action = "editing.partner_approval" if approves else "editing.partner_comment"
    log(instance=page, action=action, data={"partner": link.partner, "name": name})
    title = page.get_admin_display_title()
    done = "stimmt zu" if approves else "hat kommentiert"
    paragraphs = [f"{name} ({link.partner}) {done}: „{title}“", *text.splitlines()]
    to_the_page = Action("Im Redaktionsbereich ansehen", absolute(reverse("partner_links", args=[page.pk])))
    queue_within(
        "remark_mail",
        *(
            Notice(address, f"{link.partner} {done}: „{title}“", [line for line in paragraphs if line], (to_the_page,))
            for address in _addresses(link, page)
        ),
    )


def _addresses(link: PartnerLink, page: Page) -> dict[str, None]:
    """Return the addresses of those who made the link, own the page or handed it in; the editors' where none is left."""
    state: WorkflowState | None = page.current_workflow_state
    people = [link.created_by, page.owner, state.requested_by if state else None]
    present = [person for person in people if person and person.is_active and person.email]
    return dict.fromkeys(person.email for person in present or editors() if person.email)


def forget_partner_links() -> None:
    """Delete links that ended a year ago, with what was said by them."""
    PartnerLink.objects.filter(expires_at__lt=timezone.now() - KEPT).delete()
