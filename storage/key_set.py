"""A set of keys that may outgrow memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable


class KeySet:
    """Strings, kept in a temporary file once they are many (SQLite's database without a name); for one thread."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA journal_mode = OFF")  # it is thrown away at the end, and by a crash
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("CREATE TABLE keys (key TEXT PRIMARY KEY) WITHOUT ROWID")

    def add(self, keys: Iterable[str]) -> None:
        self._db.executemany("INSERT OR IGNORE INTO keys VALUES (?)", ((key,) for key in keys))

    def __contains__(self, key: str) -> bool:
        return self._db.execute("SELECT 1 FROM keys WHERE key = ?", (key,)).fetchone() is not None

    def close(self) -> None:
        self._db.close()
