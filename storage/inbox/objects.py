"""What can lie in the inbox, and how its object versions fall into dossiers: by key, name and age."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

from dossier.drop import MANIFEST, READY, Manifest, is_dossier_code, is_office
from dossier.errors import ManifestError
from storage.inbox.reasons import Reason, refusal
from storage.s3_objects import Entry

BATCH = "batch"
REGISTER = "register"


@dataclass(frozen=True)
class Dropped:
    """One object version in the inbox. name: the last part of its key, NFC; key: exactly as listed."""

    name: str
    key: str
    version_id: str | None
    etag: str
    size: int
    last_modified: datetime
    is_latest: bool


@dataclass(frozen=True)
class Turned:
    """An object to be refused, and why. office: if its key names one."""

    object: Dropped
    office: str | None
    reason: Reason


@dataclass(frozen=True)
class Drop:
    """What lies in the inbox for one dossier, or the stacks or registers of one office (dossier: BATCH, REGISTER).

    objects: the papers, one a name. refused: what must be turned away. spent: manifest, `_ready`, older versions
    with the same bytes, marks of deletion. missing, differing: names of the manifest that are not there, or with
    other bytes. waiting: why it is not ready yet.
    """

    office: str
    dossier: str
    objects: tuple[Dropped, ...]
    refused: tuple[Turned, ...]
    spent: tuple[Dropped, ...]
    manifest: Manifest | None
    manifest_error: ManifestError | None
    missing: tuple[str, ...]
    differing: tuple[str, ...]
    last_change: datetime
    waiting: Reason | None

    @property
    def stacks(self) -> bool:
        """Whether its objects are stacks of several dossiers each."""
        return self.dossier == BATCH

    @property
    def registers(self) -> bool:
        """Whether its objects are registers of what the office received and closed."""
        return self.dossier == REGISTER

    @property
    def ready(self) -> bool:
        return self.waiting is None

    @property
    def everything(self) -> tuple[Dropped, ...]:
        """All object versions of this drop: what is removed when it has ended."""
        return self.objects + tuple(turned.object for turned in self.refused) + self.spent


@dataclass(frozen=True)
class Listing:
    """The inbox at one moment. strays: objects that lie where no dossier can be."""

    drops: tuple[Drop, ...]
    strays: tuple[Turned, ...]


def place_of(key: str) -> tuple[tuple[str, str], Reason | None]:
    """(office, dossier or BATCH or REGISTER) that a key lies in, and why it cannot be if it cannot."""
    parts = key.split("/")
    office, dossier = parts[0], parts[1] if len(parts) > 1 else ""
    reason = None
    if key.endswith("/"):
        reason = refusal("folder-mark")
    elif not is_office(office):
        reason = refusal("office-unknown")
    elif len(parts) != 3:
        reason = refusal("wrong-depth")
    elif not is_dossier_code(dossier):
        reason = refusal("dossier-code-invalid")
    return (office, dossier), reason


def newest(office: str, entries: list[Entry]) -> tuple[dict[str, Dropped], list[Turned], list[Dropped]]:
    """The version that counts of each name; older ones as refused, or as spent if their bytes are the same.

    Two keys that differ only in their Unicode form are one name, as they are for whoever dropped them.
    """
    versions: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        versions[_name(entry.key)].append(entry)
    current: dict[str, Dropped] = {}
    refused: list[Turned] = []
    spent: list[Dropped] = []
    for name, found in versions.items():
        alive = [entry for entry in found if entry.is_latest and not entry.is_delete_marker]
        latest = max(alive, key=lambda entry: (entry.last_modified, entry.key), default=None)
        if latest:
            current[name] = dropped(latest)
        for entry in found:
            if entry is latest:
                continue
            same = latest is not None and entry.etag == latest.etag
            if entry.is_delete_marker or same or name in (MANIFEST, READY):
                spent.append(dropped(entry))
            else:
                code = "superseded" if latest else "withdrawn"
                refused.append(Turned(dropped(entry), office, refusal(code)))
    return current, refused, spent


def _name(key: str) -> str:
    return normalize("NFC", key.rsplit("/", 1)[-1])


def dropped(entry: Entry) -> Dropped:
    """The object version as the inbox knows it."""
    return Dropped(
        _name(entry.key),
        entry.key,
        entry.version_id,
        entry.etag,
        entry.size,
        entry.last_modified,
        entry.is_latest,
    )
