"""What subscriptions and mails add to the admin."""

from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from feeds.delivery_admin import LOOK, DeliveryHealthPanel, delivery_urls, may
from feeds.digest_preview import preview_urls
from feeds.newsletter_admin import NewsletterViewSet, hide_publishing
from feeds.statistics_admin import report_urls
from feeds.undelivered_admin import undelivered_urls

register_snippet(NewsletterViewSet)
hooks.register("construct_snippet_action_menu", hide_publishing)


class DeliveryItem(MenuItem):
    def is_shown(self, request) -> bool:
        return may(request.user, LOOK)


@hooks.register("register_admin_urls")
def register_delivery_urls():
    return [*preview_urls, *undelivered_urls, *delivery_urls, *report_urls]


@hooks.register("register_reports_menu_item")
def register_delivery_item():
    return DeliveryItem("Versand", reverse("delivery"), icon_name="mail", order=810)


@hooks.register("register_reports_menu_item")
def register_subscription_report_item():
    return DeliveryItem("Abonnements", reverse("subscription_report"), icon_name="group", order=820)


@hooks.register("construct_homepage_panels")
def add_delivery_panel(request, panels):
    panels.append(DeliveryHealthPanel())


@hooks.register("register_permissions")
def register_delivery_permissions():
    """Offer the rights to look at runs and to act on them in the form of a group."""
    return Permission.objects.filter(
        content_type__app_label="feeds", codename__in=("view_digestrun", "change_digestrun")
    )
