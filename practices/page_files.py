"""Which images, documents and recordings a page refers to."""

from functools import cache

from django.db.models import Model, QuerySet
from modelcluster.models import get_all_child_relations
from wagtail.models import Page

from practices.models import CreditedDocument, CreditedImage, CreditedMedia, RevisionFile

FILES = (CreditedImage, CreditedDocument, CreditedMedia)


def files_of(page: Page) -> dict[type[Model], set[int]]:
    """Return the keys of all files that `page` refers to, by model.

    They are read from the page as it stands in memory, so a draft has its own: from every field, block, rich text and row
    that belongs to it, those of a field added later, too. An address that somebody typed is no reference.
    """
    found: dict[type[Model], set[int]] = {model: set() for model in FILES}
    _collect(page, found)
    return found


def pages_drafting_with(file: Model) -> QuerySet[Page]:
    """Return the pages whose newest text refers to `file`."""
    rows = RevisionFile.objects.filter(kind=file._meta.model_name, file_id=file.pk)
    return Page.objects.filter(latest_revision__in=rows.values("revision"))


def _collect(item: Model, found: dict[type[Model], set[int]]) -> None:
    """Add to `found` what `item`, and the rows that belong to it, refer to."""
    for field in item._meta.concrete_fields:
        value = field.value_from_object(item)
        if field.related_model in found and value is not None:
            found[field.related_model].add(value)
        elif hasattr(field, "extract_references") and value:
            for model, key, *_path in field.extract_references(value):
                if model in found:
                    found[model].add(int(key))
    for relation in get_all_child_relations(type(item)):
        if _may_refer_to_files(relation.related_model):
            for row in getattr(item, relation.get_accessor_name()).all():
                _collect(row, found)


@cache
def _may_refer_to_files(model: type[Model]) -> bool:
    """Return whether rows of `model` are worth looking at; terms and related pages of a stored page cost a query each."""
    fields = model._meta.concrete_fields
    return any(field.related_model in FILES or hasattr(field, "extract_references") for field in fields) or any(
        _may_refer_to_files(relation.related_model) for relation in get_all_child_relations(model)
    )
