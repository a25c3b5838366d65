"""From the inbox to a dossier at hand, and back: what is kept before reading, what is written and cleared after.

Nothing is removed from the inbox before its bytes are among the originals and its end, in a record or refused
with a reason, is written. Every step may be done again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from unicodedata import normalize

from dossier.decisions import Decision
from dossier.drop import MANIFEST, Manifest
from dossier.errors import TransientError
from dossier.evidence import evidence_of, with_texts
from dossier.record import Component, DroppedFile, Record, Refused
from dossier.reusing import reused
from flows.dossier_input import DossierInput, InputFile
from flows.pipeline import DossierReading
from storage import originals
from storage.audit import Taken, note_taken
from storage.buckets import INBOX
from storage.evidence import evidence_of_record
from storage.inbox.listing import Inbox
from storage.inbox.objects import Drop, Dropped, Turned
from storage.receipts.receipts import Preview
from storage.records import Records, same_drop
from storage.refused import note_refusal
from storage.s3 import Store

# Turned away without being anyone's fault: they do not speak against the dossier.
HARMLESS = frozenset({"superseded", "withdrawn"})
NO_DOSSIER = "_"


@dataclass(frozen=True)
class Kept:
    """A drop whose bytes are safe. unchanged: the record that already says all of it. version: to be made.

    decisions: what people decided in the version before. reused: papers that they took from other dossiers.
    open_since: since when the versions before were not checked. taken: what leaves the inbox, each with its end.
    before: the version before, None for the first.
    """

    dossier: DossierInput
    version: int
    unchanged: Record | None = None
    decisions: tuple[Decision, ...] = ()
    reused: tuple[Component, ...] = ()
    open_since: datetime | None = None
    taken: tuple[Taken, ...] = ()
    before: Record | None = None


def keep(store: Store, records: Records, drop: Drop, folder: Path) -> Kept:
    """Put every object of the drop among the originals and lay the dossier's next version out in `folder`.

    What an ended dossier has already stays, but for files of the same name, files that the manifest replaces,
    and files that were refused.
    """
    before = records.latest(drop.office, drop.dossier)
    new = tuple(_keep(store, dropped, folder) for dropped in drop.objects)
    refused = tuple(_refuse(store, drop.office, drop.dossier, turned, folder) for turned in drop.refused)
    taken = (
        *(ended(one, "kept", file.sha256) for one, file in zip(drop.objects, new, strict=True)),
        *(turned_away(one, why) for one, why in zip(drop.refused, refused, strict=True)),
        *(ended(one, "mark") for one in drop.spent),
    )
    counted = tuple(r for r in refused if r.code not in HARMLESS)
    manifest = _manifest(drop, before, {file.name for file in new})
    kept = DossierInput(
        code=drop.dossier,
        office=drop.office,
        manifest=manifest,
        files=new + _carried(store, before, drop, {file.name for file in new}, folder),
        received_at=manifest.received_at or _first_seen(before, drop),
        refused=counted,
        procedure_required=True,
    )
    said = manifest.model_dump(mode="json", exclude_defaults=True)
    if before is not None and same_drop(before, kept.dropped, said):
        turned = [refused for refused in before.refused if refused.file not in {f.name for f in before.drop}]
        if set(counted) <= set(before.refused) and not _cured(turned, counted, drop):
            return Kept(kept, before.version, unchanged=before, taken=taken)
    if before is None:
        return Kept(kept, 1, taken=taken)
    since = before.times.get("open_since")
    return Kept(
        kept,
        before.version + 1,
        decisions=before.decisions,
        reused=reused_of(store, before),
        open_since=since,
        taken=taken,
        before=before,
    )


def ended(one: Dropped, end: str, sha256: str | None = None) -> Taken:
    """How an object version of the inbox ended, for the audit."""
    return Taken(one.version_id, one.size, end, sha256)


def turned_away(turned: Turned, refused: Refused) -> Taken:
    return ended(turned.object, f"refused {refused.code}", refused.sha256)


def reused_of(store: Store, record: Record) -> tuple[Component, ...]:
    """The papers of a record that came from other dossiers, as its rules saw them."""
    copies = reused(record.components)
    evidence = evidence_of_record(store, record) if copies else None
    return with_texts(copies, evidence) if evidence else copies


def publish(records: Records, record: Record, reading: DossierReading) -> Record:
    """Write the record with its receipt; the record that counts in the end. Raises Conflict if overtaken."""
    evidence = evidence_of(record.components, reading.duplicates, reading.pdf_versions)
    return records.publish(record, _Pictures(reading), evidence)


class _Pictures(Mapping[tuple[str, int], Preview]):
    """The previews of pages with their sizes, each fetched when it is asked for."""

    def __init__(self, reading: DossierReading) -> None:
        self._reading = reading

    def __getitem__(self, key: tuple[str, int]) -> Preview:
        page = self._reading.pages[key]
        return Preview(self._reading.previews[key], page.width, page.height)

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return iter(self._reading.previews)

    def __len__(self) -> int:
        return len(self._reading.previews)


def let_go(
    store: Store,
    inbox: Inbox,
    place: tuple[str | None, str | None],
    objects: Collection[Dropped],
    taken: Iterable[Taken],
) -> None:
    """Remove exactly these object versions from the inbox; what was dropped meanwhile stays.

    place: office and dossier. taken: the end of each; it stands in the audit before the object goes.
    """
    note_taken(store, *place, taken)
    inbox.remove(objects)


class Reach(Protocol):
    """Store and inbox, as an intake's tools have them."""

    @property
    def store(self) -> Store: ...
    @property
    def inbox(self) -> Inbox: ...


def drop_marks(tools: Reach, drop: Drop) -> None:
    """Remove what of a drop holds nothing to keep."""
    taken = (ended(mark, "mark") for mark in drop.spent)
    let_go(tools.store, tools.inbox, (drop.office, drop.dossier), drop.spent, taken)


def turn_away(store: Store, inbox: Inbox, stray: Turned, folder: Path) -> Refused:
    """Refuse an object that lies where no dossier can be: kept, noted, removed."""
    refused = _refuse(store, stray.office, NO_DOSSIER, stray, folder)
    let_go(store, inbox, (stray.office, None), [stray.object], [turned_away(stray, refused)])
    return refused


def _keep(store: Store, dropped: Dropped, folder: Path) -> InputFile:
    path = fetch_dropped(store, dropped, folder)
    sha256 = originals.keep(store, path)
    return InputFile(dropped.name, sha256, path.rename(folder / sha256))


def _refuse(store: Store, office: str | None, code: str, turned: Turned, folder: Path) -> Refused:
    path = fetch_dropped(store, turned.object, folder)
    sha256 = originals.keep(store, path)
    path.unlink()
    refused = Refused(
        file=turned.object.name, sha256=sha256, reason=turned.reason.advice, code=turned.reason.code
    )
    note_refusal(store, office, code, refused, key=turned.object.key, dropped_at=turned.object.last_modified)
    return refused


def fetch_dropped(store: Store, dropped: Dropped, folder: Path) -> Path:
    """The bytes of an object version, in a file of `folder`. Raises TransientError if it is gone."""
    path = folder / "taken"
    if store.fetch(INBOX, dropped.key, path, dropped.version_id) is None:
        raise TransientError("drop-changed", "an object of the drop is not there any more")
    return path


def _carried(
    store: Store, before: Record | None, drop: Drop, new: set[str], folder: Path
) -> tuple[InputFile, ...]:
    if before is None:
        return ()
    gone = new | {refused.file for refused in before.refused}
    gone |= {normalize("NFC", name) for name in drop.manifest.replaces} if drop.manifest else set()
    stays = [file for file in before.drop if file.name not in gone]
    return tuple(InputFile(file.name, file.sha256, _original(store, file, folder)) for file in stays)


def _original(store: Store, file: DroppedFile, folder: Path) -> Path:
    path = folder / file.sha256
    if not path.exists():
        originals.fetch(store, file.sha256, path)
    return path


def _cured(turned: Sequence[Refused], again: Sequence[Refused], drop: Drop) -> bool:
    """Does this drop set right what was turned away before: a manifest that is read now, a file it replaces?"""
    settled = (
        {normalize("NFC", name) for name in drop.manifest.replaces} | {MANIFEST} if drop.manifest else set()
    )
    return any(refused.file in settled and refused not in again for refused in turned)


def _manifest(drop: Drop, before: Record | None, new_names: set[str]) -> Manifest:
    """What was said of the dossier: earlier words stand until newer ones take their place.

    The hash that was said of a file is not said of the one that takes its place, and a new list of files no
    longer waits for those of an earlier list that never came.
    """
    said: dict[str, Any] = dict(before.manifest) if before else {}
    new = drop.manifest.model_dump(mode="json", exclude_defaults=True) if drop.manifest else {}
    gone = {normalize("NFC", name) for name in new.get("replaces", [])}
    if before and new.get("files"):
        gone |= {entry["name"] for entry in said.get("files", [])} - {file.name for file in before.drop}
    files = {entry["name"]: entry for entry in said.get("files", []) if entry["name"] not in gone}
    files |= {name: files[name] | {"sha256": None} for name in new_names & files.keys()}
    files |= {entry["name"]: entry for entry in new.get("files", [])}
    said |= new | {"dossier": drop.dossier, "office": drop.office, "files": list(files.values())}
    return Manifest.model_validate(said | {"replaces": new.get("replaces", [])})


def _first_seen(before: Record | None, drop: Drop) -> datetime:
    return before.times["received"] if before else min(found.last_modified for found in drop.everything)
