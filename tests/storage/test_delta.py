"""Delta tables in the real store, read by DuckDB with a reader's keys: rows equal records, whatever died between."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from delta_reader import connect, found
from downstream import LAND, checked, expected, new_office, paper, put, target

from dossier.errors import StoreError, StoreForbidden, TransientError
from dossier.record import Record
from dossier.settings import Settings, StoreSettings
from dossier.targets import DeltaTarget
from storage.analyst import analyst
from storage.buckets import ANALYTICS, RECORDS, ensure_buckets
from storage.feed import Feed
from storage.publication.compare import Difference
from storage.publication.delta import DeltaLake, address
from storage.publication.delta_compare import differences
from storage.publication.delta_tables import DeltaTables
from storage.publication.events import fetch
from storage.publication.publishing import Publisher
from storage.publication.targets import FeedDiverged, Handed
from storage.records import record_key
from storage.s3 import Store
from storage.seaweed.files import ADMIN
from storage.seaweed.store import EmbeddedStore

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def lake_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """A store whose settings declare a Delta target, so that it has keys for its reader."""
    data = tmp_path_factory.mktemp("lake")
    settings = Settings(data=data, targets={"lake": DeltaTarget(kind="delta")})
    server = EmbeddedStore(data / "store", settings)
    server.start()
    try:
        ensure_buckets(Store(server.settings_for(ADMIN)), settings)
        yield server
    finally:
        server.stop()


@dataclass
class Lake:
    """One Delta target under `lake/`, of one office."""

    server: EmbeddedStore
    office: str
    name: str
    settings: DeltaTarget

    @property
    def store(self) -> Store:
        return Store(self.server.settings_for())

    def open(self) -> DeltaLake:
        return DeltaLake(self.name, self.settings, self.store)

    def publish(self) -> Handed:
        store = self.store
        return Publisher(store, Feed(store), self.open()).publish()

    def retry_aside(self) -> Handed:
        store = self.store
        return Publisher(store, Feed(store), self.open()).retry_aside()

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        database = connect(self.server.settings_for(analyst("lake")))
        return found(database, self.settings, address(self.store, self.name))

    def expected(self, records: list[Record]) -> dict[str, list[dict[str, Any]]]:
        """As a SQL target of the same settings would hold it."""
        same = {name: getattr(self.settings, name) for name in ("states", "types", "mapping")}
        return expected(records, target("sqlite://", self.office, **same))


@pytest.fixture
def lake(lake_server: EmbeddedStore) -> Lake:
    return new_lake(lake_server)


def new_lake(server: EmbeddedStore, **options: Any) -> Lake:
    office = new_office()
    settings = DeltaTarget(kind="delta", offices=(office,), **{"batch": 3} | options)
    return Lake(server, office, f"lake/{uuid.uuid4().hex[:8]}", settings)


def history(office: str) -> list[Record]:
    """Dossiers that stay, are superseded, withdrawn and checked again, and never checked."""
    a, b, c, d = (f"{office}-{letter}" for letter in "abcd")
    return [
        checked(office, a),
        checked(office, b),
        checked(office, c),
        checked(office, b, 2),
        checked(office, d, state="returned"),
        checked(office, c, 2, state="returned"),
        checked(office, c, 3, components=(paper("c1", "land-certificate", dict(LAND)),)),
    ]


def test_rows_seen_by_a_reader_are_the_records_row_for_row(lake: Lake) -> None:
    records = history(lake.office)
    put(lake.store, records)
    assert lake.publish() == Handed(events=7, records=5)
    assert lake.rows() == lake.expected(records)
    assert lake.publish() == Handed()


def test_states_and_names_are_as_the_settings_ask(lake_server: EmbeddedStore) -> None:
    mapping = {"birth-certificate": {"table": "births", "columns": {"full_name": "name", "number": "no"}}}
    lake = new_lake(lake_server, states=("checked", "returned"), mapping=mapping)
    records = history(lake.office)
    put(lake.store, records)
    lake.publish()
    assert lake.rows() == lake.expected(records)


def test_an_event_that_comes_twice_counts_once(lake: Lake) -> None:
    records = history(lake.office)[:2]
    put(lake.store, records, times=3)
    lake.publish()
    put(lake.store, records)
    lake.publish()
    rows = lake.rows()
    assert [row["version"] for row in rows["records"]] == [1, 1]
    assert len(rows["fields"]) == 2 * 11


class Died(BaseException):
    """The end of a process."""


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_any_append_each_row_is_there_once(
    lake_server: EmbeddedStore, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = new_lake(lake_server, batch=4)
    records = history(lake.office)
    put(lake.store, records[:5])
    append, died = DeltaTables.append, 0

    def deadly(self: DeltaTables, *arguments: Any) -> None:
        nonlocal died
        if when == "before":
            died += 1
            if died % 2:
                raise Died
        append(self, *arguments)
        if when == "after":
            raise Died

    monkeypatch.setattr(DeltaTables, "append", deadly)
    for _ in range(100):
        with suppress(Died):
            lake.publish()
            break
        if died == 3:  # the feed grows meanwhile, so batches are cut in other places
            put(lake.store, records[5:])
    put(lake.store, records[5:] if died < 3 else ())
    monkeypatch.setattr(DeltaTables, "append", append)
    lake.publish()
    assert lake.rows() == lake.expected(records)


@pytest.mark.parametrize("seed", range(3))
def test_kill_9_between_tables_and_then_on_again(lake: Lake, seed: int) -> None:
    records = history(lake.office)
    put(lake.store, records)
    chance, deaths = random.Random(seed), 0
    for _ in range(2):
        at, when = str(chance.randint(1, 7)), chance.choice(("before", "after"))
        deaths += child(lake, at, when) == -9
    lake.publish()
    assert deaths == 2
    assert lake.rows() == lake.expected(records)


def child(lake: Lake, at: str, when: str) -> int:
    plain = lake.server.settings_for().model_dump(mode="json")
    plain["secret_key"] = key(lake.server.settings_for())
    arguments = [json.dumps(plain), lake.name, lake.settings.model_dump_json(), at, when]
    return subprocess.run([sys.executable, HERE / "delta_child.py", *arguments], check=False).returncode


def key(settings: StoreSettings) -> str:
    assert settings.secret_key is not None
    return settings.secret_key.get_secret_value()


@pytest.mark.parametrize("seconds", [0.3, 1.5])
def test_the_store_killed_while_tables_are_written_and_started_again(tmp_path: Path, seconds: float) -> None:
    settings = Settings(data=tmp_path, targets={"lake": DeltaTarget(kind="delta")})
    server = EmbeddedStore(tmp_path / "store", settings)
    server.start()
    try:
        ensure_buckets(Store(server.settings_for(ADMIN)), settings)
        lake = new_lake(server)
        records = [*history(lake.office), *(checked(lake.office, f"{lake.office}-{n}") for n in range(20))]
        put(lake.store, records)
        lake.open().prepare()
        process = server.process
        assert process is not None
        killer = threading.Timer(seconds, process.kill)
        killer.start()
        with pytest.raises(TransientError):
            deque(iter(lake.publish, None))  # until it is dead
        killer.join()
        server.stop()
        server.start()
        publish_when_it_answers(lake)
        assert lake.rows() == lake.expected(records)
    finally:
        server.stop()


def publish_when_it_answers(lake: Lake) -> None:
    """As the flow does, run after run: a store that has just started may not have all of its volumes yet."""
    until = time.monotonic() + 60
    while True:
        try:
            lake.publish()
            return
        except StoreError:
            if time.monotonic() > until:
                raise


def test_two_publishers_at_once_write_each_row_once(lake: Lake) -> None:
    records = [checked(lake.office, f"{lake.office}-{number}") for number in range(9)]
    put(lake.store, records)
    lake.open().prepare()

    def one() -> None:
        for _ in range(20):
            with suppress(TransientError):  # told that the other was first: the next run goes on
                lake.publish()
                return

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lake.publish() == Handed()
    assert lake.rows() == lake.expected(records)


def test_a_record_that_is_gone_goes_aside_and_comes_when_it_is_back(lake: Lake) -> None:
    records = history(lake.office)
    put(lake.store, records)
    gone = record_key(lake.office, records[1].dossier, 1)
    admin = Store(lake.server.settings_for(ADMIN))
    admin.delete(RECORDS, gone)
    assert lake.publish() == Handed(events=7, records=4, aside=1)
    (aside,) = lake.open().asides()
    assert (aside.seq, aside.dossier, aside.code) == (2, records[1].dossier, "record-missing")
    assert lake.retry_aside() == Handed(events=1, aside=1)
    lake.store.put(RECORDS, gone, records[1].to_json().encode())
    assert lake.retry_aside() == Handed(events=1, records=1)
    assert lake.open().asides() == []
    assert list(differences(lake.store, lake.open())) == []
    assert lake.rows() == lake.expected(records)


def test_what_became_of_a_batch_is_known_to_the_next_run(lake: Lake) -> None:
    records = history(lake.office)
    put(lake.store, records)
    Store(lake.server.settings_for(ADMIN)).delete(RECORDS, record_key(lake.office, records[1].dossier, 1))
    to, store = lake.open(), lake.store
    to.prepare()
    deliveries = [fetch(store, one) for one in Feed(store).after(lake.office, 0, 10)]
    handed = to.hand(lake.office, to.cursor(lake.office), deliveries)
    after = lake.open().became(lake.office, deliveries)
    assert (after, after.taken, after.left) == (handed, handed.taken, handed.left)
    assert [one.seq for one in handed.left] == [2]


def test_tidying_leaves_every_row_and_the_place(lake: Lake) -> None:
    records = history(lake.office)
    for record in records:
        put(lake.store, [record])
        lake.publish()
    assert lake.open().tidy() > 0
    assert lake.publish() == Handed()
    more = checked(lake.office, f"{lake.office}-z")
    put(lake.store, [more])
    assert lake.publish() == Handed(events=1, records=1)
    assert lake.rows() == lake.expected([*records, more])


def test_tables_that_were_removed_are_noticed_not_begun_anew(lake: Lake) -> None:
    put(lake.store, history(lake.office))
    lake.publish()
    for entry in list(lake.store.list(ANALYTICS, f"{lake.name}/versions/")):
        lake.store.delete(ANALYTICS, entry.key)
    with pytest.raises(FeedDiverged):
        lake.publish()


def test_rows_held_against_the_records_show_what_was_changed_or_is_missing(lake: Lake) -> None:
    records = history(lake.office)
    put(lake.store, records, times=2)
    lake.publish()
    changed = records[0].dossier
    assert list(differences(lake.store, lake.open())) == []
    assert list(differences(lake.store, lake.open(), (lake.office, {changed}))) == []
    tables = DeltaTables(address(lake.store, lake.name), lake.store.settings)
    births = tables._current("birth_certificate")
    births.update(new_values={"full_name": "Trần Thị Bười"}, predicate=f"dossier = '{changed}'")
    births.delete(f"dossier = '{records[1].dossier}' AND version = 1")
    told = [Difference("birth_certificate", lake.office, changed, 2, 2)]
    assert list(differences(lake.store, lake.open(), (lake.office, {changed}))) == told
    told.append(Difference("birth_certificate", lake.office, records[1].dossier, 2, 0))
    assert list(differences(lake.store, lake.open())) == told


def test_the_reader_reads_its_tables_and_nothing_else(lake: Lake) -> None:
    records = history(lake.office)[:1]
    put(lake.store, records)
    lake.publish()
    reader = Store(lake.server.settings_for(analyst("lake")))
    (entry, *_) = reader.list(ANALYTICS, f"{lake.name}/records/")
    assert reader.get(ANALYTICS, entry.key) is not None
    with pytest.raises(StoreForbidden):
        reader.put(ANALYTICS, f"{lake.name}/records/more.parquet", b"")
    with pytest.raises(StoreForbidden):
        reader.delete(ANALYTICS, entry.key)
    with pytest.raises(StoreForbidden):
        reader.get(RECORDS, record_key(lake.office, records[0].dossier, 1))
    with pytest.raises(StoreForbidden):
        list(reader.list(ANALYTICS, "other/"))


def test_a_dead_store_is_trouble_for_later(lake: Lake) -> None:
    away = lake.server.settings_for().model_copy(update={"endpoint": "127.0.0.1:9"})
    tables = DeltaTables("s3://analytics/x", away)
    with pytest.raises(TransientError, match="delta-away"):
        tables.written("versions", "s")
