"""Handing over when somebody leaves: what was theirs goes to a successor, and their account is closed."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import Page

from editing.models import OrganisationGroup
from editing.roles import ADMINISTRATORS, EDITORS, has_role
from practices.models import OrganisationPage, PracticePage
from practices.page_files import FILES


@dataclass(frozen=True)
class HandOver:
    """What went over: how many pages, to how many organisations; and the pages that still name the leaver as contact."""

    pages: int
    organisations: int
    contacts: list[Page]


@transaction.atomic
def hand_over(leaver, successor=None) -> HandOver:
    """Close the account of `leaver` and give pages, media and organisations to `successor`, where there is one.

    The account stays, so that the history of pages goes on naming who wrote what. What `leaver` had locked is unlocked.
    Contacts are shown to readers and named with consent, so they are left for people to change. Raises ValueError where
    somebody would succeed themselves.
    """
    if leaver == successor:
        raise ValueError("nobody succeeds themselves")
    pages = Page.objects.filter(owner=leaver)
    groups = OrganisationGroup.objects.filter(group__user=leaver)
    report = HandOver(pages.count(), groups.count(), contacts_of(leaver))
    if successor is not None:
        # Who publishes everywhere does this work already; a group would go on asking them about pages and reviews.
        if not has_role(successor, EDITORS, ADMINISTRATORS):
            successor.groups.add(*[row.group_id for row in groups])
        pages.update(owner=successor)
        for model in FILES:
            model.objects.filter(uploaded_by_user=leaver).update(uploaded_by_user=successor)
    Page.objects.filter(locked_by=leaver).update(locked=False, locked_by=None, locked_at=None)
    leaver.groups.clear()
    get_user_model().objects.filter(pk=leaver.pk).update(is_active=False)
    return report


def contacts_of(user) -> list[Page]:
    """Return the organisations and practices whose contact has the address of `user`."""
    if not user.email:
        return []
    organisations: QuerySet = OrganisationPage.objects.filter(contact_email__iexact=user.email)
    practices: QuerySet = PracticePage.objects.filter(contact_email__iexact=user.email)
    return [*organisations.order_by("title"), *practices.order_by("title")]
