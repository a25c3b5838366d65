"""Anchors: where every chain ended on a day, written into a bucket that nobody can change.

A chain alone cannot tell that its end was cut off, or that all of it was written anew. An anchor names the head of each
chain and the hash of the anchor before; it lies under object lock.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from dossier.errors import StoreError
from storage.buckets import ANCHORS, AUDIT, FEED
from storage.chain import EMPTY, Break, Head, breaks, chain, folders
from storage.s3 import Store

ANCHOR_SCHEMA: Final = "sohoa/anchor/1"
CHAINED: Final = ((AUDIT, "chain/"), (FEED, ""))
"""Buckets that hold chains, and the folder that these lie in."""


@dataclass(frozen=True)
class Anchor:
    """heads: of each chain, by bucket and folder. sha256: of the anchor's bytes. previous: of the anchor before."""

    key: str
    at: datetime
    sha256: str
    previous: str
    heads: dict[tuple[str, str], Head]


def anchor(store: Store, now: datetime | None = None) -> Anchor:
    """Write down where every chain ends now."""
    now = now or datetime.now(UTC)
    before = next(iter(deque(anchors(store), maxlen=1)), None)
    heads = {(bucket, folder): chain(store, bucket, folder).head() for bucket, folder in chains(store)}
    said = {
        "schema": ANCHOR_SCHEMA,
        "at": now.isoformat(),
        "previous": before.sha256 if before else EMPTY.sha256,
        "heads": [
            {"bucket": bucket, "chain": folder, "seq": head.seq, "sha256": head.sha256}
            for (bucket, folder), head in sorted(heads.items())
        ],
    }
    raw = (json.dumps(said, indent=1) + "\n").encode()
    key = f"{now:%Y%m%dT%H%M%S.%fZ}.json"
    store.put_once(ANCHORS, key, raw)
    return _parsed(key, raw)


def anchors(store: Store) -> Iterator[Anchor]:
    """All anchors, the oldest first. Raises StoreError at one that cannot be read."""
    for entry in store.list(ANCHORS):
        found = store.get(ANCHORS, entry.key)
        if found is not None:
            yield _parsed(entry.key, found.data)


def chains(store: Store) -> list[tuple[str, str]]:
    """Bucket and folder of every chain."""
    return [(bucket, folder) for bucket, under in CHAINED for folder in folders(store, bucket, under)]


@dataclass(frozen=True)
class Proof:
    """What verifying found. links: walked. anchors: held against the chains."""

    links: int
    anchors: int
    breaks: tuple[Break, ...]

    @property
    def whole(self) -> bool:
        return not self.breaks


def verify_chains(store: Store, bucket: str | None = None) -> Proof:
    """Walk every chain from its first link and hold it against every anchor. bucket: only the chains of this one."""
    found: list[Break] = []
    heads: dict[tuple[str, str], Head] = {}
    promised: dict[tuple[str, str], dict[int, str]] = {}
    number, last = 0, EMPTY.sha256
    for entry in store.list(ANCHORS, versions=True):
        if not entry.is_latest:  # locked, so the true one is still there: beneath what was put over it
            found.append(Break(ANCHORS, number + 1, "overwritten"))
    for number, one in enumerate(_readable(store, found), 1):
        if one.previous != last:
            found.append(Break(ANCHORS, number, "out-of-place"))
        last = one.sha256
        for place, head in one.heads.items():
            promised.setdefault(place, {})[head.seq] = head.sha256
    places = {*chains(store), *promised}
    for place in sorted(place for place in places if bucket in (None, place[0])):
        for step in breaks(store, *place):
            if isinstance(step, Head):
                heads[place] = step
            else:
                found.append(step)
        found += _against(store, place, heads[place], promised.get(place, {}))
    return Proof(sum(head.seq for head in heads.values()), number, tuple(found))


def _readable(store: Store, found: list[Break]) -> Iterator[Anchor]:
    for number, entry in enumerate(store.list(ANCHORS), 1):
        try:
            blob = store.get(ANCHORS, entry.key)
            if blob is not None:
                yield _parsed(entry.key, blob.data)
        except StoreError:
            if not store.is_damaged(ANCHORS, entry.key):
                raise
            found.append(Break(ANCHORS, number, "no-link"))


def _against(store: Store, place: tuple[str, str], head: Head, promised: dict[int, str]) -> Iterator[Break]:
    bucket, folder = place
    for seq, sha256 in sorted(promised.items()):
        if seq > head.seq:
            yield Break(folder, seq, "cut-off")
        elif seq:
            key = chain(store, bucket, folder).key(seq)
            try:
                found = store.fetch(bucket, key, None)
            except StoreError:
                if not store.is_damaged(bucket, key):
                    raise
                found = None
            if found != sha256:
                yield Break(folder, seq, "altered")


def _parsed(key: str, raw: bytes) -> Anchor:
    try:
        said: dict[str, Any] = json.loads(raw)
        if said["schema"] != ANCHOR_SCHEMA:
            raise ValueError
        heads = {(h["bucket"], h["chain"]): Head(int(h["seq"]), h["sha256"]) for h in said["heads"]}
        at = datetime.fromisoformat(said["at"])
        return Anchor(key, at, hashlib.sha256(raw).hexdigest(), said["previous"], heads)
    except (ValueError, KeyError, TypeError):
        raise StoreError("anchor-damaged", "an object among the anchors is none") from None
