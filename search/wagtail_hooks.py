"""What the search adds to the admin."""

from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet

from search.models import SynonymGroup
from search.search_admin import SearchHealthPanel, SynonymGroupViewSet, report_urls

register_snippet(SynonymGroupViewSet)


class SearchReportItem(MenuItem):
    def is_shown(self, request) -> bool:
        return ModelPermissionPolicy(SynonymGroup).user_has_any_permission(request.user, ["add", "change"])


@hooks.register("register_admin_urls")
def register_report_urls():
    return report_urls


@hooks.register("register_reports_menu_item")
def register_report_item():
    return SearchReportItem("Suchanfragen", reverse("search_report"), icon_name="search", order=800)


@hooks.register("construct_homepage_panels")
def add_health_panel(request, panels):
    panels.append(SearchHealthPanel())
