"""The group of contributors every organisation has: it comes, is renamed and goes with its page."""

from django.contrib.auth.models import Group
from django.db.models.signals import post_delete, post_save

from editing.models import OrganisationGroup
from editing.rights import allow_admin, allow_media, allow_pages
from practices.media_owners import collection_of, common_collection
from practices.models import OrganisationPage

_LONGEST = Group._meta.get_field("name").max_length
_WRITING = ("add", "change")
_ADDING = ("add", "choose")
_CHOOSING = ("choose",)


def connect() -> None:
    """Listen from now on; called once, when the app is ready."""
    post_save.connect(_on_save, sender=OrganisationPage, dispatch_uid="organisation-group")
    post_delete.connect(_on_delete, sender=OrganisationGroup, dispatch_uid="organisation-group")


def group_of(organisation: OrganisationPage) -> Group:
    """Return the group of those who contribute to `organisation`, made and allowed to write there where it was missing."""
    found = OrganisationGroup.objects.filter(organisation=organisation).select_related("group").first()
    if found is not None:
        return found.group
    group = Group.objects.create(name=_name(organisation))
    OrganisationGroup.objects.create(organisation=organisation, group=group)
    allow_admin(group)
    allow_pages(group, organisation, _WRITING)
    allow_media_of(group, organisation)
    return group


def allow_media_of(group: Group, organisation: OrganisationPage) -> None:
    """Let `group` add and choose media of `organisation`, and choose what is meant for all."""
    allow_media(group, collection_of(organisation), _ADDING)
    allow_media(group, common_collection(), _CHOOSING)


def _name(organisation: OrganisationPage) -> str:
    """Return a name nobody else has; titles may be alike, keys never are."""
    name = f"Mitwirkende: {organisation.title}"[:_LONGEST]
    others = Group.objects.filter(name=name).exclude(organisation_group__organisation=organisation)
    if not others.exists():
        return name
    return f"Mitwirkende: {organisation.title[:80]} ({organisation.key})"[:_LONGEST]


def _on_save(sender, instance, raw=False, update_fields=None, **kwargs) -> None:
    # What a draft says nobody has approved: only its row is renewed, not the title in it.
    if raw or (update_fields is not None and "title" not in update_fields):
        return
    group = group_of(instance)
    name = _name(instance)
    if group.name != name:
        Group.objects.filter(pk=group.pk).update(name=name)


def _on_delete(sender, instance, **kwargs) -> None:
    Group.objects.filter(pk=instance.group_id).delete()
