"""Who wrote the newest text: comments, and saving it once more, leave that as it is."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from wagtail.models import TaskState

from editing.last_change import changed_last
from editing.roles import EDITORS, REVIEWERS
from tests.editing.test_review_panel import ALL_MET, account, act, edit, form_of, make_tool, write

AUTOSAVE = {"headers": {"accept": "application/json"}}


@pytest.fixture
def author(site) -> User:
    return account("autorin", EDITORS)


@pytest.fixture
def reviewer(site) -> User:
    return account("pruefende", REVIEWERS)


@pytest.fixture
def page(organisation, author):
    """A page its author has handed in."""
    page = make_tool(organisation, owner=author, description="<p>Zeigt den Weg.</p>")
    page.save_revision(user=author)
    page.get_workflow().start(page, author)
    return page


def save(client, user: User, page, **changes):
    """Send the editor's form as it is shown, with `changes`, as it is saved in the background."""
    data = form_of(client, user, page)
    for name, value in changes.items():
        data[name] = value
    answer = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data, **AUTOSAVE).json()
    assert answer["success"], answer


COMMENT = {
    "comments-TOTAL_FORMS": "1",
    "comments-INITIAL_FORMS": "0",
    "comments-0-contentpath": "summary",
    "comments-0-text": "Bitte belegen.",
    "comments-0-replies-TOTAL_FORMS": "0",
    "comments-0-replies-INITIAL_FORMS": "0",
}


@pytest.mark.parametrize("changes", [COMMENT, {}], ids=["commenting", "saving again"])
def test_who_only_comments_or_saves_may_approve(client, page, reviewer, changes):
    save(client, reviewer, page, **changes)
    page.refresh_from_db()
    assert page.latest_revision.user == reviewer
    assert page.wagtail_admin_comments.count() == bool(changes)
    assert 'data-workflow-action-name="approve"' in edit(client, reviewer, page)
    act(client, reviewer, page, "approve", ALL_MET)
    assert page.workflow_states.get().task_states.first().status == TaskState.STATUS_APPROVED


def test_saving_again_takes_no_text_over(client, page, reviewer):
    other = account("noch-jemand", REVIEWERS)
    write(page, reviewer)
    save(client, other, page)
    assert changed_last(page, reviewer)
    assert not changed_last(page, other)


@pytest.mark.parametrize("where", ["terms", "rich text"])
def test_every_part_of_a_text_counts(client, page, reviewer, where):
    if where == "terms":
        page.clusters.clear()
    else:
        page.description = "<p>Zeigt den anderen Weg.</p>"
    page.save_revision(user=reviewer)
    assert changed_last(page, reviewer)


def test_a_button_from_before_the_change_says_why_it_does_nothing(client, page, reviewer):
    state = page.current_workflow_task_state
    edit(client, reviewer, page)
    write(page, reviewer)
    address = reverse("wagtailadmin_pages:collect_workflow_action_data", args=[page.pk, "approve", state.pk])
    answer = client.get(address, headers={"x-requested-with": "XMLHttpRequest"})
    assert "Sie haben diesen Text zuletzt bearbeitet." in answer.json()["html"]
    assert "<form" not in answer.json()["html"]


def test_others_get_the_form(client, page, reviewer):
    state = page.current_workflow_task_state
    client.force_login(reviewer)
    address = reverse("wagtailadmin_pages:collect_workflow_action_data", args=[page.pk, "approve", state.pk])
    assert "<form" in client.get(address, headers={"x-requested-with": "XMLHttpRequest"}).json()["html"]
