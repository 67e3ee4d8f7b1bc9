"""Addresses of the files that belong to practices."""

from django.urls import path

from practices.file_serving import serve_media

urlpatterns = [path("medien/<path:name>", serve_media, name="media")]
