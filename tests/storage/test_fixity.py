"""Fixity: a byte that changed anywhere is found, a slice a night sees everything, a killed run goes on."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dossier.evidence import Evidence
from dossier.record import Record
from dossier.settings import KeepingSettings, Settings
from storage import originals
from storage.buckets import EVIDENCE, ORIGINALS, OUTBOX, RECORDS, SEALED, WORK, ensure_buckets
from storage.fixity.checkpoint import KEY
from storage.fixity.walk import SHELVES, Looked, look
from storage.keys import folder
from storage.records import Records, record_key
from storage.rights import ADMIN
from storage.s3 import Store
from storage.seaweed.store import EmbeddedStore

LATER = timedelta(0)
WHOLE = KeepingSettings()
SLICES = KeepingSettings(fixity_days=4, fixity_least_mb=0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """A store of this module's own: here everything that lies in it is looked at."""
    settings = Settings(data=tmp_path_factory.mktemp("fixity"))
    server = EmbeddedStore(settings.data / "store", settings)
    server.start()
    try:
        ensure_buckets(Store(server.settings_for(ADMIN)), settings)
        yield server
    finally:
        server.stop()


@pytest.fixture
def kept(server: EmbeddedStore, record: Record) -> Iterator[tuple[Store, Record]]:
    """A published record whose files are among the originals; at the end its objects go, locks or not."""
    store, admin = Store(server.settings_for()), Store(server.settings_for(ADMIN))
    for name in ("Tờ khai.pdf", "Giấy chứng sinh.jpg", "broken"):
        originals.keep(store, (record.dossier + name).encode())
    made = Records(store).publish(record, evidence=Evidence())
    yield store, made
    for bucket in (ORIGINALS, RECORDS, EVIDENCE, SEALED, OUTBOX):
        for entry in list(admin.list(bucket, versions=True)):
            admin.delete(bucket, entry.key, entry.version_id, bypass_lock=bucket != OUTBOX)
    admin.delete(WORK, KEY)


def looked(store: Store, keeping: KeepingSettings = WHOLE, everything: bool = True, days: int = 0) -> Looked:
    return look(store, keeping, datetime.now(UTC) + timedelta(days=days, minutes=1), LATER, everything)


def found(store: Store) -> set[tuple[str, str]]:
    return {(damage.kind, damage.what) for damage in looked(store).damages}


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def test_what_is_whole_is_said_to_be_whole(kept: tuple[Store, Record]) -> None:
    done = looked(kept[0])
    assert (done.damages, done.whole) == ((), True)
    assert {k: done.objects[k] for k in ("original", "evidence", "record", "pointer")} == {
        "original": 3,
        "evidence": 1,
        "record": 1,
        "pointer": 1,
    }


@pytest.mark.parametrize("bucket", [ORIGINALS, RECORDS, EVIDENCE, OUTBOX])
def test_a_byte_changed_through_the_store_is_found_and_the_whole_version_named(
    kept: tuple[Store, Record], bucket: str
) -> None:
    store, record = kept
    key = {
        ORIGINALS: record.drop[0].sha256,
        RECORDS: record_key(record.office, record.dossier, 1),
        EVIDENCE: f"{folder(record.office, record.dossier)}{record.evidence}.json",
        OUTBOX: record_key(record.office, record.dossier, 1),
    }[bucket]
    before = store.get(bucket, key)
    assert before is not None
    changed = (
        before.data.replace(b'"sha256": "', b'"sha256": "0') if bucket == OUTBOX else flipped(before.data)
    )
    store.put(bucket, key, changed)
    done = looked(store)
    (damage,) = done.damages
    assert not done.whole
    assert (damage.bucket, damage.key, damage.what) == (bucket, key, "damaged")
    if bucket != OUTBOX:
        assert damage.whole_version == before.version_id
        assert before.version_id is not None
        assert before.version_id in damage.advice
    store.put(bucket, key, before.data)
    after = looked(store)
    assert after.whole
    assert {damage.what for damage in after.damages} <= {"extra"}


@pytest.mark.parametrize("restart", [False, True])
def test_a_byte_changed_on_the_disk_is_found(
    server: EmbeddedStore, kept: tuple[Store, Record], restart: bool
) -> None:
    store, _ = kept
    data = os.urandom(200_000)
    sha256 = originals.keep(store, data)
    if restart:
        server.stop()
    _change_on_disk(server.folder, data)
    if restart:
        server.start()
        store = Store(server.settings_for())
    damages = looked(store).damages
    assert [(d.key, d.what) for d in damages] == [(sha256, "unreadable")]


def _change_on_disk(folder: Path, data: bytes) -> None:
    for volume in folder.glob("originals_*.dat"):
        at = volume.read_bytes().find(data[100:400])
        if at >= 0:
            with volume.open("r+b") as file:
                file.seek(at)
                file.write(bytes([data[100] ^ 1]))
            return
    raise AssertionError("the bytes lie in no volume")


def test_originals_evidence_and_sealed_copies_that_a_record_names_are_missed(
    server: EmbeddedStore, kept: tuple[Store, Record]
) -> None:
    store, record = kept
    copy = b"%PDF-1.7 sealed"
    sealed = {
        "key": "H13.96.31/x/c1.pdf",
        "sha256": hashlib.sha256(copy).hexdigest(),
        "bytes": 15,
        "pages": 1,
    }
    said = json.loads(record.to_json()) | {"version": 2}
    said["components"][0]["sealed"] = sealed
    raw = json.dumps(said).encode()
    key = record_key(record.office, record.dossier, 2)
    store.put(RECORDS, key, raw)
    store.put(SEALED, sealed["key"], copy)
    event = {"data": {"record": {"key": key, "sha256": hashlib.sha256(raw).hexdigest()}}}
    store.put(OUTBOX, key, json.dumps(event).encode())
    assert found(store) == set()
    store.put(SEALED, sealed["key"], flipped(copy))
    assert found(store) == {("sealed", "damaged")}
    admin = Store(server.settings_for(ADMIN))
    for bucket, gone in (
        (SEALED, sealed["key"]),
        (ORIGINALS, record.drop[0].sha256),
        (EVIDENCE, f"{folder(record.office, record.dossier)}{record.evidence}.json"),
        (OUTBOX, record_key(record.office, record.dossier, 1)),
    ):
        admin.delete(bucket, gone)  # with a mark: the versions lie beneath it
    assert found(store) == {(kind, "missing") for kind in ("sealed", "original", "evidence", "outbox")}


def test_a_pointer_that_names_another_record_is_found(kept: tuple[Store, Record]) -> None:
    store, record = kept
    key = f"{folder(record.office, record.dossier)}current.json"
    pointer = store.get(RECORDS, key)
    assert pointer is not None
    store.put(RECORDS, key, json.dumps(json.loads(pointer.data) | {"sha256": "0" * 64}).encode())
    assert found(store) == {("pointer", "damaged")}


@pytest.fixture
def of_three(kept: tuple[Store, Record]) -> tuple[Store, Record]:
    """The dossier with three versions, all whole."""
    store, record = kept
    for version in (2, 3):
        Records(store).publish(record.model_copy(update={"version": version}))
    return store, record


def _erase(server: EmbeddedStore, bucket: str, key: str) -> None:
    admin = Store(server.settings_for(ADMIN))
    for entry in list(admin.list(bucket, key, versions=True)):
        admin.delete(bucket, entry.key, entry.version_id, bypass_lock=bucket != OUTBOX)


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("with_event", [False, True])
def test_an_erased_record_version_is_found_and_stays_told(
    server: EmbeddedStore, of_three: tuple[Store, Record], version: int, with_event: bool
) -> None:
    store, record = of_three
    key = record_key(record.office, record.dossier, version)
    _erase(server, RECORDS, key)
    if with_event:
        _erase(server, OUTBOX, key)
    for everything in (True, False):
        done = looked(store, everything=everything)
        assert ("record", key, "missing") in {(d.kind, d.key, d.what) for d in done.damages}
        assert not done.whole


def test_an_erased_pointer_is_found_with_the_records_erased_before_it_and_made_anew(
    server: EmbeddedStore, of_three: tuple[Store, Record]
) -> None:
    store, record = of_three
    start = folder(record.office, record.dossier)
    _erase(server, RECORDS, f"{start}current.json")
    (damage,) = looked(store).damages
    assert (damage.kind, damage.key, damage.what) == ("pointer", f"{start}current.json", "missing")
    assert "reconcile" in damage.advice
    _erase(server, RECORDS, record_key(record.office, record.dossier, 2))
    assert found(store) == {("pointer", "missing"), ("record", "missing")}
    Records(store).finish(record.office, record.dossier, 3)
    assert found(store) == {("record", "missing")}


@pytest.mark.parametrize("with_pointer", [False, True])
def test_an_erased_dossier_is_missed_by_its_events(
    server: EmbeddedStore, of_three: tuple[Store, Record], with_pointer: bool
) -> None:
    """Also the newest version with its pointer set back to the one before, as if it had never been."""
    store, record = of_three
    start = folder(record.office, record.dossier)
    gone = {record_key(record.office, record.dossier, 3)}
    if with_pointer:
        pointer = next(
            store.get(RECORDS, entry.key, entry.version_id)
            for entry in list(store.list(RECORDS, f"{start}current.json", versions=True))[1:]
        )
        assert pointer is not None
        store.put(RECORDS, f"{start}current.json", pointer.data)
    else:
        gone |= {f"{start}current.json", *(record_key(record.office, record.dossier, n) for n in (1, 2))}
    for key in gone:
        _erase(server, RECORDS, key)
    missed = {damage.key for damage in looked(store).damages if damage.kind == "record"}
    assert missed == {key for key in gone if not key.endswith("current.json")}


def test_other_bytes_over_an_older_record_and_its_event_alike_are_damage(
    of_three: tuple[Store, Record],
) -> None:
    store, record = of_three
    key = record_key(record.office, record.dossier, 1)
    before, event = store.get(RECORDS, key), store.get(OUTBOX, key)
    assert before is not None
    assert event is not None
    forged = before.data.replace(b"Tr\xe1\xba\xa7n", b"Ng\xc3\xb4")
    hashes = [hashlib.sha256(data).hexdigest().encode() for data in (before.data, forged)]
    store.put(RECORDS, key, forged)
    store.put(OUTBOX, key, event.data.replace(*hashes))
    done = looked(store)
    assert {(d.kind, d.what) for d in done.damages} == {("record", "damaged"), ("outbox", "damaged")}
    [damage] = [d for d in done.damages if d.kind == "record"]
    assert damage.whole_version == before.version_id
    assert not done.whole
    store.put(RECORDS, key, before.data)
    store.put(OUTBOX, key, event.data)
    after = looked(store)
    assert (after.whole, [d.what for d in after.damages]) == (True, ["extra"])


def test_a_record_that_is_none_though_its_witnesses_name_it_is_found(kept: tuple[Store, Record]) -> None:
    store, _ = kept
    raw = b'{"components": "c", "drop": [1]}'
    event = {"data": {"record": {"sha256": hashlib.sha256(raw).hexdigest()}}}
    store.put(RECORDS, "stray", raw)
    store.put(OUTBOX, "stray", json.dumps(event).encode())
    assert found(store) == {("record", "damaged")}


def test_slices_see_everything_in_time_and_what_is_damaged_stays_told(
    kept: tuple[Store, Record],
) -> None:
    store, record = kept
    for _ in range(20):
        originals.keep(store, os.urandom(1000))
    total = sum(1 for bucket, under in SHELVES.items() for _ in store.list(bucket, under))
    broken = min(entry.key for entry in store.list(ORIGINALS))
    whole = store.get(ORIGINALS, broken)
    assert whole is not None
    store.put(ORIGINALS, broken, b"other")
    seen = []
    for night in range(4):
        done = looked(store, SLICES, everything=False, days=night)
        assert not done.whole
        seen.append(total - done.left)
    assert seen[-1] == total
    assert all(later - earlier < total / 2 for earlier, later in zip([0, *seen], seen, strict=False))
    store.put(ORIGINALS, broken, whole.data)
    assert looked(store, SLICES, everything=False, days=4).whole
    assert record.dossier


def test_many_open_damages_do_not_keep_the_night_from_its_slice(
    kept: tuple[Store, Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With time for one of them a night, each gets its turn, and none is called mended before it was looked at."""
    store, _ = kept
    for _ in range(3):
        originals.keep(store, os.urandom(1000))
    whole = {}
    for entry in list(store.list(ORIGINALS))[:3]:
        blob = store.get(ORIGINALS, entry.key)
        assert blob is not None
        whole[entry.key] = blob.data
        store.put(ORIGINALS, entry.key, b"other")
    assert len(looked(store).damages) == 3
    for key, data in whole.items():
        store.put(ORIGINALS, key, data)

    monkeypatch.setattr("storage.fixity.walk.AGAIN_FOR", timedelta(0))
    monkeypatch.setattr("storage.fixity.walk._Slice.is_full", lambda *_: True)
    nights = [looked(store, everything=False) for _ in range(4)]
    assert [done.waiting for done in nights] == [2, 1, 0, 0]
    assert [done.whole for done in nights] == [False, False, True, True]
    assert sum(len(done.damages) for done in nights) == 3, "each has an extra version beneath"
    monkeypatch.undo()
    assert looked(store, everything=False).waiting == 0


def test_what_the_walk_comes_by_does_not_wait(
    kept: tuple[Store, Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = kept
    for entry in list(store.list(ORIGINALS)):
        store.put(ORIGINALS, entry.key, b"other")
    monkeypatch.setattr("storage.fixity.walk.AGAIN_FOR", timedelta(0))
    for everything in (True, False, True):
        done = looked(store, everything=everything)
        assert (len(done.damages), done.waiting) == (3, 0)


def test_a_killed_run_goes_on_where_it_was_and_without_a_checkpoint_it_begins_anew(
    kept: tuple[Store, Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = kept
    monkeypatch.setattr("storage.fixity.walk.SAVE_EVERY", 1)
    first = min(entry.key for entry in store.list(ORIGINALS))
    number = 0

    def die_at_the_second() -> None:
        nonlocal number
        number += 1
        if number == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        look(store, WHOLE, datetime.now(UTC) + timedelta(minutes=1), LATER, each=die_at_the_second)
    at = json.loads(_checkpoint(store))
    assert (at["bucket"], at["after"]) == (ORIGINALS, first)
    assert looked(store, everything=False).objects["original"] == 2
    store.put(WORK, KEY, b"not JSON")
    assert looked(store, everything=False).objects["original"] == 3


def _checkpoint(store: Store) -> bytes:
    blob = store.get(WORK, KEY)
    assert blob is not None
    return blob.data


def test_what_is_still_on_its_way_is_left_for_the_next_round(kept: tuple[Store, Record]) -> None:
    store, record = kept
    store.put(RECORDS, record_key(record.office, record.dossier, 2), b"{}")  # its event comes next
    hour, now = timedelta(hours=1), datetime.now(UTC)
    assert look(store, WHOLE, now, hour, everything=True).damages == ()
    assert [d.kind for d in look(store, WHOLE, now + 2 * hour, hour, everything=True).damages] == ["outbox"]
