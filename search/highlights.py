"""Where in a text the words of a query stand: titles, excerpts and passages with the words marked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.analysis.tokens import WORD, Token, tokenise
from search.analysis.words import Word
from search.lexicon import LEXICON

EXCERPT_LENGTH = 220
MOST_EXCERPTS = 2
MOST_PASSAGES = 3
# Longer texts are not read to their end: what stands in the first pages says what it is about.
_MOST_CHARACTERS = 40_000

Marks = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """A marked word: its place in the text, what it weighs, and which word it is."""

    start: int
    end: int
    weight: float
    stem: str


def find_spots(text: str, marks: Marks) -> list[Spot]:
    """Return the words of `text` that `marks` name: by stem, as written (=), by a beginning (^), or by a part."""
    if not marks:
        return []
    text = text[:_MOST_CHARACTERS]
    beginnings = tuple(name[1:] for name in marks if name.startswith("^"))
    if beginnings or any(name.lstrip("=").isdigit() for name in marks):
        tokens: Iterable[Token] = tokenise(text)  # what is read in its context: SGB II
    else:
        wanted = frozenset(marks)
        pieces = (match for match in WORD.finditer(text) if not wanted.isdisjoint(LEXICON.keys(match[0])))
        tokens = (Token(form, *piece.span()) for piece in pieces for form, *_place in tokenise(piece[0]))
    spots = []
    for token in tokens:
        word = LEXICON.word(token.form)
        weight = _weight(word, marks, beginnings)
        if weight:
            spots.append(Spot(token.start, token.end, weight, word.stem))
    return spots


def _weight(word: Word, marks: Marks, beginnings: tuple[str, ...]) -> float:
    weight = marks.get(f"={word.exact}") or marks.get(word.stem, 0.0)
    if not weight and (word.parts or word.relatives):
        weight = max(marks.get(part, 0.0) for part in (*word.parts, *word.relatives)) / 2
    if not weight and beginnings and word.exact.startswith(beginnings):
        weight = 1.0
    return weight


def mark(text: str, spots: Iterable[Spot], start: int = 0, end: int | None = None) -> SafeString:
    """Return text[start:end] as HTML with the words at `spots` in <mark>; everything else is escaped."""
    end = len(text) if end is None else end
    pieces, place = [], start
    for spot in spots:
        if spot.start >= place and spot.end <= end:
            pieces += [escape(text[place : spot.start]), "<mark>", escape(text[spot.start : spot.end]), "</mark>"]
            place = spot.end
    pieces.append(escape(text[place:end]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece of the text was escaped above


def excerpts(text: str, marks: Marks) -> list[SafeString]:
    """Return the pieces of `text` that say most about the query, best first; none where no word of it occurs."""
    spots = find_spots(text, marks)
    found: list[SafeString] = []
    seen: set[str] = set()
    while spots and len(found) < MOST_EXCERPTS:
        first, last, value = _best_window(spots, seen)
        if value <= 0:
            break
        start, end = _widen(text, spots[first].start, spots[last].end)
        before = "… " if start > 0 and text[start - 1] != "\n" else ""
        after = " …" if end < len(text) and text[end] != "\n" else ""
        found.append(mark_safe(before + mark(text, spots[first : last + 1], start, end) + after))  # noqa: S308
        seen.update(spot.stem for spot in spots[first : last + 1])
        spots = [spot for spot in spots if spot.end < start or spot.start > end]
    return found


def best_passages(passages: Sequence[Sequence], marks: Marks) -> list[tuple[int, SafeString]]:
    """Return (place, marked text) of the `passages` that say most, in their order; each is a (place, text)."""
    valued = []
    for place, text in passages:
        spots = find_spots(text, marks)
        value = sum({spot.stem: spot.weight for spot in spots}.values())
        if value > 0:
            valued.append((value, place, text, spots))
    best = sorted(valued, key=lambda row: (-row[0], row[1]))[:MOST_PASSAGES]
    return [(place, mark(text, spots)) for _value, place, text, spots in sorted(best, key=lambda row: row[1])]


def _best_window(spots: list[Spot], seen: set[str]) -> tuple[int, int, float]:
    """Return (first, last, value) of the run of `spots` within one excerpt that has most words not yet `seen`."""
    best = (0, 0, 0.0)
    for first, spot in enumerate(spots):
        weights: dict[str, float] = {}
        for last in range(first, len(spots)):
            if spots[last].end - spot.start > EXCERPT_LENGTH:
                break
            if spots[last].stem not in seen:
                weights[spots[last].stem] = max(weights.get(spots[last].stem, 0.0), spots[last].weight)
            value = sum(weights.values())
            if value > best[2]:
                best = (first, last, value)
    return best


def _widen(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a piece of text to whole words within its paragraph, up to the length of an excerpt."""
    room = max(EXCERPT_LENGTH - (end - start), 0)
    paragraph_start = text.rfind("\n", 0, start) + 1
    paragraph_end = text.find("\n", end)
    paragraph_end = len(text) if paragraph_end < 0 else paragraph_end
    left = max(paragraph_start, start - room // 3)
    if left > paragraph_start:
        left = text.find(" ", left, start) + 1 or start
    right = min(paragraph_end, left + max(EXCERPT_LENGTH, end - left))
    if right < paragraph_end:
        right = max(text.rfind(" ", end, right), end)
    return left, right
