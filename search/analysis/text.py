"""Texts as an engine stores them: streams of stems, of words as written, and of everything that may lead to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from search.analysis.tokens import Token, tokenise
from search.analysis.words import Word, stem


class Words(Protocol):
    """Where words are looked up."""

    def word(self, form: str) -> Word:
        """Return the word for a form in lower case."""


@dataclass(frozen=True, slots=True)
class Streams:
    """The tokens of one text: `stems` and `exact` in its order, `loose` without."""

    stems: list[str]
    exact: list[str]
    loose: list[str]


def forms_of(texts: Iterable[str]) -> set[str]:
    """Return the forms that occur in `texts`."""
    return {token.form for text in texts for token in tokenise(text)}


def analyse(tokens: Iterable[Token], words: Words) -> Streams:
    """Return the streams of a text's `tokens`."""
    stems: list[str] = []
    exact: list[str] = []
    loose: list[str] = []
    run: list[str] = []
    for token in tokens:
        word = words.word(token.form)
        stems.append(word.stem)
        exact.append(word.exact)
        loose.append(word.stem)
        if word.parts or word.relatives:
            loose += (*word.parts, *word.relatives)
        if token.hyphenated:
            run.append(token.form)
            loose += joined_stems(run)
        else:
            run = [token.form]
    return Streams(stems, exact, loose)


def joined_stems(run: list[str]) -> list[str]:
    """Return the stems of the words that `run`, joined by hyphens, also stands for: E-Mail is "Email"."""
    return [stem("".join(run[start:])) for start in range(len(run) - 1)]
