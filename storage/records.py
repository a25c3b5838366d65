"""Records: one immutable JSON per dossier version, and a pointer that makes the newest one count.

A version is published in steps: evidence, record, outbox event, feed, audit, receipt, pointer. Each may be done again
after a crash without harm; the pointer is written last, so what it names is always whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from dossier.errors import Conflict, SohoaError, StoreDamaged, StoreError, TerminalError
from dossier.evidence import Evidence
from dossier.migrations import RECORD_MIGRATIONS
from dossier.record import DroppedFile, Record
from storage.audit import is_record_noted, note_record
from storage.buckets import RECORDS
from storage.evidence import keep_evidence
from storage.feed import Feed
from storage.keys import NO_OFFICE, folder, version_name
from storage.outbox import announce, event
from storage.receipts.receipts import Preview, give_receipt
from storage.s3 import Store
from storage.s3_objects import Blob

POINTER = "current.json"
# What a manifest says of the dossier itself, as the rules judge it; what it replaced is told by the versions.
FACTS = ("procedure", "office", "received_at", "submitted_by", "applicant", "facts", "lookups")


class Records:
    """The records of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def latest(self, office: str | None, code: str) -> Record | None:
        """The version that counts, None if the dossier has none yet."""
        pointer = self._pointer(office, code)
        return self.version(office, code, _version(pointer)) if pointer else None

    def version(self, office: str | None, code: str, version: int) -> Record | None:
        """One version, brought up to today's schema. Raises StoreError if what lies there is no record, TerminalError
        if it was written by a newer program.
        """
        found = self._store.get(RECORDS, record_key(office, code, version))
        return _parse(found) if found else None

    def versions(self, office: str | None, code: str) -> list[int]:
        """All versions written, in order; the last may not be published yet."""
        start = folder(office, code)
        names = (entry.key.removeprefix(start) for entry in self._store.list(RECORDS, start + "v"))
        return sorted(int(name[1:7]) for name in names)

    def counting(self, office: str | None, code: str) -> int:
        """The number of the version that counts; 0 if none does."""
        pointer = self._pointer(office, code)
        return _version(pointer) if pointer else 0

    def finish(self, office: str | None, code: str, version: int) -> Record | None:
        """Bring a version to its end that a dead run left half published. None if there is no such version.

        Where a newer one counts already, outbox, feed and audit are told of this one, and nothing else is done.
        """
        record = self.version(office, code, version)
        found = self._store.get(RECORDS, record_key(office, code, version))
        if record is None or found is None:
            return None
        if self.counting(office, code) > version:
            self._tell(record, hashlib.sha256(found.data).hexdigest())
            return record
        return self.publish(record)

    def all(self, failed: Callable[[str | None, str, SohoaError], None]) -> Iterator[Record]:
        """The latest record of every dossier. failed: hears of those that cannot be read; all others come."""
        for entry in self._store.list(RECORDS):
            if entry.key.endswith("/" + POINTER):
                name, code, _ = entry.key.split("/")
                office = None if name == NO_OFFICE else name
                try:
                    record = self.latest(office, code)
                except (StoreError, TerminalError) as error:
                    self._store.stat(RECORDS, entry.key)  # raises if it is the store that is away
                    failed(office, code, error)
                    continue
                if record:
                    yield record

    def find(self, code: str) -> tuple[str | None, ...]:
        """The offices that have a dossier of this code."""
        places = (
            entry.key.split("/") for entry in self._store.list(RECORDS) if entry.key.endswith("/" + POINTER)
        )
        return tuple(None if office == NO_OFFICE else office for office, found, _ in places if found == code)

    def office_of(self, code: str, office: str | None = None) -> str | None:
        """The office that has a dossier of this code.

        Raises TerminalError if none has, or several of which none is named.
        """
        found = self.find(code)
        offices = [place for place in found if office in (None, place)]
        if len(offices) != 1:
            known = (
                f"it is in {', '.join(map(str, found))}: say --office" if found else "no record has this code"
            )
            raise TerminalError("dossier-unknown", f"{code}: {known}", f"Không xác định được hồ sơ {code}.")
        return offices[0]

    def publish(
        self,
        record: Record,
        previews: Mapping[tuple[str, int], Preview] | None = None,
        evidence: Evidence | None = None,
    ) -> Record:
        """Make this record the dossier's newest version; the record that counts in the end.

        evidence: what its rules looked at; the record names it. None: what the record names already, if anything.
        If a run that died wrote this version of the same drop, that one is kept and its publishing ended.
        Raises Conflict if the version was made of another drop (it is published then: begin again from
        `latest`), or if a newer version counts already.
        """
        pointer = self._pointer(record.office, record.dossier)
        if pointer is not None and _version(pointer) > record.version:
            raise Conflict("record-overtaken", f"version {_version(pointer)} counts already")
        if evidence is not None:
            sha256 = keep_evidence(self._store, record.office, record.dossier, evidence)
            record = record.model_copy(update={"evidence": sha256})
        kept, raw = self._keep(record)
        self._tell(kept, hashlib.sha256(raw).hexdigest())
        give_receipt(self._store, kept, previews or {})
        self._point(kept, raw, pointer)
        if not same_drop(kept, record.drop, record.manifest):
            raise Conflict("record-overtaken", f"version {record.version} was made of another drop")
        return kept

    def _tell(self, record: Record, sha256: str) -> None:
        """Into the outbox, the feed and the audit, in this order: what the audit tells of, downstream can find."""
        announce(self._store, record, sha256)
        if not is_record_noted(self._store, record, sha256):
            announced = Feed(self._store).announce(record.office, event(record, sha256))
            note_record(self._store, record, sha256, announced)

    def _keep(self, record: Record) -> tuple[Record, bytes]:
        raw = record.to_json().encode()
        key = record_key(record.office, record.dossier, record.version)
        try:
            self._store.put_if_absent(RECORDS, key, raw)
        except Conflict:
            found = self._store.get(RECORDS, key)
            if found is None:
                raise
            return _parse(found), found.data
        return record, raw

    def _point(self, record: Record, raw: bytes, before: Blob | None) -> None:
        key = folder(record.office, record.dossier) + POINTER
        pointer = {
            "version": record.version,
            "key": record_key(record.office, record.dossier, record.version),
            "sha256": hashlib.sha256(raw).hexdigest(),
            "state": record.state,
        }
        data = (json.dumps(pointer, indent=1) + "\n").encode()
        if before is None:
            self._store.put_once(RECORDS, key, data)
        elif before.data != data:
            self._store.put_once(RECORDS, key, data, over=before.etag)

    def _pointer(self, office: str | None, code: str) -> Blob | None:
        return self._store.get(RECORDS, folder(office, code) + POINTER)


def same_drop(record: Record, drop: Sequence[DroppedFile], manifest: Mapping[str, Any]) -> bool:
    """Whether these files and the manifest's facts are what the record was made of: then nothing has changed."""
    return set(record.drop) == set(drop) and _facts(record.manifest, drop) == _facts(manifest, drop)


def record_key(office: str | None, code: str, version: int) -> str:
    return f"{folder(office, code)}{version_name(version)}.json"


def _facts(manifest: Mapping[str, Any], drop: Sequence[DroppedFile]) -> dict[str, Any]:
    listed = manifest.get("files", ())
    types = {file["name"]: file["type"] for file in listed if file.get("type")}
    absent = {file["name"] for file in listed} - {file.name for file in drop}
    return {name: manifest[name] for name in FACTS if manifest.get(name)} | {"types": types, "absent": absent}


def _version(pointer: Blob) -> int:
    try:
        return int(json.loads(pointer.data)["version"])
    except (ValueError, KeyError, TypeError):
        raise StoreDamaged("record-damaged", "a pointer in the records bucket cannot be read") from None


def _parse(found: Blob) -> Record:
    """Raises StoreError if it is damaged, TerminalError if its schema is newer than this program, or none of ours."""
    try:
        said = json.loads(found.data)
        if not isinstance(said, dict):
            raise ValueError
    except (ValueError, RecursionError):
        raise StoreDamaged("record-damaged", "an object among the records is no JSON object") from None
    upgraded = RECORD_MIGRATIONS.upgraded(said)
    try:
        # As JSON again: strings become dates and tuples as they do for what was never migrated.
        return Record.model_validate_json(found.data if upgraded is said else json.dumps(upgraded))
    except ValidationError as error:
        raise StoreDamaged(
            "record-damaged", f"a record does not fit its schema: {error.error_count()} errors"
        ) from None
