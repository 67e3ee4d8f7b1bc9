"""One link that works of each kind that carries a secret, made the way people get it."""

import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from editing import invitations
from editing.freshness import ask_for_confirmation
from editing.models import Invitation, PartnerLink
from editing.secret_links import PARTNER
from feeds.models import Mail
from practices.models import PracticePage
from tests.factories import ToolFactory
from tests.feeds.factories import SubscriptionFactory
from tests.practices.rich_practices import make_document

CODE, STATE = "4/0AfJohXn-code-of-the-provider", "state-of-the-session-0123"


@dataclass(frozen=True)
class Link:
    """An address, and what of it opens something."""

    address: str
    secrets: tuple[str, ...]


def live_links(organisation) -> dict[str, Link]:
    """Return links to every address with a secret, by the name of the address."""
    subscriber = SubscriptionFactory().subscriber
    request = SubscriptionFactory(confirmed_at=None)
    partner = PartnerLink.objects.create(
        page=_draft(organisation), partner="Verband West", expires_at=timezone.now() + PARTNER.lifetime
    )
    [file] = set(re.findall(r"/mitlesen/datei/[^\s\"]+", _content(reverse("partner_reading", args=[partner.token]))))
    return {
        "subscription_confirm": _link("subscription_confirm", request.confirm_token),
        "subscription_leave": _link("subscription_leave", subscriber.leave_token),
        "subscription_manage": _link("subscription_manage", subscriber.manage_token),
        "subscription_export": _link("subscription_export", subscriber.manage_token),
        "subscription_change": _link("subscription_change", subscriber.manage_token, "rhythmus"),
        "partner_reading": _link("partner_reading", partner.token),
        "partner_file": Link(file, (file.rpartition("/")[2],)),
        "freshness": _mailed(lambda: _ask_about_old_page(organisation)),
        "invitation": _mailed(
            lambda: invitations.send(
                Invitation(email="neu@example.org", role="mitwirkung", organisation=organisation), AnonymousUser()
            )
        ),
        "account_reset_password_from_key": _mailed(_forget_password),
        "openid_connect_callback": Link(
            f"{reverse('openid_connect_callback')}?code={CODE}&state={STATE}", (CODE, STATE)
        ),
    }


def _link(name: str, token: str, *more: str) -> Link:
    return Link(reverse(name, args=[token, *more]), (token,))


def _mailed(send) -> Link:
    """Return the link in the mail that `send` causes; in those to a new password the account stands before the secret."""
    send()
    path = urlsplit(Mail.objects.latest("pk").notice["actions"][0]["url"]).path
    last = path.strip("/").rpartition("/")[2]
    return Link(path, (last.partition("-")[2] if "/passwort/" in path else last,))


def _content(address: str) -> str:
    return Client().get(address).content.decode()


def _draft(organisation) -> PracticePage:
    page = ToolFactory(parent=organisation, title="Entwurf", live=False)
    page.documents = [("document", {"document": make_document("Leitfaden", "leitfaden.pdf")})]
    page.save_revision()
    return page


def _ask_about_old_page(organisation) -> None:
    page = ToolFactory(parent=organisation, title="Alt", contact_email="projekt@example.org")
    page.save_revision().publish()
    PracticePage.objects.filter(pk=page.pk).update(last_published_at=timezone.now() - timedelta(days=400))
    ask_for_confirmation()


def _forget_password() -> None:
    User.objects.create_user("vergisst", "vergisst@example.org", "ein langes Kennwort mit Sinn")
    Client().post(reverse("account_reset_password"), {"email": "vergisst@example.org"})
