"""Searching on an Elasticsearch server: for installations that have one, or that outgrow one machine.

An index is called "<prefix>-<time of its making>"; the alias "<prefix>" points at the one that answers. Everything is
written through aliases and the server is told so: a bulk request to a name that is not there would make an index whose
fields are guessed.
"""

import json
import math
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain
from typing import Any, ClassVar

from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.dsl import Index, Search, analyzer, tokenizer
from elasticsearch.dsl import Mapping as IndexMapping
from elasticsearch.dsl.field import Double, Keyword, Long, Text
from elasticsearch.dsl.function import FieldValueFactor
from elasticsearch.dsl.query import Bool, FunctionScore, MatchAll, Query
from elasticsearch.helpers import streaming_bulk

from search.engines.elasticsearch_queries import to_query
from search.engines.protocol import (
    EMPTY_TEXT,
    FRESHNESS,
    INTEGER_FIELDS,
    KEYWORD_FIELDS,
    TEXT_FIELDS,
    TITLE_ORDER,
    WITHOUT_POSITIONS,
    Among,
    Answer,
    EngineHit,
    EngineUnavailable,
    IndexDocument,
    Node,
    Question,
)

QUESTION_SECONDS = 1.5
WRITE_SECONDS = 30
CHUNK_BYTES = 5_000_000
DIGESTS_AT_ONCE = 5_000
# As far as Elasticsearch pages through hits, as delivered.
LAST_HIT = 10_000
MOST_VALUES = 1_000
# The longest token in UTF-16 units. Lucene refuses a token of more than 32,766 bytes, the server's default would split
# one after 255.
LONGEST_TOKEN = 10_000
# log2(2 + freshness): the server has "ln2p" for it, the natural logarithm of 2 + x.
FRESHNESS_FACTOR = FieldValueFactor(field=FRESHNESS, modifier="ln2p", missing=0, weight=1 / math.log(2))
SORT: dict[str, list[Any]] = {
    "relevanz": ["_score", {"page_id": "desc"}],
    "neu": [{"newest": "desc"}, {"page_id": "desc"}],
    "geaendert": [{"changed": "desc"}, {"page_id": "desc"}],
    "titel": [{TITLE_ORDER: "asc"}, {"page_id": "desc"}],
}


class ElasticsearchEngine:
    """An Engine whose index lies on the server at `url`; `client_options` are those of elasticsearch.Elasticsearch."""

    name: ClassVar[str] = "elasticsearch"
    has_many_writers: ClassVar[bool] = True

    def __init__(self, url: str, prefix: str = "transferhub", **client_options: Any) -> None:
        self.url = url
        self.prefix = prefix
        self.client_options = client_options

    @cached_property
    def client(self) -> Elasticsearch:
        """The client for writing. It is made when first needed, so that every process has connections of its own."""
        return Elasticsearch(self.url, request_timeout=WRITE_SECONDS, max_retries=0, **self.client_options)

    def ask(self, question: Question) -> Answer:
        filters = {field: to_query(node) for field, node in question.filters.items()}
        found: Query = Bool(must=[to_query(question.scored)], filter=[to_query(question.always)])
        if question.sort == "relevanz":
            found = FunctionScore(query=found, functions=[FRESHNESS_FACTOR])
        first = min(question.offset, LAST_HIT)
        search = self._search().query(found).post_filter(Bool(filter=list(filters.values()))).source(["source"])
        search = search.sort(*SORT[question.sort]).extra(track_total_hits=True)
        search = search[first : min(first + question.limit, LAST_HIT)]
        search.aggs.bucket("unfiltered", "filter", MatchAll())
        for field in question.facets:
            others = Bool(filter=[query for name, query in filters.items() if name != field])
            search.aggs.bucket(f"counts of {field}", "filter", others).bucket(
                "values", "terms", field=field, size=MOST_VALUES
            )
        answer = _execute(search)
        aggregations = answer["aggregations"]
        return Answer(
            total=answer["hits"]["total"]["value"],
            unfiltered=aggregations["unfiltered"]["doc_count"],
            hits=[
                EngineHit(int(hit["_id"]), hit["_score"] or 0.0, json.loads(hit["_source"]["source"]))
                for hit in answer["hits"]["hits"]
            ],
            counts={
                field: {
                    bucket["key"]: bucket["doc_count"]
                    for bucket in aggregations[f"counts of {field}"]["values"]["buckets"]
                }
                for field in question.facets
            },
        )

    def count(self, nodes: Sequence[Node], always: Node) -> list[int]:
        if not nodes:
            return []
        search = self._search().query(Bool(filter=[to_query(always)])).extra(size=0, track_total_hits=False)
        for number, node in enumerate(nodes):
            search.aggs.bucket(str(number), "filter", to_query(node))
        aggregations = _execute(search)["aggregations"]
        return [aggregations[str(number)]["doc_count"] for number in range(len(nodes))]

    def write(self, documents: Iterable[IndexDocument], deletions: Iterable[int], version: int) -> set[int]:
        return self.write_through(self.prefix, documents, deletions, version, refresh=True)

    def digests(self, page_ids: Collection[int] | None = None) -> Iterator[tuple[int, str]]:
        search = Search(using=self.client, index=self.prefix).source(False).sort("page_id")
        if page_ids is not None:
            search = search.filter(to_query(Among("page_id", tuple(page_ids))))
        search = search.extra(size=DIGESTS_AT_ONCE, track_total_hits=False, docvalue_fields=["digest"])
        while hits := _execute(search)["hits"]["hits"]:
            for hit in hits:
                yield int(hit["_id"]), hit["fields"]["digest"][0]
            search = search.extra(search_after=hits[-1]["sort"])

    @contextmanager
    def new_generation(self) -> Iterator["ElasticsearchGeneration"]:
        generation = ElasticsearchGeneration(self)
        generation.create()
        try:
            yield generation
        finally:
            if not generation.promoted:
                generation.drop()

    def release(self) -> None:
        """Nothing here is held by one process alone."""

    def is_ready(self) -> bool:
        try:
            with _translated_errors():
                return bool(self._asking.indices.exists_alias(name=self.prefix))
        except EngineUnavailable:
            return False

    def write_through(
        self, alias: str, documents: Iterable[IndexDocument], deletions: Iterable[int], version: int, *, refresh: bool
    ) -> set[int]:
        """Do what `write` promises in the index behind `alias`."""
        shared = {"_index": alias, "version": version, "version_type": "external_gte"}
        removals = ({"_op_type": "delete", "_id": str(page_id), **shared} for page_id in deletions)
        additions = ({"_id": str(document.page_id), "_source": _body(document), **shared} for document in documents)
        refused = set()
        with _translated_errors():
            for _done, item in streaming_bulk(
                self.client,
                chain(additions, removals),
                max_chunk_bytes=CHUNK_BYTES,
                raise_on_error=False,
                yield_ok=False,
                refresh=refresh,
                require_alias=True,
            ):
                (result,) = item.values()
                if result["status"] == 409:
                    refused.add(int(result["_id"]))
                elif "error" in result:  # to remove what is not there is none
                    raise EngineUnavailable(f"Page {result['_id']}: {result['error']['reason']}")
        return refused

    @property
    def _asking(self) -> Elasticsearch:
        return self.client.options(request_timeout=QUESTION_SECONDS)

    def _search(self) -> Search:
        return Search(using=self._asking, index=self.prefix)


class ElasticsearchGeneration:
    """An index that is loaded under an alias of its own until it is promoted."""

    def __init__(self, engine: ElasticsearchEngine) -> None:
        self.engine = engine
        self.index = f"{engine.prefix}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
        self.loading = f"{self.index}-loading"
        self.promoted = False

    def create(self) -> None:
        """Make the index, empty."""
        index = Index(self.index, using=self.engine.client)
        index.settings(
            number_of_shards=1,
            number_of_replicas=0,  # while it is loaded; then a second node, where there is one, keeps a copy
            refresh_interval=-1,  # nobody asks while it is loaded
            gc_deletes="1h",  # a late write must not bring back what was removed
        )
        index.mapping(_mapping())
        index.aliases(**{self.loading: {}})
        with _translated_errors():
            index.create()

    def write(self, documents: Iterable[IndexDocument], deletions: Iterable[int] = (), version: int = 0) -> None:
        self.engine.write_through(self.loading, documents, deletions, version, refresh=False)

    def promote(self) -> None:
        prefix, indices = self.engine.prefix, self.engine.client.indices
        with _translated_errors():
            indices.put_settings(
                index=self.index, settings={"index": {"refresh_interval": None, "auto_expand_replicas": "0-1"}}
            )
            indices.refresh(index=self.index)
            before = indices.get_alias(index=f"{prefix}-*")
            indices.update_aliases(
                actions=[
                    {"remove": {"index": f"{prefix}-*", "alias": prefix}},
                    {"remove": {"index": self.index, "alias": self.loading}},
                    {"add": {"index": self.index, "alias": prefix}},
                ]
            )
            self.promoted = True
            # Other installations on the same server may have prefixes that begin with ours. Younger generations are
            # being loaded at this moment; older ones that never answered are left from crashes.
            generation = re.compile(re.escape(prefix) + r"-\d{8}-\d{6}-\d{6}")
            for name, state in before.items():
                if generation.fullmatch(name) and name < self.index and prefix not in state["aliases"]:
                    indices.delete(index=name, ignore_unavailable=True)

    def drop(self) -> None:
        """Remove the index, unless it answers: the answer to `promote` may have been lost on its way."""
        indices = self.engine.client.indices
        with _translated_errors():
            if not indices.exists_alias(index=self.index, name=self.engine.prefix):
                indices.delete(index=self.index, ignore_unavailable=True)


def _mapping() -> IndexMapping:
    tokens = analyzer("tokens", tokenizer=tokenizer("blanks", "whitespace", max_token_length=LONGEST_TOKEN))
    mapping = IndexMapping().meta("dynamic", "strict").meta("_source", includes=["source"])
    for name in TEXT_FIELDS:
        mapping.field(name, Text(analyzer=tokens, index_options="freqs" if name in WITHOUT_POSITIONS else "positions"))
    for name in (*KEYWORD_FIELDS, TITLE_ORDER):
        mapping.field(name, Keyword())
    for name in INTEGER_FIELDS:
        mapping.field(name, Long())
    mapping.field(FRESHNESS, Double())
    mapping.field("digest", Keyword(index=False))
    mapping.field("source", Keyword(index=False, doc_values=False))
    return mapping


def _body(document: IndexDocument) -> dict[str, Any]:
    return {
        **{field: document.texts.get(field) or EMPTY_TEXT for field in TEXT_FIELDS},
        **document.keywords,
        **document.integers,
        "page_id": document.page_id,
        TITLE_ORDER: document.title_order,
        FRESHNESS: document.freshness,
        "digest": document.digest,
        "source": document.source,
    }


def _execute(search: Search) -> dict[str, Any]:
    with _translated_errors():
        return search.execute().to_dict()


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Raise what the client raises (errors of connection and server, timeouts) as EngineUnavailable."""
    try:
        yield
    except (ApiError, TransportError) as error:
        raise EngineUnavailable(f"{type(error).__name__}: {error.message}") from error
