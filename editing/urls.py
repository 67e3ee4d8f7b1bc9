"""Addresses of the editors' side that lie outside the admin."""

from django.urls import path

from editing.freshness_views import freshness
from editing.invitation_views import invitation
from editing.partner_files import partner_file
from editing.partner_views import partner_reading

urlpatterns = [
    path("pflege/<str:token>/", freshness, name="freshness"),
    path("konto/einladung/<str:token>/", invitation, name="invitation"),
    path("mitlesen/datei/<str:signed>", partner_file, name="partner_file"),
    path("mitlesen/<str:token>/", partner_reading, name="partner_reading"),
]
