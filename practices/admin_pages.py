"""Pages of our own in the admin, and what our lists of rows there share."""

from django.urls import reverse
from wagtail.admin.views.generic import WagtailAdminTemplateMixin


class AdminPageMixin(WagtailAdminTemplateMixin):
    """A page whose header leads from the start of the admin over the pages `above` to its own title."""

    #: Names of addresses with their labels, the topmost first.
    above: tuple[tuple[str, str], ...] = ()

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *self.breadcrumbs_items,
            *({"url": reverse(name), "label": label} for name, label in self.above),
            {"url": "", "label": self.get_page_title()},
        ]


class NotChosenMixin:
    """Rows that no form chooses in a dialogue: without its addresses, which show them to everybody in the admin."""

    def register_chooser_viewset(self) -> None:
        pass
