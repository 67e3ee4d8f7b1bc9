"""Addresses of files that belong to practices."""

from django.urls import path

urlpatterns = []
