"""Hash chains in object storage: numbered links, each naming the hash of the one before. Append only, any number of
writers.

A link is an object of its own, put where none may be yet: of two writers that want the same number one wins, the other
takes the next. So the numbers have no gap, and to remove, alter or reorder a link breaks what follows. What was cut off
at the end is told by the anchors (storage.anchors), which lie locked in a bucket of their own.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final
from weakref import WeakKeyDictionary

from dossier.errors import Conflict, StoreError
from storage.s3 import Store

CHAIN_SCHEMA: Final = "sohoa/chain/1"
NOTHING_BEFORE: Final = "0" * 64
THREADS: Final = 8


@dataclass(frozen=True)
class Link:
    """One link. seq: from 1. sha256: of the link's bytes as stored. at: when it was written, UTC, ISO 8601."""

    chain: str
    seq: int
    sha256: str
    previous: str
    at: str
    entry: dict[str, Any]


@dataclass(frozen=True)
class Head:
    """The last link of a chain. seq 0: it has none."""

    seq: int
    sha256: str


EMPTY: Final = Head(0, NOTHING_BEFORE)
NOTHING_PROMISED: Final[Mapping[int, str]] = {}


class Chain:
    """One chain: objects `<folder>/<seq>.json` of a bucket. Get it by `chain`; safe for use from several threads."""

    def __init__(self, store: Store, bucket: str, folder: str) -> None:
        self._store, self._bucket, self.folder = store, bucket, folder
        self._lock = threading.Lock()
        self._last = EMPTY

    def append(self, entry: Mapping[str, Any]) -> Link:
        """Put an entry behind the last link. A put that died half-way may have left it: entries carry an id."""
        with self._lock:
            head = self._head()
            while True:
                raw = _spelt(self.folder, head, entry)
                try:
                    self._store.put_once(self._bucket, self.key(head.seq + 1), raw)
                except Conflict:
                    head = self._head(head)
                    continue
                link = parsed(raw)
                self._last = Head(link.seq, link.sha256)
                return link

    def head(self) -> Head:
        """The last link there is now."""
        with self._lock:
            return self._head(erased=False)

    def link(self, seq: int) -> Link | None:
        """Raises StoreError if what lies there is no link of this chain and number."""
        found = self._store.get(self._bucket, self.key(seq))
        if found is None:
            return None
        link = parsed(found.data)
        if (link.chain, link.seq) != (self.folder, seq):
            raise StoreError("chain-damaged", f"link {seq} of {self.folder} is that of another place")
        return link

    def after(self, seq: int, limit: int) -> list[Link]:
        """The links that follow number `seq`, at most `limit`, in order and without a gap.

        Raises StoreError where a link is missing and others come behind it: nobody may go on past it in silence.
        """
        found: list[Link] = []
        with ThreadPoolExecutor(THREADS) as threads:
            at_once = 1  # mostly nothing is new: one look tells
            while len(found) < limit:
                first = seq + 1 + len(found)
                wanted = range(first, min(first + at_once, seq + 1 + limit))
                for number, link in zip(wanted, threads.map(self.link, wanted), strict=True):
                    if link is None and (link := self._late(number)) is None:
                        return found
                    found.append(link)
                at_once = 4 * THREADS
        return found

    def key(self, seq: int) -> str:
        return f"{self.folder}/{seq:012d}.json"

    def _late(self, seq: int) -> Link | None:
        """A link that was not there a moment ago: put meanwhile, or None if the chain ends before it."""
        if self._listed_last(seq, erased=False) == seq:
            return None
        link = self.link(seq)
        if link is None:
            raise StoreError(
                "chain-damaged", f"link {seq} of {self.folder} is missing, and others come behind it"
            )
        return link

    def _head(self, known: Head | None = None, erased: bool = True) -> Head:
        """Found by doubling and halving from what is known, and a listing behind that: a few looks, however long the
        chain is, and never taken for shorter because a link of it was removed.
        """
        low = max(self._last.seq, known.seq if known else 0)
        step = 1
        while self._is_there(low + step):
            low, step = low + step, step * 2
        high = low + step
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._is_there(middle) else (low, middle)
        low = self._listed_last(low, erased)
        if low != self._last.seq:
            found = self._store.get(self._bucket, self.key(low))
            # Also of a link that was damaged or removed: others go on, and who walks the chain finds it.
            sha256 = hashlib.sha256(found.data).hexdigest() if found else NOTHING_BEFORE
            self._last = Head(low, sha256)
        return self._last

    def _listed_last(self, seq: int, erased: bool) -> int:
        """The highest number used, from `seq` on. erased: also of links under a mark of deletion, which take the right
        to list versions: who writes must never use their numbers again.
        """
        behind = self._store.list(self._bucket, f"{self.folder}/", versions=erased, after=self.key(seq))
        return max((_number(self.folder, entry.key) for entry in behind), default=seq) or seq

    def _is_there(self, seq: int) -> bool:
        return self._store.stat(self._bucket, self.key(seq)) is not None


_chains: WeakKeyDictionary[Store, dict[tuple[str, str], Chain]] = WeakKeyDictionary()
_making = threading.Lock()


def chain(store: Store, bucket: str, folder: str) -> Chain:
    """The chain of this folder, the same for all who ask with this store: it remembers where it ends."""
    with _making:
        return _chains.setdefault(store, {}).setdefault((bucket, folder), Chain(store, bucket, folder))


def parsed(raw: bytes) -> Link:
    """A link as stored. Raises StoreError if it is none."""
    try:
        said = json.loads(raw)
        if said["schema"] != CHAIN_SCHEMA:
            raise ValueError
        return Link(
            said["chain"],
            int(said["seq"]),
            hashlib.sha256(raw).hexdigest(),
            said["previous"],
            said["at"],
            dict(said["entry"]),
        )
    except (ValueError, KeyError, TypeError):
        raise StoreError("chain-damaged", "an object of a chain is no link") from None


@dataclass(frozen=True)
class Break:
    """Where a chain does not hold. what: missing, altered, no-link, out-of-place, overwritten, cut-off."""

    chain: str
    seq: int
    what: str


def breaks(
    store: Store,
    bucket: str,
    folder: str,
    after: Head = EMPTY,
    promised: Mapping[int, str] = NOTHING_PROMISED,
) -> Iterator[Break | Head]:
    """Walk a chain from behind a link that is known to be good; every break, and at its end the head.

    promised: what the anchors say of links: number -> hash.
    """
    last, listed = after, _listed(store, bucket, folder, after.seq)
    with ThreadPoolExecutor(THREADS) as threads:
        while batch := list(islice(listed, 16 * THREADS)):
            yield from (Break(folder, seq, "overwritten") for seq, versions in batch if versions > 1)
            links = threads.map(lambda one: _read(store, bucket, folder, one[0]), batch)
            for (seq, _), link in zip(batch, links, strict=True):
                yield from (Break(folder, gone, "missing") for gone in range(last.seq + 1, seq))
                if link is None:
                    yield Break(folder, seq, "no-link")
                    last = Head(seq, "")
                    continue
                if promised.get(seq, link.sha256) != link.sha256:
                    yield Break(folder, seq, "altered")
                if (link.chain, link.seq) != (folder, seq):
                    yield Break(folder, seq, "out-of-place")
                elif last.seq == seq - 1 and last.sha256 not in ("", link.previous):
                    yield Break(folder, last.seq, "altered")
                last = Head(seq, link.sha256)
    yield from (Break(folder, seq, "cut-off") for seq in sorted(promised) if seq > last.seq)
    yield last


def readable(store: Store, bucket: str, folder: str, after: int) -> Iterator[Link]:
    """The links behind number `after`, without those that are damaged: who must know of these walks by `breaks`."""
    listed = _listed(store, bucket, folder, after)
    with ThreadPoolExecutor(THREADS) as threads:
        while batch := [seq for seq, _ in islice(listed, 16 * THREADS)]:
            links = threads.map(lambda seq: _read(store, bucket, folder, seq), batch)
            yield from (link for link in links if link is not None)


def _read(store: Store, bucket: str, folder: str, seq: int) -> Link | None:
    key = f"{folder}/{seq:012d}.json"
    try:
        found = store.get(bucket, key)
        return parsed(found.data) if found else None
    except StoreError:
        if not store.is_damaged(bucket, key):
            raise
        return None


def _listed(store: Store, bucket: str, folder: str, after: int) -> Iterator[tuple[int, int]]:
    """Number and count of versions of each link behind `after`, in order. Marks of deletion come in no order and are
    left out: the link under one cannot be read, which tells.
    """
    last, count = 0, 0
    begin = f"{folder}/{after:012d}.json" if after else None
    for entry in store.list(bucket, f"{folder}/", versions=True, after=begin):
        if entry.is_delete_marker:
            continue
        seq = _number(folder, entry.key)
        if seq != last and last > after:
            yield last, count
        last, count = seq, count + 1 if seq == last else 1
    if last > after:
        yield last, count


def _number(folder: str, key: str) -> int:
    """Of the link of this key; 0 for what is no link's."""
    name = key.removeprefix(f"{folder}/").removesuffix(".json")
    return int(name) if name.isdecimal() else 0


def _spelt(folder: str, before: Head, entry: Mapping[str, Any]) -> bytes:
    said = {
        "schema": CHAIN_SCHEMA,
        "chain": folder,
        "seq": before.seq + 1,
        "previous": before.sha256,
        "at": datetime.now(UTC).isoformat(),
        "entry": entry,
    }
    return (json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def folders(store: Store, bucket: str, under: str = "") -> Sequence[str]:
    """The chains of a bucket: each folder that holds links."""
    return tuple(found.rstrip("/") for found in store.folders(bucket, under))
