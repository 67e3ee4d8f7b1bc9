"""What German words are made of: our own list of constituents first, then the morphology of HanTa.

HanTa (Christian Wartena, LGPL) is a hidden Markov model of German word formation. Its dictionary of some 19,000 noun
stems also serves our own splitting, which finds compounds that HanTa takes for one piece.
"""

from functools import cache, lru_cache
from typing import NamedTuple

from HanTa.HanoverTagger import HanoverTagger

from search.analysis.constituents import CONSTITUENTS
from search.analysis.folding import fold
from search.analysis.function_words import FUNCTION_WORDS

MIN_COMPOUND = 7
MAX_COMPOUND = 40
_MAX_PARTS = 5
# What may stand between two parts, and at the end of the last one.
_LINKS = ("", "s", "es", "n", "en", "er", "e", "ens", "ns")
# Never without the s between them and the next part: a Bildungspate is no Spaten.
LINKED_BY_S = ("ung", "heit", "keit", "schaft", "ion")
_ENDINGS = ("", "e", "en", "n", "s", "es", "er", "ern", "in", "innen")
_STEM_TAGS = {"NN", "NN_VAR", "NN_VAR_EL", "NN_IRR", "ADJ", "ADJ_VAR", "VV", "VVnp", "VV_VAR", "FM", "ACR_NN"}
_NOUN_TAGS = ("NN", "NN_VAR", "NN_IRR")
_VERB_TAGS = ("VV", "VVnp", "VV_VAR")
# Beginnings that belong to the word after them: Mitarbeit is no kind of work that is done "mit".
_PREFIX_TAGS = {"PTKVZ_SEP", "PTKVZ_DUBIUM", "PREF_PP", "PREF_NEG", "APPR", "PTKZU"}


class Morphology(NamedTuple):
    """What a word is made of: at least two parts or none, and its dictionary form, cut of its ending."""

    parts: tuple[str, ...]
    base: str


@lru_cache(maxsize=20_000)
def read_word(form: str) -> Morphology:
    """Return the morphology of a word in lower case. Parts are written as in the word, links left out.

    Kept for a while, because it takes milliseconds: what was read for a search is read again when a text brings it.
    """
    if not form.isalpha() or len(form) > MAX_COMPOUND or form in FUNCTION_WORDS:
        return Morphology((), form)
    lemma, morphemes, kind = _analyse(form)
    masculine = _masculine(form, kind)
    if masculine:
        return Morphology(read_word(masculine).parts, masculine)
    parts = (
        () if len(form) < MIN_COMPOUND or _is_constituent(fold(form)) else _by_list(fold(form)) or _joined(morphemes)
    )
    return Morphology(parts, lemma)


def _analyse(form: str) -> tuple[str, list[tuple[str, str]], str]:
    """Return the dictionary form, the morphemes with their tags, and the kind of word."""
    try:
        lemma, morphemes, kind = _tagger().analyze(form, taglevel=3)
    except (ValueError, IndexError, KeyError):  # words that fit no pattern at all
        return form, [], ""
    tags = [tag for _text, tag in morphemes]
    if "SUF_FEM" in tags:
        feminine = tags.index("SUF_FEM")
        if not _STEM_TAGS.intersection(tags[feminine:]):  # no woman is in the middle of Terminbuchung
            lemma = "".join(text for text, _tag in morphemes[:feminine])
    return lemma.lower(), morphemes, kind


def _masculine(form: str, kind: str) -> str | None:
    """Return the noun in -e to which `form` is the feminine, as Lotse to Lotsinnen; HanTa knows none of them."""
    is_plural = form.endswith("innen")
    if not is_plural and not (form.endswith("in") and kind == "NN"):
        return None
    root = form.removesuffix("innen" if is_plural else "in")
    if len(root) < 3:
        return None
    masculine = f"{root}e"
    folded = fold(masculine)
    last = folded if len(folded) < MIN_COMPOUND or folded in _nouns() else (_by_list(folded) or ("",))[-1]
    return masculine if last in _nouns() else None


def is_verb(root: str) -> bool:
    """Return whether verbs have this root: schul-en, organis-ieren."""
    return root.endswith("ier") or fold(root) in _dictionary(_VERB_TAGS)


def is_german(form: str) -> bool:
    """Return whether a word in lower case is in the dictionary: then it is no typing error of another one."""
    return _is_noun(fold(form)) or fold(_analyse(form)[0]) in _dictionary(_VERB_TAGS)


def _joined(morphemes: list[tuple[str, str]]) -> tuple[str, ...]:
    """Join morphemes to parts: stems begin one, prefixes go with the stem after them, endings with the one before."""
    parts, prefix = [], ""
    for text, tag in morphemes:
        if tag in _PREFIX_TAGS:
            prefix += text
        elif tag in _STEM_TAGS:
            parts.append(prefix + text)
            prefix = ""
        elif tag not in {"FUGE", "HYPHEN", "SUF_ADJ_NN"} and parts:
            parts[-1] += text
    kept = tuple(part for part in parts if len(part) > 2 and part not in FUNCTION_WORDS)
    return kept if len(kept) > 1 else ()


def _is_constituent(folded: str) -> bool:
    return any(folded.endswith(ending) and folded[: len(folded) - len(ending)] in _own() for ending in _ENDINGS)


def _by_list(folded: str) -> tuple[str, ...]:
    """Return the split into the fewest known words; among those the one with the longest first word."""
    return _split(folded, _MAX_PARTS) or ()


@lru_cache(maxsize=4096)
def _split(rest: str, most: int) -> tuple[str, ...] | None:
    best: tuple[str, ...] | None = None
    if most < 1:
        return None
    for end in range(len(rest) - 3, 2, -1):
        head = rest[:end]
        if head not in _heads():
            continue
        for link in _LINKS:
            if not rest.startswith(link, end) or (not link and head.endswith(LINKED_BY_S)):
                continue
            tail = rest[end + len(link) :]
            if len(tail) < 3:
                continue
            if tail.startswith("ende") and head in _dictionary(_VERB_TAGS):
                continue  # Teilnehmende take part; there is no end in them
            found = (tail,) if _is_noun(tail) else _split(tail, most - 2 if best is None else len(best) - 2)
            if found and (best is None or len(found) + 1 < len(best)):
                best = (head, *found)
    return best


def _is_noun(folded: str) -> bool:
    """Return whether a word can end a compound: a noun, or a verb that serves as one (Video-dolmetschen)."""
    if folded.endswith(("en", "ens")) and folded.rstrip("s")[:-2] in _dictionary(_VERB_TAGS):
        return True
    return any(folded.endswith(ending) and folded[: len(folded) - len(ending)] in _nouns() for ending in _ENDINGS)


@cache
def _tagger() -> HanoverTagger:
    return HanoverTagger("morphmodel_ger.pgz")


@cache
def _own() -> frozenset[str]:
    return frozenset(fold(word) for word in CONSTITUENTS)


@cache
def _nouns() -> frozenset[str]:
    return _own() | _dictionary(_NOUN_TAGS)


@cache
def _heads() -> frozenset[str]:
    return _nouns() | _dictionary(_VERB_TAGS)


@cache
def _dictionary(tags: tuple[str, ...]) -> frozenset[str]:
    """Return the stems of HanTa's dictionary: words of fewer letters than four would split everything."""
    tagger = _tagger()
    stems = (stem for tag in tags for stem in tagger.LP_m_t[tagger.tag2int[tag]])
    return frozenset(fold(stem) for stem in stems if len(stem) > 3 and stem.isalpha() and stem not in FUNCTION_WORDS)
