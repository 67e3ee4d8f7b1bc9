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


def analyse(text: str, words: Words) -> Streams:
    """Return the streams of `text`, which has passed `clean_text`."""
    streams = Streams([], [], [])
    run: list[str] = []
    for token in tokenise(text):
        word = words.word(token.form)
        streams.stems.append(word.stem)
        streams.exact.append(word.exact)
        streams.loose.extend((word.stem, *word.parts, *word.relatives))
        run = [*run, token.form] if token.hyphenated else [token.form]
        streams.loose.extend(joined_stems(run))
    return streams


def joined_stems(run: list[str]) -> list[str]:
    """Return the stems of the words that `run`, joined by hyphens, also stands for: E-Mail is "Email"."""
    return [stem("".join(run[start:])) for start in range(len(run) - 1)]


def hyphenated_runs(tokens: Iterable[Token]) -> list[list[Token]]:
    """Return `tokens` in groups: each a single word or words joined by hyphens."""
    runs: list[list[Token]] = []
    for token in tokens:
        if token.hyphenated and runs:
            runs[-1].append(token)
        else:
            runs.append([token])
    return runs
