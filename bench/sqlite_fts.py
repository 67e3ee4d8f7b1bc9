"""SQLite FTS5, asked as well as it can be.

The index lies over a table with the texts (external content), so that highlight() and snippet() work. One statement
finds the matches once and takes hits, total and counts from them. FTS5 has no German stemmer: it answers for the words as
they are written, which is less work than the others do.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bench.corpus import Practice, Query
from bench.interface import (
    BODY_WEIGHT,
    MOST_MISTAKES,
    MOST_REPLACEMENTS,
    NOTHING,
    SHOWN,
    SUMMARY_WEIGHT,
    TITLE_WEIGHT,
    FacetBits,
    Found,
)

SCHEMA = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;
PRAGMA cache_size=-256000; PRAGMA mmap_size=2147483648;
CREATE TABLE practice (id INTEGER PRIMARY KEY, title TEXT, summary TEXT, body TEXT, day INTEGER);
CREATE TABLE facets (practice INTEGER PRIMARY KEY, bits INTEGER);
CREATE VIRTUAL TABLE found USING fts5(
    title, summary, body, content='practice', content_rowid='id', tokenize='unicode61 remove_diacritics 0', prefix='4 5 6'
);
CREATE VIRTUAL TABLE words USING fts5vocab(found, row);
"""
# Naming bm25() in the query is faster than the hidden column "rank".
ASK = f"""
WITH matched AS MATERIALIZED (
    SELECT rowid AS id, bm25(found, {TITLE_WEIGHT}, {SUMMARY_WEIGHT}, {BODY_WEIGHT}) AS score FROM found WHERE found MATCH ?
)
SELECT id, NULL FROM (SELECT id FROM matched ORDER BY score LIMIT {SHOWN})
UNION ALL SELECT NULL, bits FROM matched JOIN facets ON practice = id
"""  # noqa: S608 - a constant
MARK_UP = """
SELECT highlight(found, 0, '<mark>', '</mark>'), snippet(found, -1, '<mark>', '</mark>', '…', 30)
FROM found WHERE found MATCH ? AND rowid = ?
"""


class SqliteFts:
    """A database file in `folder`."""

    name = "SQLite FTS5"

    def __init__(self, folder: Path):
        self._connection = sqlite3.connect(folder / "bench.sqlite3", isolation_level=None)
        self._facets = FacetBits()
        self._vocabulary: dict[int, list[str]] = defaultdict(list)

    def build(self, practices: Iterable[Practice]) -> None:
        connection = self._connection
        connection.executescript(SCHEMA)
        connection.execute("BEGIN")
        for practice in practices:
            row = (practice.id, practice.title, practice.summary, practice.body, practice.date.toordinal())
            connection.execute("INSERT INTO practice VALUES (?, ?, ?, ?, ?)", row)
            connection.execute("INSERT INTO facets VALUES (?, ?)", (practice.id, self._facets.of(practice)))
        connection.execute("INSERT INTO found (found) VALUES ('rebuild')")
        connection.execute("COMMIT")
        connection.execute("INSERT INTO found (found) VALUES ('optimize')")
        connection.execute("ANALYZE")
        for (word,) in connection.execute("SELECT term FROM words"):
            self._vocabulary[len(word)].append(word)

    def ask(self, query: Query) -> Found:
        expression = self._expression(query)
        if not expression:
            return NOTHING
        rows = self._connection.execute(ASK, (expression,)).fetchall()
        ids = [number for number, _ in rows[:SHOWN] if number is not None]
        bits = np.array([bits for _, bits in rows[len(ids) :]], dtype=np.int64)
        highlights = [self._connection.execute(MARK_UP, (expression, number)).fetchone() for number in ids]
        return Found(ids, len(bits), self._facets.count(bits), highlights)

    def close(self) -> None:
        self._connection.close()

    def _expression(self, query: Query) -> str:
        quoted = [f'"{word}"' for word in query.words]
        if query.kind == "phrase":
            return f'"{" ".join(query.words)}"'
        if query.kind == "prefix":
            return f"{quoted[0]}*"
        if query.kind == "fuzzy":
            quoted = [f'"{word}"' for word in self._similar(query.words[0].lower())]
        return " OR ".join(quoted)

    def _similar(self, word: str) -> list[str]:
        """Return the words of the index nearest to `word`; the vocabulary is held in memory, by length."""
        lengths = range(len(word) - MOST_MISTAKES, len(word) + MOST_MISTAKES + 1)
        found = [
            (distance, other)
            for length in lengths
            for other, distance, _ in process.extract(
                word, self._vocabulary[length], scorer=OSA.distance, score_cutoff=MOST_MISTAKES, limit=None
            )
        ]
        return [other for _, other in sorted(found)[:MOST_REPLACEMENTS]]
