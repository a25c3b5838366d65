"""Locks by setting, and legal holds: what is held stays, whatever its lock, until nobody holds it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from minio.commonconfig import ENABLED
from minio.error import S3Error
from minio.versioningconfig import VersioningConfig

from dossier.errors import StoreForbidden, TerminalError
from dossier.record import DroppedFile, Record
from dossier.settings import KeepingSettings, Settings
from storage import originals
from storage.audit import audited
from storage.buckets import HOLDS, LOCKED, ORIGINALS, RECORDS, WORK, ensure_buckets
from storage.holds import HoldTools, hold, hold_on
from storage.holds_again import hold_again, not_told
from storage.records import Records
from storage.refused import note_refusal
from storage.rights import ADMIN, CUSTODIAN
from storage.s3 import Store
from storage.seaweed.store import EmbeddedStore
from storage.tidying import end_uploads, expire_work

BY = "0123456789abcdef"


@pytest.fixture
def tools(embedded_store: EmbeddedStore, store: Store) -> HoldTools:
    return HoldTools(store, Store(embedded_store.settings_for(CUSTODIAN)))


@pytest.fixture
def kept(store: Store, record: Record) -> Record:
    for name in ("Tờ khai.pdf", "Giấy chứng sinh.jpg", "broken"):
        originals.keep(store, (record.dossier + name).encode())
    return Records(store).publish(record)


def removable(admin: Store, sha256: str) -> bool:
    """Whether an administrator who bypasses governance locks can remove this original. It is gone then."""
    found = admin.stat(ORIGINALS, sha256)
    assert found is not None
    try:
        admin.delete(ORIGINALS, sha256, found.version_id, bypass_lock=True)
    except StoreForbidden:
        return False
    return admin.stat(ORIGINALS, sha256, found.version_id) is None


def test_what_is_held_outlives_an_administrator_who_bypasses_its_lock(
    tools: HoldTools, admin_store: Store, kept: Record
) -> None:
    done = hold(tools, kept.office, kept.dossier, True, "Công văn 12/TA", BY)
    assert (len(done.originals), done.missing) == (3, frozenset())
    told = hold_on(tools.records, kept.office, kept.dossier)
    assert told is not None
    assert (told.on, told.reason) == (True, "Công văn 12/TA")
    assert not any(removable(admin_store, sha256) for sha256 in done.originals)
    hold(tools, kept.office, kept.dossier, False, "Công văn 13/TA", BY)
    assert all(removable(admin_store, sha256) for sha256 in done.originals)


def test_an_original_of_two_dossiers_is_let_go_by_the_last(
    tools: HoldTools, admin_store: Store, kept: Record, make_record: Callable[..., Record]
) -> None:
    shared = kept.drop[0].sha256
    other = make_record(
        f"{kept.dossier}-b", drop=(DroppedFile(name="a.pdf", sha256=shared),), refused=(), components=()
    )
    Records(tools.records).publish(other)
    for code in (kept.dossier, other.dossier):
        hold(tools, kept.office, code, True, "tòa án", BY)
    assert hold(tools, kept.office, kept.dossier, False, "xong", BY).kept == {shared}
    assert not removable(admin_store, shared)
    assert hold(tools, kept.office, other.dossier, False, "xong", BY).kept == frozenset()
    assert removable(admin_store, shared)


def test_refused_files_are_held_too_and_missing_ones_are_told(
    tools: HoldTools, store: Store, kept: Record
) -> None:
    gone = kept.refused[0].model_copy(update={"sha256": "ab" * 32})
    at = datetime(2026, 11, 20, tzinfo=UTC)
    note_refusal(store, kept.office, kept.dossier, gone, key="x", dropped_at=at)
    assert hold(tools, kept.office, kept.dossier, True, "tòa án", BY).missing == {"ab" * 32}
    hold(tools, kept.office, kept.dossier, False, "xong", BY)


def audit_of(store: Store, record: Record) -> list[tuple[str, str, int]]:
    """What the audit tells of holds: what, by whom, of how many originals."""
    links = audited(store, record.office, record.dossier)
    return [
        (link.entry["what"], link.entry["by"], len(link.entry["originals"]))
        for link in links
        if link.entry["what"] in ("hold", "release")
    ]


def test_the_audit_and_the_note_tell_who_held_and_released_and_each_deed_once(
    tools: HoldTools, store: Store, kept: Record
) -> None:
    for reason in ("Công văn 12/TA", "Công văn 12/TA"):
        hold(tools, kept.office, kept.dossier, True, reason, BY)
    assert audit_of(store, kept) == [("hold", BY, 3)]
    word = hold_on(store, kept.office, kept.dossier)
    assert word is not None
    assert (word.by, word.since) == (BY, word.at)
    for _ in range(2):
        hold(tools, kept.office, kept.dossier, False, "xong", "fedc")
    assert audit_of(store, kept) == [("hold", BY, 3), ("release", "fedc", 3)]
    hold(tools, kept.office, kept.dossier, True, "Công văn 12/TA", BY)
    assert [what for what, _, _ in audit_of(store, kept)] == ["hold", "release", "hold"]
    hold(tools, kept.office, kept.dossier, False, "xong", BY)


class Killed(BaseException):
    pass


def test_a_release_that_dies_has_told_the_audit_before_anything_is_free(
    tools: HoldTools, store: Store, kept: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(tools, kept.office, kept.dossier, True, "tòa án", BY)

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(tools.originals.client, "disable_object_legal_hold", die)
        with pytest.raises(Killed):
            hold(tools, kept.office, kept.dossier, False, "xong", BY)
    word = hold_on(store, kept.office, kept.dossier)
    assert word is not None
    assert word.on
    assert [what for what, _, _ in audit_of(store, kept)] == ["hold", "release"]
    hold(tools, kept.office, kept.dossier, False, "xong", BY)
    assert [what for what, _, _ in audit_of(store, kept)] == ["hold", "release"]


def test_a_note_of_an_earlier_version_is_read(store: Store, kept: Record) -> None:
    said = {"schema": "sohoa/hold/1", "office": kept.office, "dossier": kept.dossier, "on": True}
    said |= {"reason": "tòa án", "at": "2026-11-20T03:04:05+00:00"}
    store.put(HOLDS, f"{kept.office}/{kept.dossier}.json", json.dumps(said).encode())
    word = hold_on(store, kept.office, kept.dossier)
    assert word is not None
    assert (word.by, word.since) == (None, word.at)
    store.put(HOLDS, f"{kept.office}/{kept.dossier}.json", json.dumps(said | {"on": False}).encode())


def test_what_comes_to_a_held_dossier_is_held_again(
    tools: HoldTools, admin_store: Store, kept: Record
) -> None:
    """The scan of its next version, and a mended version put over an original."""
    hold(tools, kept.office, kept.dossier, True, "tòa án", BY)
    fresh = originals.keep(tools.records, f"{kept.dossier} new".encode())
    drop = (*kept.drop, DroppedFile(name="mới.pdf", sha256=fresh))
    Records(tools.records).publish(kept.model_copy(update={"version": 2, "drop": drop}))
    over = kept.drop[0].sha256
    tools.records.put(ORIGINALS, over, f"{kept.dossier}Tờ khai.pdf".encode())
    assert not_told(tools.records, kept.office, kept.dossier) == {fresh}

    powerless = hold_again(HoldTools(tools.records, tools.records))
    assert (kept.dossier, "store-forbidden") in {(one.dossier, one.code) for one in powerless.unset}
    done = hold_again(tools)
    assert (done.added, done.unset) == (2, [])
    assert not_told(tools.records, kept.office, kept.dossier) == frozenset()
    assert not removable(admin_store, fresh)
    assert not removable(admin_store, over)
    assert hold_again(tools).added == 0
    assert [number for _, _, number in audit_of(tools.records, kept)] == [3, 4]
    hold(tools, kept.office, kept.dossier, False, "xong", BY)
    assert removable(admin_store, fresh)


def test_a_damaged_note_of_a_hold_is_named_and_stops_no_other(
    tools: HoldTools, admin_store: Store, kept: Record
) -> None:
    hold(tools, kept.office, kept.dossier, True, "tòa án", BY)
    tools.records.put(HOLDS, "H13.96.31/00-damaged.json", b"{}")
    try:
        done = hold_again(tools)
        assert (done.dossiers, [(one.dossier, one.code) for one in done.unset]) == (
            1,
            [("00-damaged", "hold-damaged")],
        )
    finally:
        for entry in list(admin_store.list(HOLDS, "H13.96.31/00-damaged", versions=True)):
            admin_store.delete(HOLDS, entry.key, entry.version_id, bypass_lock=True)
        hold(tools, kept.office, kept.dossier, False, "xong", BY)


def test_a_dossier_without_anything_cannot_be_held(tools: HoldTools, code: str) -> None:
    with pytest.raises(TerminalError, match="nothing-to-hold"):
        hold(tools, "H13.96.31", code, True, "x", BY)


def test_who_holds_can_neither_read_nor_put_nor_delete(tools: HoldTools, kept: Record) -> None:
    custodian, sha256 = tools.originals, kept.drop[0].sha256
    for act in (
        lambda: custodian.get(ORIGINALS, sha256),
        lambda: custodian.put(ORIGINALS, sha256, b"x"),
        lambda: custodian.delete(ORIGINALS, sha256),
    ):
        with pytest.raises(StoreForbidden):
            act()
    with pytest.raises(S3Error, match="AccessDenied"):
        tools.records.client.disable_object_legal_hold(ORIGINALS, sha256)


def test_a_changed_lock_reaches_buckets_that_are_there_already(
    admin_store: Store, store: Store, store_settings: Settings, code: str
) -> None:
    shorter = store_settings.model_copy(update={"keeping": KeepingSettings(mode="compliance", days=2)})
    ensure_buckets(admin_store, shorter)
    try:
        for bucket in LOCKED:
            config = admin_store.client.get_object_lock_config(bucket)
            assert (config.mode, config.duration) == ("COMPLIANCE", 2)
    finally:
        ensure_buckets(admin_store, store_settings)
    sha256 = originals.keep(store, code.encode())
    retention = admin_store.client.get_object_retention(ORIGINALS, sha256)
    assert retention is not None
    assert retention.mode == "GOVERNANCE"
    assert retention.retain_until_date > datetime.now(UTC) + timedelta(days=3640)


def test_buckets_of_an_earlier_version_are_locked_from_now_on(
    embedded_store: EmbeddedStore, store_settings: Settings
) -> None:
    """Before, only originals were."""
    keys = embedded_store.settings_for(ADMIN).model_copy(update={"prefix": "earlier-"})
    admin, settings = Store(keys), store_settings.model_copy(update={"store": keys})
    admin.client.make_bucket("earlier-records")
    admin.client.set_bucket_versioning("earlier-records", VersioningConfig(ENABLED))
    admin.put(RECORDS, "before", b"1")
    ensure_buckets(admin, settings)
    admin.put(RECORDS, "after", b"1")
    for key, locked in (("before", False), ("after", True)):
        found = admin.stat(RECORDS, key)
        assert found is not None
        with pytest.raises(StoreForbidden) if locked else nullcontext():
            admin.delete(RECORDS, key, found.version_id)


def test_a_compliance_lock_is_bypassed_by_nobody(
    admin_store: Store, store: Store, store_settings: Settings, code: str
) -> None:
    day = store_settings.model_copy(update={"keeping": KeepingSettings(mode="compliance", days=1)})
    ensure_buckets(admin_store, day)
    try:
        sha256 = originals.keep(store, code.encode())
    finally:
        ensure_buckets(admin_store, store_settings)
    assert not removable(admin_store, sha256)


def test_old_working_copies_go_and_leases_stay(store: Store, code: str) -> None:
    store.put(WORK, f"pages/{code}", b"x")
    store.put(WORK, f"leases/{code}.json", b"{}")
    now = datetime.now(UTC)
    expire_work(store, now, timedelta(days=30))
    assert store.stat(WORK, f"pages/{code}") is not None
    assert expire_work(store, now + timedelta(days=31), timedelta(days=30)) >= 1
    assert store.stat(WORK, f"pages/{code}") is None
    assert store.stat(WORK, f"leases/{code}.json") is not None


def test_uploads_that_nobody_ended_are_ended(store: Store, code: str) -> None:
    client = store.client
    upload = client._create_multipart_upload(ORIGINALS, code, {})
    client._upload_part(ORIGINALS, code, b"x" * 1000, None, upload, 1)
    now = datetime.now(UTC)
    assert end_uploads(store, now, timedelta(days=2)) == 0
    assert end_uploads(store, now + timedelta(days=3), timedelta(days=2)) >= 1
    assert [u.object_name for u in client._list_multipart_uploads(ORIGINALS).uploads] == []
