"""Addresses of the search, of the topics and of the read API."""

urlpatterns = []
