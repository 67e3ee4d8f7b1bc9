"""Hints for writing so that everybody understands, after the rules for plain language of DIN 8581-1:2024.

They are counted, not understood: a hint is a reason to look again, never an error.
"""

import re

LONGEST_SENTENCE = 20  # words
LONGEST_WORD = 22  # letters
MOST_SENTENCES = 5
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ„])")
# What ends in a point without ending a sentence.
_POINTS = re.compile(r"\b(z|d|u|o|i|v|b|a|s|bzw|ca|usw|etc|Abs|Nr|Dr|Prof|St|ggf|inkl|zzgl|vgl)\.", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-zÄÖÜäöüß-]+")
_CAPITALS = re.compile(r"\b[A-ZÄÖÜ]{2,6}\b")
_EXPLAINED = re.compile(r"\(([A-ZÄÖÜ]{2,6})\)|\b([A-ZÄÖÜ]{2,6}) \(")
# Everybody knows these.
_KNOWN = {"EU", "PC", "TV", "USA", "CD", "DVD", "PDF", "WC", "AG"}


def plain_language_hints(text: str) -> list[str]:
    """Return what makes `text` hard to read, one sentence a finding, the worst first; nothing for a text that is empty."""
    hints = []
    sentences = _SENTENCE_END.split(_POINTS.sub(r"\1", text.strip()))
    longest = max(sentences, key=_words)
    if _words(longest) > LONGEST_SENTENCE:
        hints.append(
            f"Ein Satz hat {_words(longest)} Wörter: „{_beginning(longest)} …“. Bis {LONGEST_SENTENCE} Wörter liest es "
            "sich leichter; vielleicht werden daraus zwei Sätze."
        )
    if long_words := _unique(word for word in _WORD.findall(text) if len(_longest_part(word)) > LONGEST_WORD):
        hints.append(f"Lange Wörter: {', '.join(long_words)}. Lassen sie sich teilen oder umschreiben?")
    explained = {name for match in _EXPLAINED.findall(text) for name in match}
    if unclear := _unique(name for name in _CAPITALS.findall(text) if name not in explained | _KNOWN):
        hints.append(f"Abkürzungen: {', '.join(unclear)}. Schreiben Sie beim ersten Mal aus, was gemeint ist.")
    if len(sentences) > MOST_SENTENCES:
        hints.append(f"Das sind {len(sentences)} Sätze. Zwei bis drei genügen für den ersten Eindruck.")
    return hints


def _words(sentence: str) -> int:
    return len(sentence.split())


def _beginning(sentence: str) -> str:
    return " ".join(sentence.split()[:4])


def _longest_part(word: str) -> str:
    """Hyphens part a word for the eye."""
    return max(word.split("-"), key=len)


def _unique(names) -> list[str]:
    return list(dict.fromkeys(names))
