"""A page is saved with its rows, some forty of them: once, and only what changed.

modelcluster writes every row anew, and Wagtail looks for the references of the page at each of them.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Model, prefetch_related_objects
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail.models import Page, ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update, reference_index_auto_update_disabled

from practices.noting import noted_at_once

#: What Wagtail writes into the row of a page while somebody works on a draft, or keeps it to themselves. Nobody else sees it.
DRAFT_WORK = frozenset(
    {
        "draft_title",
        "has_unpublished_changes",
        "latest_revision",
        "latest_revision_created_at",
        "locked",
        "locked_at",
        "locked_by",
        "wagtail_admin_comments",
    }
)


def is_draft_work(update_fields) -> bool:
    """Return whether a save of `update_fields`, None for all fields, changes nothing but what belongs to a draft."""
    return update_fields is not None and DRAFT_WORK.issuperset(update_fields)


@contextmanager
def saved_whole(page: Page, update_fields=None) -> Iterator[None]:
    """Meanwhile `page` is saved with its rows: what is stored already is left alone, references and the change are noted once."""
    by_whoever_began = getattr(reference_index_auto_update_disabled, "value", False)
    with transaction.atomic(), noted_at_once() as noted:
        if page.pk and not is_draft_work(update_fields):
            _leave_alone_what_is_stored(page)
        if by_whoever_began:
            yield
        else:
            with disable_reference_index_auto_update():
                yield
            if not is_draft_work(update_fields):
                ReferenceIndex.create_or_update_for_object(page)
        if not page.live and not page.was_live and page.is_leaf():
            noted.clear()  # no reader sees anything of it


def _leave_alone_what_is_stored(page: Page) -> None:
    """Take those relations of `page` out of what is to be saved whose rows are stored already as they are."""
    # Of two that save the page at once the second compares with what the first has written.
    Page.objects.select_for_update().filter(pk=page.pk).values_list("pk").first()
    waiting = page.__dict__.get("_cluster_related_objects", {})
    for name in list(waiting):
        rows, stored = waiting[name], list(getattr(page, name).get_live_queryset())
        for nested in _nested(stored):
            prefetch_related_objects(stored, nested)
        if _said_by(rows) == _said_by(stored):
            del waiting[name]


def _said_by(rows: Iterable[Model]) -> list[tuple]:
    """Return what `rows` and the rows below them say, apart from whose they are."""
    return sorted((_values(row), *(_said_by(getattr(row, name).all()) for name in _nested([row]))) for row in rows)


def _values(row: Model) -> tuple:
    """Return the values of `row`, its key first."""
    own = [field for field in row._meta.concrete_fields if not isinstance(field, ParentalKey)]
    return row.pk or 0, [repr(field.value_from_object(row)) for field in own]


def _nested(rows: list) -> list[str]:
    """Return the names of the relations that `rows` have in turn."""
    if not rows or not isinstance(rows[0], ClusterableModel):
        return []
    return [relation.get_accessor_name() for relation in get_all_child_relations(rows[0])]
