"""The editor of newsletter introductions: what is in review goes online by that review."""

from django.http import HttpRequest
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.action_menu import PublishMenuItem
from wagtail.snippets.views.snippets import EditView, SnippetViewSet

from feeds.models import NewsletterIntroduction
from practices.admin_pages import NotChosenMixin

_REFUSED = (
    "Nicht veröffentlicht: Der Text ist in Prüfung. Bitte lassen Sie ihn freigeben, oder brechen Sie die Prüfung ab. "
    "Ihre Änderungen sind als Entwurf gesichert."
)


class NewsletterEditView(EditView):
    """Saves as a draft what was to be published beside its review, so that nothing typed is lost."""

    def get_action(self, request: HttpRequest) -> str:
        action = super().get_action(request)
        if action != "publish" or not self.object.workflow_in_progress:
            return action
        messages.warning(request, _REFUSED)
        return "edit"


class NewsletterViewSet(NotChosenMixin, SnippetViewSet):
    model = NewsletterIntroduction
    icon = "mail"
    menu_label = "Newsletter"
    menu_order = 250
    add_to_admin_menu = True
    list_display = ["title", "week"]
    search_fields = ["title"]
    panels = [FieldPanel("title"), FieldPanel("week"), FieldPanel("text")]
    edit_view_class = NewsletterEditView


def hide_publishing(menu_items: list, request: HttpRequest, context: dict) -> None:
    """Do not offer what NewsletterEditView would refuse."""
    introduction = context.get("instance")
    if isinstance(introduction, NewsletterIntroduction) and introduction.workflow_in_progress:
        menu_items[:] = [item for item in menu_items if not isinstance(item, PublishMenuItem)]
