"""One backup run: the store as it was at one moment, into a place; only what is not there yet is copied.

Bytes first, the parts of the manifest behind them, the head last. A run that is killed leaves no backup but what the
next one need not copy again. Memory does not grow with the store: listings by pages, bytes through files, eight objects
at once (`backup.threads`).
"""

from __future__ import annotations

import tempfile
import uuid
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Final

from dossier.errors import StoreError
from storage.audit import note
from storage.backup.house import HouseFile
from storage.backup.known import Known
from storage.backup.manifest import (
    HOUSE,
    Head,
    Item,
    Part,
    Problem,
    heads,
    item_of,
    items_of,
    read_head,
    read_part,
    run_name,
    unfinished,
    write_file,
    write_head,
    write_part,
)
from storage.backup.place import Place
from storage.backup.sections import HOUSE_SECTION, IMMUTABLE, SECTIONS, bucket_of, cut, entries, waiting
from storage.buckets import INBOX, ORIGINALS
from storage.s3 import Store
from storage.s3_objects import Entry

PART_ITEMS: Final = 1000
PART_BYTES: Final = 2**28  # what a killed run has read in vain, at most
INBOX_ROUNDS: Final = 5
PROBLEMS_TOLD: Final = 1000


def back_up(store: Store, place: Place, house: Iterable[HouseFile], threads: int = 8) -> Head:
    """Copy what is not there yet and write the run's manifest; its head.

    Problems are in the head: the run is whole but for what they name. Raises StoreError if the store or the place
    broke off; what was copied so far is not copied again by the next run.
    """
    with (
        tempfile.TemporaryDirectory() as memory,
        place.scratch() as scratch,
        closing(Known(Path(memory))) as known,
        ThreadPoolExecutor(threads) as pool,
    ):
        head = _Run(store, place, known, scratch, pool).through(house)
    note(store, "backup", None, None, {"run": head.run, "to": place.kind}, once=head.run)
    return head


@dataclass(frozen=True)
class _Copied:
    item: Item | None
    new: bool = False
    problem: Problem | None = None


class _Run:
    def __init__(
        self, store: Store, place: Place, known: Known, scratch: Path, pool: ThreadPoolExecutor
    ) -> None:
        self._store, self._place, self._known = store, place, known
        self._scratch, self._pool = scratch, pool
        self._begun = datetime.now(UTC)
        self._name = run_name(self._begun, uuid.uuid4().hex[:8])
        self._parts: list[Part] = []
        self._problems: list[Problem] = []
        self._objects: Counter[str] = Counter()
        self._size = self._new = self._new_size = self._told = 0

    def through(self, house: Iterable[HouseFile]) -> Head:
        previous = self._learn()
        self._keep_house(house)
        self._inbox()
        until = cut(self._store)
        for section in reversed(SECTIONS):
            if section != INBOX:
                self._section(section, until)
        head = Head(
            run=self._name,
            begun=self._begun,
            cut=until,
            ended=datetime.now(UTC),
            previous=previous,
            parts=tuple(self._parts),
            objects=dict(self._objects),
            size=self._size,
            copied=self._new,
            copied_size=self._new_size,
            problems=tuple(self._problems),
            problem_count=self._told,
            program=f"sohoa {version('sohoa')}",
        )
        write_head(self._place, head, self._scratch)
        return head

    def _learn(self) -> str | None:
        """What is there: bytes by their names, and what runs said of them. The hash of the newest head."""
        self._known.learn_blobs(self._place.names("objects"))
        for name in unfinished(self._place):
            try:
                self._known.learn(read_part(self._place, name), whole=False)
            except StoreError as error:
                if error.code != "backup-part-damaged":  # a damaged one is copied again
                    raise
        done = heads(self._place)
        if not done:
            return None
        try:
            head = read_head(self._place, *done[-1])
        except StoreError as error:
            if not error.code.startswith("backup-head"):
                raise
            self._tell(Problem(what="manifest", bucket=HOUSE, key=done[-1][0]))
            return done[-1][1]
        for item in items_of(self._place, head):
            if isinstance(item, Item):
                self._known.learn([item], whole=True)
        return done[-1][1]

    def _keep_house(self, house: Iterable[HouseFile]) -> None:
        items = []
        for file in house:
            item = file.item()
            items.append(item)
            if self._known.claim(item.sha256, item.size):
                write_file(self._place, item.place, file.data, self._scratch)
                self._count_new(item)
        self._write(HOUSE_SECTION, items)

    def _inbox(self) -> None:
        """Until a listing brings nothing new: what has left the inbox by the cut has its end in the other buckets."""
        done: set[tuple[str, str | None]] = set()
        for _ in range(INBOX_ROUNDS):
            fresh = [entry for entry in waiting(self._store) if (entry.key, entry.version_id) not in done]
            if not fresh:
                return
            self._copy_all(INBOX, fresh)
            done |= {(entry.key, entry.version_id) for entry in fresh}

    def _section(self, section: str, until: datetime) -> None:
        self._copy_all(section, entries(self._store, section, until))
        if section in IMMUTABLE:  # pointers were looked at before the records of their bucket
            for key in self._known.gone(bucket_of(section)):
                self._tell(Problem(what="gone", bucket=bucket_of(section), key=key))

    def _copy_all(self, section: str, listed: Iterable[Entry]) -> None:
        items: list[Item] = []
        size, source = 0, iter(listed)
        while batch := list(islice(source, 128)):
            for copied in self._pool.map(lambda entry: self._copy(section, entry), batch):
                if copied.problem is not None:
                    self._tell(copied.problem)
                if copied.item is not None:
                    items.append(copied.item)
                    size += copied.item.size if copied.new else 0
                    if copied.new:
                        self._count_new(copied.item)
            if len(items) >= PART_ITEMS or size >= PART_BYTES:
                self._write(section, items)
                items, size = [], 0
        self._write(section, items)

    def _copy(self, section: str, entry: Entry) -> _Copied:
        bucket = bucket_of(section)
        known = self._known.same(bucket, entry)
        if known is not None:
            return _Copied(known)
        before = self._known.before(bucket, entry.key) if section in IMMUTABLE else []
        if section == ORIGINALS and not before and self._known.has(entry.key, entry.size):
            return _Copied(item_of(bucket, entry, entry.key, entry.size))
        file = self._scratch / uuid.uuid4().hex
        try:
            try:
                found = self._store.download(bucket, entry.key, file, entry.version_id)
            except StoreError as error:
                if error.code != "store-error":  # the store is away; else it is this object
                    raise
                return _Copied(before[0] if before else None, problem=_problem("unread", bucket, entry))
            if found is None:  # it has left the inbox: by then its end is written
                return _Copied(None, problem=None if bucket == INBOX else _problem("gone", bucket, entry))
            new = self._known.claim(found.sha256, found.size)
            item = item_of(bucket, entry, found.sha256, found.size, found.content_type, found.metadata)
            if new:
                self._place.put(item.place, file, found.sha256, found.md5)  # or the run ends here
        finally:
            file.unlink(missing_ok=True)
        if section == ORIGINALS and found.sha256 != entry.key:
            good = next((one for one in before if one.sha256 == entry.key), item)
            return _Copied(good, new, _problem("damaged", bucket, entry))
        changed = bool(before) and found.sha256 not in {one.sha256 for one in before}
        return _Copied(item, new, _problem("changed", bucket, entry) if changed else None)

    def _tell(self, problem: Problem) -> None:
        self._told += 1
        if len(self._problems) < PROBLEMS_TOLD:
            self._problems.append(problem)

    def _count_new(self, item: Item) -> None:
        self._new += 1
        self._new_size += item.size

    def _write(self, section: str, items: list[Item]) -> None:
        if items:
            number = len(self._parts) + 1
            self._parts.append(write_part(self._place, self._name, number, section, items, self._scratch))
            self._objects[section] += len(items)
            self._size += sum(item.size for item in items)


def _problem(what: str, bucket: str, entry: Entry) -> Problem:
    return Problem(what=what, bucket=bucket, key=entry.key)
