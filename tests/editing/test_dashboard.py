"""The start of the admin: what waits for whom and where knowledge is missing, at a fixed cost."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Workflow

from editing.hand_over import hand_over
from editing.models import Import, ReviewState
from editing.organisation_groups import group_of
from editing.roles import EDITORS, REVIEWERS
from practices.models import Cluster, FieldOfAction, PracticePage
from search.models import SearchCount
from tests.factories import OrganisationFactory, ToolFactory

pytestmark = pytest.mark.one_database


@pytest.fixture
def people(organisation):
    made = {name: User.objects.create_user(name) for name in ("ada", "prüft", "gibt-frei")}
    made["ada"].groups.add(group_of(organisation))
    made["prüft"].groups.add(Group.objects.get(name=REVIEWERS))
    made["gibt-frei"].groups.add(Group.objects.get(name=EDITORS))
    return made


def start(client, user) -> dict[str, str]:
    """Return the text of each panel on the start of the admin as `user` sees it."""
    client.force_login(user)
    shown = client.get(reverse("wagtailadmin_home")).content.decode()
    panels = {}
    for name in ("waiting", "drafts", "due", "searches", "gaps", "import"):
        begin = shown.find(f'id="{name}')
        if begin > 0:
            panels[name] = shown[begin : shown.index("</section>", begin)]
    return panels


def handed_in(parent, user, title: str = "Tafelplaner"):
    page = ToolFactory(parent=parent, live=False, title=title, owner=user)
    page.save_revision(user=user)
    Workflow.objects.get(name="Fachprüfung und Freigabe").start(page, user)
    return page


def test_who_reviews_sees_what_waits_and_until_when(client, people, organisation):
    handed_in(organisation, people["ada"])
    assert "Tafelplaner" in start(client, people["prüft"])["waiting"]
    assert "Fachprüfung, bis" in start(client, people["prüft"])["waiting"]
    assert "Zurzeit wartet nichts auf Sie." in start(client, people["gibt-frei"])["waiting"]


def test_who_contributes_begins_a_page_of_her_organisation_from_here(client, people, organisation):
    address = reverse("wagtailadmin_pages:add_subpage", args=[organisation.pk])
    OrganisationFactory(parent=organisation.get_parent())
    assert start(client, people["ada"])["drafts"].count("Neue Seite schreiben") == 1
    assert f'href="{address}"' in start(client, people["ada"])["drafts"]
    assert client.get(address).status_code == 200
    assert "Neue Seite schreiben" not in start(client, people["gibt-frei"])["drafts"]


def test_what_is_overdue_says_so(client, people, organisation):
    handed_in(organisation, people["ada"])
    ReviewState.objects.update(due_at=timezone.now() - timedelta(days=1))
    assert "überfällig seit" in start(client, people["prüft"])["waiting"]


def test_who_wrote_a_text_sees_that_it_came_back(client, people, organisation):
    state = handed_in(organisation, people["ada"]).current_workflow_state
    state.current_task_state.specific.reject(user=people["prüft"], comment="Bitte kürzen.")
    assert "zurückgegeben, bitte überarbeiten" in start(client, people["ada"])["waiting"]


def test_who_takes_over_sees_what_came_back(client, people, organisation):
    state = handed_in(organisation, people["ada"]).current_workflow_state
    state.current_task_state.specific.reject(user=people["prüft"], comment="Bitte kürzen.")
    successor = User.objects.create_user("grace")
    hand_over(people["ada"], successor)
    assert "zurückgegeben, bitte überarbeiten" in start(client, successor)["waiting"]
    assert "Tafelplaner" not in start(client, people["gibt-frei"])["waiting"]


def test_drafts_are_one_s_own(client, people, organisation):
    page = ToolFactory(parent=organisation, live=False, title="Halb fertig", owner=people["ada"])
    page.save_revision(user=people["ada"])
    assert "Halb fertig" in start(client, people["ada"])["drafts"]
    assert "Sie haben keine offenen Entwürfe." in start(client, people["prüft"])["drafts"]


def test_pages_to_confirm_are_those_one_may_edit(client, people, organisation):
    for parent, title in ((organisation, "Eigene"), (OrganisationFactory(parent=organisation.get_parent()), "Fremde")):
        page = ToolFactory(parent=parent, title=title)
        PracticePage.objects.filter(pk=page.pk).update(last_published_at=timezone.now() - timedelta(days=500))
    own = start(client, people["ada"])["due"]
    assert ("Eigene" in own, "Fremde" in own) == (True, False)
    every = start(client, people["gibt-frei"])["due"]
    assert ("Eigene" in every, "Fremde" in every) == (True, True)


def test_searches_in_vain_are_shown_to_editors(client, people):
    SearchCount.objects.create(day=timezone.localdate(), query="pflege & <roboter>", times=4, without_hits=4)
    shown = start(client, people["gibt-frei"])["searches"]
    assert "pflege &amp; &lt;roboter&gt;" in shown
    assert "q=pflege+%26+%3Croboter%3E" in shown
    assert "4-mal" in shown
    assert "searches" not in start(client, people["ada"])


def test_gaps_are_topics_with_fewer_than_three_practices(client, people, organisation):
    FieldOfAction.objects.exclude(pk__in=FieldOfAction.objects.current()[:1]).update(merged_into=None)
    full, rare = Cluster.objects.current()[:2]
    for number in range(3):
        page = ToolFactory(parent=organisation)
        page.clusters.add(full, *([rare] if number else []))
        page.save()
    Cluster.objects.exclude(pk__in=[full.pk, rare.pk]).update(merged_into=full)
    FieldOfAction.objects.exclude(pk=FieldOfAction.objects.first().pk).update(merged_into=FieldOfAction.objects.first())
    shown = start(client, people["gibt-frei"])["gaps"]
    assert f">{rare.name}</a>" in shown
    assert f">{full.name}</a>" not in shown
    assert "2 Seiten" in shown


def test_the_last_import_is_shown_to_those_who_import(client, people):
    Import.objects.create(name="profile.xlsx", state=Import.State.DONE, user=people["gibt-frei"])
    assert "profile.xlsx" in start(client, people["gibt-frei"])["import"]
    assert "import" not in start(client, people["ada"])


@pytest.mark.parametrize("name", ["ada", "prüft", "gibt-frei"])
def test_the_start_costs_the_same_for_any_number_of_pages(client, people, organisation, name):
    handed_in(organisation, people["ada"])
    start(client, people[name])
    with CaptureQueriesContext(connection) as few:
        start(client, people[name])
    for number in range(6):
        handed_in(organisation, people["ada"], title=f"Seite {number}")
        ToolFactory(parent=organisation)
    PracticePage.objects.update(last_published_at=timezone.now() - timedelta(days=500))
    with CaptureQueriesContext(connection) as many:
        start(client, people[name])
    assert len(many) <= len(few) + 4  # content objects of each kind are fetched at once
    assert len(many) <= 60
