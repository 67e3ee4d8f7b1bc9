"""The embedded engine: a tantivy index in a folder, no server.

The folder holds generations, one folder each, and a file that names the one that answers. One process at a time may
write (search.drain sees to it); any number may read, and see every commit at once. User text never meets tantivy's query
parser, which deep nesting can crash: queries are built from objects.
"""

import contextlib
import json
import shutil
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import tantivy
from tantivy import Occur, Order, Query

from search.engines.embedded_queries import to_query, unscored
from search.engines.protocol import (
    EMPTY_TEXT,
    FRESHNESS,
    INTEGER_FIELDS,
    KEYWORD_FIELDS,
    TEXT_FIELDS,
    TITLE_ORDER,
    WITHOUT_POSITIONS,
    AllOf,
    Among,
    Answer,
    Between,
    EngineHit,
    EngineUnavailable,
    IndexDocument,
    Node,
    Question,
)

# What is not here is sorted by score.
SORT = {
    "neu": ("newest", Order.Desc),
    "geaendert": ("changed", Order.Desc),
    "titel": (TITLE_ORDER, Order.Asc),
}
_POINTER = "current"
_ANALYSER = "blanks"
_MOST_VALUES = 1000
_WRITER_HEAP = 32_000_000
_BATCH = 1000


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    """Turn what tantivy raises into EngineUnavailable, its panics included, which are no Exceptions."""
    try:
        yield
    except (ValueError, OSError, StopIteration) as error:
        raise EngineUnavailable(f"index not usable: {error}") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise EngineUnavailable(f"index failed: {error}") from error
        raise


def _make_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in TEXT_FIELDS:
        builder.add_text_field(
            name, tokenizer_name=_ANALYSER, index_option="freq" if name in WITHOUT_POSITIONS else "position"
        )
    for name in KEYWORD_FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in INTEGER_FIELDS:
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_text_field(TITLE_ORDER, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_float_field(FRESHNESS, fast=True)
    builder.add_bytes_field("source", stored=True)
    builder.add_bytes_field("digest", stored=True)
    return builder.build()


def _open_index(folder: Path, schema: tantivy.Schema) -> tantivy.Index:
    index = tantivy.Index(schema, path=str(folder))
    index.register_tokenizer(_ANALYSER, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return index


def _as_document(document: IndexDocument, schema: tantivy.Schema) -> tantivy.Document:
    fields: dict = {name: document.texts.get(name) or EMPTY_TEXT for name in TEXT_FIELDS}
    fields |= {name: list(values) for name, values in document.keywords.items() if values}
    fields |= dict(document.integers) | {"page_id": document.page_id}
    fields |= {TITLE_ORDER: document.title_order, FRESHNESS: document.freshness}
    fields |= {"source": document.source.encode(), "digest": document.digest.encode()}
    return tantivy.Document.from_dict(fields, schema)


def _total(found: tantivy.SearchResult) -> int:
    """Return how many documents match; tantivy's type stubs do not know the attribute."""
    return found.count  # type: ignore[attr-defined]


def _matches(searcher: tantivy.Searcher, query: Query) -> bool:
    return bool(searcher.search(query, limit=1, count=False).hits)


@dataclass
class _Reading:
    """The generation that answers, as of `commit`; looking into the index for a newer one takes milliseconds."""

    name: str
    index: tantivy.Index
    commit: tuple[int, ...] = ()


class _Writing:
    """A writer of one generation."""

    def __init__(self, folder: Path, schema: tantivy.Schema):
        self.folder = folder
        self._schema = schema
        self._index = _open_index(folder, schema)
        self._writer = self._index.writer(_WRITER_HEAP, 1)

    def apply(self, documents: Iterable[IndexDocument], deletions: Iterable[int]) -> None:
        """Remove the pages `deletions`, then add `documents`; what one of them replaces has to be among the deletions."""
        for page_id in deletions:
            self._writer.delete_documents_by_term("page_id", page_id)
        for document in documents:
            self._writer.add_document(_as_document(document, self._schema))

    def commit(self) -> None:
        self._writer.commit()

    def rollback(self) -> None:
        self._writer.rollback()

    def close(self) -> None:
        """Wait for merges and free the folder for other writers."""
        self._writer.wait_merging_threads()
        del self._writer, self._index


class EmbeddedGeneration:
    """A generation being built; see search.engines.protocol.Generation."""

    def __init__(self, engine: "EmbeddedEngine", folder: Path):
        self._engine = engine
        self._folder = folder
        self._writing = _Writing(folder, engine.schema)
        self._written: set[int] = set()
        self.is_promoted = False

    def write(self, documents: Iterable[IndexDocument], deletions: Iterable[int] = (), version: int = 0) -> None:
        """Only what is there is deleted: tantivy keeps a kilobyte for each deletion until the commit."""
        documents = list(documents)
        ids = {document.page_id for document in documents}
        with _failures():
            self._writing.apply(documents, self._written & {*deletions, *ids})
        self._written |= ids

    def promote(self) -> None:
        with _failures():
            self._writing.commit()
            self._writing.close()
            self._engine.point_to(self._folder.name)
            self.is_promoted = True

    def drop(self) -> None:
        self._writing.close()
        shutil.rmtree(self._folder, ignore_errors=True)


class EmbeddedEngine:
    """An index in the folder `folder`; see search.engines.protocol.Engine."""

    name: ClassVar[str] = "embedded"
    has_many_writers: ClassVar[bool] = False

    def __init__(self, folder: Path):
        self._folder = folder
        self._reading: _Reading | None = None
        self._writing: _Writing | None = None

    @cached_property
    def schema(self) -> tantivy.Schema:
        return _make_schema()

    def is_ready(self) -> bool:
        try:
            self._searcher()
        except EngineUnavailable:
            return False
        return True

    def ask(self, question: Question) -> Answer:
        searcher = self._searcher()
        with _failures():
            filters = {name: unscored(self.schema, node) for name, node in question.filters.items()}
            asked = [
                (Occur.Must, to_query(self.schema, question.scored)),
                (Occur.Must, unscored(self.schema, question.always)),
            ]
            narrowed = Query.boolean_query([*asked, *((Occur.Must, query) for query in filters.values())])
            order = SORT.get(question.sort)
            found = searcher.search(
                narrowed,
                limit=max(question.limit, 1),
                offset=question.offset,
                **({"order_by_field": order[0], "order": order[1]} if order else {"weight_by_field": FRESHNESS}),
            )
            total = _total(found)
            unfiltered = _total(searcher.search(Query.boolean_query(asked), limit=1)) if filters else total
            hits = found.hits[: question.limit]
            ids = searcher.fast_field_values("page_id", [address for _score, address in hits])
            return Answer(
                total=total,
                unfiltered=unfiltered,
                hits=[
                    EngineHit(
                        int(page_id or 0), 0.0 if order else score, json.loads(searcher.doc(address)["source"][0])
                    )
                    for page_id, (score, address) in zip(ids, hits, strict=True)
                ],
                counts=self._counts(searcher, question.facets, asked, filters, narrowed if total else None)
                if unfiltered
                else {name: {} for name in question.facets},
            )

    def count(self, nodes: Sequence[Node], always: Node) -> list[int]:
        searcher = self._searcher()
        with _failures():
            readable = (Occur.Must, unscored(self.schema, always))
            counted = [Query.boolean_query([(Occur.Must, unscored(self.schema, node)), readable]) for node in nodes]
            return [_total(searcher.search(query, limit=1)) for query in counted]

    def write(self, documents: Iterable[IndexDocument], deletions: Iterable[int], version: int) -> set[int]:
        documents = list(documents)
        with _failures():
            writing = self._writer()
            try:
                writing.apply(documents, {*deletions, *(document.page_id for document in documents)})
            except BaseException:
                writing.rollback()
                raise
            writing.commit()
        return set()

    def release(self) -> None:
        if self._writing is not None:
            with _failures():
                self._writing.close()
            self._writing = None

    def digests(self, page_ids: Collection[int] | None = None) -> Iterator[tuple[int, str]]:
        searcher = self._searcher()
        among = [] if page_ids is None else [Among("page_id", tuple(page_ids))]
        last = -1
        while True:
            with _failures():
                found = searcher.search(
                    to_query(self.schema, AllOf((Between("page_id", low=last + 1), *among))),
                    limit=_BATCH,
                    count=False,
                    order_by_field="page_id",
                    order=Order.Asc,
                )
                rows = [
                    (page_id, bytes(searcher.doc(address)["digest"][0]).decode()) for page_id, address in found.hits
                ]
            if not rows:
                return
            yield from rows
            last = rows[-1][0]

    @contextlib.contextmanager
    def new_generation(self) -> Iterator[EmbeddedGeneration]:
        folder = self._folder / f"generation-{time.time_ns()}"
        with _failures():
            folder.mkdir(parents=True)
            generation = EmbeddedGeneration(self, folder)
        try:
            yield generation
        finally:
            if not generation.is_promoted:
                generation.drop()

    def point_to(self, name: str) -> None:
        """Let the generation `name` answer; keep the one before it, remove all others."""
        pointer = self._folder / _POINTER
        before = pointer.read_text() if pointer.exists() else ""
        fresh = pointer.with_name(f"{_POINTER}.{name}")
        fresh.write_text(name)
        fresh.replace(pointer)
        for folder in self._folder.glob("generation-*"):
            if folder.name < min(name, before or name):
                shutil.rmtree(folder, ignore_errors=True)

    def _searcher(self) -> tantivy.Searcher:
        with _failures():
            name = (self._folder / _POINTER).read_text()
            reading = self._reading
            if reading is None or reading.name != name:
                if not tantivy.Index.exists(str(self._folder / name)):
                    raise EngineUnavailable("the index is missing")
                index = _open_index(self._folder / name, self.schema)
                index.config_reader("manual")
                reading = self._reading = _Reading(name, index)
            # Every commit replaces this file. It is looked at before the index is: a commit in between is seen next time.
            file = (self._folder / name / "meta.json").stat()
            commit = (file.st_ino, file.st_mtime_ns, file.st_size)
            if reading.commit != commit:
                reading.index.reload()
                reading.commit = commit
            return reading.index.searcher()

    def _writer(self) -> _Writing:
        folder = self._folder / (self._folder / _POINTER).read_text()
        if self._writing is not None and self._writing.folder != folder:
            self.release()
        if self._writing is None:
            if not tantivy.Index.exists(str(folder)):
                raise EngineUnavailable("the index is missing")
            self._writing = _Writing(folder, self.schema)
        return self._writing

    def _counts(self, searcher, facets, asked, filters, narrowed: Query | None) -> dict[str, dict[str, int]]:
        """Count the values of each facet; one that is filtered by is counted without its own filter.

        `narrowed` is None where nothing is found. Filters that nothing passes are tried alone, which is cheap.
        """
        free = [name for name in facets if name not in filters]
        counts: dict[str, dict[str, int]] = {name: {} for name in facets}
        if narrowed and free:
            counts |= self._aggregate(searcher, narrowed, free)
        empty = set() if narrowed else {name for name, query in filters.items() if not _matches(searcher, query)}
        for name in facets:
            if name in filters and empty <= {name}:
                others = [(Occur.Must, query) for other, query in filters.items() if other != name]
                counts |= self._aggregate(searcher, Query.boolean_query([*asked, *others]), [name])
        return counts

    def _aggregate(self, searcher, query: Query, names: Sequence[str]) -> dict[str, dict[str, int]]:
        wanted = {name: {"terms": {"field": name, "size": _MOST_VALUES}} for name in names}
        found = searcher.aggregate(query, wanted)
        return {name: {row["key"]: row["doc_count"] for row in found[name]["buckets"]} for name in names}
