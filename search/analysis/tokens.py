"""From text to words: gender forms, numbers of laws, and where each word stands."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

# Mitarbeiter:innen, Mitarbeiter*in, Mitarbeiter_innen, Mitarbeiter/-innen, Mitarbeiter(innen); also inside a compound,
# as in Mitarbeiter:innenbefragung. A participle with a marked ending (Mitarbeitende:r) keeps its stem.
_GENDER = r"(?:[:*_·•’/]-?[Ii]n(?:nen)?|\([Ii]n(?:nen)?\)|[:*_·•](?:e?[rnsm])(?![^\W_]))"
_IN_CAPITALS = r"(?:[:*_·•’/]-?IN(?:NEN)?)"
WORD = re.compile(rf"[^\W_]+(?:(?:(?<=[a-zäöüß]){_GENDER}|(?<=[A-ZÄÖÜ]){_IN_CAPITALS})[^\W_]*)?")
_GENDER_MARK = re.compile(rf"(?<=[a-zäöüß])(?:{_GENDER}|In(?:nen)?(?![a-zäöüß]))|(?<=[A-ZÄÖÜ]){_IN_CAPITALS}")
_PLURAL_OF_CAPITALS = re.compile(r"([A-ZÄÖÜ]{2,})s")  # PCs, FAQs
_NAME_AND_NUMBER = re.compile(r"([^\W\d_]{2,})(\d+)")

ROMAN = {
    numeral: str(number)
    for number, numeral in enumerate(
        ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv"], start=1
    )
}
# These words and the number after them are one name; a Roman numeral is a number there: SGB II, Hartz IV, Buch IX.
NUMBERED = frozenset(
    {"sgb", "sozialgesetzbuch", "sozialgesetzbuches", "alg", "arbeitslosengeld", "hartz", "buch", "teil", "stufe"}
)
_LAWS = ("sgb", "alg")
_LAW_AND_NUMERAL = re.compile(rf"({'|'.join(_LAWS)})({'|'.join(sorted(ROMAN, key=len, reverse=True))})")


HYPHENS = "-‐‑"
MAX_WORD_LENGTH = 60


class Token(NamedTuple):
    """A word of a text in lower case and without marks of gender; `start` and `end` are its place in the text."""

    form: str
    start: int
    end: int
    hyphenated: bool = False  # a hyphen joins it to the word before


def clean_text(text: str) -> str:
    """Return `text` in the one form in which it is stored, analysed and highlighted: composed, without soft hyphens."""
    return unicodedata.normalize("NFC", text).replace("\u00ad", "").replace("\x00", " ")


def tokenise(text: str) -> Iterator[Token]:
    """Yield the words of `text`, which has passed `clean_text`, in their order; words without end are cut."""
    before, end_before = "", -1
    for match in WORD.finditer(text):
        start, end = match.span()
        hyphenated = start == end_before + 1 and text[end_before] in HYPHENS
        end_before = end
        for form in read_piece(match[0], before):
            yield Token(form, start, end, hyphenated)
            before, hyphenated = form, False


def read_piece(piece: str, before: str = "") -> tuple[str, ...]:
    """Return the words that a match of WORD stands for, in lower case; `before` is the word before it."""
    if piece.isalpha() and piece[1:].islower() and before not in NUMBERED:  # nearly every word: no time to lose
        form = piece.lower()
        if len(form) <= MAX_WORD_LENGTH and not form.startswith(_LAWS):
            return (form,)
    singular = _PLURAL_OF_CAPITALS.fullmatch(piece)
    return _split_number((singular[1] if singular else _GENDER_MARK.sub("", piece))[:MAX_WORD_LENGTH].lower(), before)


def _split_number(form: str, before: str) -> tuple[str, ...]:
    """SGB2, SGBII and SGB II are all the words "sgb" and "2"."""
    if form in ROMAN and before in NUMBERED:
        return (ROMAN[form],)
    if match := _NAME_AND_NUMBER.fullmatch(form):
        return (match[1], match[2])
    if match := _LAW_AND_NUMERAL.fullmatch(form):
        return (match[1], ROMAN[match[2]])
    return (form,)
