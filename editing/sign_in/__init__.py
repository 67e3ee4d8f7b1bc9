"""Signing in: how django-allauth is fitted to this platform."""
