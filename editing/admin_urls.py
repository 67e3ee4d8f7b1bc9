"""Addresses of the admin that take the place of Wagtail's own, asked before them: they name what somebody may know of."""

from django.urls import path
from wagtail.admin.auth import require_admin_access
from wagtail.utils.urlpatterns import decorate_urlpatterns

from editing.known_tags import autocomplete
from editing.page_choosers import BrowsePagesView, ExternalLinkView, PagesChosenView

urlpatterns = decorate_urlpatterns(
    [
        path("choose-page/", BrowsePagesView.as_view()),
        path("choose-page/<int:parent_page_id>/", BrowsePagesView.as_view()),
        path("choose-page/chosen-multiple/", PagesChosenView.as_view()),
        path("choose-external-link/", ExternalLinkView.as_view()),
        path("tag-autocomplete/", autocomplete),
        path("tag-autocomplete/<slug:app_name>/<slug:model_name>/", autocomplete),
    ],
    require_admin_access,
)
