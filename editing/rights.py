"""Rights of Wagtail: given to a group (the admin itself, pages of the tree, media of a collection), and asked of a person."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page
from wagtail.permissions import page_permission_policy

_MEDIA = {"wagtailimages": "image", "wagtaildocs": "document", "wagtailmedia": "media"}


def editable_pages(user) -> QuerySet[Page]:
    """Return the pages that `user` may change, in no order: made for conditions on other queries."""
    return page_permission_policy.instances_user_has_permission_for(user, "change").order_by()


def allow_admin(group: Group) -> None:
    """Let `group` into the admin."""
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))


def allow_pages(group: Group, page: Page, names: Iterable[str]) -> None:
    """Let `group` do the things with these `names` to `page` and everything below it."""
    permissions = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=[f"{name}_page" for name in names]
    )
    GroupPagePermission.objects.bulk_create(
        [GroupPagePermission(group=group, page=page, permission=permission) for permission in permissions],
        ignore_conflicts=True,
    )


def allow_media(group: Group, collection: Collection, names: Iterable[str]) -> None:
    """Let `group` do the things with these `names` to images, documents and recordings of `collection`."""
    permissions = Permission.objects.filter(
        content_type__app_label__in=list(_MEDIA),
        codename__in=[f"{name}_{model}" for name in names for model in _MEDIA.values()],
    )
    GroupCollectionPermission.objects.bulk_create(
        [
            GroupCollectionPermission(group=group, collection=collection, permission=permission)
            for permission in permissions
        ],
        ignore_conflicts=True,
    )
