"""Handing over: what was somebody's goes on under another name, and their door is closed."""

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone
from wagtail.models import Page

from editing.hand_over import hand_over
from editing.organisation_groups import group_of
from editing.roles import ADMINISTRATORS, EDITORS, REVIEWERS
from tests.factories import ProjectFactory

ADDRESS = "/verwaltung/uebergabe/"


@pytest.fixture
def leaver(organisation):
    user = User.objects.create_user("geht", "geht@example.org", "ein langes Kennwort")
    user.groups.add(group_of(organisation))
    return user


@pytest.fixture
def successor(db):
    return User.objects.create_user("kommt", "kommt@example.org")


def administrator(client, group=ADMINISTRATORS) -> User:
    user = User.objects.create_user("amt")
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


def test_pages_and_organisations_go_to_the_successor(client, leaver, successor, organisation):
    page = ProjectFactory(parent=organisation, owner=leaver)
    administrator(client)
    shown = client.post(ADDRESS, {"leaver": leaver.pk, "successor": successor.pk}).content.decode()
    assert Page.objects.get(pk=page.pk).owner == successor
    assert list(successor.groups.all()) == [group_of(organisation)]
    assert "1 Seite, 1 Organisation" in shown


@pytest.mark.parametrize("group", [EDITORS, ADMINISTRATORS])
def test_who_may_do_the_work_already_gets_the_pages_and_no_group(leaver, successor, organisation, group):
    successor.groups.set([Group.objects.get(name=group)])
    page = ProjectFactory(parent=organisation, owner=leaver)
    hand_over(leaver, successor)
    assert Page.objects.get(pk=page.pk).owner == successor
    assert [mine.name for mine in successor.groups.all()] == [group]


def test_the_account_is_closed_at_once(client, leaver, organisation):
    client.force_login(leaver)
    assert client.get("/verwaltung/").status_code == 200
    hand_over(leaver)
    assert client.get("/verwaltung/").status_code == 302
    assert not client.login(username="geht", password="ein langes Kennwort")
    assert not User.objects.get(pk=leaver.pk).groups.exists()


def test_what_was_locked_is_unlocked(leaver, organisation):
    page = ProjectFactory(parent=organisation, locked=True, locked_by=leaver, locked_at=timezone.now())
    hand_over(leaver)
    assert not Page.objects.get(pk=page.pk).locked


def test_pages_that_name_the_leaver_are_listed_and_left_alone(client, leaver, organisation):
    page = ProjectFactory(parent=organisation, title="Nachtcafé", contact_email="Geht@example.org")
    administrator(client)
    shown = client.post(ADDRESS, {"leaver": leaver.pk}).content.decode()
    assert f"/verwaltung/pages/{page.pk}/edit/" in shown
    assert type(page).objects.get(pk=page.pk).contact_email == "Geht@example.org"


@pytest.mark.parametrize("group", [EDITORS, REVIEWERS])
def test_it_is_closed_to_others(client, leaver, group):
    administrator(client, group)
    assert client.get(ADDRESS).status_code == 302
    assert client.post(ADDRESS, {"leaver": leaver.pk}).status_code == 302
    assert User.objects.get(pk=leaver.pk).is_active


def test_nobody_succeeds_themselves(client, leaver):
    administrator(client)
    shown = client.post(ADDRESS, {"leaver": leaver.pk, "successor": leaver.pk}).content.decode()
    assert "Bitte wählen Sie eine andere Person" in shown
    assert User.objects.get(pk=leaver.pk).is_active


def test_nobody_closes_their_own_account_or_that_of_who_runs_the_platform(client, site):
    boss = User.objects.create_superuser("betrieb")
    me = administrator(client)
    for account in (boss, me):
        client.post(ADDRESS, {"leaver": account.pk})
        assert User.objects.get(pk=account.pk).is_active
