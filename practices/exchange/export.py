"""Export a selection of pages, with the files they show."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from practices.exchange.catalogue import PAGE_MODELS
from practices.exchange.exporter import Exporter, owner_keys
from practices.exchange.files import StoredFile
from practices.exchange.selection import select_practices
from practices.models import OrganisationPage


def export_lines(query: str, path_of: Callable[[StoredFile], str]) -> Iterator[str]:
    """Yield a line of the exchange format for every object that `export_objects` returns."""
    for data in export_objects(query, path_of):
        yield json.dumps(data, ensure_ascii=False)


def export_objects(query: str, path_of: Callable[[StoredFile], str]) -> list[dict]:
    """Return what there is to say of every live page that `query` selects, and of the organisations they name.

    Without a query that is every live page. Organisations come first, then practices, each by key. `path_of` says under
    which path a stored file is named. Raises UnknownSelection, see practices.exchange.selection.
    """
    exporter = Exporter(path_of, owner_keys())
    practices = _practices(query, exporter)
    return [*_organisations(query, practices, exporter), *practices]


def stored_path(instance: StoredFile) -> str:
    """Return the path of a stored file in the media folder."""
    return instance.file.name


class FileCopies:
    """Puts copies of stored files into a folder beside the export, under the paths its lines name."""

    def __init__(self, export_file: Path):
        self.folder = export_file.with_name(f"{export_file.stem}-dateien")

    def path_of(self, instance: StoredFile) -> str:
        """Copy the file of `instance` and return its path from the export on. Raises OSError where that fails."""
        target = self.folder / instance.file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        with instance.file.storage.open(instance.file.name) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        return f"{self.folder.name}/{instance.file.name}"


def _practices(query: str, exporter: Exporter) -> list[dict]:
    ids = list(select_practices(query).values_list("pk", flat=True))
    found: dict[str, dict] = {}
    for model in PAGE_MODELS.values():
        if model is not OrganisationPage:
            found |= {data["key"]: data for data in exporter.describe_all(model.objects.filter(pk__in=ids))}
    return [found[key] for key in sorted(found)]


def _organisations(query: str, practices: list[dict], exporter: Exporter) -> Iterator[dict]:
    organisations = OrganisationPage.objects.live().order_by("key")
    if query:
        named = {data["organisation"] for data in practices}
        named |= {partner["organisation"] for data in practices for partner in data.get("partners", [])}
        organisations = organisations.filter(key__in=named)
    return exporter.describe_all(organisations)
