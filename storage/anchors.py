"""Anchors: where every chain ended on a day, written into a bucket that nobody can change.

A chain alone cannot tell that its end was cut off, or that all of it was written anew. An anchor names the head of each
chain and lies under object lock; the anchors are a chain themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from dossier.errors import StoreDamaged, StoreError
from storage.buckets import ANCHORS, AUDIT, FEED
from storage.chain.chain import chain, folders
from storage.chain.links import EMPTY, Head, Link
from storage.chain.walk import Break, breaks, readable, readable_link
from storage.damaged import Reader
from storage.s3 import Store

ANCHOR_SCHEMA: Final = "sohoa/anchor/1"
FOLDER: Final = "anchor"
CHAINED: Final = ((AUDIT, "chain/"), (FEED, ""))
"""Buckets that hold chains, and the folder that these lie in."""


@dataclass(frozen=True)
class Anchor:
    """heads: of each chain, by bucket and folder. at: before they were looked up. losses: what the account of then
    found; None: no account was made with it.
    """

    seq: int
    at: datetime
    heads: dict[tuple[str, str], Head]
    losses: int | None = None


def anchor(store: Store, losses: int | None = None) -> Anchor:
    """Write down where every chain ends now."""
    now = datetime.now(UTC)
    heads = {(bucket, folder): chain(store, bucket, folder).head() for bucket, folder in chains(store)}
    said = {
        "schema": ANCHOR_SCHEMA,
        "at": now.isoformat(),
        "losses": losses,
        "heads": [
            {"bucket": bucket, "chain": folder, "seq": head.seq, "sha256": head.sha256}
            for (bucket, folder), head in sorted(heads.items())
        ],
    }
    return _parsed(chain(store, ANCHORS, FOLDER).append(said))


def newest_first(store: Store) -> Iterator[Anchor]:
    """The anchors from the last one back. One that cannot be read is passed over: verifying names it."""
    reader = Reader(store)
    for seq in range(chain(store, ANCHORS, FOLDER).head().seq, 0, -1):
        link = readable_link(reader, ANCHORS, FOLDER, seq)
        if link is None or (link.chain, link.seq) != (FOLDER, seq):
            continue
        try:
            found = _parsed(link)
        except StoreError:
            continue
        yield found


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


def verify_chains(store: Store, bucket: str | None = None, since: Anchor | None = None) -> Proof:
    """Walk every chain and hold it against the anchors. bucket: only the chains of this one.

    since: an anchor up to which everything was found whole; None: from the first link.
    """
    found: list[Break] = []
    first = since.seq - 1 if since else 0
    promised: dict[tuple[str, str], dict[int, str]] = {}
    number = 0
    for link in readable(store, ANCHORS, FOLDER, first):
        try:
            one = _parsed(link)
        except StoreError:
            found.append(Break(FOLDER, link.seq, "no-link"))
            continue
        number += 1
        for place, head in one.heads.items():
            if head.seq:
                promised.setdefault(place, {})[head.seq] = head.sha256
    places = {*chains(store), *promised}
    walked = 0
    for place in [(ANCHORS, FOLDER), *sorted(one for one in places if bucket in (None, one[0]))]:
        after = since.heads.get(place, EMPTY) if since else EMPTY
        for step in breaks(store, *place, after, promised.get(place, {})):
            if isinstance(step, Head):
                walked += step.seq - after.seq if place[0] != ANCHORS else 0
            else:
                found.append(step)
    return Proof(walked, number, tuple(found))


def _parsed(link: Link) -> Anchor:
    try:
        said: dict[str, Any] = link.entry
        if said["schema"] != ANCHOR_SCHEMA:
            raise ValueError
        heads = {(h["bucket"], h["chain"]): Head(int(h["seq"]), h["sha256"]) for h in said["heads"]}
        return Anchor(link.seq, datetime.fromisoformat(said["at"]), heads, said["losses"])
    except (ValueError, KeyError, TypeError):
        raise StoreDamaged("anchor-damaged", "an object among the anchors is none") from None
