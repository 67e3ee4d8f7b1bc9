"""Addresses of the search and of the topics."""

from django.urls import path

from search import views
from search.api import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("suche/", views.search, name="search"),
    path("themen/", views.topics, name="topics"),
    path("themen/<slug:scheme>/", views.scheme, name="scheme"),
    path("themen/<slug:scheme>/<slug:key>/", views.topic, name="topic"),
]
