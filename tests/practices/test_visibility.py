"""The one rule who may read a page, stated twice: both statements have to agree."""

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from wagtail.models import PageViewRestriction

from practices.models import PracticePage
from practices.visibility import is_visible, visible_pages
from tests.factories import OrganisationFactory, ProjectFactory


@pytest.fixture
def readers(db):
    members = Group.objects.create(name="Raum A")
    Group.objects.create(name="Raum B")
    member = User.objects.create_user("mitglied")
    member.groups.add(members)
    return {
        "anonymous": AnonymousUser(),
        "signed in": User.objects.create_user("angemeldet"),
        "member": member,
        "superuser": User.objects.create_superuser("alles"),
    }


def restrict(page, kind, *groups):
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind)
    restriction.groups.set(Group.objects.filter(name__in=groups))


@pytest.fixture
def pages(site, readers):
    """Live and unpublished pages below every combination of restrictions on organisation and page."""
    kinds = [None, ("login",), ("groups", "Raum A"), ("groups", "Raum B"), ("groups", "Raum A", "Raum B")]
    for above, own in itertools.product(kinds, kinds):
        organisation = OrganisationFactory(parent=site)
        page = ProjectFactory(parent=organisation)
        ProjectFactory(parent=organisation, live=False)
        if above:
            restrict(organisation, *above)
        if own:
            restrict(page, *own)
    return list(PracticePage.objects.all())


@pytest.mark.parametrize("reader", ["anonymous", "signed in", "member", "superuser"])
def test_queryset_and_predicate_agree(pages, readers, reader):
    user = readers[reader]
    assert set(visible_pages(PracticePage.objects.all(), user)) == {page for page in pages if is_visible(page, user)}


@pytest.mark.parametrize(
    ("reader", "expected"), [("anonymous", 1), ("signed in", 4), ("member", 16), ("superuser", 25)]
)
def test_how_much_each_reader_sees(pages, readers, reader, expected):
    assert PracticePage.objects.visible_to(readers[reader]).count() == expected
