"""Texts as an engine stores them: streams of stems, of words as written, and of everything that may lead to them."""

from dataclasses import dataclass
from typing import Protocol

from search.analysis.tokens import HYPHENS, NUMBERED, WORD, name_of_numbers, read_piece
from search.analysis.words import Word, stem


class Words(Protocol):
    """Where words are looked up."""

    def word(self, form: str) -> Word:
        """Return the word for a form in lower case."""

    def read(self, piece: str) -> tuple[Word, ...]:
        """Return the words that a piece of a text, a match of WORD, stands for by itself."""


@dataclass(frozen=True, slots=True)
class Streams:
    """The tokens of one text: `stems` and `exact` in its order, `loose` without."""

    stems: list[str]
    exact: list[str]
    loose: list[str]


def analyse(text: str, words: Words) -> Streams:
    """Return the streams of `text`, which has passed `clean_text`."""
    streams = Streams([], [], [])
    stems, exact, loose = streams.stems, streams.exact, streams.loose
    run: list[str] = []
    before, name, end_before = "", "", -1
    for match in WORD.finditer(text):
        start, end = match.span()
        hyphenated = start == end_before + 1 and text[end_before] in HYPHENS
        end_before = end
        found = words.read(match[0])
        if name:
            found = tuple(words.word(form) for form in read_piece(match[0], before, name))
            if before != name and found[0].stem.isdigit():
                loose.append(words.word(name).stem + found[0].stem)  # SGB II und XII is SGB XII, too
        for word in found:
            stems.append(word.stem)
            exact.append(word.exact)
            loose.append(word.stem)
            if word.parts or word.relatives:
                loose += (*word.parts, *word.relatives)
            if hyphenated:
                run.append(word.form)
                loose += joined_stems(run)
            else:
                run = [word.form]
            before, hyphenated = word.form, False
            if name or before in NUMBERED:
                name = name_of_numbers(before, name)
    return streams


def joined_stems(run: list[str]) -> list[str]:
    """Return the stems of the words that `run`, joined by hyphens, also stands for: E-Mail is "Email"."""
    return [stem("".join(run[start:])) for start in range(len(run) - 1)]
