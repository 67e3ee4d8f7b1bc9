"""What the admin gains for the work of editors."""

from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail import hooks

from editing.imports.admin import ImportItem, import_urls


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
