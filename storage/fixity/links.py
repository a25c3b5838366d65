"""Links of the audit, the feed and the anchors: each is held against the one behind it, which names its hash."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from storage.audit import place_of
from storage.buckets import ANCHORS, AUDIT, FEED
from storage.chain.links import Link, link_key, link_number
from storage.chain.walk import readable_link
from storage.damaged import Reader, Unreadable, parsed
from storage.fixity.damage import Kind
from storage.s3 import Store

LINKS: Final[dict[str, Kind]] = {AUDIT: "audit", FEED: "feed", ANCHORS: "anchor"}
"""Buckets that hold chains."""
MOST_MISSING: Final = 1000
"""Of links that are named one by one, where more are missing in a row."""


class Links:
    """Looks at links in the order of their numbers; one that was just read as the next is not read again."""

    def __init__(self, store: Store, reader: Reader) -> None:
        self._store, self._reader = store, reader
        self._next: tuple[str, str, Link | None] = ("", "", None)
        self._last: tuple[str, str, int] = ("", "", 0)

    def is_sound(self, bucket: str, key: str) -> bool:
        """Whether what lies there can be read and is the link of this place."""
        folder, seq = _place(key)
        link = self._link(bucket, folder, seq)
        return link is not None and (link.chain, link.seq) == (folder, seq)

    def expected(self, bucket: str, key: str) -> str | None:
        """The hash that others name: the next link, else, of the audit, the place of the entry. None: nobody does."""
        folder, seq = _place(key)
        link = self._link(bucket, folder, seq)
        following = readable_link(self._reader, bucket, folder, seq + 1)
        self._next = (bucket, link_key(folder, seq + 1), following)
        if following is not None:
            return following.previous
        if bucket != AUDIT or link is None:
            return None
        try:
            said = parsed(self._reader.get(AUDIT, place_of(link.entry)))
        except Unreadable:
            return None
        return str(said["sha256"]) if said.get("seq") == seq and said.get("sha256") else None

    def gap(self, bucket: str, key: str) -> Iterator[str]:
        """Keys of links that are missing right before this one."""
        folder, seq = _place(key)
        known = self._last[2] if self._last[:2] == (bucket, folder) else None
        self._last = (bucket, folder, seq)
        if known is None and seq > 1 and self._store.stat(bucket, link_key(folder, seq - 1)) is None:
            known = seq - 2
        for missing in range(max(seq - MOST_MISSING, seq if known is None else known + 1), seq):
            yield link_key(folder, missing)

    def _link(self, bucket: str, folder: str, seq: int) -> Link | None:
        if self._next[:2] == (bucket, link_key(folder, seq)):
            return self._next[2]
        return readable_link(self._reader, bucket, folder, seq)


def is_link(key: str) -> bool:
    """Whether a key of these buckets is that of a link."""
    return _place(key)[1] > 0


def _place(key: str) -> tuple[str, int]:
    folder = key.rpartition("/")[0]
    return folder, link_number(folder, key)
