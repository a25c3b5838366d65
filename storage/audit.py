"""The audit: what was done, by whom and with what, as one hash chain for each office. Append only, no value, no name.

Persons stand in it as marks that only the house's key can make (storage.secret), dropped files by hashes, reasons by
the record version that holds them. Each deed has an id that follows from it: told again after a crash, it is known.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from dossier.decisions import Decision
from dossier.errors import StoreDamaged
from dossier.record import Record
from storage.buckets import AUDIT
from storage.chain.chain import Chain, chain
from storage.chain.links import Head, Link
from storage.chain.walk import readable_link
from storage.damaged import Reader
from storage.feed import Announced
from storage.keys import NO_OFFICE, folder
from storage.publication.targets import HandedOver
from storage.s3 import Store
from storage.secret import keyed, person_mark

AUDIT_SCHEMA: Final = "sohoa/audit/2"
NAMESPACE: Final = uuid.UUID("b9e4ef2a-3a0c-5a49-8f0f-6b0f3f1d2c55")
CHAINS: Final = "chain/"
PLACES: Final = "dossiers/"
"""Where, of a dossier, the places of its entries lie: derived, for finding them without walking the chain."""


def note(
    store: Store, what: str, office: str | None, code: str | None, said: Mapping[str, Any], *, once: str
) -> int:
    """Put a deed into the chain of an office; its number there.

    once: makes it this deed and no other; a deed that is there already is not put again. code: the dossier; None: it
    concerns none.
    """
    ident, place = _place(what, office, code, once)
    found = store.get(AUDIT, place)
    with suppress(StoreDamaged):  # to tell a deed twice does no harm
        if found is not None:
            return _head(found.data).seq
    entry = {"schema": AUDIT_SCHEMA, "id": ident, "what": what, "office": office, "dossier": code, **said}
    link = audit_chain(store, office).append(entry)
    data = json.dumps({"seq": link.seq, "sha256": link.sha256}) + "\n"
    store.put(AUDIT, place, data.encode(), "application/json")
    return link.seq


def _place(what: str, office: str | None, code: str | None, once: str) -> tuple[str, str]:
    ident = str(uuid.uuid5(NAMESPACE, "\0".join((what, office or NO_OFFICE, code or "", once))))
    return ident, f"{PLACES}{folder(office, code or NO_OFFICE)}{ident}.json"


def place_of(entry: Mapping[str, Any]) -> str:
    """Where the place of an entry lies."""
    return f"{PLACES}{folder(entry.get('office'), entry.get('dossier') or NO_OFFICE)}{entry.get('id')}.json"


def _head(data: bytes) -> Head:
    """Number and hash of an entry, by its place. Raises StoreDamaged."""
    try:
        said = json.loads(data)
        return Head(int(said["seq"]), str(said["sha256"]))
    except (ValueError, KeyError, TypeError):
        raise StoreDamaged("audit-damaged", "the place of an entry of the audit cannot be read") from None


def audit_chain(store: Store, office: str | None) -> Chain:
    return chain(store, AUDIT, f"{CHAINS}{office or NO_OFFICE}")


def audited(store: Store, office: str | None, code: str | None) -> Iterator[Link]:
    """The links that speak of a dossier, the oldest first. Raises StoreDamaged if one is not what it was, StoreError if
    the store is away.
    """
    reader, chain_folder = Reader(store), audit_chain(store, office).folder
    listed = store.list(AUDIT, PLACES + folder(office, code or NO_OFFICE))
    found = (reader.get(AUDIT, entry.key) for entry in listed)
    for place in sorted((_head(data) for data in found if data is not None), key=lambda place: place.seq):
        link = readable_link(reader, AUDIT, chain_folder, place.seq)
        if link is None or link.sha256 != place.sha256:
            raise StoreDamaged("audit-damaged", f"entry {place.seq} of the audit is not what it was")
        yield link


def is_record_noted(store: Store, record: Record, sha256: str) -> bool:
    """Whether the audit tells of this record version, and so the feed does."""
    place = _place("record", record.office, record.dossier, f"{record.version} {sha256}")[1]
    return store.stat(AUDIT, place) is not None


def note_record(store: Store, record: Record, sha256: str, announced: Announced) -> None:
    """A record version was made: of what, by which engines, with which verdicts."""
    verdicts: dict[str, list[str]] = {}
    for finding in record.findings:
        place = f" {finding.component}" if finding.component else ""
        verdicts.setdefault(f"{finding.verdict} {finding.severity}", []).append(finding.rule + place)
    said = {
        "version": record.version,
        "state": record.state,
        "record": sha256,
        "feed": {"seq": announced.seq, "sha256": announced.sha256},
        "made_by": record.made_by,
        "drop": sorted(file.sha256 for file in record.drop),
        "refused": sorted({refused.sha256 for refused in record.refused}),
        "verdicts": {kind: sorted(rules) for kind, rules in sorted(verdicts.items())},
        "changes": [change.model_dump(mode="json", exclude={"reason"}) for change in record.changes],
    }
    note(store, "record", record.office, record.dossier, said, once=f"{record.version} {sha256}")


@dataclass(frozen=True)
class Taken:
    """An object version that leaves the inbox, without its key, which may hold a name. end: `kept`, `mark` (nothing in
    it to keep: `_ready`, a manifest, a mark of deletion) or `refused <code>`. sha256: of its bytes.
    """

    version_id: str | None
    size: int
    end: str
    sha256: str | None = None


def note_taken(store: Store, office: str | None, code: str | None, taken: Iterable[Taken]) -> None:
    """These object versions are about to leave the inbox, each with its end."""
    objects = sorted((vars(one) for one in taken), key=lambda one: one["version_id"] or "")
    if objects:
        note(store, "taken", office, code, {"objects": objects}, once=json.dumps(objects, sort_keys=True))


def note_decisions(store: Store, key: bytes, record: Record, decisions: tuple[Decision, ...]) -> None:
    """What people decided in this version of the record. Why stands in the record."""
    for decision in decisions:
        said: dict[str, Any] = {
            "version": record.version,
            "at": decision.at.isoformat(),
            "component": decision.component,
            "field": decision.field,
            "rule": decision.rule,
            "by": person_mark(key, decision.by),
            "state": record.state,
        }
        if decision.reused_from is not None:
            origin = decision.reused_from.model_dump(mode="json")
            said |= {"requirement": decision.requirement, "reused_from": origin}
        once = keyed(key, str(record.version), decision.model_dump_json())
        note(store, decision.kind, record.office, record.dossier, said, once=once)


def note_handed(store: Store, over: HandedOver) -> None:
    """A downstream target has gone through a feed from number `first` to `last`: what of it it took (`versions`) and
    what it put aside. What is in neither was not for it, or waits; an entry with `later` tells when that came in.
    """
    numbers = {"target": over.target, "first": over.first, "last": over.last}
    outcome = {"versions": spelt(over.taken), "aside": spelt(over.left)}
    later = {"later": True} if over.later else {}
    place = None if over.office == NO_OFFICE else over.office
    once = f"{over.target} {over.first} {over.last}"
    if over.later:
        once += f" {'taken' if over.taken else 'aside'} later"
    note(store, "handed", place, None, {**numbers, **outcome, **later}, once=once)


def spelt(announced: Iterable[Announced]) -> list[str]:
    """Dossier and version; an event that tells none by its number in the feed."""
    found = ((one, one.event.get("data")) for one in announced)
    return [
        f"{data['dossier']} v{data['version']}"
        if isinstance(data, dict) and {"dossier", "version"} <= data.keys()
        else f"#{one.seq}"
        for one, data in found
    ]


def note_view(store: Store, key: bytes, record: Record, by: str, through: str) -> None:
    """A person looked at a record. through: the command or page."""
    said = {"version": record.version, "by": person_mark(key, by), "through": through}
    note(store, "view", record.office, record.dossier, said, once=uuid.uuid4().hex)
