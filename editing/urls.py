"""Addresses of the editors' side that lie outside the admin."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
