"""Review: experts check against criteria, editors approve, nobody approves a text they wrote last."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowPage, WorkflowState, WorkflowTask

from editing.models import ReviewScope, ReviewState
from editing.organisation_groups import group_of
from editing.review_criteria import CRITERIA, NO, NOT_APPLICABLE, YES
from editing.roles import ADMINISTRATORS, EDITORS, REVIEWERS
from editing.services.set_up_workflow import EXPERT_REVIEW, REVIEW, set_up_workflow
from practices.models import FieldOfAction
from tests.factories import ToolFactory

ALL_MET = dict.fromkeys(CRITERIA, YES)
AJAX = {"headers": {"x-requested-with": "XMLHttpRequest"}}


def account(name: str, *groups: str) -> User:
    user = User.objects.create_user(name)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


@pytest.fixture
def author(organisation):
    user = account("schreibt")
    user.groups.add(group_of(organisation))
    return user


@pytest.fixture
def reviewer(site):
    return account("prueft", REVIEWERS)


@pytest.fixture
def editor(site):
    return account("gibt-frei", EDITORS)


@pytest.fixture
def page(organisation, author):
    """A page its author has handed in."""
    page = ToolFactory(parent=organisation, live=False, owner=author)
    submit(page, author)
    return page


def submit(page, user: User) -> None:
    page.save_revision(user=user)
    page.get_workflow().start(page, user)


def write(page, user: User) -> None:
    """Change the text of `page` as `user`."""
    page.summary += " Neu."
    page.save_revision(user=user)


def state_of(page) -> ReviewState:
    return page.workflow_states.get().current_task_state.specific


def act(client, user: User, page, action: str, data: dict | None = None):
    client.force_login(user)
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state_of(page).pk])
    return client.post(address, data or {}, **AJAX)


def test_experts_and_then_editors_publish(client, page, reviewer, editor):
    act(client, reviewer, page, "approve", ALL_MET | {"consent": NOT_APPLICABLE})
    page.refresh_from_db()
    assert not page.live, "experts do not publish"
    act(client, editor, page, "approve")
    page.refresh_from_db()
    assert page.live


def test_the_answers_are_kept_and_shown_in_the_history(client, page, reviewer, editor):
    state = state_of(page)
    act(client, reviewer, page, "approve", ALL_MET | {"evidenced_remark": "Zwei <b>Studien</b>", "comment": "Gut so"})
    state.refresh_from_db()
    assert state.answers["evidenced"] == YES
    address = reverse("wagtailadmin_pages:workflow_history_detail", args=[page.pk, state.workflow_state_id])
    client.force_login(editor)
    history = client.get(address).content.decode()
    assert "Aussagen belegt: ja – Zwei &lt;b&gt;Studien&lt;/b&gt;" in history
    assert "Gut so" in history


@pytest.mark.parametrize("answer", [NO, ""])
def test_experts_do_not_approve_what_misses_a_criterion_and_lose_no_word(client, page, reviewer, answer):
    answers = ALL_MET | {"consent": answer, "comment": "Schon recht gut"}
    shown = act(client, reviewer, page, "approve", answers).json()["html"]
    assert "Schon recht gut" in shown
    assert state_of(page).status == ReviewState.STATUS_IN_PROGRESS
    assert "mit einer Begründung zurück" in shown or "oder geben Sie den Text zurück" in shown


def test_returning_needs_a_reason(client, page, reviewer):
    shown = act(client, reviewer, page, "reject", {"evidenced": NO, "evidenced_remark": "Quelle fehlt"}).json()["html"]
    assert "Bitte schreiben Sie, was geändert werden soll." in shown
    assert "Quelle fehlt" in shown
    assert page.workflow_states.get().status == WorkflowState.STATUS_IN_PROGRESS


def test_who_hands_in_again_comes_back_to_the_step_that_returned_it(client, page, author, reviewer, editor):
    act(client, reviewer, page, "approve", ALL_MET)
    act(client, editor, page, "reject", {"comment": "Bitte kürzen."})
    state = page.workflow_states.get()
    assert state.status == WorkflowState.STATUS_NEEDS_CHANGES
    state.resume(author)
    assert state_of(page).task.name == "Freigabe durch die Redaktion"


@pytest.mark.parametrize("is_superuser", [False, True])
def test_who_wrote_last_does_not_approve(client, page, reviewer, is_superuser):
    reviewer.is_superuser = is_superuser
    reviewer.save()
    write(page, reviewer)
    act(client, reviewer, page, "approve", ALL_MET)
    assert state_of(page).status == ReviewState.STATUS_IN_PROGRESS
    client.force_login(reviewer)
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert 'data-workflow-action-name="reject"' in edit
    assert 'data-workflow-action-name="approve"' not in edit


def test_four_eyes_can_be_switched_off(client, page, reviewer, settings):
    settings.REVIEW_FOUR_EYES = False
    write(page, reviewer)
    act(client, reviewer, page, "approve", ALL_MET)
    assert state_of(page).task.name == "Freigabe durch die Redaktion"


def test_experts_see_what_lies_in_their_fields_of_action(client, page, reviewer):
    ours, foreign = FieldOfAction.objects.all()[:2]
    ReviewScope.objects.create(user=reviewer).fields_of_action.add(ours)
    task = state_of(page).task.specific
    for field, is_responsible in ((foreign, False), (ours, True)):
        page.fields_of_action.set([field])
        page.save()
        page.save_revision()
        assert task.get_task_states_user_can_moderate(reviewer).exists() == is_responsible
        act(client, reviewer, page, "approve", ALL_MET)
        assert (state_of(page).task_id != task.pk) == is_responsible


def test_a_step_is_not_done_through_the_address_of_another_page(client, organisation, page, reviewer, author):
    ours, foreign = FieldOfAction.objects.all()[:2]
    ReviewScope.objects.create(user=reviewer).fields_of_action.add(ours)
    own = ToolFactory(parent=organisation, live=False, owner=author)
    for handed_in, field in ((page, foreign), (own, ours)):
        handed_in.fields_of_action.set([field])
        handed_in.save()
    page.save_revision(user=author)
    submit(own, author)
    client.force_login(reviewer)
    before = state_of(page).pk
    for action, answers in (("approve", ALL_MET), ("reject", {"comment": "Nein"})):
        address = reverse("wagtailadmin_pages:workflow_action", args=[own.pk, action, before])
        client.post(address, answers, **AJAX)
    assert (state_of(page).pk, state_of(page).status) == (before, ReviewState.STATUS_IN_PROGRESS)


def test_authors_and_editors_do_not_do_the_work_of_experts(client, page, author, editor, reviewer):
    for user in (author, editor):
        act(client, user, page, "approve", ALL_MET)
        assert state_of(page).task.name == "Fachprüfung"


@pytest.mark.parametrize("scoped", [False, True], ids=["no reviewer", "reviewers of other fields"])
def test_editors_check_what_no_expert_is_asked_for(client, page, editor, scoped):
    ours, foreign = FieldOfAction.objects.all()[:2]
    page.fields_of_action.set([ours])
    page.save()
    task = state_of(page).task.specific
    if scoped:
        scope = ReviewScope.objects.create(user=account("fuer-anderes", REVIEWERS))
        scope.fields_of_action.add(foreign)
    assert list(task.responsible(page)) == [editor]
    assert task.get_task_states_user_can_moderate(editor).exists()
    assert not task.get_task_states_user_can_moderate(account("wartet", ADMINISTRATORS)).exists()
    act(client, editor, page, "approve", ALL_MET)
    assert state_of(page).task.name == "Freigabe durch die Redaktion"


def test_editors_have_no_turn_where_an_expert_is_asked(page, editor, reviewer):
    assert not state_of(page).task.specific.get_task_states_user_can_moderate(editor).exists()


def test_each_step_has_its_own_time(client, page, reviewer):
    assert timedelta(days=13) < state_of(page).due_at - timezone.now() <= timedelta(days=14)
    act(client, reviewer, page, "approve", ALL_MET)
    assert timedelta(days=6) < state_of(page).due_at - timezone.now() <= timedelta(days=7)


def test_setting_up_again_changes_nothing(site):
    root = Page.get_first_root_node()
    assert WorkflowPage.objects.get(page=root).workflow.name == EXPERT_REVIEW
    WorkflowPage.objects.filter(page=root).update(workflow=Workflow.objects.get(name=REVIEW))
    set_up_workflow()
    assert WorkflowPage.objects.get(page=root).workflow.name == REVIEW, "what somebody chose stays"
    assert Workflow.objects.filter(name=EXPERT_REVIEW).count() == 1


@pytest.fixture
def review_by_wagtail(site):
    """The workflow of editors alone, with the step that Wagtail gives it in a new database."""
    workflow = Workflow.objects.get(name=REVIEW)
    former = GroupApprovalTask.objects.get(name=REVIEW)
    GroupApprovalTask.objects.filter(pk=former.pk).update(active=True)
    former.groups.add(Group.objects.get(name=EDITORS))
    WorkflowTask.objects.filter(workflow=workflow).update(task=former)
    return workflow


def test_who_wrote_last_does_not_approve_in_the_review_by_editors_alone(
    client, organisation, editor, review_by_wagtail
):
    page = ToolFactory(parent=organisation, live=False)
    page.save_revision(user=editor)
    review_by_wagtail.start(page, editor)
    set_up_workflow()
    act(client, editor, page, "approve")
    page.refresh_from_db()
    assert not page.live
    act(client, account("liest-gegen", EDITORS), page, "approve")
    page.refresh_from_db()
    assert page.live, "one approval is enough, though the review began with the step of Wagtail"


def test_answers_that_were_not_checked_before_do_not_approve(page, reviewer):
    state = state_of(page)
    with pytest.raises(PermissionDenied):
        state.task.specific.on_action(state, reviewer, "approve", comment="Schon gut")
    assert state_of(page).status == ReviewState.STATUS_IN_PROGRESS
