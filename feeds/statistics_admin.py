"""The report of subscriptions in the admin."""

from django.urls import path
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.admin.views.reports import ReportView

from feeds.delivery_admin import POLICY, DeliveryPermissionMixin
from feeds.models import Subscription
from feeds.statistics import Row, subscription_report

_HEADINGS = {
    "area": "Bereich",
    "label": "Bezeichnung",
    "subscribers": "Abonnierende",
    "sent": "E-Mails gesendet",
    "failed": "E-Mails gescheitert",
}


class SubscriptionReportView(DeliveryPermissionMixin, ReportView):
    """Topics, rhythms and months in numbers; those of subscribers are never below five."""

    model = Subscription
    page_title = "Abonnements"
    header_icon = "mail"
    index_url_name = "subscription_report"
    index_results_url_name = "subscription_report_results"
    default_ordering = None
    permission_policy = POLICY
    columns = [
        Column("area", label=_HEADINGS["area"]),
        Column("label", label=_HEADINGS["label"]),
        NumberColumn("subscribers", label=_HEADINGS["subscribers"]),
        NumberColumn("sent", label=_HEADINGS["sent"]),
        NumberColumn("failed", label=_HEADINGS["failed"]),
    ]
    list_export = list(_HEADINGS)
    export_headings = _HEADINGS
    export_filename = "abonnements"

    def get_queryset(self) -> list[Row]:
        return subscription_report()


report_urls = [
    path("berichte/abonnements/", SubscriptionReportView.as_view(), name="subscription_report"),
    path(
        "berichte/abonnements/results/",
        SubscriptionReportView.as_view(results_only=True),
        name="subscription_report_results",
    ),
]
