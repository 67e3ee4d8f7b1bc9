"""Where limits are counted: a small SQLite file in DATA_DIR/cache, shared by all processes of a server (ADR 21).

Keys are hashes made with the secret key, so the file names no address and no account. Rows end by themselves.
"""

import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.crypto import salted_hmac

_WAIT_S = 10
_TABLE = """
    CREATE TABLE IF NOT EXISTS counts (key TEXT PRIMARY KEY, value TEXT NOT NULL, ends REAL NOT NULL) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS ends ON counts (ends);
"""
_open = threading.local()


def now() -> float:
    """Return the time by which limits are counted, in seconds."""
    return time.time()


class Rows:
    """What is counted, for as long as nobody else counts. Keys are texts; nobody finds them in the file."""

    def __init__(self, connection: sqlite3.Connection):
        self._connection = connection

    def get(self, key: str, default=None):
        """Return what is kept under `key`, unless it has ended."""
        row = self._connection.execute(
            "SELECT value FROM counts WHERE key = ? AND ends > ?", (_hashed(key), now())
        ).fetchone()
        return json.loads(row[0]) if row else default

    def put(self, key: str, value, ends: float) -> None:
        """Keep `value` under `key` until the time `ends`."""
        self._connection.execute(
            "REPLACE INTO counts (key, value, ends) VALUES (?, ?, ?)", (_hashed(key), json.dumps(value), ends)
        )

    def drop(self, key: str) -> None:
        """Keep nothing under `key`."""
        self._connection.execute("DELETE FROM counts WHERE key = ?", (_hashed(key),))


@contextmanager
def counting() -> Iterator[Rows]:
    """Let one process at a time count; what it wrote is kept unless it raises."""
    connection = _connection()
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("DELETE FROM counts WHERE ends <= ?", (now(),))
        yield Rows(connection)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _hashed(key: str) -> str:
    return salted_hmac("limits", key, algorithm="sha256").hexdigest()


def _connection() -> sqlite3.Connection:
    """Return the connection of this thread; a new one where somebody has emptied the folder, or after a fork."""
    path = Path(settings.DATA_DIR) / "cache" / "limits.sqlite3"
    if not hasattr(_open, "mark") or _open.mark != _mark(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _open.connection = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)
        _open.connection.execute("PRAGMA journal_mode=WAL")
        _open.connection.execute("PRAGMA synchronous=NORMAL")
        _open.connection.executescript(_TABLE)
        _open.mark = _mark(path)
    return _open.connection


def _mark(path: Path) -> tuple | None:
    try:
        return os.getpid(), path, path.stat().st_ino
    except FileNotFoundError:
        return None
