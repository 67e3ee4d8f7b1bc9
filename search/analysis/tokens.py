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
# More numbers may follow: SGB II und XII.
_JOINING = frozenset({"und", "oder", "sowie", "bzw", "u"})
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
    before, name, end_before = "", "", -1
    for match in WORD.finditer(text):
        start, end = match.span()
        hyphenated = start == end_before + 1 and text[end_before] in HYPHENS
        end_before = end
        for form in read_piece(match[0], before, name):
            yield Token(form, start, end, hyphenated)
            before, hyphenated = form, False
            name = name_of_numbers(form, name)


def name_of_numbers(form: str, name: str) -> str:
    """Return the word that a number after `form` belongs to, "" if none: sgb after "SGB", "SGB II" and "SGB II und".

    `name` is the word that a number at the place of `form` belongs to.
    """
    if form in NUMBERED:
        return form
    return name if name and (form in _JOINING or form.isdigit()) else ""


def read_piece(piece: str, before: str = "", name: str = "") -> tuple[str, ...]:
    """Return the words that a match of WORD stands for, in lower case.

    `before` is the word before it, `name` the one that a number here belongs to.
    """
    # A small letter is a number only right after the name: in "SGB II i. V. m." there is none.
    in_numerals = bool(name) and (before == name or len(piece) > 1 or piece.isupper())
    if piece.isalpha() and piece[1:].islower() and not in_numerals:  # nearly every word: no time to lose
        form = piece.lower()
        if len(form) <= MAX_WORD_LENGTH and not form.startswith(_LAWS):
            return (form,)
    singular = _PLURAL_OF_CAPITALS.fullmatch(piece)
    form = (singular[1] if singular else _GENDER_MARK.sub("", piece))[:MAX_WORD_LENGTH].lower()
    return _split_number(form, in_numerals)


def _split_number(form: str, in_numerals: bool) -> tuple[str, ...]:
    """SGB2, SGBII and SGB II are all the words "sgb" and "2"."""
    if form in ROMAN and in_numerals:
        return (ROMAN[form],)
    if match := _NAME_AND_NUMBER.fullmatch(form):
        return (match[1], match[2])
    if match := _LAW_AND_NUMERAL.fullmatch(form):
        return (match[1], ROMAN[match[2]])
    return (form,)
