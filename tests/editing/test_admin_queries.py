"""No page of the admin costs more than sixty SQL queries, and none costs more because there are more pages."""

from datetime import timedelta

import pytest
from django import forms
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PagePermissionTester, Workflow

from editing.organisation_groups import group_of
from editing.rights import allow_pages
from editing.roles import EDITORS
from practices.models import SCHEMES, PracticePage
from practices.models.tagging import TermChoiceField
from practices.page_rights import PageRights
from practices.term_choices import current_terms, offer
from tests.editing.admin_addresses import admin_addresses
from tests.factories import LessonFactory, OrganisationFactory, ProjectFactory, RecordingFactory, ToolFactory
from tests.practices.rich_practices import make_practices

pytestmark = pytest.mark.one_database

MOST = 60
A_FULL_LIST = 52
KINDS = (ProjectFactory, ToolFactory, RecordingFactory, LessonFactory)


def add_pages(organisation, writers: list[User], number: int) -> None:
    """Add `number` organisations, drafts and live practices, enough to fill every list; all are in review, and due."""
    workflow = Workflow.objects.get(name="Fachprüfung und Freigabe")
    for count in range(number):
        kind, writer = KINDS[count % len(KINDS)], writers[count % len(writers)]
        OrganisationFactory(parent=organisation.get_parent())
        for is_live in (True, False):
            page = kind(parent=organisation, live=is_live, owner=writer)
            page.save_revision(user=writer)
            workflow.start(page, writer)
    PracticePage.objects.update(last_published_at=timezone.now() - timedelta(days=500))


@pytest.fixture
def people(organisation):
    """An editor and a contributor."""
    editor, contributor = User.objects.create_user("editor"), User.objects.create_user("contributor")
    editor.groups.add(Group.objects.get(name=EDITORS))
    contributor.groups.add(group_of(organisation))
    return [editor, contributor]


@pytest.fixture(params=["editor", "contributor"])
def person(request, people):
    return people[0] if request.param == "editor" else people[1]


def costs(user, addresses: list[str]) -> dict[str, int]:
    """Return how many queries each of the addresses costs that `user` may see."""
    client, found = Client(), {}
    client.force_login(user)
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        assert answer.status_code in (200, 302), address
        if answer.status_code == 200:
            found[address] = len(captured)
    return found


def test_pages_cost_the_same_however_many_there_are(people, organisation):
    practices = [kind(parent=organisation) for kind in KINDS]
    addresses = admin_addresses(organisation, practices)
    add_pages(organisation, people, A_FULL_LIST)
    few = {person: costs(person, addresses) for person in people}
    add_pages(organisation, people, 15)
    for person in people:
        before, found = few[person], costs(person, addresses)
        assert {address: cost for address, cost in found.items() if cost > MOST} == {}
        assert {address: (before[address], cost) for address, cost in found.items() if cost > before[address]} == {}
        assert found.keys() == before.keys()
        assert len(found) > len(addresses) / 2


@pytest.mark.parametrize("is_draft", [False, True])
def test_the_editor_of_a_filled_in_page_is_no_exception(person, site, is_draft):
    practices = make_practices(site).values()
    for page in practices:
        person.groups.add(group_of(page.organisation))
        if is_draft:
            page.save_revision(user=person)
    addresses = [reverse("wagtailadmin_pages:edit", args=[page.pk]) for page in practices]
    costs(person, addresses)
    found = costs(person, addresses)
    assert len(found) == len(addresses)
    assert {address: cost for address, cost in found.items() if cost > MOST} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_editor_offers_the_terms_it_offered_before(site, scheme):
    top, narrower, merged, *_ = SCHEMES[scheme].objects.current().order_by("pk")
    SCHEMES[scheme].objects.filter(pk=narrower.pk).update(broader=top)
    SCHEMES[scheme].objects.filter(pk=merged.pk).update(merged_into=top)
    terms = current_terms()

    class Form(forms.Form):
        many = TermChoiceField(queryset=SCHEMES[scheme].objects.current().in_tree_order())
        one = forms.ModelChoiceField(queryset=SCHEMES[scheme].objects.current(), widget=forms.Select)
        other = forms.ModelChoiceField(queryset=User.objects.all(), widget=forms.Select)

    User.objects.create_user("ada")
    asked, told = Form(), Form()
    offer(terms, told)
    assert len(told.fields["other"].choices) == 2
    for name in asked.fields:
        assert [(str(key), label) for key, label in told.fields[name].choices] == [
            (str(key), label) for key, label in asked.fields[name].choices
        ]


@pytest.mark.parametrize("rights", ["", "add", "change", "add change", "change publish", "add change bulk_delete"])
@pytest.mark.parametrize("is_live", [True, False])
@pytest.mark.parametrize("has_pages_below", [True, False])
def test_who_may_delete_is_what_wagtail_says(organisation, rights, is_live, has_pages_below):
    user, group = User.objects.create_user("ada"), Group.objects.create(name="Gruppe")
    user.groups.add(group)
    allow_pages(group, organisation, rights.split())
    page = ToolFactory(parent=organisation, live=is_live)
    if has_pages_below:
        page = organisation
    own, wagtails = PageRights(user, page), PagePermissionTester(user, page)
    for ignores in (False, True):
        assert own.can_delete(ignore_bulk=ignores) == wagtails.can_delete(ignore_bulk=ignores)


def test_a_revision_is_read_as_before_where_something_it_names_is_gone(site):
    page = make_practices(site)["projekt"]
    page.save_revision()
    page.tool_items.get().tool.delete()
    page.image.delete()
    draft = page.latest_revision.as_object()
    assert draft.image is None
    assert list(draft.tool_items.all()) == []
    assert len(draft.recording_items.all()) == 1
