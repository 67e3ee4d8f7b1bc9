"""What means the same: the vocabularies' own labels and the editors' list. Applied to queries, never to the index."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.db.models import CharField, Value

from practices.models import SCHEMES, ContentVersion
from search.analysis.tokens import clean_text, tokenise
from search.analysis.words import Word
from search.lexicon import LEXICON
from search.models import SynonymGroup

SHIPPED_SYNONYMS = Path(__file__).parent / "synonyms.txt"

Sequenced = tuple[str, ...]  # the stems of a word or a group of words
_LONGEST = 6
_MOST_ALTERNATIVES = 12
_MOST_FOR_A_PART = 6


@dataclass(frozen=True)
class Synonyms:
    """Groups of stem sequences that mean the same, found by any of their members."""

    groups: dict[Sequenced, tuple[Sequenced, ...]]
    longest: int = 1
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)  # of the members that are compounds, by their stem

    def match(self, words: Sequence[Word]) -> tuple[int, tuple[Sequenced, ...]]:
        """Return how many of the first `words` are a known name, and the other names of the same; (0, ()) where none."""
        stems = [word.stem for word in words[: self.longest]]
        for length in range(len(stems), 0, -1):
            if others := self.groups.get(tuple(stems[:length])):
                return length, others
        for relative in words[0].relatives:  # bezahlt is a form of bezahlen
            if others := self.groups.get((relative,)):
                return 1, others
        return 0, ()

    def of_part(self, stem: str) -> list[str]:
        """Return single words for a part of a compound: "Verleih" in Geräteverleih may also be said "Ausleihe"."""
        return [other[0] for other in self.groups.get((stem,), ()) if len(other) == 1][:_MOST_FOR_A_PART]


@lru_cache(maxsize=1)
def build(groups: tuple[tuple[str, ...], ...]) -> Synonyms:
    """Return the synonyms of `groups` of words; a name in several groups has the others of all of them.

    Kept for the same groups: most publishing leaves every name as it was.
    """
    LEXICON.learn_texts((clean_text(name) for group in groups for name in group), store=False)
    found: dict[Sequenced, dict[Sequenced, None]] = {}
    parts: dict[str, tuple[str, ...]] = {}
    for group in groups:
        names = [words for words in map(_words_of, group) if 0 < len(words) <= _LONGEST]
        members = [tuple(word.stem for word in words) for words in names]
        for member in members:
            found.setdefault(member, {}).update((other, None) for other in members if other != member)
        parts |= {words[0].stem: words[0].parts for words in names if len(words) == 1 and words[0].parts}
    kept = {member: tuple(others)[:_MOST_ALTERNATIVES] for member, others in found.items() if others}
    return Synonyms(kept, max(map(len, kept), default=1), parts)


def stems_of(text: str) -> Sequenced:
    """Return the stems of the words of `text`."""
    return tuple(word.stem for word in _words_of(text))


def _words_of(text: str) -> list[Word]:
    return [LEXICON.word(token.form) for token in tokenise(clean_text(text))]


_current: tuple[int, Synonyms] | None = None


def current_synonyms(version: int | None = None) -> Synonyms:
    """Return the synonyms as stored now, or with a `version` of the content.

    One query, where that is not known; one more once it has risen, to see whether a name did.
    """
    global _current
    version = ContentVersion.current() if version is None else version
    if _current is None or _current[0] != version:
        _current = (version, build(_stored_groups()))
    return _current[1]


def synonym_names() -> list[str]:
    """Return every name of every group."""
    return [clean_text(name) for group in _stored_groups() for name in group]


def _stored_groups() -> tuple[tuple[str, ...], ...]:
    """Return the names of each group, all with one query: the vocabularies in editors' order, then the editors' list."""
    nothing = Value("", output_field=CharField())
    terms = [
        model.objects.current()
        .order_by()
        .annotate(place=Value(place))
        .values_list("place", "order", "name", "notation", "alt_labels")
        for place, model in enumerate(SCHEMES.values())
    ]
    edited = (
        SynonymGroup.objects.order_by()
        .annotate(place=Value(len(SCHEMES)), order=Value(0), notation=nothing, alt_labels=nothing)
        .values_list("place", "order", "words", "notation", "alt_labels")
    )
    rows = sorted(edited.union(*terms, all=True))
    return tuple(tuple("\n".join(names).splitlines()) for _place, _order, *names in rows)


def load_shipped_synonyms(path: Path = SHIPPED_SYNONYMS) -> int:
    """Store the groups of the file at `path` where there are none yet; return how many that were.

    A line is a group, its words are separated by " = "; lines that begin with # are comments.
    """
    if SynonymGroup.objects.exists():
        return 0
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    groups = [SynonymGroup(words="\n".join(line.split(" = "))) for line in lines if line and not line.startswith("#")]
    SynonymGroup.objects.bulk_create(groups)
    ContentVersion.raise_number()
    return len(groups)
