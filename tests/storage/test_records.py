from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from dossier.errors import Conflict, StoreError
from dossier.evidence import evidence_of, with_texts
from dossier.record import DroppedFile, Record
from dossier.settings import StoreSettings
from storage.buckets import EVIDENCE, OUTBOX, RECEIPTS, RECORDS
from storage.evidence import evidence_key, evidence_of_record
from storage.records import Records, same_drop
from storage.s3 import Store
from storage.seaweed.store import EmbeddedStore


class DyingStore(Store):
    """A store whose process dies after its n-th write: the write happens, nothing after it does."""

    def __init__(self, settings: StoreSettings, writes: int) -> None:
        super().__init__(settings)
        self._left = writes

    def _count(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise StoreError("died", "the process died here")

    def put(self, *args: Any, **kwargs: Any) -> str:
        etag = super().put(*args, **kwargs)
        self._count()
        return etag

    def put_if_absent(self, *args: Any, **kwargs: Any) -> str:
        etag = super().put_if_absent(*args, **kwargs)
        self._count()
        return etag

    def put_if_match(self, *args: Any, **kwargs: Any) -> str:
        etag = super().put_if_match(*args, **kwargs)
        self._count()
        return etag


@pytest.fixture
def client_settings(embedded_store: EmbeddedStore) -> StoreSettings:
    return embedded_store.settings_for()


def keys(store: Store, bucket: str, record: Record) -> list[str]:
    start = f"{record.office}/{record.dossier}/"
    return [entry.key.removeprefix(start) for entry in store.list(bucket, start)]


def later(record: Record, **changes: Any) -> Record:
    times = {name: moment + timedelta(minutes=5) for name, moment in record.times.items()}
    return record.model_copy(update={"times": times, **changes})


def test_a_published_record_is_read_back_as_it_was(store: Store, record: Record) -> None:
    records = Records(store)
    assert records.latest(record.office, record.dossier) is None
    records.publish(record)
    assert records.latest(record.office, record.dossier) == Record.model_validate_json(record.to_json())
    assert keys(store, RECORDS, record) == ["current.json", "v000001.json"]
    event = store.get(OUTBOX, f"{record.office}/{record.dossier}/v000001.json")
    assert event is not None
    assert json.loads(event.data)["data"]["state"] == "returned"


def test_a_record_without_office_lies_under_an_underscore(store: Store, record: Record) -> None:
    records = Records(store)
    records.publish(record.model_copy(update={"office": None}))
    found = records.latest(None, record.dossier)
    assert found is not None
    assert found.office is None
    assert store.get(RECORDS, f"_/{record.dossier}/v000001.json") is not None


@pytest.mark.parametrize("writes", range(1, 8))
def test_a_crash_after_any_write_ends_in_one_version_and_one_event(
    store: Store, client_settings: StoreSettings, record: Record, writes: int
) -> None:
    records = Records(store)
    dying = DyingStore(client_settings, writes)
    with pytest.raises(StoreError, match="died"):
        Records(dying).publish(record)
    before = records.latest(record.office, record.dossier)
    assert before is None or writes == 7, "the pointer is the last write"

    # The next run judges again: the same drop, other times. What the dead run wrote counts.
    kept = records.publish(later(record))

    assert kept.times == record.times
    assert records.latest(record.office, record.dossier) == Record.model_validate_json(record.to_json())
    assert records.versions(record.office, record.dossier) == [1]
    assert keys(store, OUTBOX, record) == ["v000001.json"]
    assert keys(store, RECEIPTS, record) == ["receipt.html", "receipt.json", "v000001.html", "v000001.json"]


@pytest.mark.parametrize("writes", range(1, 9))
def test_a_record_is_never_without_the_evidence_that_it_names(
    store: Store, client_settings: StoreSettings, record: Record, writes: int
) -> None:
    evidence = evidence_of(record.components, [(("a.pdf", 1), ("a.pdf", 2))], {})
    with pytest.raises(StoreError, match="died"):
        Records(DyingStore(client_settings, writes)).publish(record, evidence=evidence)
    # The next run reads with another engine: its evidence is another, and only the record's own counts.
    other = evidence_of([c.model_copy(update={"text": "khác"}) for c in record.components], (), {})
    kept = Records(store).publish(later(record), evidence=other)
    found = evidence_of_record(store, kept)
    assert found == (evidence if writes > 1 else other)
    assert kept.evidence == found.sha256()
    assert [c.text for c in with_texts(kept.components, evidence)] == [c.text for c in record.components]


def test_evidence_that_is_missing_or_changed_is_noticed(store: Store, record: Record) -> None:
    kept = Records(store).publish(record, evidence=evidence_of(record.components, (), {}))
    assert evidence_of_record(store, record) is None
    key = evidence_key(kept.office, kept.dossier, str(kept.evidence))
    store.put(EVIDENCE, key, b"{}")
    with pytest.raises(StoreError, match="evidence-damaged"):
        evidence_of_record(store, kept)
    with pytest.raises(StoreError, match="evidence-missing"):
        evidence_of_record(store, kept.model_copy(update={"evidence": "0" * 64}))


def test_another_drop_over_an_unpublished_version_publishes_it_and_asks_to_begin_again(
    store: Store, client_settings: StoreSettings, record: Record
) -> None:
    with pytest.raises(StoreError):
        Records(DyingStore(client_settings, 1)).publish(record)
    other = later(record, drop=(*record.drop, DroppedFile(name="mới.pdf", sha256="0" * 64)))
    records = Records(store)
    with pytest.raises(Conflict):
        records.publish(other)
    first = records.latest(record.office, record.dossier)
    assert first is not None
    assert first.drop == record.drop
    records.publish(other.model_copy(update={"version": 2}))
    assert records.versions(record.office, record.dossier) == [1, 2]
    assert keys(store, OUTBOX, record) == ["v000001.json", "v000002.json"]


def test_an_older_version_never_takes_the_pointer_back(store: Store, record: Record) -> None:
    records = Records(store)
    second = later(record, version=2, drop=record.drop[:2])
    records.publish(record)
    records.publish(second)
    records.publish(second)
    with pytest.raises(Conflict):
        records.publish(record)
    latest = records.latest(record.office, record.dossier)
    assert latest is not None
    assert latest.version == 2
    receipt = store.get(RECEIPTS, f"{record.office}/{record.dossier}/receipt.json")
    assert receipt is not None
    assert json.loads(receipt.data)["version"] == 2


def test_those_that_publish_at_once_agree_on_one_record(store: Store, record: Record) -> None:
    rivals = [later(record, times={"made": record.times["made"] + timedelta(seconds=n)}) for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        kept = set(pool.map(lambda rival: Records(store).publish(rival).to_json(), rivals))
    assert len(kept) == 1
    latest = Records(store).latest(record.office, record.dossier)
    assert latest is not None
    assert {latest.to_json()} == kept


def test_the_latest_records_of_all_dossiers_are_listed(
    store: Store, make_record: Callable[..., Record], code: str
) -> None:
    records = Records(store)
    for number in range(3):
        records.publish(make_record(f"{code}-{number}"))
    found = {record.dossier for record in records.all(lambda *_: None)}
    assert {f"{code}-{number}" for number in range(3)} <= found


def test_a_drop_is_the_same_by_its_files_and_facts(record: Record) -> None:
    manifest = record.manifest | {"replaces": ["x.pdf"]}
    assert same_drop(record, tuple(reversed(record.drop)), manifest)
    assert not same_drop(record, record.drop[1:], manifest)
    assert not same_drop(record, record.drop, manifest | {"facts": {"delegated": True}})
    assert not same_drop(record, record.drop, manifest | {"lookups": [{"requirement": "residence"}]})
    typed = {"files": [{"name": record.drop[0].name, "type": "birth-notice"}]}
    assert not same_drop(record, record.drop, manifest | typed)
    waiting = {"files": [{"name": "never came.pdf"}]}
    assert not same_drop(record, record.drop, manifest | waiting)
    assert not same_drop(record, record.drop, manifest | {"received_at": "2026-11-23T08:00:00+07:00"})
