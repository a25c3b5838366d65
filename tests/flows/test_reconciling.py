"""The nightly account: what ended is counted, what did not is named with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from returned_dossier import OFFICE, new_code, papers, published, shelves_of

from dossier.settings import Settings
from flows.reconciling import account, finish, rows
from flows.shelves import Shelves
from storage import originals, reconciling
from storage.anchors import anchor
from storage.audit import Taken, note, note_taken
from storage.buckets import INBOX, ORIGINALS, RECORDS
from storage.reconciling import Loss, reconcile
from storage.records import POINTER, Records, record_key
from storage.s3 import Store

NOW = timedelta(0)


@pytest.fixture
def shelves(store: Store, store_settings: Settings, tmp_path: Path) -> Iterator[Shelves]:
    made = shelves_of(store, store_settings, tmp_path)
    yield made
    made.index.close()


def losses(store: Store, code: str | None) -> list[Loss]:
    later = datetime.now(UTC) + timedelta(seconds=2)  # the store's times are cut to the second
    return [loss for loss in reconcile(store, later, NOW, full=True).losses if loss.dossier == code]


def kinds(store: Store, code: str | None) -> list[str]:
    return [loss.kind for loss in losses(store, code)]


def test_a_dossier_that_ended_is_counted_and_nothing_is_missed(shelves: Shelves) -> None:
    store, code = shelves.store, new_code()
    made = published(shelves, code, papers())
    for file in made.drop:
        store.put(ORIGINALS, file.sha256, b"scan")
    note_taken(store, OFFICE, code, (Taken("v", 1, "kept", file.sha256) for file in made.drop))
    assert kinds(store, code) == []
    assert reconcile(store, datetime.now(UTC), NOW, full=True).counts["kept"] >= len(made.drop)


def test_an_object_that_waits_too_long_is_named_by_its_dossier(store: Store, admin_store: Store) -> None:
    code = new_code()
    store.put(INBOX, f"{OFFICE}/{code}/scan.pdf", b"scan")
    assert kinds(store, code) == ["waiting"]
    admin_store.delete(INBOX, f"{OFFICE}/{code}/scan.pdf")


def test_a_scan_that_was_taken_and_is_named_by_nothing_is_a_loss(shelves: Shelves) -> None:
    store, code = shelves.store, new_code()
    published(shelves, code, papers())
    sha256 = originals.keep(store, code.encode())
    note_taken(store, OFFICE, code, [Taken("v", 1, "kept", sha256), Taken("w", 0, "mark")])
    assert kinds(store, code) == ["not-told"]
    note_taken(store, OFFICE, code, [Taken("x", 1, "kept", "0" * 64)])
    assert sorted(kinds(store, code)) == ["not-kept", "not-told", "not-told"]


def test_an_original_of_which_nobody_knows_is_named_by_its_hash(store: Store) -> None:
    sha256 = originals.keep(store, new_code().encode())
    assert sha256[:12] in {loss.of for loss in losses(store, None) if loss.kind == "orphan"}


def test_what_a_dead_run_left_half_published_is_named_and_brought_to_its_end(
    shelves: Shelves, admin_store: Store
) -> None:
    store, code = shelves.store, new_code()
    made = published(shelves, code, papers())
    second = made.model_copy(update={"version": 2})
    store.put_if_absent(RECORDS, record_key(OFFICE, code, 2), second.to_json().encode())
    assert kinds(store, code) == ["unannounced"]
    assert finish(store, losses(store, code), lambda *_: None) == 1
    assert kinds(store, code) == []
    assert Records(store).counting(OFFICE, code) == 2
    admin_store.put(RECORDS, f"{OFFICE}/{code}/{POINTER}", b'{"version": 1}')
    assert kinds(store, code) == ["unfinished"]


def test_the_account_tells_its_metrics_and_what_to_do(shelves: Shelves) -> None:
    made = account(shelves.settings, shelves.store, full=True)
    text = (shelves.settings.data / "metrics/sohoa.prom").read_text()
    assert f"sohoa_reconcile_losses {len(made.done.losses)}" in text
    assert all(row["do"] for row in rows(made))


def test_a_loss_is_told_every_night_until_it_is_mended(
    shelves: Shelves, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look begins at an anchor at which nothing was lost, however old the loss is by then."""
    monkeypatch.setattr(reconciling, "LOOK_BACK", timedelta(0))
    store = shelves.store
    whole = anchor(store, losses=0)
    lossy = anchor(store, losses=3)
    anchor(store)
    found = reconciling.beginning(store, datetime.now(UTC))
    assert found is not None
    assert (found.seq, lossy.seq) == (whole.seq, whole.seq + 1)
    note(store, "restored", None, None, {}, once=new_code())
    assert reconciling.beginning(store, datetime.now(UTC)) is None


def test_what_cannot_be_read_is_named_and_stops_nothing(shelves: Shelves, admin_store: Store) -> None:
    code, other = new_code(), new_code()
    for one in (code, other):
        published(shelves, one, papers())
    note_taken(shelves.store, OFFICE, code, [Taken("v", 1, "kept", originals.keep(shelves.store, b"scan"))])
    admin_store.put(RECORDS, record_key(OFFICE, code, 1), b"{}")
    admin_store.put(RECORDS, "stray.json", b"{}")
    admin_store.put(RECORDS, f"{OFFICE}/{other}/{POINTER}", b"no JSON")
    assert "unreadable" in kinds(shelves.store, code)
    assert "unreadable" in kinds(shelves.store, other)
    admin_store.delete(RECORDS, "stray.json")


def test_a_record_version_that_has_gone_is_named(shelves: Shelves, admin_store: Store) -> None:
    code = new_code()
    published(shelves, code, papers())
    key = record_key(OFFICE, code, 1)
    there = admin_store.stat(RECORDS, key)
    assert there is not None
    admin_store.delete(RECORDS, key, there.version_id, bypass_lock=True)
    assert "gone" in kinds(shelves.store, code)
