"""Backup and restore over real stores: what is lost comes back byte for byte, what is damaged is named."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dossier.errors import ConfigurationError, StoreError, StoreForbidden
from dossier.evidence import Evidence
from dossier.record import Record
from dossier.settings import BackupSettings, Settings
from storage.anchors import anchor, verify_chains
from storage.audit import audited
from storage.backup.house import house_files
from storage.backup.manifest import Head, Item, blob_name, chosen, heads, items_of
from storage.backup.place import FolderPlace, Place, open_place
from storage.backup.restore import Restored, restore, restore_house
from storage.backup.run import back_up
from storage.backup.sections import SECTIONS, bucket_of
from storage.backup.serving import serving
from storage.backup.verify import verify
from storage.buckets import ALL, HOLDS, INBOX, LOCKED, ORIGINALS, RECEIPTS, RECORDS, SEALED, WORK
from storage.connect import open_store
from storage.holds import HoldTools, hold
from storage.index.index import open_index
from storage.originals import keep
from storage.proof import prove
from storage.records import POINTER, Records, record_key
from storage.rights import CUSTODIAN
from storage.s3 import Store
from storage.seaweed.files import ADMIN
from storage.seaweed.store import EmbeddedStore
from storage.secret import house_key

OFFICE = "H13.96.31"
ROOT = Path(__file__).parents[2]
OWN = ("audit",)
"""Where a run leaves a note of itself."""


@dataclass
class House:
    """A house of its own with a store that runs."""

    settings: Settings
    store: Store

    def back_up(self, place: Place) -> Head:
        return back_up(self.store, place, house_files(self.settings))

    def everything(self) -> dict[tuple[str, str], bytes]:
        """Every object that counts, notes of backup runs left out."""
        found = {}
        for bucket in ALL:
            for entry in self.store.list(bucket) if bucket not in (WORK, *OWN) else ():
                blob = self.store.get(bucket, entry.key)
                assert blob is not None
                found[bucket, entry.key] = blob.data
        return found


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Shared by tests that leave it whole; each uses a dossier code of its own."""
    settings = Settings(data=tmp_path_factory.mktemp("house"), offices=(OFFICE,))
    with serving(settings, make=True) as store:
        yield House(settings, store)


@pytest.fixture
def own_house(tmp_path: Path) -> Iterator[House]:
    settings = Settings(data=tmp_path / "house", offices=(OFFICE,))
    with serving(settings, make=True) as store:
        yield House(settings, store)


@pytest.fixture
def place(tmp_path: Path) -> FolderPlace:
    found = open_place(str(tmp_path / "backup"), BackupSettings(), make=True)
    assert isinstance(found, FolderPlace)
    return found


def fill(house: House, make_record: Callable[..., Record], code: str, version: int = 1) -> Record:
    """A dossier as the pipeline leaves it: originals, then the record with all that belongs to it."""
    record = make_record(code, version=version)
    for file in record.drop:  # bytes that have the hashes which the sample record names
        keep(house.store, f"{code}{'broken' if file.name == 'hỏng.pdf' else file.name}".encode())
    evidence = Evidence(texts={"c1": f"Tờ khai {code} {version}"})
    return Records(house.store).publish(record, evidence=evidence)


def restored_into(place: Place, folder: Path, at: str | None = None) -> tuple[House, Restored, Any]:
    """A fresh house made of a backup; the context manager of its store, to be left by the caller."""
    settings = Settings(data=folder, offices=(OFFICE,))
    head = chosen(place, at)
    assert restore_house(place, head, folder) == []
    context = serving(settings, make=True)
    store = context.__enter__()
    return House(settings, store), restore(store, place, head), context


def test_what_was_destroyed_comes_back_byte_for_byte(
    tmp_path: Path, make_record: Callable[..., Record], place: FolderPlace
) -> None:
    settings = Settings(data=tmp_path / "first", offices=(OFFICE,))
    with serving(settings, make=True) as store:
        first = House(settings, store)
        for number in range(6):
            fill(first, make_record, f"D-{number}")
        store.put(INBOX, f"{OFFICE}/D-9/Giấy tờ.pdf", b"waits", "application/pdf", {"who": "Bưởi"})
        store.put(INBOX, f"{OFFICE}/D-9/Giấy tờ.pdf", b"waits, again", "application/pdf")
        anchor(store)
        one = first.back_up(place)
        assert one.problems == ()

        again = first.back_up(place)
        assert again.copied == 2, "only the audit's note of the run before, and its place, are new"
        assert again.objects | {"audit": 0} == one.objects | {"audit": 0}

        fill(first, make_record, "D-0", version=2)
        fill(first, make_record, "D-10")
        more = first.back_up(place)
        held = {one.sha256 for one in _items(place, again)}
        fresh = [one for one in _items(place, more) if one.sha256 not in held]
        assert more.copied == len({one.sha256 for one in fresh}), "only bytes that were not there"
        assert all(
            "D-0/" in one.key or "D-10/" in one.key or one.bucket in (ORIGINALS, "feed", "audit")
            for one in fresh
        )
        was, key = first.everything(), house_key(settings.data)
        rows = _index(first)
    shutil.rmtree(settings.data)

    second, done, context = restored_into(place, tmp_path / "second")
    try:
        assert done.whole
        assert second.everything() == was
        assert house_key(second.settings.data) == key
        assert _index(second) == rows
        assert verify_chains(second.store).whole
        _holds_as_before(second)
    finally:
        context.__exit__(None, None, None)


def _items(place: Place, head: Head) -> list[Item]:
    return [one for one in items_of(place, head) if isinstance(one, Item)]


def _index(house: House) -> dict[str, list[tuple[Any, ...]]]:
    index = open_index(house.settings)
    index.rebuild(Records(house.store))
    try:
        return index.contents()
    finally:
        index.close()


def _holds_as_before(house: House) -> None:
    """Locks, versions of the inbox, types and metadata."""
    store = house.store
    admin = _admin(house)
    for bucket in (one for one in LOCKED if one not in (HOLDS, SEALED)):  # nothing is held or sealed here
        entry = next(store.list(bucket, versions=True))
        kept = admin.client.get_object_retention(bucket, entry.key, version_id=entry.version_id)
        assert kept is not None
        assert kept.mode == "GOVERNANCE"
    waiting = [entry for entry in store.list(INBOX, versions=True) if not entry.is_delete_marker]
    assert len(waiting) == 2
    newest = store.get(INBOX, f"{OFFICE}/D-9/Giấy tờ.pdf")
    oldest = store.get(
        INBOX, f"{OFFICE}/D-9/Giấy tờ.pdf", next(w.version_id for w in waiting if not w.is_latest)
    )
    assert newest is not None
    assert oldest is not None
    assert (oldest.data, oldest.metadata, newest.data) == (b"waits", {"who": "Bưởi"}, b"waits, again")
    page = store.client.stat_object(RECEIPTS, f"{OFFICE}/D-0/receipt.html")
    assert page.content_type.startswith("text/html")


def _admin(house: House) -> Store:
    server = EmbeddedStore(house.settings.data / "store", house.settings)
    server._state = json.loads((house.settings.data / "store" / "state.json").read_text())
    return Store(server.settings_for(ADMIN))


def test_an_earlier_run_is_restored_as_it_was(
    house: House, code: str, tmp_path: Path, make_record: Callable[..., Record], place: FolderPlace
) -> None:
    fill(house, make_record, code)
    early = house.back_up(place)
    was = house.everything()
    fill(house, make_record, code, version=2)
    house.back_up(place)
    then, done, context = restored_into(place, tmp_path / "then", at=early.run)
    try:
        assert done.whole
        assert then.everything() == was
        assert Records(then.store).counting(OFFICE, code) == 1
    finally:
        context.__exit__(None, None, None)
    day = f"{early.begun:%Y-%m-%d}"
    assert chosen(place, day).run == heads(place)[-1][0], "a day means its newest run"
    with pytest.raises(ConfigurationError, match="no run"):
        chosen(place, "1999-01-01")


def test_a_backup_that_was_killed_is_not_there_and_is_gone_on_with(
    own_house: House, place: FolderPlace
) -> None:
    total = 600
    for number in range(total):
        keep(own_house.store, f"scan {number}".encode() * 4000)
    environment = os.environ | {"PYTHONPATH": str(ROOT), "SOHOA_DATA": str(own_house.settings.data)}
    run = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "backup", "--to", str(place.folder)], env=environment, cwd=ROOT
    )
    deadline = time.monotonic() + 60
    while sum(1 for _ in place.names("objects")) < 50 and time.monotonic() < deadline:
        time.sleep(0.02)
    run.send_signal(signal.SIGKILL)
    run.wait()
    there = {name for name, _ in place.names("objects")}
    assert 50 <= len(there) < total
    assert heads(place) == []
    with pytest.raises(ConfigurationError):
        chosen(place, None)

    head = own_house.back_up(place)
    assert head.objects[ORIGINALS] == total
    assert head.problems == ()
    assert head.copied <= total + 2 - len(there) + 2, "what was there is not copied again"
    assert verify(place).whole


class FullPlace(FolderPlace):
    """A place whose disk is full after some objects."""

    def __init__(self, folder: Path, room: int) -> None:
        super().__init__(folder)
        self._room = room

    def put(self, name: str, file: Path, sha256: str, md5: str) -> None:
        self._room -= 1
        if self._room < 0:
            raise StoreError("store-error", "no room")
        super().put(name, file, sha256, md5)


def test_a_place_that_runs_full_holds_no_backup_until_a_run_is_whole(
    house: House, code: str, make_record: Callable[..., Record], place: FolderPlace
) -> None:
    fill(house, make_record, code)
    for room in (3, 9):
        with pytest.raises(StoreError, match="no room"):
            house.back_up(FullPlace(place.folder, room))
        assert heads(place) == []
    assert house.back_up(place).problems == ()
    assert verify(place).whole


def test_a_backup_of_a_store_at_work_restores_to_a_state_that_agrees_with_itself(
    own_house: House, tmp_path: Path, make_record: Callable[..., Record], place: FolderPlace
) -> None:
    over = threading.Event()

    def work() -> None:
        number = 0
        while not over.is_set():
            fill(own_house, make_record, f"D-{number % 20}", version=1 + number // 20)
            number += 1

    worker = threading.Thread(target=work)
    fill(own_house, make_record, "D-first")
    worker.start()
    try:
        runs = [own_house.back_up(place) for _ in range(2)]
    finally:
        over.set()
        worker.join()
    assert [head.problems for head in runs] == [(), ()]
    then, done, context = restored_into(place, tmp_path / "then")
    try:
        assert done.whole
        assert verify_chains(then.store).whole
        records = Records(then.store)
        codes = {entry.key.split("/")[1] for entry in then.store.list(RECORDS)}
        assert len(codes) > 1
        for code in codes:
            for version in records.versions(OFFICE, code):  # at most the one in hand was not at its end
                records.finish(OFFICE, code, version)
            assert prove(then.store, OFFICE, code).doubts == ()
            assert records.counting(OFFICE, code) == max(records.versions(OFFICE, code))
    finally:
        context.__exit__(None, None, None)


def test_what_is_damaged_in_the_backup_is_named_and_never_given_on(
    house: House, code: str, tmp_path: Path, make_record: Callable[..., Record], place: FolderPlace
) -> None:
    fill(house, make_record, code)
    fill(house, make_record, f"{code}-b")
    head = house.back_up(place)
    items = {(one.bucket, one.key): one for one in _items(place, head)}
    hurt, lost = (
        items[RECORDS, record_key(OFFICE, code, 1)],
        items[RECEIPTS, f"{OFFICE}/{code}-b/receipt.json"],
    )
    blob = place.folder / blob_name(hurt.sha256)
    blob.write_bytes(blob.read_bytes().replace(b"1", b"2", 1))
    (place.folder / blob_name(lost.sha256)).unlink()

    told = {(one.what, one.bucket, one.key) for one in verify(place).problems}
    assert told >= {("damaged", hurt.bucket, hurt.key), ("missing", lost.bucket, lost.key)}

    second, done, context = restored_into(place, tmp_path / "second")
    try:
        assert {(one.what, one.bucket, one.key) for one in done.problems} == told
        was, now = house.everything(), second.everything()
        assert now.items() <= was.items()
        assert was.keys() - now.keys() == {(bucket, key) for _, bucket, key in told}
    finally:
        context.__exit__(None, None, None)

    verify(place, set_aside=True)
    mended = house.back_up(place)
    assert mended.problems == ()
    assert verify(place, mended.run).whole, "the next run copies anew what was set aside"


@pytest.mark.parametrize("part", ["head", "part"])
def test_a_damaged_manifest_is_found(
    house: House, code: str, make_record: Callable[..., Record], place: FolderPlace, part: str
) -> None:
    fill(house, make_record, code)
    house.back_up(place)
    name = next(name for name, _ in place.names("runs") if f"/{part}-" in name)
    file = place.folder / name
    file.write_bytes(file.read_bytes()[:-3] + b"}\n\n")
    assert {one.what for one in verify(place).problems} == {"manifest"}
    if part == "head":
        with pytest.raises(StoreError, match="damaged"):
            chosen(place, None)


def test_what_changed_or_left_where_nothing_may_is_told(
    own_house: House, make_record: Callable[..., Record], place: FolderPlace
) -> None:
    fill(own_house, make_record, "D-0")
    fill(own_house, make_record, "D-1")
    own_house.back_up(place)
    own_house.store.put(RECORDS, record_key(OFFICE, "D-0", 1), b"{}")
    scan = next(own_house.store.list(ORIGINALS)).key
    own_house.store.put(ORIGINALS, scan, b"another scan")
    _admin(own_house).delete(RECORDS, record_key(OFFICE, "D-1", 1))
    head = own_house.back_up(place)
    assert {(one.what, one.bucket, one.key) for one in head.problems} == {
        ("changed", RECORDS, record_key(OFFICE, "D-0", 1)),
        ("damaged", ORIGINALS, scan),
        ("gone", RECORDS, record_key(OFFICE, "D-1", 1)),
    }
    kept = next(one for one in _items(place, head) if (one.bucket, one.key) == (ORIGINALS, scan))
    assert kept.sha256 == scan, "the good bytes of before go on being the backup's"

    mended = restore(own_house.store, place, head, go_on=True, only=(ORIGINALS,))
    assert mended.whole
    assert own_house.store.fetch(ORIGINALS, scan, None) == scan
    beneath = list(own_house.store.list(ORIGINALS, scan, versions=True))
    assert len(beneath) == 3, "the bucket keeps what was damaged"


def _is_held(admin: Store, sha256: str) -> bool:
    """An administrator who bypasses the lock cannot remove it."""
    found = admin.stat(ORIGINALS, sha256)
    assert found is not None
    with suppress(StoreForbidden):
        admin.delete(ORIGINALS, sha256, found.version_id, bypass_lock=True)
    return admin.stat(ORIGINALS, sha256, found.version_id) is not None


def test_a_legal_hold_comes_back_with_what_it_holds(
    own_house: House, make_record: Callable[..., Record], place: FolderPlace, tmp_path: Path
) -> None:
    scans = {}
    for code in ("D-0", "D-1", "D-2"):
        scans[code] = {file.sha256 for file in fill(own_house, make_record, code).drop}
    tools = HoldTools(own_house.store, open_store(own_house.settings, CUSTODIAN))
    for code in ("D-0", "D-1"):
        hold(tools, OFFICE, code, True, "tòa án", "0123456789abcdef")
    hold(tools, OFFICE, "D-1", False, "xong", "0123456789abcdef")
    head = own_house.back_up(place)

    settings = Settings(data=tmp_path / "drill", offices=(OFFICE,))
    assert restore_house(place, head, settings.data) == []
    with serving(settings, make=True) as store:
        powerless = restore(store, place, head)
        assert [(one.what, one.key) for one in powerless.problems] == [("unheld", f"{OFFICE}/D-0.json")]
        custodian = open_store(settings, CUSTODIAN)
        assert restore(store, place, head, go_on=True, custodian=custodian).whole
        admin = open_store(settings, ADMIN)
        for code, hashes in scans.items():
            for sha256 in hashes:
                assert _is_held(admin, sha256) == (code == "D-0")
        told = [link.entry["what"] for link in audited(store, OFFICE, "D-0")]
        assert told.count("hold") == 1


def test_a_store_that_holds_something_is_not_restored_into(
    house: House, code: str, make_record: Callable[..., Record], place: FolderPlace
) -> None:
    fill(house, make_record, code)
    head = house.back_up(place)
    with pytest.raises(ConfigurationError, match="not empty"):
        restore(house.store, place, head)

    was = house.everything()
    own = b"written since"
    house.store.put(RECORDS, f"{OFFICE}/{code}/{POINTER}", own)
    done = restore(house.store, place, head, go_on=True)
    assert [(one.what, one.key) for one in done.problems] == [("differs", f"{OFFICE}/{code}/{POINTER}")]
    assert house.everything() == was | {(RECORDS, f"{OFFICE}/{code}/{POINTER}"): own}, (
        "nothing is written over"
    )
    assert done.kept == sum(done.objects.values())
    house.store.put(RECORDS, f"{OFFICE}/{code}/{POINTER}", was[RECORDS, f"{OFFICE}/{code}/{POINTER}"])


def test_a_backup_to_a_second_store_comes_back_too(
    house: House,
    code: str,
    tmp_path: Path,
    make_record: Callable[..., Record],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(house, make_record, code)
    far = EmbeddedStore(tmp_path / "far", Settings(data=tmp_path, offices=()))
    far.start()
    try:
        keys = far.settings_for(ADMIN)
        assert keys.access_key is not None
        assert keys.secret_key is not None
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys.access_key)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys.secret_key.get_secret_value())
        place = open_place(f"http://{far.endpoint}/second/sohoa", BackupSettings(), make=True)
        by_settings = open_place("s3://second/sohoa", BackupSettings(store=keys))
        head = house.back_up(place)
        assert house.back_up(by_settings).copied == 2
        assert verify(place).whole
        second, done, context = restored_into(by_settings, tmp_path / "second", at=head.run)
        try:
            assert done.whole
            assert second.everything() == house.everything()
        finally:
            context.__exit__(None, None, None)
        hurt = next(name for name, _ in place.names("objects"))
        Store(keys).put("second", f"sohoa/{hurt}", b"other bytes")
        assert not verify(place, set_aside=True).whole
        house.back_up(place)
        assert {one.what for one in verify(place).problems} <= {"missing"}, "older runs share the bytes again"
    finally:
        far.stop()


def test_a_folder_of_something_else_and_a_wrong_address_are_refused(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(ConfigurationError, match="no backup"):
        open_place(str(tmp_path), BackupSettings(), make=True)
    with pytest.raises(ConfigurationError, match="no backup"):
        open_place(str(tmp_path / "nowhere"), BackupSettings())
    for address in ("ftp://host/bucket", "https://key:secret@host/bucket", "s3://bucket"):
        with pytest.raises(ConfigurationError):
            open_place(address, BackupSettings(), make=True)


def test_only_the_owner_may_look_into_a_folder_and_no_name_of_it_tells_a_person(
    house: House, code: str, make_record: Callable[..., Record], place: FolderPlace
) -> None:
    fill(house, make_record, code)
    house.store.put(INBOX, f"{OFFICE}/{code}-b/Trần Thị Bưởi 001190001234.pdf", b"waits")
    house.back_up(place)
    assert place.folder.stat().st_mode & 0o777 == 0o700
    for path, _, names in os.walk(place.folder):
        assert "Bưởi" not in path
        assert not any("Bưởi" in name or "001190001234" in name for name in names)


def test_every_bucket_is_in_a_backup_but_the_derived_one() -> None:
    assert {bucket_of(section) for section in SECTIONS} == {*ALL} - {WORK}
