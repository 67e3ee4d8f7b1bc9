"""From what somebody typed to a question for the engine.

Words are looked up as written, by stem, and loosely (parts of compounds, other forms); names with several words and what
stands in quotes as phrases; synonyms beside them with less weight. -word excludes, word* is a beginning. There are no
other operators: whatever else is typed is text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from search.analysis.folding import fold
from search.analysis.function_words import FUNCTION_WORDS
from search.analysis.text import hyphenated_runs
from search.analysis.tokens import NUMBERED, Token, clean_text, tokenise
from search.analysis.words import Word
from search.engines.protocol import AllOf, AnyOf, Beginning, Best, Boosted, Everything, Node, Phrase, Term
from search.lexicon import LEXICON
from search.synonyms import Sequenced, Synonyms

# Where a word stands decides how much it counts.
ZONES = {"title": 4.0, "summary": 2.0, "terms": 2.5, "body": 1.0, "attached": 0.5}
_EXACT = {"exact_title": 2.0, "exact": 0.7}
_LOOSE = 0.3
_PARTS = 0.3
_SYNONYM = 0.6

MAX_CLAUSES = 16
_SHORTEST_BEGINNING = 3
_PIECE = re.compile(r'(?:(?<=\s)|^)(-?)(?:["„“”«»]([^"„“”«»]*)["„“”«»]|([^\s"„“”«»]+))|["„“”«»]|[^\s"„“”«»]+')


@dataclass(frozen=True)
class Clause:
    """One thing a document has to have. `form` is set where it is a single word, which may be a typing error."""

    text: str
    node: Node
    form: str = ""
    marks: dict[str, float] = field(default_factory=dict)  # tokens to highlight, with their weight


@dataclass(frozen=True)
class Query:
    """What was asked for: all of `clauses`, none of `without`."""

    clauses: tuple[Clause, ...]
    without: tuple[Node, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.clauses and not self.without

    @property
    def strict(self) -> Node:
        """Documents with everything; all documents where nothing was asked for."""
        if self.is_empty:
            return Everything()
        return AllOf(tuple(clause.node for clause in self.clauses), self.without)

    @property
    def relaxed(self) -> Node:
        """Documents with at least half of it; those with more of it score higher."""
        nodes = tuple(clause.node for clause in self.clauses)
        return AllOf((AnyOf(nodes, (len(nodes) + 1) // 2),), self.without)

    @property
    def marks(self) -> dict[str, float]:
        """Return the tokens to highlight, with the weight each has."""
        marks: dict[str, float] = {}
        for clause in self.clauses:
            for token, weight in clause.marks.items():
                marks[token] = max(weight, marks.get(token, 0.0))
        return marks

    def with_clause(self, old: Clause, new: Clause) -> "Query":
        """Return the query with one clause replaced."""
        return replace(self, clauses=tuple(new if clause is old else clause for clause in self.clauses))


def understand(text: str, synonyms: Synonyms) -> Query:
    """Return what `text`, as typed, asks for; an empty query where it has no words."""
    clauses: list[Clause] = []
    without: list[Node] = []
    plain: list[str] = []
    for negated, quoted, piece in _pieces(clean_text(text)):
        if negated:
            without += _excluded(quoted or piece)
        elif quoted is not None:
            clauses += _phrases(quoted)
        elif piece.endswith("*") and (beginning := _beginning(piece)):
            clauses.append(beginning)
        else:
            plain.append(piece)
    clauses = [*_word_clauses(" ".join(plain), synonyms, alone=not clauses), *clauses]
    return Query(tuple(clauses[:MAX_CLAUSES]), tuple(without[:MAX_CLAUSES]))


def _pieces(text: str) -> Iterator[tuple[bool, str | None, str]]:
    """Yield (negated, what stands in quotes or None, what stands without)."""
    for match in _PIECE.finditer(text):
        minus, quoted, piece = match.groups()
        yield bool(minus) and bool(quoted or piece), quoted, piece or match[0]


def _word_clauses(text: str, synonyms: Synonyms, alone: bool) -> Iterator[Clause]:
    runs = hyphenated_runs(tokenise(text))
    content = [run for run in runs if len(run) > 1 or run[0].form not in FUNCTION_WORDS]
    keep_all = alone and not content
    stems = [LEXICON.word(token.form).stem for run in runs for token in run]
    place = skip = 0
    for number, run in enumerate(runs):
        if skip > 0:
            skip -= len(run)
            place += len(run)
            continue
        length, others = synonyms.match(stems[place:])
        span = _runs_of(runs[number:], max(length, len(run)))
        tokens = [token for part in span for token in part]
        if length < len(tokens) and length < len(run):
            others = ()  # the name is only a piece of what hyphens join
        numbered = _numbered(tokens, runs[number + len(span) :])
        if length or run in content or keep_all:
            yield _clause(text, [*tokens, *numbered], others if not numbered or length else (), len(run) > 1)
        skip = len(tokens) + len(numbered) - len(run)
        place += len(run)


def _runs_of(runs: Sequence[list[Token]], length: int) -> list[list[Token]]:
    taken: list[list[Token]] = []
    for run in runs:
        if sum(map(len, taken)) >= length:
            break
        taken.append(run)
    return taken


def _numbered(tokens: list[Token], rest: Sequence[list[Token]]) -> list[Token]:
    """SGB and 2 belong together."""
    following = rest[0] if rest else []
    return following if tokens[-1].form in NUMBERED and following and following[0].form[0].isdigit() else []


def _clause(text: str, tokens: list[Token], others: Iterable[Sequenced], hyphenated: bool) -> Clause:
    words = [LEXICON.word(token.form) for token in tokens]
    typed = text[tokens[0].start : tokens[-1].end]
    content = [word for word, token in zip(words, tokens, strict=True) if token.form not in FUNCTION_WORDS] or words
    marks = {token: weight for word in content for token, weight in _marks(word).items()}
    if any(token.form in NUMBERED for token in tokens) and len(tokens) > 1:
        own: Node = _phrase_node([word.stem for word in words])
    elif hyphenated and len(tokens) == len([token for token in tokens if token.hyphenated]) + 1:
        joined = LEXICON.word("".join(token.form for token in tokens))
        own = Best((_phrase_node([word.stem for word in words]), word_node(joined)))
        marks |= _marks(joined)
    else:
        own = word_node(words[0]) if len(words) == 1 else AllOf(tuple(word_node(word) for word in content))
    alternatives = [Boosted(_synonym_node(other), _SYNONYM) for other in others]
    for other in others:
        marks |= dict.fromkeys((stem for stem in other if not stem.startswith("_")), 1.0)
    return Clause(
        text=typed,
        node=Best((own, *alternatives)) if alternatives else own,
        form=tokens[0].form if len(tokens) == 1 and len(tokens[0].form) > 3 else "",
        marks=marks,
    )


def word_node(word: Word) -> Node:
    """Return where a word may be found: by its stem in every zone, better as written, weaker as a piece of others."""
    nodes: list[Node] = [Boosted(Term(zone, word.stem), weight) for zone, weight in ZONES.items()]
    nodes += [Boosted(Term(name, word.exact), weight) for name, weight in _EXACT.items()]
    nodes += [Boosted(Term("loose", stem), _LOOSE) for stem in (word.stem, *word.relatives)]
    if word.parts:
        nodes.append(Boosted(AllOf(tuple(_part_node(part) for part in word.parts)), _PARTS))
    return AnyOf(tuple(nodes))


def _part_node(part: str) -> Node:
    return AnyOf((Term("loose", part), Boosted(Term("title", part), 2.0), Term("summary", part)))


def _synonym_node(stems: Sequenced) -> Node:
    if len(stems) > 1:
        return _phrase_node(stems)
    nodes = [Boosted(Term(zone, stems[0]), weight) for zone, weight in ZONES.items()]
    return AnyOf((*nodes, Boosted(Term("loose", stems[0]), _LOOSE)))


def _phrase_node(stems: Sequence[str]) -> Node:
    return AnyOf(tuple(Boosted(Phrase(zone, tuple(stems)), weight) for zone, weight in ZONES.items()))


def _marks(word: Word) -> dict[str, float]:
    loose = dict.fromkeys((*word.parts, *word.relatives), 1.0)
    return loose | {word.stem: 3.0, f"={word.exact}": 4.0}


def exact_clause(text: str, forms: Sequence[str]) -> Clause:
    """Return a clause for words as they are written in texts: what a correction looks for."""
    words = [LEXICON.word(form) for form in forms]
    marks = {token: weight for word in words for token, weight in _marks(word).items()}
    return Clause(text, Best(tuple(word_node(word) for word in words)), marks=marks)


def _phrases(quoted: str) -> Iterator[Clause]:
    words = [LEXICON.word(token.form) for token in tokenise(quoted)]
    marks = {token: weight for word in words for token, weight in _marks(word).items() if weight > 1}
    if len(words) > 1:
        yield Clause(quoted, _phrase_node([word.stem for word in words]), marks=marks)
    elif words:
        written = (Boosted(Term("exact_title", words[0].exact), 4.0), Term("exact", words[0].exact))
        yield Clause(quoted, AnyOf(written), marks={f"={words[0].exact}": 4.0})


def _excluded(text: str) -> list[Node]:
    words = [LEXICON.word(token.form) for token in tokenise(text)]
    if len(words) > 1:
        return [_phrase_node([word.stem for word in words])]
    return [AnyOf(tuple(Term(zone, word.stem) for zone in ZONES)) for word in words]


def _beginning(piece: str) -> Clause | None:
    forms = [token.form for token in tokenise(piece)]
    if len(forms) != 1 or len(forms[0]) < _SHORTEST_BEGINNING:
        return None
    text = fold(forms[0])
    node = AnyOf((Boosted(Beginning("exact_title", text), 3.0), Beginning("exact", text)))
    return Clause(piece, node, marks={f"^{text}": 3.0})
