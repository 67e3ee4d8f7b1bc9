"""The page editor with the panel of the review, and with the rule for publishing beside one."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.views.pages.copy import CopyView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.workflow import CollectWorkflowActionDataView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from editing.last_change import changes_text
from editing.models.review import APPROVE, RETURN, wrote_last
from editing.review_panel import ReviewSidePanel, missing_buttons
from editing.review_publishing import may_cancel

_REFUSED = (
    "Nicht veröffentlicht: Der Text ist in Prüfung, und Sie haben ihn zuletzt bearbeitet. Bitte lassen Sie ihn von jemand "
    "anderem freigeben. Ihre Änderungen sind als Entwurf gesichert."
)
_DONE = {APPROVE: "„{title}“ ist freigegeben.", RETURN: "„{title}“ ist zur Überarbeitung zurückgegeben."}


class ReviewedEditView(EditView):
    """Shows how the review goes; what may not be published is saved as a draft instead."""

    def get_object(self) -> Page:
        page = super().get_object()
        if self.request.method == "GET":
            # Wagtail asks some twenty times how the review stands; while a page is only shown, one answer is enough.
            page._current_workflow_states = self.real_page_record._current_workflow_states
            for review in page._current_workflow_states:
                review.content_object = self.real_page_record
            page.latest_revision = self.latest_revision
        return page

    def get_side_panels(self) -> MediaContainer:
        panels = super().get_side_panels()
        if not self.expects_json_response and not self.hydrate_create_view:
            panels.insert(1, ReviewSidePanel(self.page, self.request))
        return panels

    @cached_property
    def action_name_and_method(self) -> tuple[str, Callable]:
        name, method = super().action_name_and_method
        if name == "perform_workflow_action" and self.workflow_action == RETURN:
            # Wagtail asks for the action before it checks the form: what a text lacks is a reason to return it.
            self.form.defer_required_fields()
        return name, method

    @property
    def is_cancelling_workflow(self) -> bool:
        wanted = "action-cancel-workflow" in self.request.POST and self.workflow_state is not None
        return wanted and may_cancel(self.workflow_state, self.request.user)

    def publish_action(self) -> HttpResponse:
        if not self.page.workflow_in_progress or not self._writes_last():
            return super().publish_action()
        messages.warning(self.request, _REFUSED)
        return self.save_action()

    def add_save_confirmation_message(self) -> None:
        if self.action_name != "perform_workflow_action":
            return super().add_save_confirmation_message()
        title = self.page.get_admin_display_title()
        return messages.success(self.request, _DONE[self.workflow_action].format(title=title))

    def redirect_away(self) -> HttpResponse:
        """Lead to the folder of the page; experts have no business in it and return to their start page."""
        if self.next_url or page_permission_policy.explorable_root_instance(self.request.user):
            return super().redirect_away()
        return redirect("wagtailadmin_home")

    def _writes_last(self) -> bool:
        """Return whether what is sent changes the text, or its newest version is by the same person anyway."""
        changes = settings.REVIEW_FOUR_EYES and (self.is_reverting or changes_text(self.form))
        return changes or wrote_last(self.page, self.request.user)


class ReviewedActionDataView(CollectWorkflowActionDataView):
    """Says why nothing is to be approved here by those who changed the text since the editor showed its buttons."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if self.action_name == APPROVE and "Freigeben" in missing_buttons(self.object, request.user):
            return render_modal_workflow(request, "editing/own_text.html", None, {}, json_data={"step": "action"})
        return super().dispatch(request, *args, **kwargs)


class CheckedCopyView(CopyView):
    """Leaves it to the form to check where the copy goes; Wagtail looks the place up before, and breaks where there is none."""

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return FormView.post(self, request, *args, **kwargs)


class ReviewedPageViewSet(PageViewSet):
    """Every type of page is edited in ReviewedEditView."""

    copy_view_class = CheckedCopyView
    edit_view_class = ReviewedEditView
    collect_workflow_action_data_view_class = ReviewedActionDataView
