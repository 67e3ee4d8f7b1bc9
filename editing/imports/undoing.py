"""Taking an import back: every page it touched is afterwards as it was, every page it made is gone.

Nothing that came later is lost: where anybody has changed a page since, or made use of one, nothing is taken back and the
row says which pages these are.
"""

from collections import Counter
from collections.abc import Collection, Iterable

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection
from django.db.models import Model, QuerySet
from django.utils import timezone
from taggit.models import Tag
from wagtail.models import Page, ReferenceIndex, Revision
from wagtail.search import index
from wagtail.signal_handlers import disable_reference_index_auto_update

from editing.imports.snapshots import (
    Snapshot,
    delete_rows,
    make_way,
    owned_tables,
    put_back,
    rows_below_pages,
    rows_pointing_at,
    take_snapshots,
)
from editing.models import Import, ImportedPage, OrganisationGroup
from practices.exchange.catalogue import PAGE_MODELS
from practices.media_owners import follow_names
from practices.models import (
    ContentChange,
    ContentVersion,
    FundingProgramme,
    OrganisationPage,
    PracticeChange,
    PracticePage,
)
from practices.services.find_pages import practice_index

State = Import.State
_CHANGED = "wurde seit dem Import bearbeitet"
_GONE = "wurde seit dem Import gelöscht"
_PARENT = "hat inzwischen Unterseiten, die nicht aus dem Import stammen"
_GROUP = "hat inzwischen Mitwirkende mit eigenem Zugang"
_PLACE = "lässt sich nicht an den alten Ort zurückbringen: Dort liegt inzwischen eine andere Seite"
_LOST = (
    "Etwas, worauf eine der Seiten vor dem Import verwies, gibt es nicht mehr. Deshalb lässt sich der Import nicht genau "
    "zurücknehmen. Es wurde nichts geändert."
)


def undo(row: Import) -> None:
    """Take `row` back, or give it a message why not and leave everything as it is. In a transaction; saves nothing of `row`."""
    pages = list(row.pages.all())
    obstacles = find_obstacles(pages)
    if obstacles:
        row.state = State.DONE
        row.message = "Der Import lässt sich nicht zurücknehmen, ohne spätere Arbeit zu verlieren:\n" + "\n".join(
            obstacles
        )
        return
    new = [page.page_id for page in pages if page.is_new]
    before = {page.page_id: Snapshot(**page.before) for page in pages if not page.is_new}
    try:
        with disable_reference_index_auto_update():
            make_way(before)
            _delete_pages(new)
            put_back(before)
            _count_children()
            follow_names(OrganisationPage.objects.filter(pk__in=before))
        connection.check_constraints([model._meta.db_table for model in owned_tables()])
    except IntegrityError as error:
        raise NotExact(_LOST) from error
    _forget_history(row, pages)
    _delete_unused(row)
    _tell(new, before)
    row.pages.update(before={})
    row.state = State.UNDONE
    row.finished_at = timezone.now()


class NotExact(RuntimeError):
    """The former state can not be had again; the message says why."""


def find_obstacles(pages: Collection[ImportedPage]) -> list[str]:
    """Return a sentence for every page of an import that has been changed or used since."""
    now = take_snapshots([page.page_id for page in pages])
    new = {page.page_id for page in pages if page.is_new}
    pointing = rows_pointing_at(new)
    titles = {page.page_id: page.title for page in pages}
    found: dict[int, str] = {}
    for page in pages:
        snapshot = now.get(page.page_id)
        if snapshot is None:
            found[page.page_id] = _GONE
        elif snapshot.fingerprint(*pointing.get(page.page_id, [])) != page.after:
            found[page.page_id] = _CHANGED
    for pk in _with_other_children(new, titles.keys()):
        found.setdefault(pk, _PARENT)
    for pk in OrganisationGroup.objects.filter(organisation__in=new, group__user__isnull=False).values_list(
        "organisation", flat=True
    ):
        found.setdefault(pk, _GROUP)
    for pk in _displaced(pages):
        found.setdefault(pk, _PLACE)
    return [f"„{titles[pk]}“ {reason}." for pk, reason in found.items()]


def _with_other_children(new: Collection[int], ours: Collection[int]) -> list[int]:
    """Return which of the `new` organisations own practices that are none of `ours`."""
    organisations = OrganisationPage.objects.filter(pk__in=new).values_list("path", "pk")
    others = PracticePage.objects.exclude(pk__in=ours).with_owner_path()
    with_others = set(others.values_list("owner_path", flat=True))
    return [pk for path, pk in organisations if path in with_others]


def _displaced(pages: Iterable[ImportedPage]) -> list[int]:
    """Return the pages whose former place in the tree belongs to a page the import knows nothing of."""
    former = {Snapshot(**page.before).path: page.page_id for page in pages if not page.is_new}
    ours = [page.page_id for page in pages]
    taken = Page.objects.filter(path__in=list(former)).exclude(pk__in=ours).values_list("path", flat=True)
    return [former[path] for path in taken]


def _delete_pages(new: list[int]) -> None:
    """Delete the pages with their rows and what others made for them; members of groups were asked about before."""
    Group.objects.filter(organisation_group__organisation__in=new).delete()
    delete_rows(rows_below_pages(new))
    # The tree's own way would take children along, and children are counted when all is done.
    QuerySet.delete(Page.objects.filter(pk__in=new))
    texts = [str(pk) for pk in new]
    Revision.page_revisions.filter(object_id__in=texts).delete()
    of_pages = ContentType.objects.get_for_model(Page)
    ReferenceIndex.objects.filter(base_content_type=of_pages, object_id__in=texts).delete()


def _count_children() -> None:
    """Let organisations, and the section above them, know how many children they have now."""
    paths = [
        *PracticePage.objects.values_list("path", flat=True),
        *OrganisationPage.objects.values_list("path", flat=True),
    ]
    children = Counter(path[: -Page.steplen] for path in paths)
    for parent in [practice_index(), *OrganisationPage.objects.only("path", "numchild")]:
        if parent.numchild != children[parent.path]:
            Page.objects.filter(pk=parent.pk).update(numchild=children[parent.path])


def _forget_history(row: Import, pages: Iterable[ImportedPage]) -> None:
    """Readers need not hear of what was taken back; nothing else can have happened to these pages since."""
    ids = [page.page_id for page in pages]
    PracticeChange.objects.filter(page_id__in=ids, pk__gt=row.made["last_change"]).delete()


def _delete_unused(row: Import) -> None:
    """Delete the tags and programmes that came into being with the import and that nothing names."""
    drafts = Revision.objects.filter(created_at__gte=row.finished_at).values_list("content", flat=True)
    in_drafts = {item.get("tag") for content in drafts for item in content.get("tagged_items", [])}
    programmes_in_drafts = {content.get("programme") for content in drafts}
    for model, ids, drafted in (
        (Tag, row.made["tags"], in_drafts),
        (FundingProgramme, row.made["programmes"], programmes_in_drafts),
    ):
        used = _used(model, ids) | drafted
        for instance in model._default_manager.filter(pk__in=set(ids) - used):
            instance.delete()


def _used(model: type[Model], ids: list[int]) -> set[int]:
    relations = [relation for relation in model._meta.related_objects if relation.field.column]
    return {
        pk
        for relation in relations
        for pk in relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": ids}).values_list(
            relation.field.name, flat=True
        )
    }


def _tell(new: list[int], before: dict[int, Snapshot]) -> None:
    """Bring up to date what is derived from pages: the index of references, the admin's search, ours by its outbox."""
    for model in PAGE_MODELS.values():
        for page in model._default_manager.filter(pk__in=list(before)):
            ReferenceIndex.create_or_update_for_object(page)
            index.insert_or_update_object(page)
    ContentChange.record([*new, *before])
    ContentVersion.raise_number()
