"""Who manages accounts changes none that may do more, and gives nobody more than they have, themselves least of all."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page

from editing.accounts import accounts_above, groups_offered_by
from editing.models import Invitation
from editing.organisation_groups import group_of
from editing.roles import ADMINISTRATORS, EDITORS, REVIEWERS
from tests.editing.signing_in import PASSWORD, person, sign_in

pytestmark = pytest.mark.one_database
_WORDS = {"email": "neu@example.org", "first_name": "Neu", "last_name": "Neu", "is_active": "on"}


@pytest.fixture
def administrator(client, organisation):
    user = person("verwaltet", ADMINISTRATORS)
    client.force_login(user)
    return user


@pytest.fixture
def technicians(db):
    """A group that may do what administrators may not: change sites, and with it accounts in the end."""
    group = Group.objects.create(name="Technik")
    group.permissions.add(*Permission.objects.filter(codename__in=["change_site", "change_group", "access_admin"]))
    return group


def _row(user: User) -> tuple:
    return User.objects.filter(pk=user.pk).values().get(), *user.groups.order_by("pk").values_list("pk", flat=True)


def _edit(client, user: User, **more):
    return client.post(
        reverse("wagtailusers_users:edit", args=[user.pk]), {"username": user.username, **_WORDS, **more}
    )


def _together(client, action: str, users: list[User], data: dict):
    address = reverse("wagtail_bulk_action", args=["auth", "user", action])
    marked = "&".join(f"id={user.pk}" for user in users)
    return client.post(f"{address}?{marked}&next=/verwaltung/", data)


def test_administrators_offer_every_role_and_organisation(administrator, organisation, technicians):
    offered = set(groups_offered_by(administrator))
    assert offered >= {group_of(organisation), *Group.objects.filter(name__in=[REVIEWERS, EDITORS, ADMINISTRATORS])}
    assert technicians not in offered


def test_a_role_is_offered_whatever_this_installation_lets_it_do(administrator):
    editors = Group.objects.get(name=EDITORS)
    editors.permissions.add(Permission.objects.get(codename="add_collection"))
    assert editors in groups_offered_by(administrator)
    assert person("redigiert", EDITORS) not in accounts_above(administrator)


def test_rights_to_pages_count_where_they_hold(organisation):
    """Who may change one organisation does not offer the right to change another, or all of them."""
    contributor = person("wirkt mit")
    contributor.groups.add(group_of(organisation))
    below, above = Group.objects.create(name="darunter"), Group.objects.create(name="darüber")
    change = Permission.objects.get(codename="change_page")
    GroupPagePermission.objects.create(group=below, page=organisation, permission=change)
    GroupPagePermission.objects.create(group=above, page=Page.get_first_root_node(), permission=change)
    assert {below, above} & set(groups_offered_by(contributor)) == {below}


@pytest.mark.parametrize("action", ["edit", "delete", "lost_factor"])
def test_an_account_that_may_do_more_is_left_alone(client, administrator, technicians, action):
    Group.objects.get(name=ADMINISTRATORS).permissions.add(Permission.objects.get(codename="delete_user"))
    above = person("technik", technicians.name)
    address = reverse(action if action == "lost_factor" else f"wagtailusers_users:{action}", args=[above.pk])
    before = _row(above)
    words = {"username": "technik", "password1": PASSWORD + "!", "password2": PASSWORD + "!", **_WORDS}
    answers = client.get(address), client.post(address, words)
    assert [answer.headers.get("Location") for answer in answers] == [reverse("wagtailadmin_home")] * 2
    assert _row(above) == before


@pytest.mark.parametrize("action", ["assign_role", "set_active_state", "delete"])
def test_neither_among_many(client, administrator, technicians, action):
    Group.objects.get(name=ADMINISTRATORS).permissions.add(Permission.objects.get(codename="delete_user"))
    above, other = person("technik", technicians.name), person("andere")
    before = _row(above), _row(other)
    role = Group.objects.get(name=EDITORS).pk
    _together(client, action, [above, other], {"role": role, "mark_as_active": "False"})
    assert (_row(above), _row(other)) == before


def test_nobody_gets_a_group_that_may_do_more(client, administrator, technicians):
    other = person("andere")
    _edit(client, other, groups=[technicians.pk])
    _together(client, "assign_role", [other], {"role": technicians.pk})
    words = {"username": "ganz-neu", "password1": PASSWORD, "password2": PASSWORD, **_WORDS}
    client.post(reverse("wagtailusers_users:add"), words | {"groups": [technicians.pk]})
    assert not technicians.user_set.exists()


def test_nobody_changes_what_they_may_do_themselves(client, administrator):
    editors = Group.objects.get(name=EDITORS)
    client.post(reverse("invitations"), {"email": administrator.email.upper(), "role": "redaktion"})
    _edit(client, administrator, groups=[editors.pk], is_superuser="on")
    _together(client, "assign_role", [administrator], {"role": editors.pk})
    administrator.refresh_from_db()
    assert [group.name for group in administrator.groups.all()] == [ADMINISTRATORS]
    assert not administrator.is_superuser
    assert not Invitation.objects.exists()


def test_somebody_else_does(client, administrator):
    other = person("andere")
    _edit(client, other, groups=[Group.objects.get(name=EDITORS).pk])
    assert [group.name for group in other.groups.all()] == [EDITORS]


def test_groups_are_for_superusers_even_where_administrators_have_the_right_of_django(client, administrator):
    group = Group.objects.get(name=ADMINISTRATORS)
    group.permissions.add(*Permission.objects.filter(content_type__app_label="auth"))
    for address in ("index", "add"):
        assert client.get(reverse(f"wagtailusers_groups:{address}")).status_code == 302
    for address in ("edit", "delete"):
        assert client.post(reverse(f"wagtailusers_groups:{address}", args=[group.pk]), {"name": "x"}).status_code == 302
    assert Group.objects.filter(name=ADMINISTRATORS).exists()


@pytest.mark.parametrize("name", ["CHEFIN", "Chefin", "chefin", "chefin@example.org", "CHEFIN@example.org"])
def test_no_account_gets_a_name_that_signs_in_another(client, administrator, name):
    User.objects.create_superuser("chefin", "chefin@example.org", PASSWORD)
    other = person("andere")
    passwords = {"password1": PASSWORD + "!", "password2": PASSWORD + "!"}
    shown = client.post(reverse("wagtailusers_users:add"), _WORDS | {"username": name} | passwords).content.decode()
    assert "Mit diesem Namen meldet sich schon jemand anderes an" in shown
    _edit(client, other, username=name)
    assert set(User.objects.values_list("username", flat=True)) == {"chefin", "andere", administrator.username}
    _edit(client, other, username="ANDERE")
    assert User.objects.filter(username="ANDERE").exists(), "of one's own name the capitals may change"


def test_a_session_ends_where_somebody_signs_out_and_not_before(client, administrator):
    address = reverse("wagtailadmin_logout")
    refused = client.get(address)
    assert (refused.status_code, refused.cookies) == (405, {})
    client.post(address)
    assert client.get(reverse("wagtailadmin_home")).status_code == 302


def test_nobody_takes_an_account_over_by_copying_it(client, administrator):
    chief = User.objects.create_superuser("chefin", "chefin@example.org", PASSWORD)
    before = _row(chief)
    passwords = {"password1": PASSWORD + "!", "password2": PASSWORD + "!"}
    words = {"username": "kopie", "is_superuser": "on", **_WORDS, **passwords}
    assert client.post(f"/verwaltung/users/copy/{chief.pk}/", words).status_code == 404
    assert _row(chief) == before


@pytest.mark.parametrize("taken", ["andere@example.org", "Andere@Example.ORG", "name@example.org"])
def test_no_account_gets_the_address_of_another(client, administrator, taken):
    person("andere")
    User.objects.create_user("Name@example.org", "post@example.org")
    mine = person("meins")
    for response in (
        _edit(client, mine, email=taken),
        client.post(
            reverse("wagtailusers_users:add"),
            {**_WORDS, "username": "ganz-neu", "email": taken, "password1": PASSWORD, "password2": PASSWORD},
        ),
    ):
        assert "Jeder Zugang braucht eine eigene" in response.content.decode()
        assert taken in response.content.decode()
    assert User.objects.get(pk=mine.pk).email == "meins@example.org"
    assert not User.objects.filter(username="ganz-neu").exists()


def test_who_shares_an_address_from_before_can_be_changed_and_signs_in_by_name(client, administrator):
    person("andere")
    mine = person("meins")
    User.objects.filter(pk=mine.pk).update(email="andere@example.org")
    assert _edit(client, mine, email="andere@example.org").status_code == 302
    assert User.objects.get(pk=mine.pk).first_name == "Neu"
    elsewhere = Client()
    sign_in(elsewhere, "meins")
    assert elsewhere.session["_auth_user_id"] == str(mine.pk)
