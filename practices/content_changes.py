"""Which writes change what readers can see: all of them raise the content version."""

from django.db.models.signals import m2m_changed, post_delete, post_save
from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import BaseViewRestriction, Page, Site
from wagtail.signals import post_page_move

from practices.models import ContentVersion

APPS_WITH_CONTENT = {"practices", "home"}
MODELS_WITH_CONTENT = (Page, Site, BaseViewRestriction, Tag, Redirect)


def connect() -> None:
    """Listen from now on; called once, when the app is ready."""
    for signal in (post_save, post_delete):
        signal.connect(_on_write, dispatch_uid="content-version")
    m2m_changed.connect(_on_link, dispatch_uid="content-version")
    post_page_move.connect(_on_move, dispatch_uid="content-version")


def _on_write(sender, **kwargs) -> None:
    if sender is ContentVersion or kwargs.get("raw"):
        return
    if sender._meta.app_label in APPS_WITH_CONTENT or issubclass(sender, MODELS_WITH_CONTENT):
        ContentVersion.raise_number()


def _on_link(sender, instance, action, **kwargs) -> None:
    if action.startswith("post_") and (
        instance._meta.app_label in APPS_WITH_CONTENT or isinstance(instance, MODELS_WITH_CONTENT)
    ):
        ContentVersion.raise_number()


def _on_move(sender, **kwargs) -> None:
    ContentVersion.raise_number()
