"""The inbox: what lies there now, grouped into dossiers. The listing is the truth; events only make it faster.

Every object version that is listed comes out in exactly one place: as a paper of a drop, as refused with its
reason, or as spent (what a drop needs no more once it has ended). Nothing is passed over in silence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

from dossier.drop import EXTENSIONS, MANIFEST, MANIFEST_BYTES, READY, Manifest, extension, is_office
from dossier.errors import ManifestError
from storage.buckets import INBOX
from storage.inbox.objects import Drop, Dropped, Listing, Turned, dropped, newest, place_of
from storage.inbox.reasons import Reason, refusal, waiting_for
from storage.inbox.stacks import KINDS, bulk_drop
from storage.s3 import Store
from storage.s3_objects import Entry


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
            place, reason = place_of(entry.key)
            if reason is None:
                places[place].append(entry)
            else:
                office = place[0] if is_office(place[0]) else None
                strays.append(Turned(dropped(entry), office, reason))
        if not prefix:
            self._forget(seen)
        drops = tuple(
            bulk_drop(office, dossier, entries)
            if dossier in KINDS
            else self._drop(office, dossier, entries, now)
            for (office, dossier), entries in sorted(places.items())
        )
        return Listing(drops, tuple(strays))

    def remove(self, objects: Iterable[Dropped]) -> None:
        """Remove exactly these versions: one that came meanwhile under the same key stays."""
        for found in objects:
            self._store.delete(INBOX, found.key, found.version_id)

    def _drop(self, office: str, dossier: str, entries: list[Entry], now: datetime) -> Drop:
        current, refused, spent = newest(office, entries)
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
