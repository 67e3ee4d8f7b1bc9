"""Pages as they stand in the database: every row that belongs to them, to be compared and put back.

Which tables these are follows from the models: the tables of the page itself, and those of its parental keys at any depth.
Rows are kept as Django's serializer writes them, and put back without signals, as fixtures are.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from functools import cache

from django.apps import apps
from django.contrib.auth.models import Group
from django.core import serializers
from django.db.models import CharField, F, Model, QuerySet, Value
from django.db.models.functions import Cast, Concat
from modelcluster.fields import ParentalKey
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Revision, TaskState, WorkflowState

from editing.models import ReviewState
from practices.exchange.catalogue import PAGE_MODELS
from practices.models import PracticePage

PAGE_TABLES = (Page, PracticePage, *PAGE_MODELS.values())
# How many children a page has changes with its children, not with itself.
_COUNTED = "numchild"
_AT_ONCE = 200


@dataclass
class Snapshot:
    """The rows of one page by table and id, and its revisions, each with the time its publication is planned for."""

    rows: dict[str, dict] = field(default_factory=dict)
    revisions: dict[str, str | None] = field(default_factory=dict)

    def fingerprint(self, *also) -> str:
        """Return a text that differs where anything of the page does; `also` goes into it."""
        content = json.dumps([self.rows, self.revisions, *also], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def page(self) -> dict:
        """The values of the page itself."""
        return next(row["fields"] for row in self.rows.values() if row["model"] == Page._meta.label_lower)

    @property
    def path(self) -> str:
        """Its place in the tree."""
        return self.page["path"]

    def as_json(self) -> dict:
        """Return the snapshot as JSON values."""
        return asdict(self)


def take_snapshots(page_ids: Collection[int]) -> dict[int, Snapshot]:
    """Return the snapshot of each of the pages with `page_ids`; those that do not exist are left out.

    The number of queries grows with one page in two hundred.
    """
    found: dict[int, Snapshot] = defaultdict(Snapshot)
    ids = sorted(page_ids)
    for start in range(0, len(ids), _AT_ONCE):
        batch = ids[start : start + _AT_ONCE]
        for queryset in _tables(batch):
            for owner, name, row in _serialised(queryset):
                found[owner].rows[name] = row
        for pk, owner, planned in _revisions(batch).values_list("pk", "object_id", "approved_go_live_at"):
            found[int(owner)].revisions[str(pk)] = planned and planned.isoformat()
    return {
        pk: snapshot
        for pk, snapshot in found.items()
        if any(name.startswith("wagtailcore.page:") for name in snapshot.rows)
    }


def make_way(wanted: dict[int, Snapshot]) -> None:
    """Take away what is unique and may be wanted by another: the places of pages that have moved, the names of groups."""
    _groups(wanted).update(name=Concat(Value("-"), Cast("pk", CharField())))
    now = dict(Page.objects.filter(pk__in=list(wanted)).values_list("pk", "path"))
    for pk, snapshot in wanted.items():
        if snapshot.path != now[pk]:
            Page.objects.filter(pk=pk).update(path=f"-{pk}")


def put_back(wanted: dict[int, Snapshot]) -> None:
    """Make the rows of every page what they are in its snapshot; rows that agree are not touched. In a transaction,
    after make_way()."""
    present = take_snapshots(wanted)
    extra, missing, changed = [], [], []
    for pk, snapshot in wanted.items():
        rows = present[pk].rows
        extra += [name for name in rows if name not in snapshot.rows]
        missing += [row for name, row in snapshot.rows.items() if name not in rows]
        changed += [row for name, row in snapshot.rows.items() if name in rows and rows[name] != row]
    delete_rows(extra)
    _save(changed, force_update=True)
    _save(missing, force_insert=True)
    _put_back_revisions(wanted, present)


def delete_rows(names: Iterable[str]) -> None:
    """Delete rows by table and id, and nothing else; what refers to them has to go in the same transaction."""
    by_table = defaultdict(list)
    for name in names:
        table, pk = name.split(":")
        by_table[table].append(pk)
    for table, pks in by_table.items():
        for start in range(0, len(pks), _AT_ONCE):
            rows = apps.get_model(table)._base_manager.filter(pk__in=pks[start : start + _AT_ONCE])
            rows._raw_delete(rows.db)


def rows_below_pages(page_ids: Collection[int]) -> list[str]:
    """Return the rows of the pages with `page_ids` by table and id, without those of the pages' own tables."""
    own = {model._meta.label_lower for model in PAGE_TABLES}
    snapshots = take_snapshots(page_ids).values()
    return [name for snapshot in snapshots for name in snapshot.rows if name.split(":")[0] not in own]


def rows_pointing_at(page_ids: Collection[int]) -> dict[int, list[tuple[str, int]]]:
    """Return for each page the rows of other objects that refer to it, as table and id, without logs."""
    found = defaultdict(list)
    for model, name in _pointing():
        rows = model._base_manager.filter(**{f"{name}__in": list(page_ids)}).values_list(name, "pk")
        for page_id, pk in rows:
            found[page_id].append((model._meta.label_lower, pk))
    return {page_id: sorted(rows, key=str) for page_id, rows in found.items()}


@cache
def owned_tables() -> dict[type[Model], str]:
    """Return the tables with rows that belong to a page, and how a row leads to it."""
    lookups: dict[type[Model], str] = dict.fromkeys(PAGE_TABLES, "pk")
    grown = True
    while grown:
        grown = False
        for model in apps.get_models():
            for key in model._meta.local_fields:
                if isinstance(key, ParentalKey) and key.related_model in lookups and model not in lookups:
                    above = lookups[key.related_model]
                    lookups[model] = key.name if above == "pk" else f"{key.name}__{above}"
                    grown = True
    return lookups


@cache
def _pointing() -> list[tuple[type[Model], str]]:
    """Return every foreign key to pages that is neither a page's own table nor a log, which outlives what it tells of."""
    logs = ("wagtailcore.pagelogentry", "wagtailcore.modellogentry")
    return [
        (model, key.name)
        for model in apps.get_models(include_auto_created=True)
        for key in model._meta.local_fields
        if key.remote_field
        and key.related_model in PAGE_TABLES
        and not isinstance(key, ParentalKey)
        and model not in PAGE_TABLES
        and model._meta.label_lower not in logs
    ]


def _tables(page_ids: list[int]) -> Iterable[QuerySet]:
    """Yield the rows of each table, every one with its page as `snapshot_owner`."""
    for model, lookup in owned_tables().items():
        yield model._base_manager.filter(**{f"{lookup}__in": page_ids}).annotate(snapshot_owner=F(lookup))
    texts = [str(pk) for pk in page_ids]
    of_pages = {"base_content_type__app_label": "wagtailcore", "base_content_type__model": "page"}
    # Named after its organisation.
    yield _groups(page_ids).annotate(snapshot_owner=F("organisation_group__organisation"))
    yield Redirect.objects.filter(redirect_page__in=page_ids).annotate(snapshot_owner=F("redirect_page"))
    yield WorkflowState.objects.filter(object_id__in=texts, **of_pages).annotate(snapshot_owner=F("object_id"))
    states = {f"workflow_state__{name}": value for name, value in of_pages.items()}
    for model in (TaskState, ReviewState):
        yield model.objects.filter(workflow_state__object_id__in=texts, **states).annotate(
            snapshot_owner=F("workflow_state__object_id")
        )


def _serialised(queryset: QuerySet) -> Iterable[tuple[int, str, dict]]:
    objects = list(queryset)
    # str keeps the microseconds that Django's own JSON encoder drops.
    rows = json.loads(json.dumps(serializers.serialize("python", objects), default=str))
    for instance, row in zip(objects, rows, strict=True):
        row["fields"].pop(_COUNTED, None)
        yield int(instance.snapshot_owner), f"{row['model']}:{row['pk']}", row


def _groups(page_ids: Collection[int]) -> QuerySet[Group]:
    return Group.objects.filter(organisation_group__organisation__in=list(page_ids))


def _revisions(page_ids: list[int]) -> QuerySet[Revision]:
    return Revision.page_revisions.filter(object_id__in=[str(pk) for pk in page_ids])


def _save(rows: list[dict], **options) -> None:
    counts = dict(Page.objects.filter(pk__in=[row["pk"] for row in rows]).values_list("pk", _COUNTED))
    for row in rows:
        if row["model"] == Page._meta.label_lower:
            row = {**row, "fields": {**row["fields"], _COUNTED: counts[row["pk"]]}}
        (deserialized,) = serializers.deserialize("python", [row])
        deserialized.save(**options)


def _put_back_revisions(wanted: dict[int, Snapshot], present: dict[int, Snapshot]) -> None:
    for pk, snapshot in wanted.items():
        later = [revision for revision in present[pk].revisions if revision not in snapshot.revisions]
        Revision.objects.filter(pk__in=later).delete()
        for revision, planned in snapshot.revisions.items():
            if present[pk].revisions.get(revision) != planned:
                Revision.objects.filter(pk=revision).update(approved_go_live_at=planned)
