"""Chains walked from end to end by who must know whether they hold, or what of them can still be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Final

from dossier.errors import StoreError
from storage.chain.links import EMPTY, Head, Link, link_key, link_number, parsed
from storage.damaged import Reader, Unreadable
from storage.s3 import Store

THREADS: Final = 8
NOTHING_PROMISED: Final[Mapping[int, str]] = {}


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
    reader, last, listed = Reader(store), after, _listed(store, bucket, folder, after.seq)
    with ThreadPoolExecutor(THREADS) as threads:
        while batch := list(islice(listed, 16 * THREADS)):
            yield from (Break(folder, seq, "overwritten") for seq, versions in batch if versions > 1)
            links = threads.map(lambda one: readable_link(reader, bucket, folder, one[0]), batch)
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
    reader, listed = Reader(store), _listed(store, bucket, folder, after)
    with ThreadPoolExecutor(THREADS) as threads:
        while batch := [seq for seq, _ in islice(listed, 16 * THREADS)]:
            links = threads.map(lambda seq: readable_link(reader, bucket, folder, seq), batch)
            yield from (link for link in links if link is not None)


def readable_link(reader: Reader, bucket: str, folder: str, seq: int) -> Link | None:
    """A link; None if it cannot be given or is none. Raises StoreError if the store is away."""
    try:
        found = reader.get(bucket, link_key(folder, seq))
    except Unreadable:
        return None
    try:
        return parsed(found) if found is not None else None
    except StoreError:
        return None


def _listed(store: Store, bucket: str, folder: str, after: int) -> Iterator[tuple[int, int]]:
    """Number and count of versions of each link behind `after`, in order. Marks of deletion come in no order and are
    left out: the link under one cannot be read, which tells.
    """
    last, count = 0, 0
    begin = link_key(folder, after) if after else None
    for entry in store.list(bucket, f"{folder}/", versions=True, after=begin):
        if entry.is_delete_marker:
            continue
        seq = link_number(folder, entry.key)
        if seq != last and last > after:
            yield last, count
        last, count = seq, count + 1 if seq == last else 1
    if last > after:
        yield last, count
