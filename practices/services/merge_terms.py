"""Merge one term into another without breaking a link."""

import copy

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Q
from wagtail.models import Page, Revision

from practices.models import OrganisationPage, PracticePage, Term


@transaction.atomic
def merge_terms(source: Term, target: Term) -> int:
    """Let `target` take the place of `source` and return how many pages were affected.

    Pages, drafts and narrower terms of `source` move to `target`; its names become alternative labels there; its key
    stays as a row that points to `target`. Raises ValidationError for terms of different vocabularies, for a term and
    itself, and for terms that were merged before.
    """
    if type(source) is not type(target) or source.pk == target.pk:
        raise ValidationError("Bitte wählen Sie zwei verschiedene Begriffe desselben Vokabulars.")
    if source.merged_into_id or target.merged_into_id:
        raise ValidationError("Einer der Begriffe wurde schon mit einem anderen zusammengeführt.")
    pages = {page for relation in _references(source) for page in _move(relation, source, target)}
    _move_drafts(source, target)
    source.merged_terms.update(merged_into=target)
    type(source).objects.filter(pk=source.pk).update(merged_into=target, broader=None)
    names = [source.name, source.notation, *source.alternative_labels]
    known = {target.name, target.notation, *target.alternative_labels}
    target.alt_labels = "\n".join([*target.alternative_labels, *(name for name in names if name and name not in known)])
    if target.broader_id == source.pk:
        target.broader = source.broader
    target.save()  # raises the content version for everything above, too
    return len(pages)


def _references(term: Term) -> list:
    """Return every foreign key to the vocabulary of `term`, those of link tables included, apart from earlier merges."""
    relations = term._meta.get_fields(include_hidden=True)
    return [
        relation
        for relation in relations
        if relation.auto_created and relation.one_to_many and relation.field.name != "merged_into"
    ]


def _owner(model: type[Model]) -> str | None:
    """Return the column of a link table that names the owner of the row; None where the row itself has the term."""
    names = {field.name for field in model._meta.fields}
    return next((f"{name}_id" for name in ("content_object", "project", "cluster") if name in names), None)


def _move(relation, source: Term, target: Term) -> list[int]:
    """Point every row of `relation` from `source` to `target`; an owner that has both keeps one. Return the pages."""
    model, name, owner = relation.related_model, relation.field.name, _owner(relation.related_model)
    rows = model.objects.filter(**{name: source})
    if model is type(source):
        rows.exclude(pk=target.pk).update(**{name: target})
        return []
    affected = list(rows.values_list(owner or "pk", flat=True))
    if owner:
        have = model.objects.filter(**{name: target}).values_list(owner, flat=True)
        rows.filter(**{f"{owner}__in": list(have)}).delete()
    rows.update(**{name: target})
    return affected if issubclass(model, Page) or owner != "cluster_id" else []


def _move_drafts(source: Term, target: Term) -> None:
    """Rewrite the newest revision of each page that names `source`: a draft published later must not bring it back."""
    latest = Q(pk__in=PracticePage.objects.values("latest_revision")) | Q(
        pk__in=OrganisationPage.objects.values("latest_revision")
    )
    fields = _draft_fields(source)
    for revision in Revision.objects.filter(latest | Q(approved_go_live_at__isnull=False)).iterator():
        changed = copy.deepcopy(revision.content)
        for name in fields:
            _replace(changed, name, source.pk, target.pk)
        if changed != revision.content:
            Revision.objects.filter(pk=revision.pk).update(content=changed)


def _draft_fields(term: Term) -> list[tuple[str | None, str]]:
    """Return where a revision may name a term of this vocabulary: (child relation or None, field)."""
    places = []
    for relation in _references(term):
        model, owner = relation.related_model, _owner(relation.related_model)
        if owner in ("content_object_id", "project_id"):
            places.append(
                (model._meta.get_field(owner.removesuffix("_id")).remote_field.related_name, relation.field.name)
            )
        elif issubclass(model, Page):
            places.append((None, relation.field.name))
    return places


def _replace(content: dict, place: tuple[str | None, str], old: int, new: int) -> None:
    child, field = place
    rows = [content] if child is None else content.get(child, [])
    has_new = any(row.get(field) == new for row in rows)
    for row in list(rows):
        if row.get(field) == old:
            if has_new and child is not None:
                rows.remove(row)
            else:
                row[field] = new
