"""How dropped dossiers ended, seen from outside: what is lost, what is there twice, what does not agree.

The objects of the store are read as they lie there, not through the code that wrote them; the program's own account
(reconcile, audit verify, verify) is asked beside and has to say the same.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from unicodedata import normalize

from bench.house import OFFICE
from bench.small_dossiers import Dropped
from storage.anchors import verify_chains
from storage.buckets import AUDIT, FEED, INBOX, ORIGINALS, OUTBOX, RECORDS
from storage.proof import prove
from storage.reconciling import reconcile
from storage.s3 import Store

THREADS = 8


@dataclass
class Account:
    """lost, doubled, wrong: one text for each. again: entries of feed and audit that say the same deed once more, as a
    writer that died may do; who follows them knows them by their id.
    """

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    again: int = 0

    @property
    def whole(self) -> bool:
        return not (self.lost or self.doubled or self.wrong)

    def add(self, other: Account) -> None:
        self.lost += other.lost
        self.doubled += other.doubled
        self.wrong += other.wrong
        self.again += other.again


def account(store: Store, dossiers: Sequence[Dropped]) -> Account:
    """Judge these dossiers, of which every drop must have made one record version, and the chains of all."""
    made = Account()
    made.lost += [f"in the inbox still: {entry.version_id}" for entry in store.list(INBOX, versions=True)]
    with ThreadPoolExecutor(THREADS) as threads:
        for one in threads.map(lambda dossier: _dossier(store, dossier), dossiers):
            made.add(one)
        hashes = sorted(
            {sha256_of(data) for one in dossiers for data in one.after(len(one.versions)).values()}
        )
        kept = threads.map(lambda sha256: store.fetch(ORIGINALS, sha256, None), hashes)
        made.lost += [
            f"original {wanted[:12]}" for wanted, found in zip(hashes, kept, strict=True) if wanted != found
        ]
    _chains(store, dossiers, made)
    late = timedelta(seconds=-5)  # the store's times and ours may differ by the second they are cut to
    made.wrong += [
        f"reconcile: {loss.kind} {loss.dossier} {loss.of}"
        for loss in reconcile(store, datetime.now(UTC), late, full=True).losses
    ]
    made.wrong += [f"audit verify: {found}" for found in verify_chains(store).breaks]
    return made


def _dossier(store: Store, dropped: Dropped) -> Account:
    made, code = Account(), dropped.code
    start = f"{OFFICE}/{code}/"
    entries = [e for e in store.list(RECORDS, start + "v", versions=True) if not e.is_delete_marker]
    there, wanted = Counter(entry.key for entry in entries), len(dropped.versions)
    made.doubled += [f"{key} written {times} times" for key, times in there.items() if times > 1]
    made.doubled += [f"{code}: version {n}" for n in range(wanted + 1, len(there) + 1)]
    made.lost += [f"{code}: version {n}" for n in range(len(there) + 1, wanted + 1)]
    turned: set[tuple[str, str]] = set()
    for number in range(1, min(wanted, len(there)) + 1):
        key = f"{start}v{number:06d}.json"
        record = _json(store, RECORDS, key)
        named = {(one["file"], one["sha256"]) for one in record["refused"]}
        named |= {(one["name"], one["sha256"]) for one in record["drop"]}
        files = {(normalize("NFC", n), sha256_of(data)) for n, data in dropped.after(number).items()}
        # A file that an earlier version refused, with its reason, is not carried into the next one.
        made.lost += [
            f"{code} v{number}: not in it: file {sha256[:12]}" for _, sha256 in files - named - turned
        ]
        turned |= {(one["file"], one["sha256"]) for one in record["refused"]}
        made.wrong += [f"{code} v{number}: a file nobody dropped" for _ in named - files]
        told = _json(store, OUTBOX, key)
        if told.get("data", {}).get("record", {}).get("sha256") != record["sha256 of it"]:
            made.wrong.append(f"{code} v{number}: the outbox tells of another record")
    if there and _json(store, RECORDS, f"{start}current.json").get("version") != len(there):
        made.wrong.append(f"{code}: the pointer names another version")
    if there:
        doubts = prove(store, OFFICE, code).doubts
        made.wrong += [f"verify {code}: {doubt.kind} {doubt.of} {doubt.what}" for doubt in doubts]
    return made


def _chains(store: Store, dossiers: Sequence[Dropped], made: Account) -> None:
    """Feed and audit tell of each version once, but for what a dead writer says again."""
    codes = {one.code for one in dossiers}
    wanted = {(one.code, n) for one in dossiers for n in range(1, len(one.versions) + 1)}
    feed = [link["entry"] for link in _links(store, FEED, f"{OFFICE}/") if link["entry"]["subject"] in codes]
    audit = [
        link["entry"]
        for link in _links(store, AUDIT, f"chain/{OFFICE}/")
        if link["entry"]["dossier"] in codes and link["entry"]["what"] in ("record", "taken")
    ]
    for name, entries in (("feed", feed), ("audit", audit)):
        by_id: dict[str, Any] = {entry["id"]: entry for entry in entries}
        made.again += len(entries) - len(by_id)
        told = Counter(
            (entry["dossier"], entry["version"])
            for entry in (one.get("data", one) for one in by_id.values())
            if "version" in entry
        )
        made.lost += [f"the {name} does not tell of {code} v{n}" for code, n in sorted(wanted - told.keys())]
        made.doubled += [f"the {name} tells of {code} v{n} twice" for (code, n), t in told.items() if t > 1]
        made.wrong += [f"the {name} tells of {code} v{n}" for code, n in sorted(told.keys() - wanted)]
    objects = [one["version_id"] for entry in audit for one in entry.get("objects", ())]
    ends = {(one["version_id"], one["end"]) for entry in audit for one in entry.get("objects", ())}
    if len(ends) != len(set(objects)):
        made.doubled.append("the audit gives an object of the inbox two ends")


def _links(store: Store, bucket: str, prefix: str) -> Iterator[dict[str, Any]]:
    keys = [entry.key for entry in store.list(bucket, prefix)]
    with ThreadPoolExecutor(THREADS) as threads:
        yield from threads.map(lambda key: _json(store, bucket, key), keys)


def _json(store: Store, bucket: str, key: str) -> dict[str, Any]:
    found = store.get(bucket, key)
    if found is None:
        return {}
    return {**json.loads(found.data), "sha256 of it": sha256_of(found.data)}


def sha256_of(data: bytes) -> str:
    """In hex."""
    return hashlib.sha256(data).hexdigest()
