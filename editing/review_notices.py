"""Mails about reviews: to those whose turn it is, and to those who wait for the outcome."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Page, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected

from editing.models import ReviewState
from feeds.entries import absolute
from feeds.notices import Action, Notice, queue_within
from limits.counting import mailbox_of


def connect() -> None:
    """Send these mails instead of Wagtail's: a receiver with the name of Wagtail's own keeps that one from connecting."""
    task_submitted.connect(ask_reviewers, sender=ReviewState, dispatch_uid="editing-review-submitted")
    workflow_rejected.connect(
        tell_of_return, sender=WorkflowState, dispatch_uid="workflow_state_rejected_email_notification"
    )
    workflow_approved.connect(
        tell_of_publication, sender=WorkflowState, dispatch_uid="workflow_state_approved_email_notification"
    )


def ask_reviewers(instance: ReviewState, user, **kwargs) -> None:
    """Tell those responsible for the step `instance` that it is their turn, except `user`, who brought it there."""
    title = _title(instance.workflow_state)
    _queue(
        (person for person in _responsible(instance) if person != user),
        f"{instance.task.name}: „{title}“ wartet auf Sie",
        [
            f"„{title}“ wurde eingereicht. Bitte prüfen Sie den Text und geben Sie ihn frei oder mit einer Begründung zurück."
        ],
        instance.workflow_state,
    )


def tell_of_return(instance: WorkflowState, user, **kwargs) -> None:
    """Tell the author why the text came back."""
    state = instance.current_task_state.specific
    title = _title(instance)
    _queue(
        _authors(instance, user),
        f"Bitte überarbeiten: „{title}“",
        [
            f"„{title}“ wurde geprüft und kommt mit dieser Begründung zurück:",
            *state.get_comment().splitlines(),
            "Wenn Sie den Text überarbeitet haben, reichen Sie ihn wieder ein. Es geht dann bei dem Schritt weiter, der ihn "
            "zurückgegeben hat.",
        ],
        instance,
    )


def tell_of_publication(instance: WorkflowState, user, **kwargs) -> None:
    """Tell the author that the text was approved."""
    title = _title(instance)
    _queue(
        _authors(instance, user),
        f"Freigegeben: „{title}“",
        [f"„{title}“ ist geprüft und freigegeben. Danke!"],
        instance,
    )


def remind_reviewers() -> None:
    """Remind those responsible for each step that is overdue, once."""
    overdue = ReviewState.objects.filter(
        status=ReviewState.STATUS_IN_PROGRESS, due_at__lt=timezone.now(), reminded_at=None
    )
    for state in overdue.select_related("workflow_state"):
        with transaction.atomic():
            if overdue.filter(pk=state.pk).update(reminded_at=timezone.now()):
                _remind(state)


def _remind(state: ReviewState) -> None:
    title = _title(state.workflow_state)
    due = date_format(timezone.localtime(state.due_at), "j. F Y")
    _queue(
        _responsible(state),
        f"Erinnerung: „{title}“ wartet noch",
        [f"Die Prüfung von „{title}“ war bis zum {due} vorgesehen. Bitte sehen Sie sich den Text bald an."],
        state.workflow_state,
    )


def _queue(people: Iterable, subject: str, paragraphs: list[str], state: WorkflowState) -> None:
    link = Action("Im Redaktionsbereich ansehen", absolute(AdminURLFinder().get_edit_url(_object(state))))
    addresses = dict.fromkeys(person.email for person in people if person.email)
    for address in addresses:
        notice = Notice(address, subject, paragraphs, (link,))
        page = f"{state.content_type_id} {state.object_id} {mailbox_of(address)}"
        queue_within("review_mail", notice, page=page)


def _responsible(state: ReviewState) -> Iterable:
    """Return whose turn it is; where there is nobody, those who run the platform, who may do every step."""
    people = state.task.specific.responsible(_object(state.workflow_state))
    return people if people.exists() else get_user_model().objects.filter(is_active=True, is_superuser=True)


def _authors(state: WorkflowState, actor) -> list:
    """Return who handed the text in and whom it belongs to, except `actor`, who knows already."""
    people = (state.requested_by, getattr(state.content_object, "owner", None))
    return [person for person in people if person and person.is_active and person != actor]


def _object(state: WorkflowState):
    found = state.content_object
    return found.specific if isinstance(found, Page) else found


def _title(state: WorkflowState) -> str:
    return str(getattr(_object(state), "draft_title", "") or _object(state))
