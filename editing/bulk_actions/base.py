"""What all bulk actions heed, and one small change to many practices at once."""

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.models import Page, PagePermissionTester

from practices.models import PracticePage
from practices.services.edit_quietly import edit_quietly
from practices.services.pages_at_work import busy_pages, is_locked_by_others

MOST_PAGES = 200
_TOO_MANY = (
    f"Bitte wählen Sie höchstens {MOST_PAGES} Seiten auf einmal. Gehen Sie dazu zurück und haken Sie weniger Seiten an."
)


class CarefulBulkAction(PageBulkAction):
    """Leaves out pages that somebody is at: those somebody else has locked, those in review, and those whose publication
    is planned. Takes no more than `MOST_PAGES` at once."""

    def get_actionable_objects(self):
        self._busy = busy_pages()
        return super().get_actionable_objects()

    def check_perm(self, page: Page) -> bool:
        is_free = page.pk not in self._busy and not is_locked_by_others(page, self.request.user)
        return is_free and super().check_perm(page)

    def form_valid(self, form):
        pages, _left_out = self.get_actionable_objects()
        if len(pages) > MOST_PAGES:
            form.add_error(None, _TOO_MANY)
            return self.form_invalid(form)
        return super().form_valid(form)


class PracticeBulkAction(CarefulBulkAction):
    """Changes the chosen practices, online and in draft, all of them or none; followers hear nothing of it.

    Left out are also pages that the user is not allowed to change in this way.
    """

    template_name = "editing/bulk_actions/confirm.html"
    question: str
    done: str

    def change(self, page: PracticePage, data: dict) -> None:
        """Change `page` as `data` of the form says; saves nothing."""
        raise NotImplementedError

    def apply(self, page: PracticePage, data: dict) -> None:
        """Change what readers see of `page`, and its draft, and save both."""
        edit_quietly(page, lambda version: self.change(version, data), self.request.user)

    @classmethod
    def get_queryset(cls, model, object_ids) -> QuerySet:
        return model.objects.filter(pk__in=object_ids).order_by("title").specific()

    def check_perm(self, page: Page) -> bool:
        if not isinstance(page, PracticePage) or not super().check_perm(page):
            return False
        return self.is_allowed(page.permissions_for_user(self.request.user), page)

    def is_allowed(self, permissions: PagePermissionTester, page: PracticePage) -> bool:
        """Return whether somebody with `permissions` may change `page` in this way."""
        return permissions.can_publish() if page.live else permissions.can_edit()

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        return context | {"question": self.question, "action_name": self.display_name, "form": context["form"]}

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)

    def get_execution_context(self) -> dict:
        return super().get_execution_context() | {"apply": self.apply, "data": self.cleaned_form.cleaned_data}

    @classmethod
    def execute_action(cls, objects, apply=None, data=None, **kwargs) -> tuple[int, int]:
        for page in objects:
            try:
                apply(page, data)
            except ValidationError as error:
                raise ValidationError(
                    f"„{page.title}“: {' '.join(error.messages)} Es wurde nichts geändert."
                ) from error
        return len(objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return f"{self.done}: {'1 Seite' if num_parent_objects == 1 else f'{num_parent_objects} Seiten'}."
