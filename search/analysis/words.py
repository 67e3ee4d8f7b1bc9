"""What one word is looked up by: as written, by its stem, and loosely."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import Stemmer

from search.analysis.compounds import LINKED_BY_S, Morphology, is_verb
from search.analysis.exceptions import STEMS
from search.analysis.folding import fold, without_accents
from search.analysis.function_words import FUNCTION_WORDS

# Endings of nouns with the s that links them to another one.
_WITH_LINK = (*(f"{ending}s" for ending in LINKED_BY_S), "täts")

# Plurals that Snowball leaves: Handys, Fotos, Kitas, Apps; but not arbeitslos.
_PLURAL_S = re.compile(r"..(?:(?<!l)o|y|[^aeiou]a|p)s$")
_E_BEFORE_L_OR_R = re.compile(r"e(?=[lr]$)")

_snowball = Stemmer.Stemmer("german")


@dataclass(frozen=True, slots=True)
class Word:
    """`parts` are the stems of a compound's parts, at least two or none; `relatives` stems of other forms of the word."""

    form: str
    exact: str
    stem: str
    parts: tuple[str, ...] = ()
    relatives: tuple[str, ...] = ()


def stem(form: str) -> str:
    """Return the stem of a word in lower case. Function words keep to themselves: "seit" is no "Seite"."""
    if form in FUNCTION_WORDS:
        return f"_{fold(form)}"
    if form in STEMS:
        return STEMS[form]
    plain = without_accents(form)
    singular = plain[:-1] if _PLURAL_S.search(plain) else plain
    return fold(_snowball.stemWord(singular))


def verb(root: str) -> str:
    """Return the token that a verb shares with its noun in -ung, not with nouns of the same stem: schulen, not Schule.

    Also without the e that comes and goes: vermitteln, Vermittlung.
    """
    return f"~{_E_BEFORE_L_OR_R.sub('', fold(root))}"


def make_word(form: str, read: Callable[[str], Morphology]) -> Word:
    """Return what `form`, a word in lower case, is looked up by; `read` gives its morphology."""
    parts, base = read(form)
    whole = stem(form)
    if len(parts) > 1:
        # Only the last part of a compound is inflected: what ends like a participle may be a word (Projekt-ende).
        last = stem(parts[-1]).rstrip("!")
        cut = fold(form).rfind(fold(parts[-1]))
        whole = fold(form)[:cut] + last if cut > 0 else whole
    relatives = {stem(base)} if base != form and len(base) > 2 and form not in STEMS else set()
    if form.endswith(("ung", "ungen")):
        relatives.add(verb(form[: form.rindex("ung")]))
    elif len(form) > 8 and form.endswith(("ation", "ationen")):
        relatives.add(verb(form[: form.rindex("ation")] + "ier"))  # Dokumentation: dokumentieren
    elif form[-1] in "nt" and is_verb(base):
        relatives.add(verb(base))
    elif form.endswith(_WITH_LINK):
        relatives.add(stem(form[:-1]))  # Bewerbungs- und Imagevideos
    return Word(
        form=form,
        exact=fold(form),
        stem=whole,
        parts=tuple(dict.fromkeys(stem(part) for part in parts)) if len(parts) > 1 else (),
        relatives=tuple(sorted(relatives - {whole})),
    )
