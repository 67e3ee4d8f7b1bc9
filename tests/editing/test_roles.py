"""Roles: every installation has them, organisations bring their own group along, nobody loses a right."""

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from editing.models import OrganisationGroup, ReviewScope
from editing.organisation_groups import group_of
from editing.roles import ADMINISTRATORS, EDITORS, REVIEWERS, has_role, reviewers_for
from editing.services.set_up_roles import FORMER_WRITERS, set_up_roles
from practices.models import FieldOfAction
from tests.factories import OrganisationFactory, ProjectFactory


def rights() -> set[tuple]:
    return {
        *Group.objects.values_list("name", "permissions__codename"),
        *GroupPagePermission.objects.values_list("group__name", "page__path", "permission__codename"),
        *GroupCollectionPermission.objects.values_list("group__name", "collection__path", "permission__codename"),
    }


def test_setting_up_again_changes_nothing(organisation):
    before = rights()
    set_up_roles()
    assert rights() == before


def test_a_right_somebody_added_stays(site):
    group = Group.objects.get(name=REVIEWERS)
    extra = Group.objects.get(name=ADMINISTRATORS).permissions.get(codename="change_redirect")
    group.permissions.add(extra)
    set_up_roles()
    assert extra in group.permissions.all()


def test_groups_of_old_installations_are_taken_over_with_their_members(site):
    Group.objects.filter(name=EDITORS).delete()
    writers, publishers = Group.objects.create(name="Redaktion"), Group.objects.create(name="Freigabe")
    writer, publisher = User.objects.create_user("schreibt"), User.objects.create_user("gibt-frei")
    writer.groups.add(writers)
    publisher.groups.add(publishers)
    call_command("set_up_roles", verbosity=0)
    assert [group.name for group in writer.groups.all()] == [FORMER_WRITERS]
    assert [group.name for group in publisher.groups.all()] == [EDITORS]


def test_groups_of_wagtail_without_members_go(site):
    Group.objects.filter(name=EDITORS).delete()
    Group.objects.create(name="Editors")
    Group.objects.create(name="Moderators")
    set_up_roles()
    assert not Group.objects.filter(name__in=("Editors", "Moderators", FORMER_WRITERS)).exists()


def test_an_organisation_brings_its_group_along(site):
    organisation = OrganisationFactory(parent=site, title="Werkstatt Nord")
    group = OrganisationGroup.objects.get(organisation=organisation).group
    assert group.name == "Mitwirkende: Werkstatt Nord"
    pages = GroupPagePermission.objects.filter(group=group)
    assert {(row.page_id, row.permission.codename) for row in pages} == {
        (organisation.pk, "add_page"),
        (organisation.pk, "change_page"),
    }


def test_the_group_follows_the_name(organisation):
    organisation.title = "Werkstatt West"
    organisation.save()
    assert group_of(organisation).name == "Mitwirkende: Werkstatt West"


def test_the_group_does_not_follow_a_draft(organisation):
    before = group_of(organisation).name
    organisation.title = "Redaktion (alle Rechte)"
    revision = organisation.save_revision()
    assert group_of(organisation).name == before
    revision.publish()
    assert group_of(organisation).name == "Mitwirkende: Redaktion (alle Rechte)"


def test_organisations_of_one_name_have_groups_of_their_own(site):
    first, second = (
        OrganisationFactory(parent=site, title="Diakonie", key=key, slug=key) for key in ("diakonie-a", "diakonie-b")
    )
    assert group_of(first).name == "Mitwirkende: Diakonie"
    assert group_of(second).name == "Mitwirkende: Diakonie (diakonie-b)"
    second.save()
    assert group_of(second).name == "Mitwirkende: Diakonie (diakonie-b)"


def test_the_group_goes_with_the_organisation(organisation):
    group = group_of(organisation)
    organisation.delete()
    assert not Group.objects.filter(pk=group.pk).exists()


def test_a_long_name_is_cut(site):
    organisation = OrganisationFactory(parent=site, title="Verein " + "x" * 240)
    assert len(group_of(organisation).name) == 150


@pytest.mark.parametrize(
    ("mine", "asked"), [(None, True), (["suchthilfe"], True), (["pflege"], False), (["pflege", "suchthilfe"], True)]
)
def test_reviewers_are_asked_for_their_fields(organisation, mine, asked):
    field = FieldOfAction.objects.get(slug="suchthilfe")
    other = FieldOfAction.objects.exclude(pk=field.pk).first()
    page = ProjectFactory(parent=organisation)
    page.fields_of_action.add(field)
    page.save()
    reviewer = User.objects.create_user("prueft")
    reviewer.groups.add(Group.objects.get(name=REVIEWERS))
    if mine is not None:
        scope = ReviewScope.objects.create(user=reviewer)
        scope.fields_of_action.set([{"suchthilfe": field, "pflege": other}[key] for key in mine])
    assert list(reviewers_for(page)) == ([reviewer] if asked else [])


def test_who_is_not_active_has_no_role(site):
    user = User.objects.create_user("weg", is_active=False)
    user.groups.add(Group.objects.get(name=EDITORS))
    assert not has_role(user, EDITORS)
