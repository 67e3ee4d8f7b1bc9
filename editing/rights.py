"""Rights of Wagtail: given to a group (the admin itself, pages of the tree, media of a collection), and asked of a person."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page
from wagtail.permissions import page_permission_policy

_MEDIA = {"wagtailimages": "image", "wagtaildocs": "document", "wagtailmedia": "media"}
# Choosing recordings is a permission of ours, with the name that Wagtail asks for.
_OF_MEDIA = Q(content_type__app_label__in=_MEDIA) | Q(content_type__app_label="practices", codename="choose_media")


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
        _OF_MEDIA, codename__in=[f"{name}_{model}" for name in names for model in _MEDIA.values()]
    )
    GroupCollectionPermission.objects.bulk_create(
        [
            GroupCollectionPermission(group=group, collection=collection, permission=permission)
            for permission in permissions
        ],
        ignore_conflicts=True,
    )


def groups_beyond(user) -> set[int]:
    """Return the ids of those groups that may do something `user` may not: with a model, or to pages or files somewhere."""
    if user.is_superuser:
        return set()
    own = user.groups.all()
    # Of media Wagtail asks for rights on collections, and for no others.
    lacking = Permission.objects.exclude(content_type__app_label__in=_MEDIA)
    lacking = lacking.exclude(pk__in=Permission.objects.filter(Q(group__in=own) | Q(user=user)))
    beyond = set(Group.objects.filter(permissions__in=lacking).values_list("pk", flat=True))
    for grants, path in ((GroupPagePermission, "page__path"), (GroupCollectionPermission, "collection__path")):
        held = list(grants.objects.filter(group__in=own).values_list("permission_id", path))
        for group, permission, place in grants.objects.values_list("group_id", "permission_id", path):
            if not any(permission == allowed and place.startswith(start) for allowed, start in held):
                beyond.add(group)
    return beyond
