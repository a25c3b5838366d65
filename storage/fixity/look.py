"""One look of the fixity check at one object: are the bytes that it gives today those that were kept?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from storage.buckets import EVIDENCE, ORIGINALS, OUTBOX, RECORDS, SEALED
from storage.damaged import NO_RECORD, Reader, Unreadable, named_originals, named_record, named_sealed, parsed
from storage.evidence import evidence_key
from storage.fixity.checkpoint import Place
from storage.fixity.damage import UNREADABLE, Damage, Kind, What
from storage.fixity.links import LINKS, Links, is_link
from storage.keys import NO_OFFICE, version_name
from storage.records import POINTER
from storage.s3 import Store
from storage.s3_objects import Entry

RECORD: Final = re.compile(r"[^/]+/[^/]+/v\d{6}\.json")
AGAIN_S: Final = 1.0
RECONSIDERED: Final = 20  # each takes half a minute on the embedded store; more are no passing fault
KINDS: Final[dict[str, Kind]] = {ORIGINALS: "original", EVIDENCE: "evidence", SEALED: "sealed", **LINKS}


class Look:
    """Looks at objects and remembers what it found. late: see storage.fixity.walk.look."""

    def __init__(self, store: Store, now: datetime, late: timedelta) -> None:
        self._store, self._now, self._late = store, now, late
        self._reader = Reader(store, (AGAIN_S,))
        self._links = Links(store, self._reader)
        self._found: dict[tuple[str, str], Damage] = {}
        self._sealed: tuple[str, set[str]] = ("", set())
        self.looked: Counter[str] = Counter()
        self.bytes = 0

    def damages(self) -> tuple[Damage, ...]:
        return tuple(self._found.values())

    def losses(self) -> Iterator[Place]:
        """What has to be looked at again every night until it is mended."""
        return (Place(d.kind, d.bucket, d.key, d.sha256) for d in self._found.values() if d.is_loss)

    def again(self, places: Iterable[Place]) -> None:
        """Look once more at what was damaged before."""
        for place in places:
            if place.bucket in LINKS:
                self._link(place.bucket, place.key, self._versions(place.bucket, place.key))
            elif place.bucket in KINDS:
                self._named(place.bucket, place.key, place.sha256)
            elif place.bucket in (RECORDS, OUTBOX):
                self.at(RECORDS, place.key, self._versions(RECORDS, place.key))

    def reconsider(self) -> None:
        """Ask once more for what could not be read: a store that was just started may not find its volumes yet."""
        doubtful = [damage for damage in self._found.values() if damage.what == UNREADABLE]
        for damage in doubtful[:RECONSIDERED]:
            del self._found[damage.bucket, damage.key]
            self.again([Place(damage.kind, damage.bucket, damage.key, damage.sha256)])

    def at(self, bucket: str, key: str, versions: list[Entry]) -> None:
        """Look at one object of a shelf (storage.fixity.walk). versions: those that can be read."""
        if bucket == ORIGINALS:
            self._hashed(bucket, key, key, versions)
        elif bucket == EVIDENCE:
            self._hashed(bucket, key, key.rpartition("/")[2].removesuffix(".json"), versions)
        elif bucket in LINKS:
            if is_link(key):
                for missing in self._links.gap(bucket, key):
                    self._link(bucket, missing, [])
                self._link(bucket, key, versions)
        elif bucket == OUTBOX:  # an event was looked at with its record, if that is there
            if self._store.stat(RECORDS, key) is None:
                self._record(key, self._versions(RECORDS, key))
        elif key.endswith("/" + POINTER):
            self._pointer(key)
        else:
            self._record(key, versions)

    def _link(self, bucket: str, key: str, versions: list[Entry]) -> None:
        """A link against those who name its hash, else, as it is written once, against its first bytes."""
        sound, expected = self._links.is_sound(bucket, key), self._links.expected(bucket, key)
        expected = expected or self._first(bucket, key, versions)
        if expected is not None:
            self._hashed(bucket, key, expected, versions)
        else:
            self.looked[LINKS[bucket]] += 1
        if not sound and (bucket, key) not in self._found:
            there = self._store.stat(bucket, key) is not None
            self._find(LINKS[bucket], bucket, key, expected or "", "damaged" if there else "missing")

    def _record(self, key: str, versions: list[Entry]) -> None:
        """A record version against its first bytes and those who name its hash; then what it names itself."""
        if any(self._now - one.last_modified < self._late for one in versions if one.is_latest):
            return
        self._has_pointer(key)
        first = self._first(RECORDS, key, versions)
        told, pointed = self._told(key), self._pointed(key)
        blob = self._hash(RECORDS, key)
        # A record is written once: what it was first outweighs an event and a pointer, which lie unlocked.
        witnesses = [first] if first else [sha256 for sha256 in (told, pointed) if sha256]
        expected = blob if blob in witnesses or not witnesses else witnesses[0]
        if not told or (told != expected and expected in (first, pointed)):
            self._find("outbox", OUTBOX, key, "", "missing" if told is None else "damaged")
        if blob is None or witnesses:
            self._hashed(RECORDS, key, expected or "", versions, blob)
        if witnesses and blob == expected:
            try:
                self._of_record(key, self._said(RECORDS, key) or {})
            except NO_RECORD:  # though all who name it agree on its hash
                self._find("record", RECORDS, key, expected or "", "damaged")

    def _first(self, bucket: str, key: str, versions: list[Entry]) -> str | None:
        """The hash of the oldest version, where there are several and it can be read."""
        if len(versions) < 2:
            return None
        oldest = min(reversed(versions), key=lambda one: one.last_modified)
        sha256 = self._hash(bucket, key, oldest.version_id)
        return None if sha256 == UNREADABLE else sha256

    def _has_pointer(self, key: str) -> None:
        """Whoever erases a pointer may have erased records with it: then those before this one are asked for."""
        pointer = key.rpartition("/")[0] + "/" + POINTER
        if not RECORD.fullmatch(key) or (RECORDS, pointer) in self._found:
            return
        if self._store.stat(RECORDS, pointer) is None:
            self._find("pointer", RECORDS, pointer, "", "missing")
            self._all_to(key)

    def _all_to(self, newest: str) -> None:
        """Versions of a dossier are numbered without a gap: which of them, up to this key, was erased."""
        start = newest.rpartition("/")[0] + "/"
        listed = (entry.key for entry in self._store.list(RECORDS, start + "v"))
        there = {key for key in listed if RECORD.fullmatch(key)}
        last = int(max(there)[-11:-5]) if there else 0
        numbered = {f"{start}{version_name(number)}.json" for number in range(1, last)}
        for key in sorted((numbered | {newest}) - there):
            self._record(key, self._versions(RECORDS, key))

    def _of_record(self, key: str, said: dict[str, Any]) -> None:
        """Originals and evidence are hashed in their own turn; here it is only asked whether they are there."""
        for sha256 in sorted(named_originals(said)):
            self._there(ORIGINALS, sha256, sha256)
        office, _, code = key.rpartition("/")[0].partition("/")
        if evidence := said.get("evidence"):
            place = evidence_key(None if office == NO_OFFICE else office, code, str(evidence))
            self._there(EVIDENCE, place, str(evidence))
        if self._sealed[0] != f"{office}/{code}":
            self._sealed = (f"{office}/{code}", set())
        for copy, sha256 in named_sealed(said).items():
            if copy not in self._sealed[1]:  # versions share their copies
                self._sealed[1].add(copy)
                self._named(SEALED, copy, sha256)

    def _pointer(self, key: str) -> None:
        self.looked["pointer"] += 1
        said = self._said(RECORDS, key)
        if said is None:
            self._find("pointer", RECORDS, key, "", "missing")
            return
        names, sha256 = str(said.get("key") or ""), str(said.get("sha256"))
        own = RECORD.fullmatch(names) and names.startswith(key.removesuffix(POINTER))
        # Where event and record disagree, the pointer tells which of them is right: it is wrong if it is with neither.
        known = {one for one in (self._told(names), self._hash(RECORDS, names)) if one} if own else set[str]()
        if not own or (known and sha256 not in known):
            self._find("pointer", RECORDS, key, "", "damaged")
        else:
            self._all_to(names)

    def _told(self, key: str) -> str | None:
        """The hash of a record version by its event, which has the same key; empty if the event cannot be read."""
        self.looked["outbox"] += 1
        event = self._said(OUTBOX, key)
        return None if event is None else named_record(event)

    def _pointed(self, key: str) -> str | None:
        """The hash of a record version by the pointer, if it names this one."""
        said = self._said(RECORDS, key.rpartition("/")[0] + "/" + POINTER) or {}
        return str(said["sha256"]) if said.get("key") == key and said.get("sha256") else None

    def _named(self, bucket: str, key: str, sha256: str) -> None:
        self._hashed(bucket, key, sha256, self._versions(bucket, key))

    def _hashed(
        self, bucket: str, key: str, sha256: str, versions: list[Entry], now: str | None = None
    ) -> None:
        """Hold what is read today against the hash, then every other version. now: its hash, if it was read."""
        kind = KINDS.get(bucket, "record")
        self.looked[kind] += 1
        self.bytes += sum(version.size for version in versions)
        now = now or self._hash(bucket, key)
        if now == sha256:
            others = [one.version_id for one in versions if not one.is_latest]
            if any(self._hash(bucket, key, version) != sha256 for version in others):
                self._find(kind, bucket, key, sha256, "extra")
            return
        older = [one.version_id for one in versions if not one.is_latest]
        whole = (version for version in older if self._hash(bucket, key, version) == sha256)
        what: What = "missing" if now is None else "unreadable" if now == UNREADABLE else "damaged"
        self._find(kind, bucket, key, sha256, what, next(whole, None))

    def _there(self, bucket: str, key: str, sha256: str) -> None:
        if self._store.stat(bucket, key) is None:
            self._named(bucket, key, sha256)

    def _hash(self, bucket: str, key: str, version_id: str | None = None) -> str | None:
        """Of an object's bytes, read anew; None if there is none. Raises StoreError if the store is away."""
        try:
            return self._reader.sha256(bucket, key, version_id)
        except Unreadable:
            return UNREADABLE

    def _said(self, bucket: str, key: str) -> dict[str, Any] | None:
        """A JSON object as stored; an empty one for what is none or cannot be given, None where nothing lies."""
        try:
            found = self._reader.get(bucket, key)
        except Unreadable:
            return {}
        return None if found is None else parsed(found)

    def _versions(self, bucket: str, key: str) -> list[Entry]:
        listed = self._store.list(bucket, key, versions=True)
        return [entry for entry in listed if entry.key == key and not entry.is_delete_marker]

    def _find(
        self, kind: Kind, bucket: str, key: str, sha256: str, what: What, whole: str | None = None
    ) -> None:
        self._found[bucket, key] = Damage(kind, bucket, key, sha256, what, whole)
