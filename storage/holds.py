"""Legal holds: nobody removes an original of a held dossier, however its lock ends, until the hold is released.

What is held stands in a bucket of its own, one object version for each change: a reason may name people, and the audit
names nobody. An original can belong to several dossiers; it is let go only when none of them is held.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from dossier.errors import StoreDamaged, TerminalError
from dossier.record import Record
from storage.audit import note
from storage.buckets import HOLDS, ORIGINALS
from storage.keys import NO_OFFICE
from storage.records import Records
from storage.refused import refusals
from storage.s3 import Store
from storage.s3_errors import translated

HOLD_SCHEMA: Final = "sohoa/hold/1"


@dataclass(frozen=True)
class Hold:
    """The last word on a dossier's hold. reason: as the person gave it; it may name people.

    since: when the hold began that this word sets or ends. by: the mark of who said it (storage.secret), None in notes
    of earlier versions.
    """

    office: str | None
    dossier: str
    on: bool
    reason: str
    at: datetime
    since: datetime
    by: str | None = None


@dataclass(frozen=True)
class Held:
    """What a hold or release did. originals: hashes it concerns. missing: of these, not in the store.

    kept: of a release, still held for another dossier.
    """

    originals: frozenset[str]
    missing: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True)
class HoldTools:
    """records: the store as the pipeline sees it. originals: as who may set legal holds sees it (`custodian`)."""

    records: Store
    originals: Store


def hold(tools: HoldTools, office: str | None, code: str, on: bool, reason: str, by: str) -> Held:
    """Hold or release every original that the dossier's record versions and its notes of refusal name.

    by: the mark of the person who decides. The note is written before originals are held and after they are released,
    so that one who died in between has held too much rather than too little; the audit is told after originals are held
    and before they are released, so that nothing is free of which it does not know. Doing it again changes nothing,
    tells nothing twice and takes in what was dropped since. Raises TerminalError if there is nothing to hold.
    """
    named = originals_of(tools.records, office, code)
    if not named:
        raise TerminalError("nothing-to-hold", f"{code}: nothing of this dossier was kept")
    before, now = hold_on(tools.records, office, code), datetime.now(UTC)
    if on:
        told = _note(tools.records, before, Hold(office, code, True, reason, now, now, by))
        missing = {sha256 for sha256 in named if not _set(tools.originals, sha256, True)}
        tell(tools.records, told, named, by)
        return Held(frozenset(named), frozenset(missing))
    release = Hold(office, code, False, reason, now, before.since if before else now, by)
    kept = named & _held_for_others(tools.records, office, code)
    tell(tools.records, release, named - kept, by)
    missing = {sha256 for sha256 in named - kept if not _set(tools.originals, sha256, False)}
    _note(tools.records, before, release)
    return Held(frozenset(named), frozenset(missing), frozenset(kept))


def tell(store: Store, word: Hold, originals: Iterable[str], by: str | None) -> None:
    """Tell the audit that these originals are held, or let go; once for each hold and set of originals. Why stands in
    the bucket of holds.
    """
    hashes = sorted(originals)
    said = {"by": by, "originals": hashes}
    once = " ".join((word.since.isoformat(), *hashes))
    note(store, "hold" if word.on else "release", word.office, word.dossier, said, once=once)


def hold_on(store: Store, office: str | None, code: str) -> Hold | None:
    """The last word on this dossier's hold; None if it was never held."""
    found = store.get(HOLDS, hold_key(office, code))
    return _parsed(found.data) if found else None


def holds(store: Store) -> Iterator[Hold]:
    """The last word on every dossier that was ever held."""
    for entry in store.list(HOLDS):
        found = store.get(HOLDS, entry.key)
        if found is not None:
            yield _parsed(found.data)


def originals_of(store: Store, office: str | None, code: str) -> set[str]:
    """Hashes of all originals that this dossier rests on, in any version; also papers taken over from others."""
    records, named = Records(store), set[str]()
    for version in records.versions(office, code):
        record = records.version(office, code, version)
        if record is not None:
            named |= _named(record)
    return named | {str(note["sha256"]) for note in refusals(store, office, code)}


def _named(record: Record) -> set[str]:
    named = {file.sha256 for file in record.drop} | {refused.sha256 for refused in record.refused}
    return named | {source.sha256 for part in record.components for source in part.sources}


def _held_for_others(store: Store, office: str | None, code: str) -> set[str]:
    others = (one for one in holds(store) if one.on and (one.office, one.dossier) != (office, code))
    return {sha256 for one in others for sha256 in originals_of(store, one.office, one.dossier)}


def versions_of(store: Store, sha256: str) -> list[str | None]:
    """Every version of an original, as who sets legal holds sees them."""
    return [
        entry.version_id
        for entry in store.list(ORIGINALS, sha256, versions=True)
        if entry.key == sha256 and not entry.is_delete_marker
    ]


def _set(store: Store, sha256: str, on: bool) -> bool:
    """Hold or release every version of an original; False if there is none."""
    versions = versions_of(store, sha256)
    act = store.client.enable_object_legal_hold if on else store.client.disable_object_legal_hold
    with translated("set a legal hold"):
        for version in versions:
            act(store.bucket(ORIGINALS), sha256, version_id=version)
    return bool(versions)


def _note(store: Store, before: Hold | None, word: Hold) -> Hold:
    """Write the word down, unless the last one says the same; the word that stands."""
    if before is not None and (before.on, before.reason) == (word.on, word.reason):
        return before
    said = {
        "schema": HOLD_SCHEMA,
        "office": word.office,
        "dossier": word.dossier,
        "on": word.on,
        "reason": word.reason,
        "by": word.by,
        "at": word.at.isoformat(),
        "since": word.since.isoformat(),
    }
    data = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
    store.put(HOLDS, hold_key(word.office, word.dossier), data.encode(), "application/json")
    return word


def hold_key(office: str | None, code: str) -> str:
    return f"{office or NO_OFFICE}/{code}.json"


def place_of(key: str) -> tuple[str | None, str]:
    """Office and dossier of a note, by its key."""
    office, _, code = key.removesuffix(".json").partition("/")
    return None if office == NO_OFFICE else office, code


def _parsed(data: bytes) -> Hold:
    try:
        said = json.loads(data)
        at = datetime.fromisoformat(said["at"])
        since = datetime.fromisoformat(said["since"]) if said.get("since") else at
        return Hold(
            said["office"], said["dossier"], bool(said["on"]), said["reason"], at, since, said.get("by")
        )
    except (ValueError, KeyError, TypeError):
        raise StoreDamaged("hold-damaged", "a note of a legal hold cannot be read") from None
