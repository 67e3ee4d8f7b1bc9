"""What the admin gains for the work of editors."""

from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.views import chooser
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail.admin.views.reports.workflows import WorkflowTasksView, WorkflowView
from wagtail.sites.views import IndexView as SitesView

from editing.accounts import leave_alone_who_is_above, leave_out_who_is_above
from editing.bulk_actions.actions import ConfirmAction, LicenceAction, MoveAction, TermsAction, confirm_button
from editing.bulk_actions.known import leave_out_hidden
from editing.closed_doors import check_moving, close_copies, leave_out_report_of_types, offer_nothing_closed
from editing.dashboard import PANELS, REPLACED
from editing.hand_over_views import HandOverItem, hand_over_urls
from editing.imports.admin import ImportItem, import_urls
from editing.invitation_views import InvitationItem, invitation_urls
from editing.page_api import KnownPagesAPIViewSet
from editing.page_choosers import can_choose_page, find_known_pages, register_known_links
from editing.partner_admin import partner_links_button, partner_urls, register_partner_log_actions
from editing.reports import REPORTS, ReportItem, report_urls
from editing.review_editor import ReviewedPageViewSet
from editing.review_publishing import check_bulk_publishing, hide_publishing, offer_cancelling
from editing.review_report import ReviewReportItem, review_report_urls
from editing.sign_in.lost_factor_views import lost_factor_urls, reset_buttons

close_copies()
offer_nothing_closed()
leave_out_report_of_types()
leave_out_hidden()
chooser.can_choose_page = can_choose_page


hooks.register("construct_page_chooser_queryset", find_known_pages)
hooks.register("register_rich_text_features", register_known_links, order=1)  # after Wagtail's own


@hooks.register("construct_admin_api")
def register_known_pages(router):
    router.register_endpoint("pages", KnownPagesAPIViewSet)


@hooks.register("register_admin_urls")
def register_import_urls():
    return import_urls


@hooks.register("register_admin_menu_item")
def register_import_item():
    return ImportItem("Tabellen-Import", reverse("imports"), icon_name="table", order=270)


@hooks.register("register_permissions")
def register_import_permissions():
    """Offer the right to import in the form of a group."""
    return Permission.objects.filter(content_type__app_label="editing", codename="add_import")


@hooks.register("register_admin_urls")
def register_invitation_urls():
    return invitation_urls


@hooks.register("register_admin_menu_item")
def register_invitation_item():
    return InvitationItem("Einladungen", reverse("invitations"), icon_name="mail", order=280)


@hooks.register("register_admin_urls")
def register_hand_over_urls():
    return hand_over_urls


@hooks.register("register_settings_menu_item")
def register_hand_over_item():
    return HandOverItem("Übergabe", reverse("hand_over"), icon_name="user", order=650)


hooks.register("before_edit_user", leave_alone_who_is_above)
hooks.register("before_delete_user", leave_alone_who_is_above)
hooks.register("before_move_page", check_moving)
hooks.register("before_bulk_action", leave_out_who_is_above)


@hooks.register("construct_help_menu")
def leave_out_pages_elsewhere(request, menu_items):
    """What Wagtail tells of itself is written in English, on a server of its own."""
    menu_items[:] = [item for item in menu_items if not item.name.startswith(("whats-new", "editor-guide"))]


for action in (TermsAction, ConfirmAction, LicenceAction, MoveAction):
    hooks.register("register_bulk_action", action, order=1)  # after Wagtail's own, one of which is replaced


@hooks.register("register_account_menu_item")
def register_sign_in_item(request):
    return {
        "url": reverse("mfa_index"),
        "label": "Passwort und zweiter Faktor",
        "help_text": "Ihr Passwort ändern, die App einrichten, Ersatz-Codes ansehen.",
    }


@hooks.register("register_admin_urls")
def register_lost_factor_urls():
    return lost_factor_urls


hooks.register("register_user_listing_buttons", reset_buttons)


@hooks.register("construct_homepage_panels")
def show_what_waits(request, panels):
    panels[:] = [panel for panel in panels if getattr(panel, "name", "") not in REPLACED] + [
        panel() for panel in PANELS
    ]


@hooks.register("register_admin_urls")
def register_report_urls():
    return report_urls


def _report_item(name: str):
    view, _address = REPORTS[name]
    return ReportItem(view.page_title, reverse(f"{name}_report"), icon_name=view.header_icon, order=700)


for report in REPORTS:
    hooks.register("register_reports_menu_item", lambda report=report: _report_item(report))


@hooks.register("register_admin_urls")
def register_partner_urls():
    return partner_urls


hooks.register("register_page_header_buttons", partner_links_button)
hooks.register("register_page_header_buttons", confirm_button)
hooks.register("register_log_actions", register_partner_log_actions)


@hooks.register("register_admin_viewset", order=1)  # after Wagtail's own, which it replaces
def register_reviewed_pages():
    return ReviewedPageViewSet()


@hooks.register("register_admin_urls")
def register_review_report_urls():
    return review_report_urls


@hooks.register("register_reports_menu_item")
def register_review_report_item():
    return ReviewReportItem("Prüfungen", reverse("review_report"), icon_name="clipboard-list", order=700)


hooks.register("construct_page_action_menu", hide_publishing)
hooks.register("construct_page_action_menu", offer_cancelling)
hooks.register("before_bulk_action", check_bulk_publishing)


@hooks.register("construct_page_chooser_queryset")
def read_states_at_once(pages, request):
    """The list of pages to choose from shows the state of each; Wagtail would ask for it row by row."""
    return pages.annotate_approved_schedule().prefetch_workflow_states()


AvatarSettingsPanel.is_active = lambda _panel: False  # nothing shows pictures of people, so none come in
WorkflowView.paginate_by = 25  # Wagtail's own report costs a query for each row
# Wagtail names these columns as the code does.
WorkflowView.export_headings |= {"workflow": "Prüfung", "requested_by": "Eingereicht von"}
WorkflowTasksView.export_headings |= {
    "task": "Schritt",
    "started_at": "Begonnen am",
    "finished_at": "Beendet am",
    "finished_by": "Beendet von",
}

for column in SitesView.columns:  # which Wagtail names after the fields
    column.label = {"site_name": "Name", "root_page": "Startseite"}.get(column.name, column.label)
