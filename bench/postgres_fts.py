"""PostgreSQL's full text search, asked as well as it can be.

Two tables of text vectors: one of German stems, one of the words as they are written for prefixes and mistyped words.
They hold nothing but what a search reads, within their rows, so that ranking looks into no second table; the
texts lie beside them. One prepared statement finds the matches once and takes hits, total and counts from them.
"""

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import psycopg

from bench.corpus import Practice, Query
from bench.interface import MOST_MISTAKES, MOST_REPLACEMENTS, NOTHING, SHOWN, FacetBits, Found
from tests.postgres import find_postgres, restart_server, temporary_cluster

SERVER_SETTINGS = {"shared_buffers": "1GB", "work_mem": "64MB", "maintenance_work_mem": "512MB", "max_wal_size": "4GB"}
SESSION_SETTINGS = {"jit": "off", "random_page_cost": "1.1", "effective_cache_size": "4GB"}
TABLES = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;
CREATE TABLE content (id int PRIMARY KEY, title text, summary text, body text, day date, facets bigint);
"""
VECTORS = """
CREATE TABLE {table} WITH (toast_tuple_target = 8160) AS
SELECT id, facets, setweight(to_tsvector('{config}', title), 'A') || setweight(to_tsvector('{config}', summary), 'B')
    || setweight(to_tsvector('{config}', body), 'D') AS vector
FROM content ORDER BY id;
CREATE INDEX ON {table} USING gin (vector) WITH (fastupdate = off);
"""
VOCABULARY = """
CREATE TABLE word AS SELECT word FROM ts_stat('SELECT vector FROM words');
CREATE INDEX ON word USING gin (word gin_trgm_ops);
"""
# The weights are those of D, C, B and A, in the proportions every engine is given. The facets of all matches come as one
# value, the bytes of their numbers one after the other.
ASK = f"""
WITH matched AS MATERIALIZED (
    SELECT id, facets, ts_rank('{{{{0.1, 0.1, 0.4, 1.0}}}}', vector, query) AS score
    FROM {{table}}, {{query}} AS query WHERE vector @@ query
)
SELECT id, NULL FROM (SELECT id FROM matched ORDER BY score DESC, id LIMIT {SHOWN}) AS best
UNION ALL SELECT NULL, string_agg(int8send(facets), '') FROM matched
"""  # noqa: S608 - a constant
MARK_UP = """
SELECT ts_headline('{config}', title, query, 'StartSel=<mark>, StopSel=</mark>, HighlightAll=true'),
    ts_headline('{config}', summary || ' ' || body, query, 'StartSel=<mark>, StopSel=</mark>, MaxWords=30, MinWords=15')
FROM unnest(%s::int[]) WITH ORDINALITY AS shown (id, place) JOIN content USING (id), {query} AS query ORDER BY place
"""
SIMILAR = f"""
SELECT word FROM word WHERE word %% %s AND levenshtein_less_equal(word, %s, {MOST_MISTAKES}) <= {MOST_MISTAKES}
ORDER BY levenshtein(word, %s), word LIMIT {MOST_REPLACEMENTS}
"""  # noqa: S608 - a constant
# How each kind of query is written: the function that reads it, and which table is asked.
READERS = {
    "term": ("plainto_tsquery('german', %s)", "stems", "german"),
    "any": ("websearch_to_tsquery('german', %s)", "stems", "german"),
    "phrase": ("phraseto_tsquery('german', %s)", "stems", "german"),
    "prefix": ("to_tsquery('simple', %s)", "words", "simple"),
    "fuzzy": ("to_tsquery('simple', %s)", "words", "simple"),
}
STATEMENTS = {
    kind: (ASK.format(query=query, table=table), MARK_UP.format(query=query, config=config))
    for kind, (query, table, config) in READERS.items()
}


class PostgresFts:
    """A server of its own, gone with `close`."""

    name = "PostgreSQL"

    def __init__(self) -> None:
        programs = find_postgres()
        if programs is None:
            raise LookupError("PostgreSQL is not installed: apt install postgresql")
        self._stack = ExitStack()
        try:
            url = self._stack.enter_context(temporary_cluster(programs))
            self._give_memory(url, programs)
            self._connection = self._stack.enter_context(psycopg.connect(url, autocommit=True, prepare_threshold=0))
        except BaseException:
            self._stack.close()
            raise
        self._facets = FacetBits()

    def build(self, practices: Iterable[Practice]) -> None:
        connection = self._connection
        for name, value in SESSION_SETTINGS.items():
            connection.execute(f"SET {name} = '{value}'")
        connection.execute(TABLES, prepare=False)
        with connection.cursor().copy("COPY content FROM STDIN") as copy:
            for practice in practices:
                row = (practice.id, practice.title, practice.summary, practice.body, practice.date)
                copy.write_row((*row, self._facets.of(practice)))
        connection.execute(VECTORS.format(table="stems", config="german"), prepare=False)
        connection.execute(VECTORS.format(table="words", config="simple"), prepare=False)
        connection.execute(VOCABULARY, prepare=False)
        connection.execute("VACUUM ANALYZE")

    def ask(self, query: Query) -> Found:
        text = self._text(query)
        if not text:
            return NOTHING
        find, mark_up = STATEMENTS[query.kind]
        *hits, (_, facets) = self._connection.execute(find, (text,), binary=True).fetchall()
        ids = [number for number, _ in hits]
        bits = np.frombuffer(facets or b"", dtype=">i8")
        highlights = self._connection.execute(mark_up, (ids, text)).fetchall() if ids else []
        return Found(ids, len(bits), self._facets.count(bits), highlights)

    def close(self) -> None:
        self._stack.close()

    def _text(self, query: Query) -> str:
        if query.kind == "any":
            return " or ".join(query.words)
        if query.kind == "prefix":
            return f"{query.words[0].lower()}:*"
        if query.kind == "fuzzy":
            word = query.words[0].lower()
            return " | ".join(row[0] for row in self._connection.execute(SIMILAR, (word, word, word)))
        return " ".join(query.words)

    def _give_memory(self, url: str, programs: Path) -> None:
        """Restart the server with more memory than a fresh one takes."""
        with psycopg.connect(url, autocommit=True) as connection:
            for name, value in SERVER_SETTINGS.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        restart_server(url, programs)
