"""The proof of a dossier: that records, originals, sealed copies, outbox, feed and audit tell one story.

Each thing is held against what another place says of it, so that one who changes it has to change several, some of
which lie locked. Nothing is believed because it can be read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from dossier.errors import StoreDamaged, TerminalError
from storage.audit import PLACES, audit_chain, audited
from storage.buckets import AUDIT, EVIDENCE, FEED, ORIGINALS, OUTBOX, RECORDS, SEALED
from storage.chain.links import Link
from storage.chain.links import parsed as parsed_link
from storage.damaged import NO_RECORD, Reader, Unreadable, named_originals, named_record, named_sealed, parsed
from storage.evidence import evidence_key
from storage.feed import Feed
from storage.keys import NO_OFFICE, folder
from storage.outbox import outbox_key
from storage.records import POINTER, Records, record_key
from storage.s3 import Store

VERSION: Final = re.compile(r"v(\d{6})\.json")
Kind = Literal["record", "pointer", "evidence", "original", "sealed", "outbox", "feed", "audit"]


@dataclass(frozen=True)
class Doubt:
    """What does not hold. what: `missing`, `altered`, `overwritten` (other bytes were put over it), `unreadable` (the
    store has it and cannot give it) or `contradicts`.
    of: which one: a version, the beginning of a hash, a number in a chain; never a name.
    """

    kind: Kind
    of: str
    what: str


@dataclass(frozen=True)
class DossierProof:
    """What was looked at, by kind, and what does not hold."""

    office: str | None
    dossier: str
    looked: dict[str, int]
    doubts: tuple[Doubt, ...]

    @property
    def whole(self) -> bool:
        return not self.doubts


def office_of(store: Store, code: str, office: str | None = None) -> str | None:
    """The office of a dossier whose pointer may be gone: by its pointer, else by record versions, else by the audit.

    Raises TerminalError if none has it, or several of which none is named.
    """
    records = Records(store)
    try:
        return records.office_of(code, office)
    except TerminalError:
        if office is None and records.find(code):  # in several: what is asked for is not clear
            raise
        found = {one for one in _offices(store) if office in (None, one) and _has(store, one, code)}
        if len(found) != 1:
            raise
        return found.pop()


def _offices(store: Store) -> Iterator[str | None]:
    named = {name.rstrip("/") for name in store.folders(RECORDS)}
    named |= {name.removeprefix(PLACES).rstrip("/") for name in store.folders(AUDIT, PLACES)}
    return (None if name == NO_OFFICE else name for name in named)


def _has(store: Store, office: str | None, code: str) -> bool:
    """Whether an office made a version of a dossier, by what lies among the records, or was hidden there, or the
    audit. An audit that cannot be read says nothing against it.
    """
    if next(store.list(RECORDS, folder(office, code) + "v", versions=True), None) is not None:
        return True
    try:
        return any(link.entry["what"] == "record" for link in audited(store, office, code))
    except (StoreDamaged, KeyError, TypeError):
        return True


def prove(store: Store, office: str | None, code: str) -> DossierProof:
    """Hold everything that is kept of a dossier against everything else. Reads every original and sealed copy."""
    proving = _Proving(store, office, code)
    doubts = tuple(dict.fromkeys(proving.doubts()))
    return DossierProof(office, code, proving.looked, doubts)


class _Proving:
    def __init__(self, store: Store, office: str | None, code: str) -> None:
        self._store, self._office, self._code = store, office, code
        self._reader = Reader(store)
        self._seen: set[tuple[str, str]] = set()
        self.looked: dict[str, int] = {}

    def doubts(self) -> Iterator[Doubt]:
        entries, broken = self._audited()
        if broken:
            yield Doubt("audit", "dossier", "altered")
        told = {link.entry["version"]: link for link in entries if link.entry.get("what") == "record"}
        yield from self._links(entries)
        start = folder(self._office, self._code)
        versions = {
            int(numbered[1])
            for entry in self._store.list(RECORDS, start + "v", versions=True)
            if (numbered := VERSION.fullmatch(entry.key.removeprefix(start)))
        }
        hashes: dict[int, tuple[str, str]] = {}
        for version in sorted({*versions, *told, *range(1, max(versions, default=0))}):
            found = self._one(RECORDS, record_key(self._office, self._code, version), "record", f"v{version}")
            if isinstance(found, Doubt):
                yield found
                continue
            sha256, said = hashlib.sha256(found).hexdigest(), parsed(found)
            hashes[version] = sha256, str(said.get("state"))
            yield from self._overwritten(
                RECORDS, record_key(self._office, self._code, version), f"v{version}"
            )
            yield from self._told(version, sha256, told.get(version))
            yield from self._of_record(said, f"v{version}")
        yield from self._pointer(hashes)

    def _audited(self) -> tuple[list[Link], bool]:
        try:
            return list(audited(self._store, self._office, self._code)), False
        except StoreDamaged:
            return [], True

    def _links(self, entries: list[Link]) -> Iterator[Doubt]:
        """Each entry is held by the one behind it."""
        chain = audit_chain(self._store, self._office)
        for link in entries:
            self._count("audit")
            raw = self._read(AUDIT, chain.key(link.seq + 1), "audit", str(link.seq + 1))
            if isinstance(raw, Doubt):
                yield raw
            elif raw is not None:
                try:
                    following = parsed_link(raw)
                except StoreDamaged:
                    yield Doubt("audit", str(link.seq + 1), "altered")
                    continue
                if following.previous != link.sha256:
                    yield Doubt("audit", str(link.seq), "altered")

    def _told(self, version: int, sha256: str, entry: Link | None) -> Iterator[Doubt]:
        """What outbox, audit and feed say of a version."""
        event = self._one(OUTBOX, outbox_key(self._office, self._code, version), "outbox", f"v{version}")
        if isinstance(event, Doubt):
            yield event
        elif named_record(parsed(event)) != sha256:
            yield Doubt("outbox", f"v{version}", "contradicts")
        if entry is None:
            yield Doubt("audit", f"v{version}", "missing")
            return
        if entry.entry.get("record") != sha256:
            yield Doubt("audit", str(entry.seq), "contradicts")
        place = entry.entry["feed"]
        key = Feed(self._store).key(self._office, int(place["seq"]))
        found = self._one(FEED, key, "feed", str(place["seq"]))
        if isinstance(found, Doubt):
            yield found
        elif hashlib.sha256(found).hexdigest() != place["sha256"]:
            yield Doubt("feed", str(place["seq"]), "altered")
        elif not isinstance(event, Doubt) and parsed(event) != parsed(found).get("entry"):
            yield Doubt("outbox", f"v{version}", "contradicts")

    def _of_record(self, said: dict[str, Any], of: str) -> Iterator[Doubt]:
        """Originals, evidence and sealed copies that a record names."""
        try:
            originals, copies = named_originals(said), named_sealed(said)
        except NO_RECORD:
            yield Doubt("record", of, "altered")
            return
        for sha256 in sorted(originals):
            yield from self._hashed(ORIGINALS, sha256, sha256, "original")
        if said.get("evidence"):
            key = evidence_key(self._office, self._code, str(said["evidence"]))
            yield from self._hashed(EVIDENCE, key, str(said["evidence"]), "evidence")
        for key, sha256 in copies.items():
            yield from self._hashed(SEALED, key, sha256, "sealed")

    def _pointer(self, hashes: dict[int, tuple[str, str]]) -> Iterator[Doubt]:
        found = self._one(RECORDS, folder(self._office, self._code) + POINTER, "pointer", "current")
        if isinstance(found, Doubt):
            yield found
            return
        said, last = parsed(found), max(hashes, default=0)
        expected = hashes.get(last, ("", ""))
        if (said.get("version"), said.get("sha256"), said.get("state")) != (last, *expected):
            yield Doubt("pointer", f"v{said.get('version')}", "contradicts")

    def _hashed(self, bucket: str, key: str, sha256: str, kind: Kind) -> Iterator[Doubt]:
        if (bucket, key) in self._seen:
            return
        self._seen.add((bucket, key))
        self._count(kind)
        try:
            found = self._reader.sha256(bucket, key)
        except Unreadable:
            yield Doubt(kind, sha256[:12], "unreadable")
            return
        if found != sha256:
            yield Doubt(kind, sha256[:12], "missing" if found is None else "altered")
        yield from self._overwritten(bucket, key, sha256[:12], kind)

    def _overwritten(self, bucket: str, key: str, of: str, kind: Kind = "record") -> Iterator[Doubt]:
        alive = [
            one
            for one in self._store.list(bucket, key, versions=True)
            if one.key == key and not one.is_delete_marker
        ]
        if len({one.etag for one in alive}) > 1:
            yield Doubt(kind, of, "overwritten")

    def _one(self, bucket: str, key: str, kind: Kind, of: str) -> bytes | Doubt:
        self._count(kind)
        found = self._read(bucket, key, kind, of)
        return Doubt(kind, of, "missing") if found is None else found

    def _read(self, bucket: str, key: str, kind: Kind, of: str) -> bytes | Doubt | None:
        try:
            return self._reader.get(bucket, key)
        except Unreadable:
            return Doubt(kind, of, "unreadable")

    def _count(self, kind: Kind) -> None:
        self.looked[kind] = self.looked.get(kind, 0) + 1
