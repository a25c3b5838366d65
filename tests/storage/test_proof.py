"""`sohoa verify`: a dossier whose parts agree is proven, and whatever is changed in one of them is named."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable

import pytest

from dossier.errors import TerminalError
from dossier.evidence import Evidence
from dossier.record import Record
from storage import originals
from storage.audit import audit_chain, audited
from storage.buckets import AUDIT, EVIDENCE, FEED, ORIGINALS, OUTBOX, RECORDS
from storage.feed import Feed
from storage.keys import folder
from storage.outbox import outbox_key
from storage.proof import office_of, prove
from storage.records import Records, record_key
from storage.s3 import Store


@pytest.fixture
def kept(store: Store, make_record: Callable[..., Record]) -> Record:
    """Two versions of a dossier, whole in every place, with an office of their own."""
    code, office = f"H13.96.31-261125-{uuid.uuid4().int % 10**6:06d}", f"H13.{uuid.uuid4().int % 1000}"
    first = make_record(code, office=office)
    bytes_of = {sha256: sha256.encode() for sha256 in _named(first)}
    own = {sha256: originals.keep(store, data + code.encode()) for sha256, data in bytes_of.items()}
    first = Record.model_validate_json(_renamed(first.to_json(), own))
    records = Records(store)
    made = records.publish(first, evidence=Evidence())
    records.publish(made.model_copy(update={"version": 2}))
    return made


def _named(record: Record) -> set[str]:
    files = {file.sha256 for file in record.drop} | {file.sha256 for file in record.refused}
    return files | {source.sha256 for part in record.components for source in part.sources}


def _renamed(text: str, names: dict[str, str]) -> str:
    for old, new in names.items():
        text = text.replace(old, new)
    return text


def doubts(store: Store, record: Record) -> set[tuple[str, str]]:
    return {(doubt.kind, doubt.what) for doubt in prove(store, record.office, record.dossier).doubts}


def _flipped(data: bytes) -> bytes:
    at = len(data) // 2
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_a_dossier_that_was_left_alone_is_proven(store: Store, kept: Record) -> None:
    proof = prove(store, kept.office, kept.dossier)
    assert proof.doubts == ()
    assert proof.whole
    assert proof.looked["record"] == 2
    assert proof.looked["original"] == len(_named(kept))
    assert proof.looked["audit"] >= 2


@pytest.mark.parametrize(
    ("bucket", "expected"),
    [
        (RECORDS, {("record", "overwritten"), ("audit", "contradicts")}),
        (ORIGINALS, {("original", "altered"), ("original", "overwritten")}),
        (EVIDENCE, {("evidence", "altered")}),
        (OUTBOX, {("outbox", "contradicts")}),
        (FEED, {("feed", "altered")}),
        (AUDIT, {("audit", "altered")}),
    ],
)
def test_one_changed_byte_is_found_wherever_it_is(
    admin_store: Store, kept: Record, bucket: str, expected: set[tuple[str, str]]
) -> None:
    store, office, code = admin_store, kept.office, kept.dossier
    [entry] = [link for link in audited(store, office, code) if link.entry.get("version") == 1]
    keys = {
        RECORDS: record_key(office, code, 1),
        ORIGINALS: min(_named(kept)),
        EVIDENCE: f"{folder(office, code)}{kept.evidence}.json",
        OUTBOX: outbox_key(office, code, 1),
        FEED: Feed(store).key(office, entry.entry["feed"]["seq"]),
        AUDIT: audit_chain(store, office).key(entry.seq),
    }
    found = store.get(bucket, keys[bucket])
    assert found is not None
    store.put(bucket, keys[bucket], _flipped(found.data))
    assert doubts(store, kept) & expected


@pytest.mark.parametrize(
    "rubbish", [b"", b"[]", b'{"components": 5}', b'{"drop": [7], "evidence": [1]}', b"\xff"]
)
def test_rubbish_in_the_place_of_anything_is_named_and_stops_nothing(
    admin_store: Store, kept: Record, rubbish: bytes
) -> None:
    store, office, code = admin_store, kept.office, kept.dossier
    start = folder(office, code)
    store.put(RECORDS, record_key(office, code, 1), rubbish)
    store.put(RECORDS, f"{start}vreadme.json", rubbish)
    store.put(OUTBOX, outbox_key(office, code, 2), rubbish)
    store.put(RECORDS, f"{start}current.json", rubbish)
    found = doubts(store, kept)
    _erase(store, start)
    assert {("record", "overwritten"), ("outbox", "contradicts"), ("pointer", "contradicts")} <= found


def test_a_removed_version_and_an_exchanged_pointer_are_found(admin_store: Store, kept: Record) -> None:
    store, start = admin_store, folder(kept.office, kept.dossier)
    key = record_key(kept.office, kept.dossier, 1)
    there = store.stat(RECORDS, key)
    assert there is not None
    pointer = store.get(RECORDS, f"{start}current.json")
    assert pointer is not None
    said = json.loads(pointer.data) | {"version": 1, "key": key}
    store.put(RECORDS, f"{start}current.json", json.dumps(said).encode())
    assert ("pointer", "contradicts") in doubts(store, kept)
    store.delete(RECORDS, key, there.version_id, bypass_lock=True)
    assert ("record", "missing") in doubts(store, kept)


def test_a_version_that_the_audit_does_not_know_is_found(admin_store: Store, kept: Record) -> None:
    raw = kept.model_copy(update={"version": 3}).to_json().encode()
    admin_store.put(RECORDS, record_key(kept.office, kept.dossier, 3), raw)
    found = doubts(admin_store, kept)
    assert {("audit", "missing"), ("outbox", "missing"), ("pointer", "contradicts")} <= found


def test_the_feed_tells_of_each_version_in_order_and_of_a_repeated_publish_once(
    store: Store, kept: Record
) -> None:
    Records(store).publish(kept.model_copy(update={"version": 2}))
    told = Feed(store).after(kept.office or "", 0, 100)
    assert [one.event["data"]["version"] for one in told] == [1, 2]


@pytest.mark.parametrize("named", [False, True])
def test_a_dossier_is_found_and_its_loss_named_though_its_pointer_and_its_records_were_erased(
    admin_store: Store, kept: Record, named: bool
) -> None:
    store, code, office = admin_store, kept.dossier, kept.office if named else None
    start = folder(kept.office, code)
    assert office_of(store, code, office) == kept.office
    _erase(store, f"{start}current.json")
    assert office_of(store, code, office) == kept.office
    assert doubts(store, kept) == {("pointer", "missing")}
    _erase(store, start)
    assert office_of(store, code, office) == kept.office
    assert doubts(store, kept) == {("pointer", "missing"), ("record", "missing")}
    with pytest.raises(TerminalError, match="dossier-unknown"):
        office_of(store, code, "H99")
    with pytest.raises(TerminalError, match="dossier-unknown"):
        office_of(store, f"{code}9", office)


def _erase(admin: Store, prefix: str) -> None:
    for entry in list(admin.list(RECORDS, prefix, versions=True)):
        admin.delete(RECORDS, entry.key, entry.version_id, bypass_lock=True)
