"""The feed: what was announced, in order. One hash chain for each office; a link is an event of the outbox.

The outbox tells of each record version once, by its place; the feed tells what came after what, so that who follows it
needs to remember one number for each office. A writer that died may have announced a version before: the same event
can come twice, never out of the order of a dossier's versions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from storage.buckets import FEED
from storage.chain.chain import Chain, chain, folders
from storage.chain.links import Head
from storage.keys import NO_OFFICE
from storage.s3 import Store


@dataclass(frozen=True)
class Announced:
    """An event (CloudEvents 1.0, as in storage.outbox) and its place. sha256: of the link, which holds the hash of the
    one before: who remembers it knows at the next look that it is still the same feed.
    """

    office: str
    seq: int
    sha256: str
    previous: str
    event: dict[str, Any]


class Feed:
    """The feed of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def announce(self, office: str | None, event: dict[str, Any]) -> Announced:
        """Put an event behind all others of its office."""
        link = self._chain(office or NO_OFFICE).append(event)
        return Announced(link.chain, link.seq, link.sha256, link.previous, event)

    def offices(self) -> Sequence[str]:
        """Those of which there is anything; `_` stands for records without an office."""
        return folders(self._store, FEED)

    def after(self, office: str, seq: int, limit: int) -> list[Announced]:
        """What was announced behind number `seq`, at most `limit`, in order and without a gap."""
        return [
            Announced(office, link.seq, link.sha256, link.previous, link.entry)
            for link in self._chain(office).after(seq, limit)
        ]

    def at(self, office: str, seq: int) -> Announced | None:
        """One announcement by its number."""
        link = self._chain(office).link(seq)
        return Announced(office, link.seq, link.sha256, link.previous, link.entry) if link else None

    def key(self, office: str | None, seq: int) -> str:
        """Where an announcement lies, in the bucket of the feed."""
        return self._chain(office or NO_OFFICE).key(seq)

    def head(self, office: str) -> Head:
        """The last announcement there is."""
        return self._chain(office).head()

    def _chain(self, office: str) -> Chain:
        return chain(self._store, FEED, office)
