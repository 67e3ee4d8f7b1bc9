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
from search.analysis.tokens import NUMBERED, Token, clean_text, tokenise
from search.analysis.words import Word, verb
from search.engines.protocol import AllOf, AnyOf, Beginning, Best, Boosted, Everything, Flat, Node, Phrase, Term
from search.lexicon import LEXICON
from search.synonyms import Sequenced, Synonyms

# Where a word stands decides how much it counts.
ZONES = {"title": 4.0, "summary": 2.0, "terms": 2.5, "body": 1.0, "attached": 0.5}
_EXACT = {"exact_title": 2.0, "exact": 0.7}
_LOOSE = {"loose_title": 0.6, "loose": 0.3}
_PARTS = 0.3
# Where not everything has to be there, each thing that is counts this much, whatever it weighs by itself.
_TOGETHER = 20.0
_SYNONYM = 0.6

MAX_CLAUSES = 16
_SHORTEST_BEGINNING = 3
# Section 16i, U25: with and without a blank between letter and number.
_LETTER_AND_NUMBER = re.compile(r"(\d{1,3})([a-z])|([a-zäöü])(\d{1,3})")
_PIECE = re.compile(r'(?:(?<=\s)|^)(-?)(?:["„“”«»]([^"„“”«»]*)["„“”«»]|([^\s"„“”«»]+))|["„“”«»]|[^\s"„“”«»]+')


@dataclass(frozen=True, eq=False)
class Clause:
    """One thing a document has to have. `form` is set where it is a single word, which may be a typing error.

    Each equals itself alone, so that what is known of it can be kept without comparing everything in it.
    """

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

    def relaxed(self, rarity: Sequence[float]) -> Node:
        """Documents with at least half of it; those with more of it come first, and `rarity` weighs each."""
        nodes = tuple(
            AnyOf((clause.node, Flat(clause.node, _TOGETHER * rare)))
            for clause, rare in zip(self.clauses, rarity, strict=True)
        )
        return AllOf((AnyOf(nodes, max(len(nodes) // 2, 1)),), self.without)

    @property
    def loosest(self) -> Node:
        """Documents with any of it."""
        return AllOf((AnyOf(tuple(clause.node for clause in self.clauses)),), self.without)

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


def plain_words(text: str) -> list[tuple[str, bool]]:
    """Return the words of `text`, as written but without marks of gender, each with whether it is excluded."""
    found = []
    for negated, quoted, piece in _pieces(clean_text(text)):
        part = quoted if quoted is not None else piece
        for token in tokenise(part):
            if token.form not in FUNCTION_WORDS:
                written = part[token.start : token.end][: len(token.form)]
                found.append((written if written.lower() == token.form else token.form, negated))
    return found


def _pieces(text: str) -> Iterator[tuple[bool, str | None, str]]:
    """Yield (negated, what stands in quotes or None, what stands without)."""
    for match in _PIECE.finditer(text):
        minus, quoted, piece = match.groups()
        yield bool(minus) and bool(quoted or piece), quoted, piece or match[0]


def _word_clauses(text: str, synonyms: Synonyms, alone: bool) -> Iterator[Clause]:
    tokens = list(tokenise(text))
    only_function_words = alone and all(token.form in FUNCTION_WORDS for token in tokens)
    place = 0
    while place < len(tokens):
        run = _run(tokens, place)
        words = [LEXICON.word(token.form) for token in tokens[place:]]
        length, others = synonyms.match(words)
        if length < len(run):
            length, others = 0, ()  # the name is only a piece of what hyphens join
        end = _end_of_run(tokens, place + max(length, len(run)))
        if tokens[end - 1].form in NUMBERED and end < len(tokens) and tokens[end].form[0].isdigit():
            number = LEXICON.word(tokens[end].form).stem
            others = tuple((*other, number) for other in others)  # Sozialgesetzbuch and 2 belong together: SGB 2
            end += 1
        if length or len(run) > 1 or run[0].form not in FUNCTION_WORDS or only_function_words:
            yield _clause(text, tokens[place:end], others, synonyms)
        place = end


def _run(tokens: Sequence[Token], place: int) -> Sequence[Token]:
    """Return the words joined by hyphens that begin at `place`, or a letter and a number."""
    pair = tokens[place : place + 2]
    if len(pair) == 2 and _LETTER_AND_NUMBER.fullmatch(pair[0].form + pair[1].form):
        return pair
    return tokens[place : _end_of_run(tokens, place + 1)]


def _end_of_run(tokens: Sequence[Token], end: int) -> int:
    while end < len(tokens) and tokens[end].hyphenated:
        end += 1
    return end


def _clause(text: str, tokens: Sequence[Token], others: Iterable[Sequenced], synonyms: Synonyms) -> Clause:
    words = [LEXICON.word(token.form) for token in tokens]
    content = [word for word, token in zip(words, tokens, strict=True) if token.form not in FUNCTION_WORDS] or words
    marks = {token: weight for word in content for token, weight in _marks(word).items()}
    together = "".join(token.form for token in tokens)
    if match := _LETTER_AND_NUMBER.fullmatch(together):
        apart = [LEXICON.word(part).stem for part in match.groups() if part]
        own: Node = Best((_phrase_node(apart), word_node(LEXICON.word(together), synonyms)))
        marks = {part: 1.0 for part in apart if part.isdigit()} | _marks(LEXICON.word(together))
    elif len(tokens) == 1:
        own = word_node(words[0], synonyms)
    elif any(token.form in NUMBERED for token in tokens):
        own = _phrase_node([word.stem for word in words])
    elif all(token.hyphenated for token in tokens[1:]):
        joined = LEXICON.word(together)
        members = tuple(_with_synonyms(word, synonyms) for word in content)
        own = Best(
            (_phrase_node([word.stem for word in words]), word_node(joined, synonyms), Boosted(AllOf(members), 0.5))
        )
        marks |= _marks(joined)
    else:
        own = AllOf(tuple(word_node(word, synonyms) for word in content))
    for other in others:
        marks |= {stem: 1.0 for stem in other if not stem.startswith("_") and stem not in marks}
    return Clause(
        text=text[tokens[0].start : tokens[-1].end],
        node=_beside(own, others, synonyms),
        form=tokens[0].form if len(tokens) == 1 else "",
        marks=marks,
    )


def _with_synonyms(word: Word, synonyms: Synonyms) -> Node:
    return _beside(word_node(word, synonyms), synonyms.match([word])[1], synonyms)


def _beside(own: Node, others: Iterable[Sequenced], synonyms: Synonyms) -> Node:
    """Return `own` with its synonyms beside it, which count less."""
    alternatives = tuple(Boosted(_synonym_node(other, synonyms), _SYNONYM) for other in others)
    return Best((own, *alternatives)) if alternatives else own


def word_node(word: Word, synonyms: Synonyms) -> Node:
    """Return where a word may be found: by its stem in every zone, better as written, weaker as a piece of others."""
    nodes: list[Node] = [Boosted(Term(zone, word.stem), weight) for zone, weight in ZONES.items()]
    nodes += [Boosted(Term(name, word.exact), weight) for name, weight in _EXACT.items()]
    for other in (word.stem, *word.relatives):
        nodes += [Boosted(Term(name, other), weight) for name, weight in _LOOSE.items()]
    if word.parts:
        parts = tuple(_part_node(part, synonyms.of_part(part)) for part in word.parts)
        nodes.append(Boosted(AllOf(parts), _PARTS))
    return AnyOf(tuple(nodes))


def _part_node(part: str, others: Sequence[str] = ()) -> Node:
    """Return where a part of a compound, or one of the stems `others` for it, may be found."""
    own = (Term("loose", part), Boosted(Term("loose_title", part), 2.0), Term("summary", part))
    if part.endswith("ung"):
        others = (*others, verb(part[:-3]))  # Tourenplanung: Touren planen
    return AnyOf((*own, *(Boosted(Term("loose", other), _SYNONYM) for other in others)))


def _synonym_node(stems: Sequenced, synonyms: Synonyms) -> Node:
    if len(stems) > 1:
        return _phrase_node(stems)
    nodes = [Boosted(Term(zone, stems[0]), weight) for zone, weight in ZONES.items()]
    nodes += [Boosted(Term(name, stems[0]), weight) for name, weight in _LOOSE.items()]
    if parts := synonyms.parts.get(stems[0]):
        nodes.append(Boosted(AllOf(tuple(_part_node(part) for part in parts)), _PARTS))
    return AnyOf(tuple(nodes))


def _phrase_node(stems: Sequence[str]) -> Node:
    nodes: list[Node] = [Boosted(Phrase(zone, tuple(stems)), weight) for zone, weight in ZONES.items()]
    if stems[-1].isdigit():
        nodes.append(Boosted(Term("loose", "".join(stems)), _LOOSE["loose"]))  # SGB XII in "SGB II und XII"
    return AnyOf(tuple(nodes))


def _marks(word: Word) -> dict[str, float]:
    loose = dict.fromkeys((*word.parts, *word.relatives), 1.0)
    return loose | {word.stem: 3.0, f"={word.exact}": 4.0}


def exact_clause(text: str, forms: Sequence[str], synonyms: Synonyms) -> Clause:
    """Return a clause for words of the texts: what a correction looks for."""
    words = [LEXICON.word(form) for form in forms]
    marks = {token: weight for word in words for token, weight in _marks(word).items()}
    return Clause(text, Best(tuple(_with_synonyms(word, synonyms) for word in words)), marks=marks)


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
    return beginning_clause(piece, forms[0])


def beginning_clause(text: str, form: str) -> Clause:
    """Return a clause for words that begin with `form`."""
    folded = fold(form)
    node = AnyOf((Boosted(Beginning("exact_title", folded), 3.0), Beginning("exact", folded)))
    return Clause(text, node, marks={f"^{folded}": 3.0})
