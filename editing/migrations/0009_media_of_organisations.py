"""Media come to belong to the organisations whose pages show them, and contributors keep the rights on those alone.

In bulk: the number of queries grows with that of organisations and of hundreds of media, not with that of media.
"""

import json
from collections import defaultdict

from django.conf import settings
from django.db import migrations
from django.db.models import F

AT_ONCE = 500
COMMON = "Gemeinsame Medien"
REVIEWERS = "Fachprüfung"
KINDS = ("creditedimage", "crediteddocument", "creditedmedia")
# The fields of a page that refer to a file, and the kind of it; and the only stream of blocks that does.
FIELDS = {"image": KINDS[0], "video": KINDS[2], "captions": KINDS[1], "slides": KINDS[1]}
MODELS = ("image", "document", "media")
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STEP = 4


def share_out(apps, schema_editor):
    organisations = list(apps.get_model("practices", "OrganisationPage").objects.order_by("title", "pk"))
    if not organisations:
        return  # what is set up later begins like that
    owned = _make_collections(apps, organisations)
    _hand_over(apps, owned, _owners(apps, organisations))
    _replace_rights(apps, owned)


def _make_collections(apps, organisations) -> dict:
    """Return the ids of the new collections by the id of their organisation; that for all by None."""
    Collection = apps.get_model("wagtailcore", "Collection")
    OrganisationCollection = apps.get_model("practices", "OrganisationCollection")
    root = Collection.objects.get(depth=1)
    last = Collection.objects.filter(depth=2, path__startswith=root.path).order_by("-path").first()
    number = int(last.path[-STEP:], 36) if last else 0
    taken = set(Collection.objects.values_list("name", flat=True))
    rows = []
    for owner in (None, *organisations):
        number += 1
        rows.append(Collection(name=_name(owner, taken), path=root.path + _digits(number), depth=2, numchild=0))
    Collection.objects.bulk_create(rows, batch_size=AT_ONCE)
    Collection.objects.filter(pk=root.pk).update(numchild=F("numchild") + len(rows))
    ids = dict(Collection.objects.filter(path__in=[row.path for row in rows]).values_list("path", "pk"))
    owned = {
        owner and owner.pk: ids[row.path] for owner, row in zip((None, *organisations), rows, strict=True)
    }
    OrganisationCollection.objects.bulk_create(
        [
            OrganisationCollection(organisation_id=owner, is_common=owner is None, collection_id=collection)
            for owner, collection in owned.items()
        ],
        batch_size=AT_ONCE,
    )
    return owned


def _name(owner, taken: set) -> str:
    name = owner.title[:255] if owner else COMMON
    if owner and name in taken:
        name = f"{owner.title[:80]} ({owner.key})"[:255]
    taken.add(name)
    return name


def _digits(number: int) -> str:
    text = ""
    for _ in range(STEP):
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text


def _owners(apps, organisations) -> dict:
    """Return the ids of the organisations whose pages refer to a file, by its kind and id; None stands for everybody else.

    The newest text of every page is looked at, too, and noted.
    """
    ReferenceIndex = apps.get_model("wagtailcore", "ReferenceIndex")
    Page = apps.get_model("wagtailcore", "Page")
    ContentType = apps.get_model("contenttypes", "ContentType")
    by_path = {page.path: page.pk for page in organisations}
    pages, revisions = {}, {}
    for pk, path, revision in Page.objects.values_list("pk", "path", "latest_revision_id"):
        starts = (path[:end] for end in range(STEP, len(path) + 1, STEP))
        pages[str(pk)] = revisions[revision] = next((by_path[start] for start in starts if start in by_path), None)
    kinds = dict(
        ContentType.objects.filter(app_label="practices", model__in=KINDS).values_list("pk", "model")
    )
    of_pages = ContentType.objects.filter(app_label="wagtailcore", model="page").values_list("pk", flat=True).first()
    owners: dict = defaultdict(set)
    references = ReferenceIndex.objects.filter(to_content_type__in=list(kinds)).values_list(
        "to_content_type_id", "to_object_id", "base_content_type_id", "object_id"
    )
    for kind, key, base, source in references.iterator():
        owners[kinds[kind], int(key)].add(pages.get(source) if base == of_pages else None)
    for revision, kind, key in _newest_texts(apps):
        owners[kind, key].add(revisions[revision])
    return owners


def _newest_texts(apps):
    """Yield the newest revision of every page with the kind and the id of each file it refers to; they are noted as well."""
    Page, Revision = apps.get_model("wagtailcore", "Page"), apps.get_model("wagtailcore", "Revision")
    RevisionFile = apps.get_model("practices", "RevisionFile")
    newest = Page.objects.exclude(latest_revision=None).values("latest_revision")
    rows = []
    for pk, content in Revision.objects.filter(pk__in=newest).values_list("pk", "content").iterator(AT_ONCE):
        for kind, key in _files(content):
            rows.append(RevisionFile(revision_id=pk, kind=kind, file_id=key))
            yield pk, kind, key
    RevisionFile.objects.bulk_create(rows, batch_size=AT_ONCE)


def _files(content) -> set:
    found = {(kind, content[name]) for name, kind in FIELDS.items() if content.get(name)}
    for block in json.loads(content.get("documents") or "[]"):
        value = block.get("value")
        if isinstance(value, dict) and value.get("document"):
            found.add((KINDS[1], value["document"]))
    return {(kind, int(key)) for kind, key in found}


def _hand_over(apps, owned: dict, owners: dict) -> None:
    """Put what lies in an open collection into that of its organisation, or of all; closed collections stay as they are."""
    Collection = apps.get_model("wagtailcore", "Collection")
    Restriction = apps.get_model("wagtailcore", "CollectionViewRestriction")
    closed = tuple(Restriction.objects.values_list("collection__path", flat=True))
    collections = Collection.objects.exclude(pk__in=owned.values()).values_list("pk", "path")
    open_ones = [pk for pk, path in collections if not path.startswith(closed)]
    uploaders = defaultdict(set)
    members = apps.get_model("editing", "OrganisationGroup").objects.filter(group__user__isnull=False)
    for user, organisation in members.values_list("group__user", "organisation_id"):
        uploaders[user].add(organisation)
    for kind in KINDS:
        model, moves = apps.get_model("practices", kind), defaultdict(list)
        rows = model.objects.filter(collection__in=open_ones).values_list("pk", "uploaded_by_user")
        for pk, user in rows.iterator():
            users = owners.get((kind, pk))
            if users:
                moves[owned[next(iter(users)) if len(users) == 1 else None]].append(pk)
            elif len(uploaders[user]) == 1:
                moves[owned[next(iter(uploaders[user]))]].append(pk)
        for collection, keys in moves.items():
            for start in range(0, len(keys), AT_ONCE):
                model.objects.filter(pk__in=keys[start : start + AT_ONCE]).update(collection=collection)


def _replace_rights(apps, owned: dict) -> None:
    """Let contributors add and choose media of their organisation in place of all, and them and reviewers choose common ones."""
    Grant = apps.get_model("wagtailcore", "GroupCollectionPermission")
    names = {action: [_permission(apps, action, model) for model in MODELS] for action in ("add", "choose")}
    groups = dict(apps.get_model("editing", "OrganisationGroup").objects.values_list("group_id", "organisation_id"))
    Grant.objects.filter(
        group__in=list(groups), collection__depth=1, permission__in=[*names["add"], *names["choose"]]
    ).delete()
    wanted = [
        (group, owned[organisation], permission)
        for group, organisation in groups.items()
        for permission in (*names["add"], *names["choose"])
    ]
    reviewers = apps.get_model("auth", "Group").objects.filter(name=REVIEWERS).values_list("pk", flat=True)
    wanted += [(group, owned[None], permission) for group in (*groups, *reviewers) for permission in names["choose"]]
    # Whoever could change recordings could choose them; that is now a right of its own.
    changing = Grant.objects.filter(permission=_permission(apps, "change", "media")).values_list("group", "collection")
    wanted += [(group, collection, names["choose"][-1]) for group, collection in changing]
    Grant.objects.bulk_create(
        [
            Grant(group_id=group, collection_id=collection, permission_id=permission)
            for group, collection, permission in wanted
        ],
        batch_size=AT_ONCE,
        ignore_conflicts=True,
    )


def _permission(apps, action: str, model: str) -> int:
    """Return the id of a permission, made as Django makes it after the migrations where it is new."""
    app = {"image": "wagtailimages", "document": "wagtaildocs", "media": "wagtailmedia"}[model]
    if (action, model) == ("choose", "media"):
        app, model = "practices", "creditedmedia"
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app, model=model)
    codename = f"{action}_{'media' if app == 'practices' else model}"
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=kind, codename=codename, defaults={"name": f"Can {action} {model}"}
    )
    return permission.pk


class Migration(migrations.Migration):
    dependencies = [
        ("editing", "0008_links"),
        ("practices", "0011_media_owners"),
        ("wagtailcore", "0098_apitoken"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(share_out, migrations.RunPython.noop)]
