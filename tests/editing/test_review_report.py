"""The report of what waits for review: for those whose pages these are and for those whose turn it is, the most urgent first."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from editing.models import ReviewScope, ReviewState
from editing.organisation_groups import group_of
from editing.roles import ADMINISTRATORS, EDITORS, REVIEWERS
from practices.models import FieldOfAction
from tests.factories import OrganisationFactory, ToolFactory

REPORT = reverse("review_report")


def account(name: str, *groups) -> User:
    user = User.objects.create_user(name, first_name=name.title())
    user.groups.set([group if isinstance(group, Group) else Group.objects.get(name=group) for group in groups])
    return user


@pytest.fixture
def author(organisation) -> User:
    return account("autorin", group_of(organisation))


@pytest.fixture
def hand_in(organisation, author):
    """A function that hands in a page of that title and returns the page."""

    def hand_in(title: str, parent=organisation):
        page = ToolFactory(parent=parent, title=title, live=False)
        page.save_revision(user=author)
        page.get_workflow().start(page, author)
        return page

    return hand_in


def read(client, user: User) -> str:
    client.force_login(user)
    return client.get(REPORT).content.decode()


def make_due(page, at) -> None:
    ReviewState.objects.filter(workflow_state__object_id=str(page.pk)).update(due_at=at)


def test_the_most_urgent_comes_first_and_is_marked_when_overdue(client, hand_in, author):
    later, late = hand_in("Hat noch Zeit"), hand_in("Ist zu spät")
    make_due(late, timezone.now() - timedelta(days=1))
    shown = read(client, author)
    assert shown.index("Ist zu spät") < shown.index("Hat noch Zeit")
    assert shown.count('w-status--critical">überfällig') == 1
    assert f"{timezone.localtime() + timedelta(days=14):%d.%m.%Y}" in shown
    assert reverse("wagtailadmin_pages:edit", args=[later.pk]) in shown
    assert "Autorin" in shown


def test_what_is_done_is_gone(client, hand_in, author):
    hand_in("Schon erledigt").current_workflow_state.cancel()
    shown = read(client, author)
    assert "Schon erledigt" not in shown
    assert "Zurzeit wartet nichts auf eine Prüfung." in shown


def test_everybody_sees_what_is_theirs(client, hand_in, author, site):
    ours, foreign = FieldOfAction.objects.all()[:2]
    mine, other = hand_in("Von hier"), hand_in("Von dort", OrganisationFactory(parent=site, title="Andere"))
    for page, field in ((mine, ours), (other, foreign)):
        page.fields_of_action.set([field])
        page.save()
    expert = account("fachlich", REVIEWERS)
    ReviewScope.objects.create(user=expert).fields_of_action.add(foreign)
    seen = {}
    for user in (author, expert, account("alles", EDITORS), account("verwaltet", ADMINISTRATORS)):
        shown = read(client, user)
        seen[user.username] = [title for title in ("Von hier", "Von dort") if title in shown]
    both = ["Von hier", "Von dort"]
    assert seen == {"autorin": ["Von hier"], "fachlich": ["Von dort"], "alles": both, "verwaltet": both}


def test_without_a_role_there_is_no_report(client, site):
    user = account("ohne")
    user.user_permissions.set(Group.objects.get(name=REVIEWERS).permissions.all())
    client.force_login(user)
    assert client.get(REPORT).status_code == 302
    assert REPORT not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_the_menu_leads_there(client, author):
    client.force_login(author)
    assert REPORT in client.get(reverse("wagtailadmin_home")).content.decode()


def test_a_title_is_no_formula(client, hand_in, author):
    hand_in("=1+1")
    client.force_login(author)
    export = client.get(REPORT, {"export": "csv"})
    text = b"".join(export.streaming_content).decode()
    assert '"Seite";"Schritt";"Eingereicht von";"Fällig am";"Überfällig"' in text
    assert "'=1+1" in text


def test_queries_do_not_grow(client, hand_in, author):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(client, author)
        return len(queries)

    hand_in("Nur eine")
    count()
    few = count()
    for number in range(5):
        hand_in(f"Noch eine {number}")
    assert count() == few
