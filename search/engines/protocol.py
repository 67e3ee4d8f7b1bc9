"""What an engine can do, and the language in which it is asked.

Analysis happens before (search.analysis), highlighting after (search.highlights): an engine stores tokens, matches them
and counts. Both engines translate the same small tree of query nodes, so no caller knows which one answers.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

# Text fields hold tokens joined by blanks; engines split at the blanks and do nothing else to them.
# The zones (title to attached) hold stems; "exact_title" and "exact" hold unstemmed words; "loose" holds every stem of
# the document once more, with the parts of compounds, "loose_title" those of the title; "names" holds the unstemmed
# words of what suggestions offer.
TEXT_FIELDS = (
    "title", "summary", "terms", "body", "attached", "exact_title", "exact", "loose_title", "loose", "names",
)  # fmt: skip
# What stands for a text that is not there: BM25 compares lengths, so both engines have to count every document alike.
EMPTY_TEXT = "∅"
# Text fields in which nobody asks for phrases.
WITHOUT_POSITIONS = ("exact_title", "exact", "loose_title", "loose", "names")
# Whole values, any number for each document. "audience" says who may read it, the rest are the facets.
KEYWORD_FIELDS = (
    "audience", "typ", "cluster", "kostentraeger", "handlungsfeld", "zielgruppe", "arbeitsbereich", "experimentierfeld",
    "gelingensfaktor", "hemmnis", "verstetigung", "phase", "werkzeugart", "adressat", "region", "traeger", "schlagwort",
)  # fmt: skip
# Whole numbers, one for each document: "newest" orders by first publication, "changed" by the last change of which
# followers were told, the years bound what a practice spans.
INTEGER_FIELDS = ("page_id", "newest", "changed", "year_from", "year_to")
# One text for each document, by which lists are sorted from A to Z.
TITLE_ORDER = "title_order"
# A float from 0 upwards. Scores are multiplied by log2(2 + freshness).
FRESHNESS = "freshness"


class EngineUnavailable(Exception):
    """The engine can not answer now: not reachable, too slow, or its index is missing or broken."""


@dataclass(frozen=True, slots=True)
class Term:
    """Documents with `token` in the text or keyword field `field`, scored by BM25."""

    field: str
    token: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Documents with all `tokens` (at least two) side by side in a text field, scored by BM25."""

    field: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beginning:
    """Documents with a token that begins with `text` (at least two characters) in a text field; the score is constant."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Among:
    """Documents with any of `values` in a keyword field or "page_id"; the score is constant. No value, no document."""

    field: str
    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """Documents whose integer field lies in a range; a missing bound is open, both bounds belong to the range."""

    field: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Everything:
    """Every document."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """Documents that match every one of `nodes` and none of `without`; scores are added up."""

    nodes: tuple["Node", ...]
    without: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Documents that match `at_least` of `nodes`; the scores of those that match are added up."""

    nodes: tuple["Node", ...]
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Best:
    """Documents that match any of `nodes`, with the best of their scores."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Boosted:
    """What `node` matches, its score multiplied by `factor`."""

    node: "Node"
    factor: float


@dataclass(frozen=True, slots=True)
class Flat:
    """What `node` matches, at one score for all."""

    node: "Node"
    score: float


Node = Term | Phrase | Beginning | Among | Between | Everything | AllOf | AnyOf | Best | Boosted | Flat


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """A practice as engines store it.

    `texts` by TEXT_FIELDS, `keywords` by KEYWORD_FIELDS, `integers` by INTEGER_FIELDS (missing ones are left out);
    `source` is the JSON text handed back with hits; `digest` names the content, for verification.
    """

    page_id: int
    digest: str
    texts: Mapping[str, str]
    keywords: Mapping[str, Sequence[str]]
    integers: Mapping[str, int]
    title_order: str
    freshness: float
    source: str


@dataclass(frozen=True, slots=True)
class Question:
    """One search. `always` (who may read) holds for hits, totals and counts alike; `filters` by facet field.

    Hits match scored, always and all filters. The counts of a field ignore that field's own filter.
    `sort` is "relevanz" (best first), "neu" and "geaendert" (fields "newest" and "changed", highest first) or "titel"
    (TITLE_ORDER from A to Z).
    """

    scored: Node
    always: Node
    filters: Mapping[str, Node] = field(default_factory=dict)
    facets: Sequence[str] = ()
    sort: str = "relevanz"
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class EngineHit:
    """One found document."""

    page_id: int
    score: float
    source: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found: `total` with all filters, `unfiltered` without any; `counts` by field and value."""

    total: int
    unfiltered: int
    hits: list[EngineHit]
    counts: dict[str, dict[str, int]]


class Generation(Protocol):
    """A new index beside the one that answers."""

    def write(self, documents: Iterable[IndexDocument], deletions: Iterable[int] = (), version: int = 0) -> None:
        """Add documents, or replace them, and remove pages."""

    def promote(self) -> None:
        """Let this generation answer from now on, at one stroke; the one before is kept, older ones are removed."""


class Engine(Protocol):
    """An index of practices. Every method raises EngineUnavailable when the engine can not do its work."""

    name: ClassVar[str]
    #: Whether several processes may write at the same time; then what was written last is not all that is under way.
    has_many_writers: ClassVar[bool]

    def ask(self, question: Question) -> Answer:
        """Answer a search."""

    def count(self, nodes: Sequence[Node], always: Node) -> list[int]:
        """Return for each of `nodes` how many documents match it and `always`."""

    def write(self, documents: Iterable[IndexDocument], deletions: Iterable[int], version: int) -> set[int]:
        """Store documents, remove pages; visible to every following question.

        `version` grows with every call made for newer content. Returns the ids of pages that were left alone because
        a newer version had been written (their caller tries again); writing the same again is harmless.
        """

    def digests(self, page_ids: Collection[int] | None = None) -> Iterator[tuple[int, str]]:
        """Yield (page id, digest) of every stored document, or of those of `page_ids` that are stored."""

    def new_generation(self) -> AbstractContextManager[Generation]:
        """Open an empty generation; leaving without `promote` drops it."""

    def release(self) -> None:
        """Give up what only one process may hold; the next `write` takes it again."""

    def is_ready(self) -> bool:
        """Return whether there is an index to ask; False where none was ever built or it can not be read."""
