"""Bulk actions: one small change to many practices, all of them or none, and nobody's draft goes online."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Workflow

from editing.bulk_actions import base
from editing.organisation_groups import group_of
from editing.roles import EDITORS
from practices.models import Cluster, ContentChange, PracticeChange, PracticePage
from tests.factories import OrganisationFactory, ProjectFactory, ToolFactory

pytestmark = pytest.mark.one_database


@pytest.fixture
def editor(client, organisation):
    user = User.objects.create_user("redaktion")
    user.groups.add(Group.objects.get(name=EDITORS))
    client.force_login(user)
    return user


@pytest.fixture
def term(organisation):
    return Cluster.objects.current().first()


def address(action: str, *pages) -> str:
    start = reverse("wagtail_bulk_action", args=["wagtailcore", "page", f"practice_{action}"])
    return f"{start}?{'&'.join(f'id={page.pk}' for page in pages)}&next=/verwaltung/"


def published(parent, factory=ToolFactory, **fields):
    page = factory(parent=parent, **fields)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def stored(page) -> PracticePage:
    return PracticePage.objects.get(pk=page.pk).specific


def confirm(client, *pages):
    return client.post(address("confirm", *pages))


def license_freely(client, *pages):
    return client.post(address("licence", *pages), {"licence": "CC-BY-4.0"})


def test_a_term_is_added_and_taken_away(client, editor, organisation, term):
    pages = [published(organisation), published(organisation, ProjectFactory)]
    data = {"term": f"clusters:{term.pk}", "direction": "add"}
    assert client.post(address("terms", *pages), data).status_code == 302
    assert [list(stored(page).clusters.all()) for page in pages] == [[term], [term]]
    client.post(address("terms", *pages), data | {"direction": "remove"})
    assert [list(stored(page).clusters.all()) for page in pages] == [[], []]


def test_pages_are_confirmed_today(client, editor, organisation):
    page = published(organisation)
    confirm(client, page)
    assert stored(page).last_confirmed == timezone.localdate()


def test_the_licence_changes(client, editor, organisation):
    page = published(organisation)
    license_freely(client, page)
    assert stored(page).licence == "CC-BY-4.0"


def move(client, other, *pages):
    start = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    ids = "&".join(f"id={page.pk}" for page in pages)
    return client.post(f"{start}?{ids}&next=/verwaltung/", {"chooser": other.pk})


def test_pages_move_to_another_organisation(client, editor, organisation):
    pages, other = (
        [published(organisation), published(organisation)],
        OrganisationFactory(parent=organisation.get_parent()),
    )
    noted = ContentChange.objects.count()
    move(client, other, *pages)
    assert [stored(page).organisation.key for page in pages] == [other.key, other.key]
    assert ContentChange.objects.count() > noted


def test_an_unfinished_draft_stays_one_and_gets_the_change_too(client, editor, organisation):
    page = published(organisation, title="Alt")
    page.title = "Unfertig"
    page.change_note = "Noch nicht so weit"
    page.save_revision()
    license_freely(client, page)
    visible, draft = stored(page), stored(page).get_latest_revision_as_object()
    assert (visible.title, visible.licence, visible.has_unpublished_changes) == ("Alt", "CC-BY-4.0", True)
    assert (draft.title, draft.licence, draft.change_note) == ("Unfertig", "CC-BY-4.0", "Noch nicht so weit")


def test_what_was_never_online_stays_offline(client, editor, organisation):
    page = ToolFactory(parent=organisation, live=False)
    page.title = "Entwurf"
    page.save_revision()
    license_freely(client, page)
    draft = stored(page).get_latest_revision_as_object()
    assert (stored(page).live, draft.title, draft.licence) == (False, "Entwurf", "CC-BY-4.0")


def test_followers_hear_nothing_and_the_former_note_is_not_told_again(client, editor, organisation):
    page = published(organisation, change_note="Ergebnisse ergänzt")
    license_freely(client, page)
    newest = PracticeChange.objects.order_by("-pk").first()
    assert (newest.page_id, newest.notify, newest.note) == (page.pk, False, "")


def locked(page, user):
    page.locked, page.locked_by = True, User.objects.create_user("andere")
    page.save()


def reviewed(page, user):
    Workflow.objects.get(name="Fachprüfung und Freigabe").start(page, user)


def planned(page, user):
    page.save_revision(approved_go_live_at=timezone.now() + timezone.timedelta(days=1))


@pytest.mark.parametrize("busy", [locked, reviewed, planned])
def test_what_others_are_at_is_left_alone_and_named(client, editor, organisation, busy):
    page, free = published(organisation, title="Belegt"), published(organisation, title="Frei")
    busy(page, editor)
    shown = client.get(address("confirm", page, free)).content.decode()
    assert shown.index("Frei</a>") < shown.index("bleiben, wie sie sind") < shown.index("Belegt")
    confirm(client, page, free)
    assert (stored(page).last_confirmed, stored(free).last_confirmed) == (None, timezone.localdate())


@pytest.mark.parametrize("busy", [locked, reviewed, planned])
def test_what_others_are_at_does_not_move(client, editor, organisation, busy):
    page, free = published(organisation, title="Belegt"), published(organisation, title="Frei")
    other = OrganisationFactory(parent=organisation.get_parent())
    busy(page, editor)
    shown = client.get(
        f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', 'move'])}?id={page.pk}&id={free.pk}"
    )
    assert "Diese Seiten bleiben, wie sie sind" in shown.content.decode()
    move(client, other, page, free)
    assert [stored(moved).organisation.key for moved in (page, free)] == [organisation.key, other.key]


def test_too_many_do_not_move_at_once(client, editor, organisation, monkeypatch):
    monkeypatch.setattr(base, "MOST_PAGES", 1)
    pages = [published(organisation), published(organisation)]
    other = OrganisationFactory(parent=organisation.get_parent())
    assert "Bitte wählen Sie höchstens" in move(client, other, *pages).content.decode()
    assert stored(pages[0]).organisation.key == organisation.key


@pytest.fixture
def contributor(client, organisation):
    user = User.objects.create_user("ada")
    user.groups.add(group_of(organisation))
    client.force_login(user)
    return user


def test_contributors_change_drafts_of_their_own_organisation_only(client, contributor, organisation):
    other = OrganisationFactory(parent=organisation.get_parent())
    online, draft, foreign = (
        published(organisation),
        ToolFactory(parent=organisation, live=False),
        ToolFactory(parent=other, live=False),
    )
    license_freely(client, online, draft, foreign)
    licences = [stored(page).get_latest_revision_as_object().licence for page in (online, draft, foreign)]
    assert licences == ["", "CC-BY-4.0", ""]


def test_contributors_confirm_what_is_online_of_their_own_organisation_by_a_button(client, contributor, organisation):
    own, foreign = published(organisation), published(OrganisationFactory(parent=organisation.get_parent()))
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[own.pk])).content.decode()
    (button,) = re.findall(r'href="([^"]*practice_confirm[^"]*)"', edit)
    client.post(unescape(button))
    confirm(client, foreign)
    assert [stored(page).last_confirmed for page in (own, foreign)] == [timezone.localdate(), None]


def test_pages_that_are_no_practice_are_left_out(client, editor, organisation):
    shown = client.get(address("confirm", organisation)).content.decode()
    assert "bleiben, wie sie sind" in shown
    assert confirm(client, organisation).status_code == 302


def test_one_that_can_not_be_published_stops_them_all(client, editor, organisation):
    page = published(organisation)
    invalid = published(organisation, ProjectFactory, title="Ohne Emblem")
    type(invalid).objects.filter(pk=invalid.pk).update(eu_funded=True)
    shown = license_freely(client, page, invalid)
    assert "„Ohne Emblem“: Das Projekt ist mit Mitteln der Europäischen Union" in shown.content.decode()
    assert stored(page).licence == ""


def test_too_many_at_once_are_refused_with_advice(client, editor, organisation, monkeypatch):
    monkeypatch.setattr(base, "MOST_PAGES", 1)
    pages = [published(organisation), published(organisation)]
    assert "Bitte wählen Sie höchstens" in confirm(client, *pages).content.decode()
    assert stored(pages[0]).last_confirmed is None


@pytest.mark.parametrize(
    ("action", "data", "message"),
    [
        ("terms", {}, "Bitte wählen Sie einen Begriff."),
        ("terms", {"term": "clusters:999999", "direction": "add"}, "Bitte wählen Sie einen Begriff."),
        ("terms", {"term": "password:1", "direction": "add"}, "Bitte wählen Sie einen Begriff."),
        ("licence", {}, "Bitte wählen Sie eine Lizenz."),
        ("licence", {"licence": "MIT"}, "Bitte wählen Sie eine Lizenz aus der Liste."),
    ],
)
def test_choices_that_are_none_are_named(client, editor, organisation, action, data, message):
    assert message in client.post(address(action, published(organisation)), data).content.decode()


def test_looking_changes_nothing_and_costs_the_same_for_any_number(
    client, editor, organisation, django_assert_num_queries
):
    pages = [published(organisation) for _ in range(12)]
    client.get(address("confirm", *pages))
    with CaptureQueriesContext(connection) as few:
        client.get(address("confirm", *pages[:2]))
    with django_assert_num_queries(len(few)):
        client.get(address("confirm", *pages))
    assert stored(pages[0]).last_confirmed is None
