"""Restoring a backup run into an empty store: what is named before what names it, every byte held against its hash.

What is damaged or missing in the backup is named and never given on; the rest goes on. Nothing that lies in the store
is ever written over.
"""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections import Counter
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from dossier.errors import ConfigurationError, StoreError
from storage.audit import note
from storage.backup.house import take_back
from storage.backup.manifest import HOUSE, Head, Item, Problem, items_of
from storage.backup.place import Place
from storage.backup.sections import HOUSE_SECTION, bucket_of, in_order
from storage.buckets import ALL, HOLDS, INBOX, VERSIONED, WORK
from storage.holds import HoldTools, hold_key
from storage.holds_again import hold_again
from storage.s3 import CHUNK, Store


@dataclass
class Restored:
    """objects: by bucket, written now or found there with the same bytes. kept: those that were found."""

    run: str
    objects: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.problems


def restore_house(place: Place, head: Head, data: Path) -> list[Problem]:
    """The files of the house, before its store is started for the first time."""
    problems = []
    for item in items_of(place, head, HOUSE_SECTION):
        if isinstance(item, Problem):
            problems.append(item)
            continue
        content = place.read(item.place)
        if content is None or hashlib.sha256(content).hexdigest() != item.sha256:
            problems.append(
                Problem(what="missing" if content is None else "damaged", bucket=HOUSE, key=item.key)
            )
        elif not take_back(data, item.key, content):
            problems.append(Problem(what="differs", bucket=HOUSE, key=item.key))
    return problems


def restore(
    store: Store,
    place: Place,
    head: Head,
    *,
    go_on: bool = False,
    only: Collection[str] = (),
    threads: int = 8,
    custodian: Store | None = None,
) -> Restored:
    """Put every object of a run into the store, which has its buckets already. only: of these buckets.

    custodian: the store as who may set legal holds sees it, None: `store` itself. Originals of held dossiers are held
    again at the end; a dossier of which they cannot be is a problem `unheld`.

    go_on: the store may hold something, as after a restore that was killed: what is there stays, what differs is named.
    But what lies under the hash of its bytes, and is not these bytes, gets them on top: the bucket keeps both.
    Raises ConfigurationError if the store is not empty and `go_on` is not given.
    """
    if not go_on:
        _must_be_empty(store)
    done = Restored(head.run)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(threads) as pool:
        work = _Work(store, place, Path(folder), go_on)
        for section in in_order(head.objects):
            if section != HOUSE_SECTION and (not only or bucket_of(section) in only):
                # Versions of one key in the inbox have an order.
                work.section(items_of(place, head, section), None if section == INBOX else pool, done)
    done.problems += _unheld(HoldTools(store, custodian or store))
    note(store, "restored", None, None, {"run": head.run, "from": place.kind}, once=uuid.uuid4().hex)
    return done


def _unheld(tools: HoldTools) -> list[Problem]:
    """Held dossiers whose originals, which came without their holds, could not be held again."""
    keys = [hold_key(one.office, one.dossier) for one in hold_again(tools).unset]
    return [Problem(what="unheld", bucket=HOLDS, key=key) for key in keys]


def _must_be_empty(store: Store) -> None:
    for bucket in ALL:
        if bucket != WORK and next(store.list(bucket, versions=bucket in VERSIONED), None) is not None:
            raise ConfigurationError(
                "restore-not-empty",
                f"the store is not empty: there is something in {bucket}. Restore into an empty one (--into), or go on "
                "with a restore that was broken off (--continue), which writes nothing over",
            )


@dataclass(frozen=True)
class _Work:
    store: Store
    place: Place
    folder: Path
    go_on: bool

    def section(
        self, items: Iterator[Item | Problem], pool: ThreadPoolExecutor | None, done: Restored
    ) -> None:
        while batch := list(islice(items, 128)):
            done.problems += (item for item in batch if isinstance(item, Problem))
            wanted = [item for item in batch if isinstance(item, Item)]
            told = pool.map(self._one, wanted) if pool else map(self._one, wanted)
            for item, what in zip(wanted, told, strict=True):
                if what in ("written", "kept"):
                    done.objects[item.bucket] += 1
                    done.kept += what == "kept"
                else:
                    done.problems.append(Problem(what=what, bucket=item.bucket, key=item.key))

    def _one(self, item: Item) -> str:
        """written, kept; or what is wrong: missing or damaged in the backup, differs in the store."""
        if self.go_on and (there := self._there(item)):
            return there
        file = self.folder / uuid.uuid4().hex
        try:
            found = self.place.fetch(item.place, file)
            if found != item.sha256:
                return "missing" if found is None else "damaged"
            etag = self.store.put(item.bucket, item.key, file, item.type, item.metadata)
            if etag != _md5(file) and self.store.fetch(item.bucket, item.key, None) != item.sha256:
                raise StoreError(
                    "restore-differs", f"the store does not hold what was put into {item.bucket}"
                )
            return "written"
        finally:
            file.unlink(missing_ok=True)

    def _there(self, item: Item) -> str:
        """kept or differs; empty if it is to be written."""
        if item.bucket == INBOX:
            versions = list(self.store.list(INBOX, item.key, versions=True))
            return "kept" if any(v.key == item.key and self._is(item, v.version_id) for v in versions) else ""
        if self.store.stat(item.bucket, item.key) is None:
            return ""
        if self._is(item, None):
            return "kept"
        named_by_hash = Path(item.key).stem == item.sha256 and item.bucket in VERSIONED
        return "" if named_by_hash else "differs"

    def _is(self, item: Item, version: str | None) -> bool:
        return self.store.fetch(item.bucket, item.key, None, version) == item.sha256


def _md5(file: Path) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    with open(file, "rb") as source:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
