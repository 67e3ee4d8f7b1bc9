"""Nobody fills anybody's mailbox: every way to have a mail sent, fifty times and in many spellings."""

from collections import Counter

import pytest
from allauth.account.adapter import get_adapter
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from editing.models import Invitation, PartnerLink
from editing.organisation_groups import group_of
from editing.review_notices import tell_of_return
from editing.roles import EDITORS, REVIEWERS
from feeds.models import Mail, Subscription
from limits.counting import mailbox_of
from tests.editing.signing_in import person
from tests.factories import ToolFactory
from tests.feeds.factories import SubscriptionFactory

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.one_database]
TIMES = 50
DAY_S = 24 * 60 * 60


def spelling(number: int) -> str:
    """Return the mailbox of the victim as many servers read it."""
    name = ["opfer", "Opfer", f"opfer+{number}", "OPFER+a+b"][number % 4]
    return f"{name}@{['example.org', 'EXAMPLE.org'][number % 2]}"


def sent_to(mailbox: str = "opfer@example.org") -> int:
    """Return how many mails are under way to a mailbox."""
    found = Counter(mailbox_of(mail.notice["address"]) for mail in Mail.objects.filter(kind=Mail.Kind.NOTICE))
    links = Mail.objects.exclude(kind=Mail.Kind.NOTICE).exclude(subscriber=None)
    return found[mailbox] + sum(mailbox_of(mail.subscriber.email) == mailbox for mail in links)


def signed_in(name: str, *groups: str) -> Client:
    client = Client(REMOTE_ADDR=f"192.0.2.{User.objects.count()}")
    client.force_login(person(name, *groups))
    return client


def test_invitations_of_two_who_invite_again_and_take_back(organisation, later):
    clients = [signed_in("eins", EDITORS), signed_in("zwei", EDITORS)]
    for number in range(TIMES):
        data = {"email": spelling(number), "role": "pruefung" if number % 3 else "mitwirkung"}
        client = clients[number % 2]
        response = client.post(reverse("invitations"), data | {"organisation": organisation.pk})
        if response.status_code == 302:
            newest = Invitation.objects.order_by("pk").last()
            client.post(reverse("invitation_send" if number % 2 else "invitation_revoke", args=[newest.pk]))
    assert sent_to() == 5
    assert response.status_code == 429
    assert "Bitte versuchen Sie es" in response.content.decode()
    assert data["email"] in response.content.decode()
    assert Invitation.objects.count() <= 5
    later(DAY_S)
    assert clients[0].post(reverse("invitations"), data | {"organisation": organisation.pk}).status_code == 302


def test_links_for_partners_given_and_taken_back(organisation, later):
    clients = [signed_in("eins", EDITORS), signed_in("zwei", EDITORS)]
    pages = [ToolFactory(parent=organisation, title=f"Heft {number}") for number in range(5)]
    for number in range(TIMES):
        data = {"partner": "Verband", "email": spelling(number), "days": "30"}
        response = clients[number % 2].post(reverse("partner_links", args=[pages[number % 5].pk]), data)
        for link in PartnerLink.objects.open():
            clients[0].post(reverse("partner_link_revoke", args=[link.pk]))
    assert sent_to() == 10
    assert response.status_code == 429
    assert data["email"] in response.content.decode()
    assert PartnerLink.objects.count() == 10
    without = data | {"email": ""}
    assert clients[0].post(reverse("partner_links", args=[pages[0].pk]), without).status_code == 302
    later(DAY_S)
    assert clients[0].post(reverse("partner_links", args=[pages[0].pk]), data).status_code == 302


def test_subscriptions_and_links_to_them():
    SubscriptionFactory(subscriber__email="opfer@example.org", query="q=Sucht")
    form = {"frequency": "taeglich", "hour": "9"}
    answers = set()
    for number in range(TIMES):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        address = "/abo/link/" if number % 3 == 0 else f"/abo/?q=Wort{number}"
        answers.add(client.post(address, form | {"email": spelling(number)}).status_code)
    assert sent_to() == 3
    assert answers == {303}
    assert Subscription.objects.count() <= 4


def test_new_passwords_from_many_places(later):
    person("opfer")
    reset = reverse("account_reset_password")
    for number in range(TIMES):
        response = Client(REMOTE_ADDR=f"192.0.2.{number}").post(reset, {"email": spelling(number % 2)})
    assert sent_to() == 5
    assert response.status_code == 429
    later(60 * 60)
    for number in range(TIMES):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(reset, {"email": spelling(number % 2)})
    assert sent_to() == 10


def test_asking_in_vain_in_somebodys_name_takes_nothing_away_from_them():
    person("opfer")
    reset, form = reverse("account_reset_password"), {"frequency": "taeglich", "hour": "9"}
    for number in range(TIMES):
        stranger = Client(REMOTE_ADDR=f"192.0.2.{number}")
        stranger.post(reset, {"email": f"opfer+{number % 3}@example.org"})
        stranger.post("/abo/link/", {"email": spelling(number)})
    assert sent_to() == 0
    assert Client().post(reset, {"email": "opfer@example.org"}).status_code == 302
    assert Client().post("/abo/?q=Sucht", form | {"email": "opfer@example.org"}).status_code == 303
    assert sent_to() == 2


def test_new_passwords_of_many_from_one_place(later):
    reset = reverse("account_reset_password")
    statuses = [Client().post(reset, {"email": f"wer{number}@example.org"}).status_code for number in range(61)]
    assert statuses == [302] * 60 + [429]
    assert Client(REMOTE_ADDR="192.0.2.9").post(reset, {"email": "wer@example.org"}).status_code == 302


def test_news_of_ones_account(rf):
    adapter = get_adapter(rf.get("/"))
    for number in range(TIMES):
        for kind in ("mfa/email/totp_activated", "mfa/email/totp_deactivated"):
            adapter.send_mail(kind, spelling(number), {})
    assert sent_to() == 10
    adapter.send_mail("account/email/password_changed", "opfer@example.org", {})
    assert sent_to() == 11, "what matters more is told all the same"


def test_reviews_that_come_back_again_and_again(organisation):
    victim, reviewer = person("opfer"), person("prueft", REVIEWERS)
    page = ToolFactory(parent=organisation, live=False, owner=victim)
    page.save_revision(user=victim)
    page.get_workflow().start(page, victim)
    state = page.workflow_states.get()
    for _time in range(TIMES):
        tell_of_return(state, reviewer)
    assert sent_to() == 6


def test_remarks_of_partners_are_kept_even_where_no_mail_goes_out(organisation, later):
    victim = person("opfer")
    victim.groups.add(group_of(organisation))
    for number in range(2):
        page = ToolFactory(parent=organisation, title=f"Heft {number}", owner=victim)
        page.save_revision(user=victim)
        link = PartnerLink.objects.create(
            page=page,
            partner="Verband",
            created_by=victim,
            expires_at=page.latest_revision_created_at.replace(year=2099),
        )
        for place in range(TIMES):
            client = Client(REMOTE_ADDR=f"192.0.2.{place}")
            client.post(reverse("partner_reading", args=[link.token]), {"name": "Wer", "text": "Noch etwas."})
        assert link.remarks.count() == 20
    assert sent_to() == 20
