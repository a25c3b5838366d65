"""What a backup place holds already, in a scratch database on disk: however much it is, memory stays small."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from storage.backup.manifest import Item, blob_name
from storage.s3_objects import Entry

_TABLES = """
CREATE TABLE blobs (name TEXT PRIMARY KEY, size INTEGER) WITHOUT ROWID;
CREATE TABLE items (bucket TEXT, key TEXT, version TEXT, item TEXT, whole INTEGER, seen INTEGER DEFAULT 0,
                    PRIMARY KEY (bucket, key, version)) WITHOUT ROWID;
"""


class Known:
    """Bytes and items of a place. Safe for use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._lock = threading.Lock()
        self._sql = sqlite3.connect(folder / "known.sqlite", check_same_thread=False, isolation_level=None)
        self._sql.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES + "BEGIN;")

    def close(self) -> None:
        self._sql.close()

    def learn_blobs(self, names: Iterable[tuple[str, int]]) -> None:
        with self._lock:
            self._sql.executemany("INSERT OR REPLACE INTO blobs VALUES (?, ?)", names)

    def learn(self, items: Iterable[Item], whole: bool) -> None:
        """whole: of a run that came to its end, so that what is not seen again has gone."""
        rows = (
            (item.bucket, item.key, item.version or "", item.model_dump_json(exclude_defaults=True), whole)
            for item in items
        )
        with self._lock:
            self._sql.executemany(
                "INSERT OR REPLACE INTO items (bucket, key, version, item, whole) VALUES (?, ?, ?, ?, ?)",
                rows,
            )

    def claim(self, sha256: str, size: int) -> bool:
        """Whether these bytes are not there yet; they count as being there from now on."""
        with self._lock:
            if self._size(sha256) == size:
                return False
            self._sql.execute("INSERT OR REPLACE INTO blobs VALUES (?, ?)", (blob_name(sha256), size))
            return True

    def has(self, sha256: str, size: int) -> bool:
        with self._lock:
            return self._size(sha256) == size

    def same(self, bucket: str, entry: Entry) -> Item | None:
        """What was copied of this very object version, if its bytes are there."""
        with self._lock:
            self._sql.execute("UPDATE items SET seen = 1 WHERE bucket = ? AND key = ?", (bucket, entry.key))
            row = self._sql.execute(
                "SELECT item FROM items WHERE bucket = ? AND key = ? AND version = ?",
                (bucket, entry.key, entry.version_id or ""),
            ).fetchone()
            item = Item.model_validate_json(row[0]) if row else None
            then = (entry.etag, entry.size, entry.last_modified.isoformat())
            if item is None or (item.etag, item.size, item.modified) != then:
                return None
            return item if self._size(item.sha256) == item.size else None

    def before(self, bucket: str, key: str) -> list[Item]:
        """What the run before held under this key, as far as its bytes are there."""
        with self._lock:
            rows = self._sql.execute(
                "SELECT item FROM items WHERE bucket = ? AND key = ? AND whole", (bucket, key)
            ).fetchall()
            items = [Item.model_validate_json(item) for (item,) in rows]
            return [item for item in items if self._size(item.sha256) == item.size]

    def gone(self, bucket: str) -> Iterator[str]:
        """Keys that the run before held and this one has not seen."""
        with self._lock:
            rows = self._sql.execute(
                "SELECT DISTINCT key FROM items WHERE bucket = ? AND whole AND NOT seen", (bucket,)
            )
            yield from (key for (key,) in rows)

    def _size(self, sha256: str) -> int | None:
        row = self._sql.execute("SELECT size FROM blobs WHERE name = ?", (blob_name(sha256),)).fetchone()
        return int(row[0]) if row else None
