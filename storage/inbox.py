"""The inbox: what lies there now, grouped into dossiers. The listing is the truth; events only make it faster.

Every object version that is listed comes out in exactly one place: as a paper of a drop, as refused with its
reason, or as spent (what a drop needs no more once it has ended). Nothing is passed over in silence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from unicodedata import normalize

from dossier.drop import (
    EXTENSIONS,
    MANIFEST,
    MANIFEST_BYTES,
    READY,
    Manifest,
    extension,
    is_dossier_code,
    is_office,
)
from dossier.errors import ManifestError
from storage.buckets import INBOX
from storage.inbox_reasons import Reason, refusal, waiting_for
from storage.s3 import Entry, Store

BATCH = "batch"


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
    """What lies in the inbox for one dossier.

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


class Inbox:
    """The inbox of one store. It remembers the hashes and manifests that it has read, by object version."""

    def __init__(self, store: Store, quiet_s: float) -> None:
        self._store = store
        self._quiet_s = quiet_s
        self._hashes: dict[tuple[str, str | None], str | None] = {}
        self._manifests: dict[tuple[str, str | None], Manifest | ManifestError] = {}

    def look(self, now: datetime | None = None, prefix: str = "") -> Listing:
        """List the inbox (or what lies under a prefix such as `<office>/<code>/`) and say what is ready.

        Reads no scan, except to check the hashes that a manifest names.
        """
        now = now or datetime.now(UTC)
        places: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        strays: list[Turned] = []
        seen: set[tuple[str, str | None]] = set()
        for entry in self._store.list(INBOX, prefix, versions=True):
            seen.add((entry.key, entry.version_id))
            place, reason = _place(entry.key)
            if reason is None:
                places[place].append(entry)
            else:
                office = place[0] if is_office(place[0]) else None
                strays.append(Turned(_dropped(entry), office, reason))
        if not prefix:
            self._forget(seen)
        drops = tuple(self._drop(*place, entries, now) for place, entries in sorted(places.items()))
        return Listing(drops, tuple(strays))

    def remove(self, objects: Iterable[Dropped]) -> None:
        """Remove exactly these versions: one that came meanwhile under the same key stays."""
        for dropped in objects:
            self._store.delete(INBOX, dropped.key, dropped.version_id)

    def _drop(self, office: str, dossier: str, entries: list[Entry], now: datetime) -> Drop:
        current, refused, spent = _newest(office, entries)
        manifest_at = current.pop(MANIFEST, None)
        ready_at = current.pop(READY, None)
        spent += [found for found in (manifest_at, ready_at) if found]
        manifest, error = None, None
        if manifest_at is not None:
            read = self._manifest(manifest_at, office, dossier)
            manifest, error = (None, read) if isinstance(read, ManifestError) else (read, None)
            if error is not None:
                spent.remove(manifest_at)
                refused.append(Turned(manifest_at, office, Reason(error.code, error.message, error.advice)))

        declared = {file.name: file.sha256 for file in manifest.files} if manifest else {}
        missing = tuple(name for name in declared if name not in current)
        differing = tuple(
            name
            for name, sha in declared.items()
            if sha and name in current and self._sha(current[name]) != sha
        )
        papers = []
        for name, found in sorted(current.items()):
            if extension(name) not in EXTENSIONS:
                refused.append(Turned(found, office, refusal("extension-unknown")))
            elif declared and name not in declared:
                refused.append(Turned(found, office, refusal("not-declared")))
            elif name in differing:
                refused.append(Turned(found, office, refusal("hash-differs")))
            else:
                papers.append(found)

        last_change = max(entry.last_modified for entry in entries)
        quiet_for = (now - last_change).total_seconds()
        complete = bool(declared) and not missing and not differing
        waiting = None
        if ready_at is None and not complete and quiet_for < self._quiet_s:
            waiting = waiting_for(missing, differing, error, self._quiet_s - quiet_for)
        return Drop(
            office,
            dossier,
            tuple(papers),
            tuple(refused),
            tuple(spent),
            manifest,
            error,
            missing,
            differing,
            last_change,
            waiting,
        )

    def _manifest(self, at: Dropped, office: str, dossier: str) -> Manifest | ManifestError:
        key = (at.key, at.version_id)
        if key not in self._manifests:
            self._manifests[key] = self._read_manifest(at, office, dossier)
        return self._manifests[key]

    def _read_manifest(self, at: Dropped, office: str, dossier: str) -> Manifest | ManifestError:
        if at.size > MANIFEST_BYTES:
            return ManifestError(
                "manifest-too-large", "dossier.json is too large", "Tệp dossier.json quá lớn."
            )
        found = self._store.get(INBOX, at.key, at.version_id)
        try:
            manifest = Manifest.parse(found.data if found else b"")
        except ManifestError as error:
            return error
        if manifest.dossier != dossier or manifest.office not in (None, office):
            return ManifestError(
                "manifest-elsewhere",
                "dossier.json names another dossier or office than the folder that it lies in",
                "Mã hồ sơ hoặc mã đơn vị trong dossier.json không khớp với thư mục chứa nó. Sửa rồi nộp lại tệp này.",
            )
        return manifest

    def _sha(self, found: Dropped) -> str | None:
        key = (found.key, found.version_id)
        if key not in self._hashes:
            self._hashes[key] = self._store.fetch(INBOX, found.key, None, found.version_id)
        return self._hashes[key]

    def _forget(self, seen: set[tuple[str, str | None]]) -> None:
        for memory in (self._hashes, self._manifests):
            for key in memory.keys() - seen:
                del memory[key]


def _place(key: str) -> tuple[tuple[str, str], Reason | None]:
    """(office, dossier) that a key lies in, and why it cannot be if it cannot."""
    parts = key.split("/")
    office, dossier = parts[0], parts[1] if len(parts) > 1 else ""
    reason = None
    if key.endswith("/"):
        reason = refusal("folder-mark")
    elif not is_office(office):
        reason = refusal("office-unknown")
    elif len(parts) == 3 and dossier == BATCH:
        reason = refusal("batch-unsupported")
    elif len(parts) != 3:
        reason = refusal("wrong-depth")
    elif not is_dossier_code(dossier):
        reason = refusal("dossier-code-invalid")
    return (office, dossier), reason


def _newest(office: str, entries: list[Entry]) -> tuple[dict[str, Dropped], list[Turned], list[Dropped]]:
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
        newest = max(alive, key=lambda entry: (entry.last_modified, entry.key), default=None)
        if newest:
            current[name] = _dropped(newest)
        for entry in found:
            if entry is newest:
                continue
            same = newest is not None and entry.etag == newest.etag
            if entry.is_delete_marker or same or name in (MANIFEST, READY):
                spent.append(_dropped(entry))
            else:
                code = "superseded" if newest else "withdrawn"
                refused.append(Turned(_dropped(entry), office, refusal(code)))
    return current, refused, spent


def _name(key: str) -> str:
    return normalize("NFC", key.rsplit("/", 1)[-1])


def _dropped(entry: Entry) -> Dropped:
    return Dropped(
        _name(entry.key),
        entry.key,
        entry.version_id,
        entry.etag,
        entry.size,
        entry.last_modified,
        entry.is_latest,
    )
