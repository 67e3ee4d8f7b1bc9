"""To whom media belong: every organisation has a collection, and one is common to all.

The collection of an organisation comes, is renamed and goes with its page. What lies in no collection of its own, because an
editor or an import brought it in, comes to belong to the organisation whose page first refers to it. Who may do what with the
media of a collection is for groups to say.
"""

from collections.abc import Iterable

from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from wagtail.models import Collection, Page, Revision

from practices.models import OrganisationCollection, OrganisationPage, RevisionFile
from practices.page_files import FILES, files_of
from practices.visibility import paths_to

COMMON = "Gemeinsame Medien"
_LONGEST = Collection._meta.get_field("name").max_length


def connect() -> None:
    """Listen from now on; called once, when the app is ready."""
    post_save.connect(_on_save, sender=OrganisationPage, dispatch_uid="organisation-collection")
    post_delete.connect(_on_delete, sender=OrganisationCollection, dispatch_uid="organisation-collection")


def collection_of(organisation: OrganisationPage) -> Collection:
    """Return the collection with the media of `organisation`, made where it was missing."""
    found = OrganisationCollection.objects.filter(organisation=organisation).select_related("collection").first()
    if found is not None:
        return found.collection
    collection = Collection.get_first_root_node().add_child(name=_name(organisation))
    OrganisationCollection.objects.create(organisation=organisation, collection=collection)
    return collection


def common_collection() -> Collection:
    """Return the collection with what is meant for all, made where it was missing."""
    found = OrganisationCollection.objects.filter(is_common=True).select_related("collection").first()
    if found is not None:
        return found.collection
    collection = Collection.get_first_root_node().add_child(name=COMMON)
    OrganisationCollection.objects.create(is_common=True, collection=collection)
    return collection


def note_files(page: Page, revision: Revision) -> None:
    """Note which files `revision`, just saved, refers to; those that belonged to nobody now belong to the organisation."""
    files = {model: keys for model, keys in files_of(page).items() if keys}
    RevisionFile.objects.filter(revision=revision).delete()
    RevisionFile.objects.bulk_create(
        RevisionFile(revision=revision, kind=str(model._meta.model_name), file_id=key)
        for model, keys in files.items()
        for key in keys
    )
    if files:
        _adopt(files, page)


def _adopt(files: dict[type[Model], set[int]], page: Page) -> None:
    owner = OrganisationCollection.objects.filter(organisation__path__in=paths_to(page)).first()
    if owner is None:
        return
    for model, keys in files.items():
        model._default_manager.filter(pk__in=keys, collection__depth=1).update(collection=owner.collection_id)


def _name(organisation: OrganisationPage) -> str:
    """Return a name nobody else's collection has; titles may be alike, keys never are."""
    name = organisation.title[:_LONGEST]
    others = Collection.objects.filter(name=name).exclude(belongs_to__organisation=organisation)
    return f"{organisation.title[:80]} ({organisation.key})"[:_LONGEST] if others.exists() else name


def describe_owner(collection: Collection) -> dict | None:
    """Return what keeps Wagtail from deleting `collection`: that it is somebody's."""
    if not OrganisationCollection.objects.filter(collection=collection).exists():
        return None
    return {"count": 1, "count_text": "Medien einer Organisation oder gemeinsame Medien, auch künftige", "url": None}


def follow_names(organisations: Iterable[OrganisationPage]) -> None:
    """Let the collections of `organisations` be called as they are, were their titles exchanged with each other."""
    for organisation in [*organisations] * 2:  # what had the name of another is free for it once all have been asked
        _follow_name(organisation)


def _follow_name(organisation: OrganisationPage) -> None:
    collection, name = collection_of(organisation), _name(organisation)
    if collection.name != name:
        collection.name = name
        collection.save()
        collection.move(collection.get_parent(), "sorted-child")  # where lists look for the name


def _on_save(sender, instance, raw=False, update_fields=None, **kwargs) -> None:
    # What a draft says nobody has approved: only its row is renewed, not the title in it.
    if not raw and (update_fields is None or "title" in update_fields):
        _follow_name(instance)


def _on_delete(sender, instance, **kwargs) -> None:
    """Lose nothing: media of an organisation that is gone are nobody's again. A collection that somebody closed, or made others
    below, stays as it is, with what is in it."""
    collection = Collection.objects.filter(pk=instance.collection_id).first()
    if collection is None or not collection.is_leaf() or collection.view_restrictions.exists():
        return
    for model in FILES:
        model.objects.filter(collection=collection).update(collection=Collection.get_first_root_node())
    collection.delete()
