"""Create, move, save and publish the pages of an import, so that Wagtail's history is right."""

import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Page

from practices.exchange.catalogue import PAGE_MODELS
from practices.exchange.problems import Problem
from practices.exchange.reader import Line
from practices.exchange.schema import Record
from practices.models import OrganisationPage, PracticePage
from practices.services.find_pages import practice_index
from practices.slugs import unused_slug

# Where a field of a page has another name in the exchange format.
FIELD_NAMES = {
    "contact_name": "contact.name",
    "contact_role": "contact.role",
    "contact_email": "contact.email",
    "video_url": "video",
    "website": "url",
    "slug": "key",
    "__all__": "",
}


def page_ids() -> dict[str, int]:
    """Return the id of the page of every key."""
    return {key: pk for model in (OrganisationPage, PracticePage) for key, pk in model.objects.values_list("key", "pk")}


def create_page(record: Record, owner_id: int | None) -> Page:
    """Add the page of `record` below its owner, an organisation below the practice section: a draft yet to be filled in."""
    above = OrganisationPage.objects.get(pk=owner_id) if owner_id else practice_index()
    page = PAGE_MODELS[record.type](
        key=record.key,
        title=record.title,
        slug=_unused_slug(record.key, above),
        live=False,
        first_published_at=record.published and _noon(record.published),
    )
    return above.add_child(instance=page)


def page_to_edit(record: Record, publish: bool) -> Page:
    """Return the existing page of `record`: what is live to be published again, otherwise its newest draft."""
    page = PAGE_MODELS[record.type].objects.get(key=record.key)
    return page if publish and page.live else page.get_latest_revision_as_object()


def move_page(record: Record, owner_id: int, publish: bool) -> None:
    """Bring the page of `record` below the organisation `owner_id`; a live page only moves when it is published.

    The last part of its address changes only where it is taken there.
    """
    page = PAGE_MODELS[record.type].objects.get(key=record.key)
    owner = OrganisationPage.objects.get(pk=owner_id)
    if page.is_child_of(owner) or (page.live and not publish):
        return
    if owner.get_children().filter(slug=page.slug).exists():
        page.slug = _unused_slug(page.key, owner)
        page.save(clean=False)
    page.move(owner, pos="last-child")


def save_draft(page: Page, user: AbstractBaseUser | None) -> None:
    """Keep `page` as a draft of `user`; where it is live, readers go on seeing what they saw."""
    if not page.live:
        page.save()
    page.save_revision(user=user, clean=False, log_action=True)


def publish_page(page: Page, record: Record, user: AbstractBaseUser | None) -> None:
    """Put `page` online by way of a revision of `user`. Raises ValidationError where it may not be published as it is."""
    if record.published and record.published != _day(page.first_published_at):
        page.first_published_at = _noon(record.published)
    if isinstance(page, PracticePage):
        page.notify_followers = not page.live or _has_new_note(page)
    revision = page.save_revision(user=user, clean=False)
    # The revision says what `page` says. Reading it back, with a query for each row, takes a quarter of an import.
    revision.as_object = lambda: page
    revision.publish(user=user, skip_permission_checks=True)  # validates


def _has_new_note(page: PracticePage) -> bool:
    """Whether the change says what is new: without a word about it, it is a minor one."""
    return bool(page.change_note) and not PracticePage.objects.filter(pk=page.pk, change_note=page.change_note).exists()


def model_problems(line: Line, error: ValidationError) -> list[Problem]:
    """Return what the model says against publishing the page of `line`, in the words of the exchange format."""
    return [
        Problem(line.number, FIELD_NAMES.get(name, name), message)
        for name, messages in error.message_dict.items()
        for message in messages
    ]


def _unused_slug(key: str, above: Page) -> str:
    return unused_slug(key, lambda slug: above.get_children().filter(slug=slug).exists())


def _noon(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def _day(moment: datetime.datetime | None) -> datetime.date | None:
    return moment and timezone.localdate(moment)
