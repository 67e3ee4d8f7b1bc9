"""Which lines say nothing new about the pages that are there."""

from collections import defaultdict
from collections.abc import Iterator

from wagtail.models import Page

from practices.exchange.catalogue import PAGE_MODELS
from practices.exchange.exporter import Exporter, owner_keys
from practices.exchange.files import FileStore, files_of, stored_hash
from practices.exchange.reader import Line
from practices.exchange.schema import Practice, Record, as_dict

AT_ONCE = 200


def find_unchanged(lines: list[Line], files: FileStore, editorial_key: str, publish: bool) -> set[str]:
    """Return the keys of those `lines` whose page says the same already.

    Without `publish`, the newest draft counts as well as what is live; the date of publication and the owner of a live
    page, which no draft can change, do not count. A left-out `published` or `change_note` matches any.
    """
    exporter = Exporter(stored_hash, owner_keys())
    by_type: dict[str, dict[str, Line]] = defaultdict(dict)
    for line in lines:
        by_type[line.record.type][line.record.key] = line
    unchanged = set()
    for name, of_type in by_type.items():
        for page, live in _described(name, list(of_type), exporter):
            versions = [live] if page.live else []
            if not publish and (page.has_unpublished_changes or not page.live):
                versions.append(exporter.describe(page.get_latest_revision_as_object()))
            if versions and any(
                _says(page, version, of_type[page.key], files, editorial_key, publish) for version in versions
            ):
                unchanged.add(page.key)
    return unchanged


def _described(name: str, keys: list[str], exporter: Exporter) -> Iterator[tuple[Page, dict]]:
    for start in range(0, len(keys), AT_ONCE):
        pages = list(PAGE_MODELS[name].objects.filter(key__in=keys[start : start + AT_ONCE]))
        yield from zip(pages, exporter.describe_all(pages), strict=True)


def _says(page: Page, version: dict, line: Line, files: FileStore, editorial_key: str, publish: bool) -> bool:
    wanted = _as_exported(line.record, files, editorial_key)
    ignored = {name for name in ("published", "change_note") if name not in wanted} | line.kept
    if not publish:
        ignored |= {"published", "organisation"} if page.live else {"published"}
    return _without(version, ignored) == _without(wanted, ignored)


def _without(data: dict, names: set[str]) -> dict:
    return {name: value for name, value in data.items() if name not in names}


def _as_exported(record: Record, files: FileStore, editorial_key: str) -> dict:
    """Return `record` as an export would write it, with the hash of each file's content as its path."""
    data = as_dict(record)
    for mention in files_of(record):
        *above, name = mention.field.split(".")
        part = data
        for step in above:
            part = part[int(step)] if step.isdigit() else part[step]
        part[name] = files.hash_as_stored(mention)
    if isinstance(record, Practice):
        data["organisation"] = record.organisation or editorial_key
    if "chapters" in data:
        data["chapters"].sort(key=lambda chapter: (chapter["start"], chapter["title"]))
    return data
