"""Mails about reviews: in German, to those it concerns, once, and none of Wagtail's beside them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail as mailbox
from django.urls import reverse
from django.utils import timezone

from editing.models import ReviewScope, ReviewState
from editing.review_criteria import CRITERIA, YES
from editing.review_notices import remind_reviewers
from editing.roles import EDITORS, REVIEWERS
from feeds.models import Mail
from practices.models import FieldOfAction
from tests.factories import ToolFactory

ALL_MET = dict.fromkeys(CRITERIA, YES)


def account(name: str, *groups: str) -> User:
    user = User.objects.create_user(name, f"{name}@example.org")
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


@pytest.fixture
def people(site) -> dict[str, User]:
    return {
        "author": account("schreibt"),
        "reviewer": account("prueft", REVIEWERS),
        "editor": account("gibt-frei", EDITORS),
    }


@pytest.fixture
def page(organisation, people):
    page = ToolFactory(parent=organisation, title="Wegweiser", live=False, owner=people["author"])
    page.save_revision(user=people["author"])
    page.get_workflow().start(page, people["author"])
    return page


def act(client, user: User, page, action: str, data: dict | None = None) -> None:
    client.force_login(user)
    state = page.workflow_states.get().current_task_state
    client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk]), data or {})


def taken() -> list[tuple[str, str]]:
    """Return recipient and subject of the mails queued since the last call."""
    mails = Mail.objects.filter(kind=Mail.Kind.NOTICE).order_by("pk")
    found = [(mail.notice["address"], mail.notice["subject"]) for mail in mails]
    mails.delete()
    return found


def test_everybody_hears_when_it_is_their_turn(client, page, people):
    assert taken() == [("prueft@example.org", "Fachprüfung: „Wegweiser“ wartet auf Sie")]
    act(client, people["reviewer"], page, "approve", ALL_MET)
    assert taken() == [("gibt-frei@example.org", "Freigabe durch die Redaktion: „Wegweiser“ wartet auf Sie")]
    act(client, people["editor"], page, "approve")
    assert taken() == [("schreibt@example.org", "Freigegeben: „Wegweiser“")]
    assert mailbox.outbox == [], "Wagtail sends none of its own"


def test_the_author_reads_why_a_text_came_back(client, page, people):
    taken()
    act(client, people["reviewer"], page, "reject", {"comment": "Quelle fehlt."})
    notice = Mail.objects.get(kind=Mail.Kind.NOTICE).notice
    assert "Quelle fehlt." in notice["paragraphs"]
    assert notice["actions"][0]["url"].endswith(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert taken() == [("schreibt@example.org", "Bitte überarbeiten: „Wegweiser“")]
    assert mailbox.outbox == [], "Wagtail sends none of its own"


def test_experts_for_other_fields_are_left_alone(organisation, people):
    ours, foreign = FieldOfAction.objects.all()[:2]
    ReviewScope.objects.create(user=people["reviewer"]).fields_of_action.add(foreign)
    page = ToolFactory(parent=organisation, live=False, fields_of_action=[ours])
    page.save_revision()
    page.get_workflow().start(page, people["author"])
    assert taken() == [("gibt-frei@example.org", f"Fachprüfung: „{page.title}“ wartet auf Sie")], "instead of nobody"


def test_who_runs_the_platform_hears_of_what_nobody_is_there_for(organisation):
    User.objects.create_superuser("betrieb", "betrieb@example.org")
    page = ToolFactory(parent=organisation, title="Wegweiser", live=False)
    page.save_revision()
    page.get_workflow().start(page, None)
    assert taken() == [("betrieb@example.org", "Fachprüfung: „Wegweiser“ wartet auf Sie")]
    ReviewState.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    remind_reviewers()
    assert taken() == [("betrieb@example.org", "Erinnerung: „Wegweiser“ wartet noch")]


def test_who_is_late_is_reminded_once(page):
    taken()
    remind_reviewers()
    assert taken() == [], "there is time left"
    ReviewState.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    remind_reviewers()
    remind_reviewers()
    assert taken() == [("prueft@example.org", "Erinnerung: „Wegweiser“ wartet noch")]
