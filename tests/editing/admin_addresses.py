"""The pages of the admin that people work with every day."""

from collections.abc import Iterable

from django.urls import reverse

from practices.models import OrganisationPage, PracticePage

# Of a page: its names of addresses below wagtailadmin_pages.
_OF_A_PAGE = ("edit", "history", "workflow_history", "usage", "delete", "unpublish", "move", "copy")
_LISTS = (
    "wagtailadmin_home",
    "wagtailadmin_explore_root",
    "wagtailadmin_choose_page",
    "wagtailadmin_account",
    "wagtailadmin_reports:site_history",
    "wagtailadmin_reports:aging_pages",
    "wagtailadmin_reports:locked_pages",
    "wagtailadmin_reports:workflow",
    "wagtailadmin_reports:workflow_tasks",
    "wagtailadmin_reports:page_types_usage",
    "wagtailimages:index",
    "wagtaildocs:index",
    "wagtailmedia:index",
    "wagtailimages_chooser:choose",
    "wagtailsnippets_practices_fieldofaction:list",
    "wagtailusers_users:index",
    "wagtailusers_groups:index",
    "coverage_report",
    "stale_report",
    "media_report",
    "link_report",
    "review_report",
    "search_report",
    "delivery",
    "subscription_report",
    "imports",
    "invitations",
    "hand_over",
)


def admin_addresses(organisation: OrganisationPage, practices: Iterable[PracticePage]) -> list[str]:
    """Return the addresses of the lists, and of what can be done with `organisation` and its `practices`."""
    parents = (organisation, organisation.get_parent())
    pages = (organisation, *practices)
    return [
        *(reverse(name) for name in _LISTS),
        *(reverse("wagtailadmin_explore", args=[page.pk]) for page in parents),
        *(reverse("wagtailadmin_choose_page_child", args=[page.pk]) for page in parents),
        reverse("wagtailadmin_pages:add_subpage", args=[organisation.pk]),
        *(
            reverse("wagtailadmin_pages:add", args=["practices", page._meta.model_name, organisation.pk])
            for page in practices
        ),
        *(reverse(f"wagtailadmin_pages:{name}", args=[page.pk]) for page in pages for name in _OF_A_PAGE),
        f"{reverse('wagtailadmin_pages:search')}?q=Werkzeug",
        f"{reverse('wagtailadmin_choose_page_search')}?q=Werkzeug",
    ]
