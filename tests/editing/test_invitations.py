"""Invitations: nobody offers more than they have, a link opens one door once, whoever opens it gets a role."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail as mailbox
from django.urls import reverse
from django.utils import timezone

from editing.invitations import Role
from editing.models import Invitation
from editing.organisation_groups import group_of
from editing.roles import ADMINISTRATORS, EDITORS, REVIEWERS, reviewers_for
from feeds.sending import send_due
from practices.models import FieldOfAction
from tests.factories import OrganisationFactory, ProjectFactory

pytestmark = pytest.mark.one_database

LIST = "/verwaltung/einladungen/"
PASSWORD = "ein langes Kennwort mit Sinn"
NEW = {"name": "Beispiel Person", "password": PASSWORD, "repeated": PASSWORD}


def signed_in(client, *groups) -> User:
    user = User.objects.create_user(f"konto-{User.objects.count()}", f"konto{User.objects.count()}@example.org")
    user.groups.set([group if isinstance(group, Group) else Group.objects.get(name=group) for group in groups])
    client.force_login(user)
    return user


@pytest.fixture
def editor(client, site):
    return signed_in(client, EDITORS)


def invite(client, role=Role.REVIEWER, email="neu@example.org", **more):
    return client.post(LIST, {"email": email, "role": role, **more})


def link() -> str:
    """The path in the last mail that went out."""
    for _pause in send_due():
        pass
    return re.search(r"https?://[^/]+(/konto/einladung/\S+)", mailbox.outbox[-1].body)[1]


def test_somebody_new_gets_an_account_and_the_role(client, editor, organisation):
    invite(client, Role.CONTRIBUTOR, organisation=organisation.pk)
    client.logout()
    address = link()
    page = client.get(address).content.decode()
    assert "Werkstatt Nord" in page
    response = client.post(address, NEW)
    assert response.url == reverse("wagtailadmin_home")
    user = User.objects.get(email="neu@example.org")
    assert list(user.groups.all()) == [group_of(organisation)]
    assert (user.first_name, user.last_name) == ("Beispiel", "Person")
    assert user.check_password(PASSWORD)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get(reverse("wagtailadmin_home")).status_code == 200


def test_reviewers_are_invited_for_their_fields(client, editor, organisation):
    field, other = FieldOfAction.objects.all()[:2]
    invite(client, Role.REVIEWER, fields_of_action=[field.pk])
    client.logout()
    client.post(link(), NEW)
    page = ProjectFactory(parent=organisation)
    page.fields_of_action.add(other)
    assert not reviewers_for(page).exists()
    page.fields_of_action.add(field)
    assert [user.email for user in reviewers_for(page)] == ["neu@example.org"]


def test_looking_changes_nothing(client, editor):
    invite(client)
    client.logout()
    client.get(link())
    assert Invitation.objects.get().is_open
    assert not User.objects.filter(email="neu@example.org").exists()


def test_a_link_works_once(client, editor):
    invite(client)
    client.logout()
    address = link()
    client.post(address, NEW)
    client.logout()
    again = client.post(address, NEW | {"name": "Andere Person"})
    assert again.status_code == 410
    assert "schon angenommen" in again.content.decode()
    assert User.objects.filter(email="neu@example.org").count() == 1


@pytest.mark.parametrize("end", ["expired", "revoked", "sent again"])
def test_a_link_that_is_over_says_what_to_do(client, editor, end):
    invite(client)
    address = link()
    invitation = Invitation.objects.get()
    if end == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    else:
        client.post(reverse("invitation_revoke" if end == "revoked" else "invitation_send", args=[invitation.pk]))
    client.logout()
    response = client.post(address, NEW)
    assert response.status_code in (404, 410)
    assert "gilt nicht mehr" in response.content.decode()
    assert not User.objects.filter(email="neu@example.org").exists()


def test_nobody_is_flooded_with_the_same_invitation(client, editor, later):
    invite(client)
    again = reverse("invitation_send", args=[Invitation.objects.get().pk])
    for _time in range(2):
        assert "noch einmal unterwegs" in client.post(again, follow=True).content.decode()
    digest = Invitation.objects.get().digest
    shown = client.post(again, follow=True).content.decode()
    assert "An diese Adresse gingen heute schon mehrere Einladungen" in shown
    assert Invitation.objects.get().digest == digest, "the link on its way is void"
    link()
    assert len(mailbox.outbox) == 3
    later(24 * 60 * 60)
    assert "noch einmal unterwegs" in client.post(again, follow=True).content.decode()


def test_who_invites_reads_that_an_account_is_closed(client, editor):
    User.objects.create_user("weg", "Weg@example.org", is_active=False)
    shown = invite(client, email="weg@example.org").content.decode()
    assert "Der Zugang zu dieser Adresse ist geschlossen." in shown
    assert not Invitation.objects.exists()


def test_who_was_invited_before_the_account_was_closed_reads_whom_to_ask(client, editor):
    user = User.objects.create_user("weg", "weg@example.org")
    invite(client, email="weg@example.org")
    User.objects.filter(pk=user.pk).update(is_active=False)
    client.logout()
    shown = client.get(link()).content.decode()
    assert "Bitte wenden Sie sich an die Person, die Sie eingeladen hat." in shown
    assert reverse("account_login") not in shown.split("</h1>")[1].split("</main>")[0]


def test_a_link_nobody_sent_is_not_found(client, site):
    assert client.get("/konto/einladung/erfunden/").status_code == 404


def test_what_is_behind_a_link_is_kept_by_nobody(client, editor):
    invite(client)
    client.logout()
    response = client.get(link())
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Bitte nennen Sie Ihren Namen."),
        ({"password": "kurz", "repeated": "kurz"}, "zu kurz"),
        ({"repeated": "etwas anderes"}, "Die beiden Passwörter sind verschieden."),
        ({"password": "neu@example.org", "repeated": "neu@example.org"}, "zu ähnlich"),
    ],
)
def test_mistakes_are_named_and_the_rest_is_kept(client, editor, wrong, said):
    invite(client)
    client.logout()
    response = client.post(link(), NEW | wrong)
    page = response.content.decode()
    assert response.status_code == 400
    assert said in page
    assert (NEW | wrong)["name"] in page
    assert Invitation.objects.get().is_open


def test_who_has_an_account_signs_in_and_gets_the_role(client, editor):
    known = User.objects.create_user("alt", "neu@example.org", PASSWORD)
    invite(client)
    client.logout()
    address = link()
    assert "schon einen Zugang" in client.get(address).content.decode()
    client.post(address, NEW)
    assert not known.groups.exists(), "a link is no way into an account that exists"
    client.force_login(known)
    client.post(address)
    assert [group.name for group in known.groups.all()] == [REVIEWERS]


def test_others_can_not_take_it(client, editor):
    invite(client)
    address = link()
    stranger = signed_in(client)
    assert "mit einem anderen Zugang angemeldet" in client.get(address).content.decode()
    client.post(address, NEW)
    assert not stranger.groups.exists()
    assert Invitation.objects.get().is_open


OFFERS = {
    ADMINISTRATORS: set(Role),
    EDITORS: {Role.CONTRIBUTOR, Role.REVIEWER},
    REVIEWERS: set(),
    "own": {Role.CONTRIBUTOR},
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("group", list(OFFERS))
def test_nobody_offers_more_than_they_may(client, organisation, group, role):
    signed_in(client, group_of(organisation) if group == "own" else group)
    invite(client, role, organisation=organisation.pk)
    assert Invitation.objects.exists() == (role in OFFERS[group])


def test_contributors_invite_to_their_own_organisation_alone(client, organisation, site):
    foreign = OrganisationFactory(parent=site, title="Andere")
    signed_in(client, group_of(organisation))
    page = invite(client, Role.CONTRIBUTOR, organisation=foreign.pk).content.decode()
    assert "Zu dieser Organisation können Sie nicht einladen." in page
    assert not Invitation.objects.exists()


def test_contributors_see_and_touch_invitations_of_their_organisation_alone(client, organisation, site):
    foreign = OrganisationFactory(parent=site, title="Andere")
    signed_in(client, EDITORS)
    invite(client, Role.CONTRIBUTOR, "dort@example.org", organisation=foreign.pk)
    invite(client, Role.REVIEWER, "prueft@example.org")
    invite(client, Role.CONTRIBUTOR, "hier@example.org", organisation=organisation.pk)
    client.get(LIST)  # shows what was said about sending them
    signed_in(client, group_of(organisation))
    page = client.get(LIST).content.decode()
    assert "hier@example.org" in page
    assert "dort@example.org" not in page
    assert "prueft@example.org" not in page
    for invitation in Invitation.objects.exclude(email="hier@example.org"):
        for action in ("invitation_revoke", "invitation_send"):
            assert client.post(reverse(action, args=[invitation.pk])).status_code == 404
    assert Invitation.objects.open().count() == 3


def test_a_contributor_without_organisation_is_asked_for_one(client, editor):
    page = invite(client, Role.CONTRIBUTOR, email="wer@example.org").content.decode()
    assert "Bitte wählen Sie die Organisation" in page
    assert "wer@example.org" in page


def test_inviting_again_makes_the_older_link_void(client, editor):
    invite(client)
    first = link()
    invite(client)
    client.logout()
    assert client.get(first).status_code == 410
    assert client.get(link()).status_code == 200


def test_an_hour_has_room_for_so_many(client, editor, later):
    for number in range(60):
        assert invite(client, email=f"neu{number}@example.org").status_code == 302
    response = invite(client, email="zuviel@example.org")
    assert response.status_code == 429
    assert "oder Sie haben sehr viele verschickt." in response.content.decode()
    assert "zuviel@example.org" in response.content.decode()
    assert Invitation.objects.count() == 60
    later(60 * 60)
    assert invite(client, email="zuviel@example.org").status_code == 302


def test_administrators_can_not_touch_who_runs_the_platform(client, site):
    boss = User.objects.create_superuser("betrieb", "betrieb@example.org", PASSWORD)
    signed_in(client, ADMINISTRATORS)
    address = reverse("wagtailusers_users:edit", args=[boss.pk])
    assert client.get(address).status_code == 302
    data = {"username": "betrieb", "email": "x@example.org", "first_name": "X", "last_name": "Y", "is_active": "on"}
    client.post(address, data | {"password1": "geraubt und genommen", "password2": "geraubt und genommen"})
    boss.refresh_from_db()
    assert boss.check_password(PASSWORD)
    assert boss.email == "betrieb@example.org"
