"""Reconciliation: everything that lay in the inbox ended kept or refused, and every record version was told of.

The audit tells what was taken from the inbox; this holds it against what is really there. Each look begins at an anchor
that is some days old and at which nothing was lost, so it costs what those days brought, and a loss is told until it is
mended; a full look begins at the first link.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from dossier.errors import StoreError, TerminalError
from storage.anchors import Anchor, chains, newest_first
from storage.audit import CHAINS
from storage.buckets import AUDIT, FEED, INBOX, ORIGINALS, OUTBOX, RECEIPTS, RECORDS
from storage.chain.links import EMPTY, Link
from storage.chain.walk import readable
from storage.feed import Feed
from storage.inbox.objects import BATCH, REGISTER, place_of
from storage.key_set import KeySet
from storage.keys import NO_OFFICE, folder
from storage.outbox import outbox_key
from storage.records import Records, record_key
from storage.refused import is_refused
from storage.s3 import Store

LOOK_BACK: Final = timedelta(days=2)
DAMAGE: Final = (StoreError, TerminalError, ValueError, KeyError, TypeError)
"""What reading something raises that is not what it should be."""
AGAIN_S: Final = 2.0
_VERSION = re.compile(r"([^/]+)/([^/]+)/v(\d{6})\.json")

LossKind = Literal[
    "waiting", "not-kept", "not-told", "gone", "unfinished", "unannounced", "orphan", "unreadable"
]
ADVICE: Final[dict[LossKind, str]] = {
    "waiting": "look at `sohoa status`: it says why; mend that, or drop the files again",
    "not-kept": "restore the original from a backup (`sohoa restore`), or have the paper scanned again",
    "not-told": "drop the file again: its dossier gets a version that names it",
    "gone": "restore the record version from a backup (`sohoa restore`)",
    "unfinished": "run `sohoa reconcile --finish`: what a dead run left is brought to its end",
    "unannounced": "run `sohoa reconcile --finish`: downstream databases are told then",
    "unreadable": "run `sohoa verify` on the dossier: it names what is damaged; restore that from a backup",
    "orphan": "find it by its hash in the bucket of originals and drop it into its dossier again",
}


@dataclass(frozen=True)
class Loss:
    """Something that did not end as it must. of: a version or the beginning of a hash, never a name."""

    kind: LossKind
    office: str | None
    dossier: str | None
    of: str
    since: str

    @property
    def version(self) -> int | None:
        """Of a record version that can be brought to its end."""
        return int(self.of.removeprefix("v")) if self.kind in ("unfinished", "unannounced") else None

    @property
    def advice(self) -> str:
        return ADVICE[self.kind]


@dataclass
class Reconciled:
    """counts: object versions that left the inbox, by their end; record versions, by state; what is in the inbox."""

    counts: Counter[str] = field(default_factory=Counter)
    losses: list[Loss] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.losses

    def lose(
        self, kind: LossKind, office: str | None, dossier: str | None, of: str, since: datetime | str
    ) -> None:
        at = since if isinstance(since, str) else since.isoformat()
        self.losses.append(Loss(kind, office, dossier, of, at[:19]))

    def add(self, other: Reconciled) -> None:
        self.counts.update(other.counts)
        self.losses += other.losses


def reconcile(
    store: Store, now: datetime, late: timedelta, full: bool = False, since: Anchor | None = None
) -> Reconciled:
    """Hold audit, originals, records and inbox against one another. Goes on past what cannot be read, and names it.

    late: what is younger may still be in work. since: where to begin (`beginning`); None or full: the first link.
    """
    since = None if full else since
    # What ended while the anchor was written stands before its heads, though it was kept after its time.
    with closing(_Look(store, now, late, since.at + late if since else None)) as look:
        for bucket, name in chains(store):
            if bucket == AUDIT:
                after = since.heads.get((AUDIT, name), EMPTY) if since else EMPTY
                look.walk(name.removeprefix(CHAINS), after.seq)
        look.inbox()
        look.originals()
        look.records()
        return look.done


def beginning(store: Store, now: datetime) -> Anchor | None:
    """The newest anchor that is old enough and at which nothing was lost; None: begin at the first link.

    After a restore everything in the store is new, whatever its age: the first account after it looks at all.
    """
    found = next((one for one in newest_first(store) if one.losses == 0 and now - one.at >= LOOK_BACK), None)
    if found is None:
        return None
    place = f"{CHAINS}{NO_OFFICE}"
    behind = readable(store, AUDIT, place, found.heads.get((AUDIT, place), EMPTY).seq)
    return None if any(link.entry["what"] == "restored" for link in behind) else found


class _Look:
    def __init__(self, store: Store, now: datetime, late: timedelta, begins: datetime | None) -> None:
        self._store, self._now, self._late, self._begins = store, now, late, begins
        self._taken, self._told = KeySet(), KeySet()
        self.done = Reconciled()

    def close(self) -> None:
        self._taken.close()
        self._told.close()

    def walk(self, office: str, after: int) -> None:
        """The audit of an office: what was taken, and what was made of it."""
        for link in readable(self._store, AUDIT, f"{CHAINS}{office}", after):
            self.done.add(self._sure(link))

    def _sure(self, link: Link) -> Reconciled:
        """What an entry tells, asked twice where reading failed: the store may just have been away."""
        try:
            return self._told_by(link)
        except DAMAGE:
            self._store.stat(AUDIT, link.chain)  # raises if it still is
            time.sleep(AGAIN_S)
        try:
            return self._told_by(link)
        except DAMAGE:
            place = (link.entry.get("office"), link.entry.get("dossier"))
            found = Reconciled()
            found.lose("unreadable", *place, f"entry {link.seq}", link.at)
            return found

    def _told_by(self, link: Link) -> Reconciled:
        if link.entry["what"] == "taken":
            return self._was_taken(link)
        if link.entry["what"] == "record":
            return self._was_made(link)
        return Reconciled()

    def inbox(self) -> None:
        """What still lies there, longer than work on it can take."""
        for entry in self._store.list(INBOX, versions=True):
            self.done.counts["in the inbox"] += 1
            if self._now - entry.last_modified > self._late:
                (office, dossier), reason = place_of(entry.key)
                place = (office or None, None if reason else dossier)
                self.done.lose("waiting", *place, (entry.version_id or "")[:12], entry.last_modified)

    def originals(self) -> None:
        """Scans that were kept, and of which nobody ever said what became of them."""
        for entry in self._store.list(ORIGINALS):
            if self._in_time(entry.last_modified) and entry.key not in self._taken:
                self.done.lose("orphan", None, None, entry.key[:12], entry.last_modified)

    def records(self) -> None:
        """Versions that nobody was told of."""
        for entry in self._store.list(RECORDS):
            version = _VERSION.fullmatch(entry.key)
            if version and self._in_time(entry.last_modified):
                office, code, number = version.groups()
                if entry.key not in self._told:
                    named = None if office == NO_OFFICE else office
                    self.done.lose("unannounced", named, code, f"v{int(number)}", entry.last_modified)

    def _in_time(self, moment: datetime) -> bool:
        """Inside the time whose audit was walked, and old enough to have ended."""
        return self._now - moment > self._late and (self._begins is None or moment > self._begins)

    def _was_taken(self, link: Link) -> Reconciled:
        found, place = Reconciled(), (link.entry["office"], link.entry["dossier"])
        objects = link.entry["objects"]
        found.counts.update(one["end"] for one in objects)
        kept = {one["sha256"] for one in objects if one["sha256"] is not None}
        self._taken.add(kept)
        for sha256 in sorted(kept):
            if self._store.stat(ORIGINALS, sha256) is None:
                found.lose("not-kept", *place, sha256[:12], link.at)
        for sha256 in sorted(kept - _is_told(self._store, *place, kept)):
            found.lose("not-told", *place, sha256[:12], link.at)
        return found

    def _was_made(self, link: Link) -> Reconciled:
        found, entry = Reconciled(), link.entry
        office, code, version = entry["office"], entry["dossier"], int(entry["version"])
        key, of = record_key(office, code, version), f"v{version}"
        self._told.add([key])
        found.counts[f"versions {entry['state']}"] += 1
        unfinished = Records(self._store).counting(office, code) < version
        if unfinished and self._in_time(datetime.fromisoformat(link.at)):
            found.lose("unfinished", office, code, of, link.at)
        if self._store.stat(RECORDS, key) is None:
            found.lose("gone", office, code, of, link.at)
        event = self._store.stat(OUTBOX, outbox_key(office, code, version))
        announced = self._store.stat(FEED, Feed(self._store).key(office, int(entry["feed"]["seq"])))
        if event is None or announced is None:
            found.lose("unannounced", office, code, of, link.at)
        return found


def _is_told(store: Store, office: str | None, code: str | None, sha256s: set[str]) -> set[str]:
    """Which of these hashes a dossier's record versions and notes of refusal name; of stacks and registers, for which
    there is a receipt.
    """
    if code in (BATCH, REGISTER):
        start = folder(office, code)
        return {sha256 for sha256 in sha256s if store.stat(RECEIPTS, f"{start}{sha256}.json")}
    records, missing = Records(store), set(sha256s)
    for version in reversed(records.versions(office, code or NO_OFFICE)):
        record = records.version(office, code or NO_OFFICE, version) if missing else None
        if record is not None:
            missing -= {file.sha256 for file in record.drop} | {file.sha256 for file in record.refused}
    missing -= {sha256 for sha256 in missing if is_refused(store, office, code or NO_OFFICE, sha256)}
    return sha256s - missing
