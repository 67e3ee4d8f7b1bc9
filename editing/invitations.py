"""Inviting people: who may offer which role, and how an invitation is sent, taken back and accepted."""

import secrets

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from editing.models import Invitation, ReviewScope
from editing.organisation_groups import group_of
from editing.roles import ADMINISTRATORS, EDITORS, REVIEWERS, contributes, has_role
from editing.secret_links import INVITATION
from feeds.entries import absolute
from feeds.notices import Action, Notice, queue
from feeds.tokens import digest
from limits.counting import mailbox_of, spend
from practices.models import OrganisationPage

Role = Invitation.Role
_GROUPS = {Role.REVIEWER: REVIEWERS, Role.EDITOR: EDITORS, Role.ADMINISTRATOR: ADMINISTRATORS}


class NotOpen(Exception):
    """The invitation was accepted, taken back, or has expired."""


def roles_offered_by(user) -> list[Role]:
    """Return the roles `user` may offer: nobody offers more than they have, and reviewers offer none."""
    if has_role(user, ADMINISTRATORS):
        return list(Role)
    if has_role(user, EDITORS):
        return [Role.CONTRIBUTOR, Role.REVIEWER]
    return [Role.CONTRIBUTOR] if contributes(user) else []


def organisations_of(user) -> QuerySet[OrganisationPage]:
    """Return the organisations to which `user` may invite: all, or those `user` contributes to."""
    organisations = OrganisationPage.objects.order_by("title")
    if has_role(user, ADMINISTRATORS, EDITORS):
        return organisations
    return organisations.filter(contributors__group__in=user.groups.all())


def invitations_of(user) -> QuerySet[Invitation]:
    """Return the invitations `user` may look at, send again and take back: of roles `user` may offer, where they may."""
    found = Invitation.objects.filter(role__in=roles_offered_by(user)).select_related("organisation", "invited_by")
    return found.filter(Q(organisation=None) | Q(organisation__in=organisations_of(user)))


@transaction.atomic
def send(invitation: Invitation, user) -> None:
    """Save `invitation`, for the first time or again, and mail a fresh link; older links and offers of the same are void.

    Raises LimitReached where `user` sent enough, or the mailbox got enough.
    """
    mailbox = mailbox_of(invitation.email)
    offer = f"{invitation.role} {invitation.organisation_id} {mailbox}"
    spend("invitation", offer=offer, mailbox=mailbox, person=user.pk)
    token = secrets.token_urlsafe(16)
    now = timezone.now()
    same = Invitation.objects.open().filter(email__iexact=invitation.email, role=invitation.role)
    same.filter(organisation=invitation.organisation).exclude(pk=invitation.pk).update(revoked_at=now)
    invitation.digest, invitation.expires_at = digest(token), now + INVITATION.lifetime
    invitation.save()
    queue(_notice(invitation, absolute(reverse("invitation", args=[token]))))


def _notice(invitation: Invitation, link: str) -> Notice:
    until = timezone.localtime(invitation.expires_at)
    where = f" für „{invitation.organisation.title}“" if invitation.organisation else ""
    role = invitation.get_role_display().split(":")[0]
    return Notice(
        address=invitation.email,
        subject="Einladung zu TransferHub",
        paragraphs=(
            f"Sie sind eingeladen, auf TransferHub mitzuarbeiten{where}. Ihre Rolle: {role}.",
            "Öffnen Sie den Link, nennen Sie Ihren Namen und wählen Sie ein Passwort. Dann können Sie anfangen.",
            f"Der Link gilt bis zum {until:%d.%m.%Y}. Bitte geben Sie ihn nicht weiter.",
            "Haben Sie damit nicht gerechnet? Dann brauchen Sie nichts zu tun.",
        ),
        actions=(Action("Einladung ansehen", link),),
    )


def revoke(invitation: Invitation) -> bool:
    """Take `invitation` back; False where it is not open any more."""
    return bool(Invitation.objects.open().filter(pk=invitation.pk).update(revoked_at=timezone.now()))


def find(token: str) -> Invitation | None:
    """Return the invitation behind a link, whatever became of it, or None."""
    return Invitation.objects.select_related("organisation", "invited_by").filter(digest=digest(token)).first()


def account_of(email: str):
    """Return the account with `email`, as address or as name to sign in with, or None."""
    return get_user_model().objects.filter(Q(email__iexact=email) | Q(username__iexact=email)).order_by("pk").first()


@transaction.atomic
def accept_with_new_account(invitation: Invitation, name: str, password: str):
    """Make an account for who was invited, give it the role, and return it.

    Raises NotOpen, also where somebody else has just accepted, or where the address has an account by now.
    """
    locked = _lock(invitation)
    if account_of(locked.email) is not None:
        raise NotOpen
    first, _, last = name.strip().rpartition(" ")
    user = get_user_model().objects.create_user(
        locked.email, locked.email, password, first_name=first[:150], last_name=last[:150]
    )
    _give_role(locked, user)
    return user


@transaction.atomic
def accept(invitation: Invitation, user) -> None:
    """Give the role to `user`, whose address was invited. Raises NotOpen."""
    locked = _lock(invitation)
    if account_of(locked.email) != user:
        raise NotOpen
    _give_role(locked, user)


def _lock(invitation: Invitation) -> Invitation:
    locked = Invitation.objects.open().select_for_update().filter(pk=invitation.pk).first()
    if locked is None:
        raise NotOpen
    return locked


def _give_role(invitation: Invitation, user) -> None:
    if invitation.role == Role.CONTRIBUTOR:
        assert invitation.organisation is not None  # noqa: S101 - the form asks for one, and it cascades
        group = group_of(invitation.organisation)
    else:
        group = Group.objects.get(name=_GROUPS[Role(invitation.role)])
    user.groups.add(group)
    if invitation.role == Role.REVIEWER:
        scope, _ = ReviewScope.objects.get_or_create(user=user)
        scope.fields_of_action.set(invitation.fields_of_action.all())
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
