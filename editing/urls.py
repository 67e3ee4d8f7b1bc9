"""Addresses of the editors' side that lie outside the admin."""

from django.urls import path

from editing.freshness_views import freshness
from editing.invitation_views import invitation
from editing.partner_files import partner_file
from editing.partner_views import partner_reading
from editing.secret_links import FRESHNESS, INVITATION, PARTNER, PARTNER_FILE

urlpatterns = [
    path(f"{FRESHNESS.under}<str:token>/", freshness, name="freshness"),
    path(f"{INVITATION.under}<str:token>/", invitation, name="invitation"),
    path(f"{PARTNER_FILE.under}<str:signed>", partner_file, name="partner_file"),
    path(f"{PARTNER.under}<str:token>/", partner_reading, name="partner_reading"),
]
