"""Fixity: everything that was kept is read again and held against the hash that names it, a slice each night.

Objects are walked in the order of their keys, round and round, so the next one is always that whose last look is
oldest; where the walk stands is a checkpoint among the working copies. Losing it costs a longer look and no truth.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from dossier.settings import KeepingSettings
from storage.audit import CHAINS
from storage.buckets import ANCHORS, AUDIT, EVIDENCE, FEED, ORIGINALS, OUTBOX, RECORDS
from storage.fixity.checkpoint import Checkpoint, Place, load, save
from storage.fixity.damage import Damage
from storage.fixity.look import Look
from storage.s3 import Store
from storage.s3_objects import Entry

SHELVES: Final = {ORIGINALS: "", EVIDENCE: "", RECORDS: "", OUTBOX: "", AUDIT: CHAINS, FEED: "", ANCHORS: ""}
"""Buckets, and under what in them. Sealed copies and events are looked at with the records that name them; events
again, for records that are gone.
"""
OBJECT_COST: Final = 100_000  # a small object takes as long as so many bytes of a large one
SAVE_EVERY: Final = 200
AGAIN_FOR: Final = timedelta(minutes=30)
MIB: Final = 2**20


@dataclass(frozen=True)
class Looked:
    """What a run looked at. objects: by kind. left: objects of this round that later nights look at.

    waiting: what was damaged before and was not looked at again tonight. dossiers: whose records were looked at, codes
    by office; None: all.
    """

    objects: dict[str, int]
    bytes: int
    left: int
    damages: tuple[Damage, ...]
    waiting: int = 0
    dossiers: Mapping[str, Set[str]] | None = None

    @property
    def whole(self) -> bool:
        """Whether all that is read today is as it was kept. Extra versions beneath or beside it do not count."""
        return not self.waiting and not any(damage.is_loss for damage in self.damages)


def look(
    store: Store,
    keeping: KeepingSettings,
    now: datetime,
    late: timedelta,
    everything: bool = False,
    each: Callable[[], None] = lambda: None,
) -> Looked:
    """Look at tonight's slice, then once more at what was damaged before, for as long as AGAIN_FOR.

    late: records younger than this may still be on their way and are left for the next round. everything: from the
    first object to the last. each: called after every object. Killed, the next run goes on where the last save was.
    """
    before = load(store) or Checkpoint(None)
    at = Checkpoint(now) if everything or before.began is None else before
    looking = Look(store, now, late)
    waiting = _Open(before.open)
    slice_ = None if everything else _Slice(store, at, keeping, now)
    ended, dossiers = True, defaultdict[str, set[str]](set)
    for number, (bucket, key, versions) in enumerate(_objects(store, at), 1):
        if slice_ is not None and slice_.is_full(versions):
            ended = False
            break
        looking.at(bucket, key, versions)
        waiting.seen(bucket, key)
        if bucket == RECORDS and not everything:
            office, code = key.split("/")[:2]
            dossiers[office].add(code)
        each()
        at = at.moved(bucket, key)
        if number % SAVE_EVERY == 0:
            save(store, at.with_open([*waiting, *looking.losses()]))
    looking.reconsider()
    waiting.look(looking)
    at = Checkpoint(None) if ended else at
    save(store, at.with_open([*waiting, *looking.losses()]))
    left = slice_.left if slice_ is not None else 0
    return Looked(
        dict(looking.looked),
        looking.bytes,
        left,
        looking.damages(),
        len(list(waiting)),
        None if everything else dossiers,
    )


class _Open:
    """What was damaged before and waits for another look. What gets none tonight is the first to get one tomorrow."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = {(place.bucket, place.key): place for place in places}

    def __iter__(self) -> Iterator[Place]:
        return iter(self._places.values())

    def seen(self, bucket: str, key: str) -> None:
        """The walk came by it: a record is looked at with its event."""
        self._places.pop((bucket, key), None)
        if bucket == RECORDS:
            self._places.pop((OUTBOX, key), None)

    def look(self, looking: Look) -> None:
        """At one of them, then at others for AGAIN_FOR: one that the disk has lost may take half a minute."""
        end = time.monotonic() + AGAIN_FOR.total_seconds()
        for place in list(self):
            looking.again([place])
            del self._places[place.bucket, place.key]
            if time.monotonic() >= end:
                return


class _Slice:
    """How much of what is left of this round tonight has to take, so that the round ends in time."""

    def __init__(self, store: Store, at: Checkpoint, keeping: KeepingSettings, now: datetime) -> None:
        costs = [_cost(versions) for _, _, versions in _objects(store, at)]
        self.left = len(costs)
        passed = (now - at.began).days if at.began else 0
        share = -(-sum(costs) // max(1, keeping.fixity_days - passed))
        self._room = max(share, keeping.fixity_least_mb * MIB)

    def is_full(self, versions: list[Entry]) -> bool:
        """Counts the object in, unless the slice is full already; it takes one at least."""
        if self._room <= 0:
            return True
        self._room -= _cost(versions)
        self.left -= 1
        return False


def _cost(versions: list[Entry]) -> int:
    return sum(version.size + OBJECT_COST for version in versions)


def _objects(store: Store, at: Checkpoint) -> Iterator[tuple[str, str, list[Entry]]]:
    """Bucket, key and versions, newest first, of every object that comes behind the checkpoint.

    Marks of deletion are left out: the object under one cannot be read, which tells.
    """
    names = list(SHELVES)
    begin = names.index(at.bucket) if at.bucket in SHELVES else 0
    for bucket in names[begin:]:
        after = at.after if bucket == at.bucket else None
        listed = store.list(bucket, SHELVES[bucket], versions=True, after=after)
        there = (entry for entry in listed if not entry.is_delete_marker)
        for key, versions in groupby(there, key=lambda entry: entry.key):
            if after is None or key > after:
                yield bucket, key, list(versions)
