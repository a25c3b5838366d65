"""Hash chains in object storage: numbered links, each naming the hash of the one before. Append only, any number of
writers.

A link is an object of its own, put where none may be yet: of two writers that want the same number one wins, the other
takes the next. So the numbers have no gap, and to remove, alter or reorder a link breaks what follows. What was cut off
at the end is told by the anchors (storage.anchors), which lie locked in a bucket of their own.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from weakref import WeakKeyDictionary

from dossier.errors import Conflict, StoreDamaged
from storage.chain.links import EMPTY, NOTHING_BEFORE, Head, Link, link_key, link_number, parsed, spelt
from storage.s3 import Store

THREADS: Final = 8


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
                raw = spelt(self.folder, head, entry)
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
            raise StoreDamaged("chain-damaged", f"link {seq} of {self.folder} is that of another place")
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
        return link_key(self.folder, seq)

    def _late(self, seq: int) -> Link | None:
        """A link that was not there a moment ago: put meanwhile, or None if the chain ends before it."""
        if self._listed_last(seq, erased=False) == seq:
            return None
        link = self.link(seq)
        if link is None:
            raise StoreDamaged(
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
        return max((link_number(self.folder, entry.key) for entry in behind), default=seq) or seq

    def _is_there(self, seq: int) -> bool:
        return self._store.stat(self._bucket, self.key(seq)) is not None


_chains: WeakKeyDictionary[Store, dict[tuple[str, str], Chain]] = WeakKeyDictionary()
_making = threading.Lock()


def chain(store: Store, bucket: str, folder: str) -> Chain:
    """The chain of this folder, the same for all who ask with this store: it remembers where it ends."""
    with _making:
        return _chains.setdefault(store, {}).setdefault((bucket, folder), Chain(store, bucket, folder))


def folders(store: Store, bucket: str, under: str = "") -> Sequence[str]:
    """The chains of a bucket: each folder that holds links."""
    return tuple(found.rstrip("/") for found in store.folders(bucket, under))
