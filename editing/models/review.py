"""The two steps of a review: experts check against criteria, editors approve."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.models import Page, Task, TaskState

from editing.last_change import changed_last
from editing.review_criteria import describe_answers
from editing.review_forms import ApprovalForm, ExpertApprovalForm, ExpertReturnForm, ReturnForm
from editing.reviewed_pages import about
from editing.roles import EDITORS, REVIEWERS, editors, has_role, not_reviewed_by, reviewers, reviewers_for
from practices.models import PracticePage

APPROVE, RETURN = "approve", "reject"


class ReviewState(TaskState):
    """A step of one review: until when it is to be done, and what was answered."""

    due_at = models.DateTimeField("fällig am", null=True)
    reminded_at = models.DateTimeField("erinnert am", null=True)
    answers = models.JSONField("Antworten", default=dict)

    class Meta:
        verbose_name = "Stand einer Prüfung"
        verbose_name_plural = "Stände von Prüfungen"

    @property
    def is_overdue(self) -> bool:
        """Whether the step still waits though it should have been done by now."""
        return self.status == self.STATUS_IN_PROGRESS and self.due_at is not None and self.due_at < timezone.now()

    def get_comment(self) -> str:
        """Return what the history shows: the comment, and below it the answers."""
        return "\n".join(part for part in (self.comment, *describe_answers(self.answers)) if part)


def wrote_last(obj, user) -> bool:
    """Return whether `user` wrote the newest text of `obj`; such a person does not approve it alone."""
    return settings.REVIEW_FOUR_EYES and changed_last(obj, user)


class ReviewTask(Task):
    """A step that some people are responsible for, and that is due after some days."""

    days = models.PositiveSmallIntegerField("Frist in Tagen", default=14, validators=[MinValueValidator(1)])

    task_state_class = ReviewState
    admin_form_fields = [*Task.admin_form_fields, "days"]
    forms = {APPROVE: ApprovalForm, RETURN: ReturnForm}

    class Meta:
        abstract = True

    def is_responsible(self, obj, user) -> bool:
        """Return whether `user` does this step for `obj`."""
        raise NotImplementedError

    def responsible(self, obj) -> QuerySet:
        """Return the accounts to be told that `obj` waits at this step."""
        raise NotImplementedError

    def start(self, workflow_state, user=None):
        state = super().start(workflow_state, user=user)
        state.due_at = timezone.now() + timedelta(days=self.days)
        state.save(update_fields=["due_at"])
        return state

    def user_can_access_editor(self, obj, user) -> bool:
        return self.is_responsible(obj, user)

    def locked_for_user(self, obj, user) -> bool:
        return not self.is_responsible(obj, user)

    def get_actions(self, obj, user) -> list[tuple[str, str, bool]]:
        if not self.is_responsible(obj, user):
            return []
        actions = [(RETURN, "Zur Überarbeitung zurückgeben", True)]
        if not wrote_last(obj, user):
            actions.append((APPROVE, "Freigeben", True))
        return actions

    def get_form_for_action(self, action: str):
        return self.forms[action]

    def on_action(self, task_state, user, action_name, **kwargs):
        """Approve or return; what comes in with the page's own form was not checked yet, so it is checked here.

        Raises PermissionDenied where the step is somebody else's, whichever page the address names, the answers do not allow the
        action, or `user` wrote the text to be approved: even where the same request saved it.
        """
        checked = task_state.workflow_state.content_object
        if not self.is_responsible(checked, user):
            raise PermissionDenied("Diesen Schritt prüft jemand anderes.")
        form = self.get_form_for_action(action_name)(kwargs)
        if not form.is_valid():
            raise PermissionDenied("Die Prüfung ist unvollständig.")
        if action_name == APPROVE and wrote_last(checked, user):
            raise PermissionDenied("Wer einen Text zuletzt bearbeitet hat, gibt ihn nicht selbst frei.")
        task_state.answers = {name: value for name, value in form.cleaned_data.items() if name != "comment"}
        super().on_action(task_state, user, action_name, comment=form.cleaned_data["comment"])


class ExpertReviewTask(ReviewTask):
    """Experts for the fields of action of a page check it against the criteria."""

    forms = {APPROVE: ExpertApprovalForm, RETURN: ExpertReturnForm}

    class Meta:
        verbose_name = "Fachprüfung"
        verbose_name_plural = "Fachprüfungen"

    @classmethod
    def get_description(cls) -> str:
        return "Wer für ein Handlungsfeld der Seite zuständig ist, prüft sie anhand der Kriterien."

    def is_responsible(self, obj, user) -> bool:
        if user.is_superuser or not has_role(user, REVIEWERS, EDITORS):
            return user.is_superuser
        # Lists ask for each of their rows, the editor a dozen times; within a request the answer stays the same.
        turns = user.__dict__.setdefault("_turns", {})
        if self.pk not in turns:
            states = self.get_task_states_user_can_moderate(user)
            turns[self.pk] = set(states.values_list("workflow_state__base_content_type", "workflow_state__object_id"))
        return (obj.get_base_content_type().pk, str(obj.pk)) in turns[self.pk]

    def responsible(self, obj) -> QuerySet:
        """Return the reviewers for `obj`; where there are none, editors check instead, so that nothing is stuck."""
        page = obj.specific if isinstance(obj, Page) else obj
        found = reviewers_for(page) if isinstance(page, PracticePage) else reviewers()
        return found if found.exists() else editors()

    def get_task_states_user_can_moderate(self, user, **kwargs) -> QuerySet[TaskState]:
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        if user.is_superuser:
            return waiting
        turn = Q(pk__in=[])
        if has_role(user, REVIEWERS):
            turn |= ~about(not_reviewed_by(reviewers().filter(pk=user.pk)), "workflow_state")
        if has_role(user, EDITORS):
            turn |= about(not_reviewed_by(reviewers()), "workflow_state") if reviewers().exists() else ~Q(pk__in=[])
        return waiting.filter(turn)


class ApprovalTask(ReviewTask):
    """Editors read a page once more; their approval publishes it."""

    class Meta:
        verbose_name = "Freigabe"
        verbose_name_plural = "Freigaben"

    @classmethod
    def get_description(cls) -> str:
        return "Die Redaktion gibt frei; damit ist die Seite veröffentlicht."

    def is_responsible(self, obj, user) -> bool:
        return has_role(user, EDITORS)

    def responsible(self, obj) -> QuerySet:
        return editors()

    def get_task_states_user_can_moderate(self, user, **kwargs) -> QuerySet[TaskState]:
        if not has_role(user, EDITORS):
            return TaskState.objects.none()
        return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
