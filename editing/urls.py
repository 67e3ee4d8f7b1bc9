"""Addresses of the editors' side that lie outside the admin."""

from django.urls import path

from editing.invitation_views import invitation

urlpatterns = [
    path("konto/einladung/<str:token>/", invitation, name="invitation"),
]
