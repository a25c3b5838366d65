"""Whether a backup still is what was put: every head, every part and every object read and hashed."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from dossier.errors import StoreError
from storage.backup.manifest import HOUSE, Head, Item, Problem, blob_name, chosen, heads, items_of, read_head
from storage.backup.place import Place


@dataclass
class Verified:
    """runs: that were looked at. objects: distinct bytes that were read. size: theirs in bytes."""

    runs: list[str] = field(default_factory=list)
    objects: int = 0
    size: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.problems


def verify(place: Place, at: str | None = None, *, set_aside: bool = False, threads: int = 8) -> Verified:
    """Read the whole backup, or one run of it (as in `chosen`).

    set_aside: damaged bytes are taken out of the way, so that the next run copies them anew.
    """
    done = Verified()
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(_Seen(Path(folder))) as seen,
        ThreadPoolExecutor(threads) as pool,
    ):
        for head in _heads(place, at, done):
            done.runs.append(head.run)
            items = items_of(place, head)
            while batch := list(islice(items, 256)):
                wanted = [item for item in batch if isinstance(item, Item)]
                done.problems += (item for item in batch if isinstance(item, Problem))
                _look(place, {item.sha256: item.size for item in wanted}, seen, pool, done, set_aside)
                for item in wanted:
                    if what := seen.what(item.sha256):
                        done.problems.append(Problem(what=what, bucket=item.bucket, key=item.key))
    done.problems = list(dict.fromkeys(done.problems))
    return done


def _look(
    place: Place,
    sizes: dict[str, int],
    seen: _Seen,
    pool: ThreadPoolExecutor,
    done: Verified,
    set_aside: bool,
) -> None:
    """Read the bytes that were not read yet."""
    fresh = [sha256 for sha256 in sizes if seen.what(sha256) is None]
    for sha256, found in zip(
        fresh, pool.map(lambda one: place.fetch(blob_name(one), None), fresh), strict=True
    ):
        seen.note(sha256, "" if found == sha256 else "damaged" if found else "missing")
        done.objects += 1
        done.size += sizes[sha256]
        if set_aside and found not in (None, sha256):
            place.set_aside(blob_name(sha256))


def _heads(place: Place, at: str | None, done: Verified) -> Iterator[Head]:
    if at is not None:
        yield chosen(place, at)
        return
    for run, sha256 in heads(place):
        try:
            yield read_head(place, run, sha256)
        except StoreError as error:
            if not error.code.startswith("backup-head"):
                raise
            done.problems.append(Problem(what="manifest", bucket=HOUSE, key=run))


class _Seen:
    """What was found of bytes, on disk."""

    def __init__(self, folder: Path) -> None:
        self._sql = sqlite3.connect(folder / "seen.sqlite", isolation_level=None)
        self._sql.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            "CREATE TABLE seen (sha256 TEXT PRIMARY KEY, what TEXT) WITHOUT ROWID; BEGIN;"
        )

    def what(self, sha256: str) -> str | None:
        """Empty: nothing; None: not looked at yet."""
        row = self._sql.execute("SELECT what FROM seen WHERE sha256 = ?", (sha256,)).fetchone()
        return str(row[0]) if row else None

    def note(self, sha256: str, what: str) -> None:
        self._sql.execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", (sha256, what))

    def close(self) -> None:
        self._sql.close()
