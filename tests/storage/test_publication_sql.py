from __future__ import annotations

import multiprocessing
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from downstream import (
    LAND,
    checked,
    expected,
    found,
    new_office,
    opened,
    paper,
    publish_all,
    put,
    sha_of,
    target,
)
from sqlalchemy import Connection, text

from bench.databases import Server
from dossier.errors import StoreError, TransientError
from dossier.record import Component, Record
from dossier.settings import StoreSettings
from dossier.targets import SqlTarget
from storage.buckets import RECORDS
from storage.feed import Announced, Feed
from storage.outbox import event
from storage.publication.publishing import Publisher
from storage.publication.sql_connection import Database
from storage.publication.sql_errors import TargetAway, TargetRefuses
from storage.publication.targets import Cursor, Delivery, FeedDiverged, Handed, HandedOver
from storage.records import record_key
from storage.s3 import Store
from storage.s3_objects import Blob
from storage.seaweed.store import EmbeddedStore

T = TypeVar("T")


@pytest.fixture
def office() -> str:
    return new_office()


@pytest.fixture(params=["postgresql", "mariadb", "sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'downstream.sqlite'}"
    server: Server = request.getfixturevalue({"postgresql": "postgres", "mariadb": "maria"}[request.param])
    return server.url


def publish(store: Store, settings: SqlTarget, database: Database | None = None) -> Handed:
    to = opened(settings, database)
    try:
        return Publisher(store, Feed(store), to).publish()
    finally:
        to.close()


def history(office: str) -> list[Record]:
    """Four dossiers: one that stays, one superseded, one withdrawn and checked again, one never checked."""
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


def test_rows_downstream_are_the_records_row_for_row(store: Store, office: str, url: str) -> None:
    records, settings = history(office), target(url, office, batch=3)
    put(store, records)
    assert publish(store, settings) == Handed(events=7, records=5)
    assert found(settings) == expected(records, settings)
    assert publish(store, settings) == Handed()


def test_an_event_that_comes_twice_changes_nothing(store: Store, office: str, url: str) -> None:
    records, settings = history(office)[:2], target(url, office)
    put(store, records, times=3)
    publish(store, settings)
    put(store, records)
    publish(store, settings)
    assert [row["version"] for row in found(settings)["records"]] == [1, 1]
    assert len(found(settings)["fields"]) == 2 * 11


def test_two_publishers_at_once_hand_on_each_version_once(store: Store, office: str, url: str) -> None:
    records = [checked(office, f"{office}-{number}") for number in range(12)]
    settings = target(url, office, batch=2)
    put(store, records)
    handed: list[tuple[int, int]] = []

    def receipt(over: HandedOver) -> None:
        handed.append((over.first, over.last))

    def one() -> None:
        to = opened(settings)
        try:
            Publisher(store, Feed(store), to, receipt).publish()
        finally:
            to.close()

    publish(store, settings)  # of an empty chain or not, the schema is there
    threads = [threading.Thread(target=one) for _ in range(3)]
    more = [checked(office, f"{office}-{number}") for number in range(12, 24)]
    put(store, more)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found(settings) == expected([*records, *more], settings)
    assert set(handed) == {(first, first + 1) for first in range(13, 25, 2)}


class Dying(Database):
    """A database that is killed at the n-th transaction that writes: before its commit, or after it."""

    def __init__(self, server: Server, at: int, committed: bool) -> None:
        super().__init__("main", server.url)
        self._server, self._left, self._committed = server, at, committed

    def run(self, work: Callable[[Connection], T]) -> T:
        if work.__qualname__.startswith("SqlDatabase.hand"):
            self._left -= 1
            if self._left == 0:
                return self._die(work)
        return super().run(work)

    def _die(self, work: Callable[[Connection], T]) -> T:
        if self._committed:
            super().run(work)
            self._server.kill()
            raise TargetAway("target-away", "no answer to the commit")

        def and_die(connection: Connection) -> T:
            done = work(connection)
            self._server.kill()
            return done

        return super().run(and_die)


@pytest.mark.parametrize("server", ["postgres", "maria"])
@pytest.mark.parametrize("committed", [True, False])
def test_a_database_killed_around_its_commit_has_each_row_once(
    store: Store, office: str, server: str, committed: bool, request: pytest.FixtureRequest
) -> None:
    database: Server = request.getfixturevalue(server)
    records, settings = history(office), target(database.url, office, batch=2)
    put(store, records)
    to, told = opened(settings, Dying(database, 2, committed)), list[int]()
    with pytest.raises(TransientError):
        Publisher(store, Feed(store), to, lambda over: told.extend((over.first, over.last))).publish()
    to.close()
    database.start()
    assert told == [1, 2]
    to = opened(settings)
    assert to.cursor(office).seq == (4 if committed else 2)
    Publisher(store, Feed(store), to, lambda over: told.extend((over.first, over.last))).publish()
    assert to.cursor(office).told == 7
    to.close()
    assert told == [1, 2, 3, 4, 5, 6, 7, 7], "each hand-over is told, that of the lost answer too"
    assert found(settings) == expected(records, settings)


class Refusing(Store):
    """A store that refuses every third read of a record."""

    def __init__(self, settings: StoreSettings) -> None:
        super().__init__(settings)
        self._reads = 0

    def get(self, bucket: str, key: str, version_id: str | None = None) -> Blob | None:
        if bucket == RECORDS:
            self._reads += 1
            if self._reads % 3 == 0:
                raise StoreError("store-away", "refused on purpose")
        return super().get(bucket, key, version_id)


def test_a_store_that_refuses_puts_nothing_aside(
    embedded_store: EmbeddedStore, store: Store, office: str, url: str
) -> None:
    records, settings = history(office), target(url, office, batch=2)
    put(store, records)
    refusing, refused = Refusing(embedded_store.settings_for()), 0
    for _ in range(20):
        try:
            publish(refusing, settings)
            break
        except TransientError:
            refused += 1
    assert refused
    assert found(settings) == expected(records, settings)


def test_a_bad_record_goes_aside_and_comes_in_when_it_is_well_again(
    store: Store, office: str, url: str
) -> None:
    records, settings = history(office), target(url, office)
    put(store, records)
    b2 = records[3]
    key = record_key(office, b2.dossier, 2)
    store.put(RECORDS, key, b2.to_json().replace("Mận", "Đào").encode())
    assert publish(store, settings) == Handed(events=7, records=4, aside=1)
    to = opened(settings)
    aside = to.asides()
    assert [(a.seq, a.dossier, a.version, a.code) for a in aside] == [(4, b2.dossier, 2, "record-altered")]
    standing = {(r["dossier"], r["version"]): r["standing"] for r in found(settings)["records"]}
    assert standing[b2.dossier, 1] == "superseded", "what was overruled does not live on"
    store.put(RECORDS, key, b2.to_json().encode())
    assert Publisher(store, Feed(store), to).retry_aside() == Handed(events=1, records=1)
    assert to.asides() == []
    assert Publisher(store, Feed(store), to).retry_aside() == Handed()
    to.close()
    assert found(settings) == expected(records, settings)


def placed(**changes: object) -> Component:
    one = paper("c", "decision", {"subject": "Về việc"})
    return one.model_copy(update={"fields": (one.fields[0].model_copy(update=changes),)})


def test_values_that_do_not_fit_go_aside_without_their_neighbours(
    store: Store, office: str, url: str
) -> None:
    good = [checked(office, f"{office}-{number}") for number in range(3)]
    long = "x" * 70
    bad = [
        checked(
            office, f"{office}-date", components=(paper("c", "citizen-id-card", {"date_of_birth": "1/2/3"}),)
        ),
        checked(
            office, f"{office}-area", components=(paper("c", "land-certificate", {"area_m2": "1" * 30}),)
        ),
        checked(office, f"{office}-nul", components=(paper("c", "decision", {"subject": "a\0b"}),)),
        checked(office, f"{office}-long", made_by={"program": long}),
        checked(office, f"{office}-page", components=(placed(page=2**40),)),
    ]
    put(store, [good[0], *bad[:2], good[1], *bad[2:], good[2]])
    settings = target(url, office)
    assert publish(store, settings) == Handed(events=8, records=3, aside=5)
    to = opened(settings)
    assert {aside.code for aside in to.asides()} == {"value-misfit"}
    assert all(long not in aside.message and "1/2/3" not in aside.message for aside in to.asides())
    to.close()
    assert [row["dossier"] for row in found(settings)["records"]] == [r.dossier for r in good]


def test_what_only_the_database_refuses_goes_aside_too(store: Store, office: str, url: str) -> None:
    twice = paper("c1", "decision", {"subject": "Về việc"})
    same = checked(office, f"{office}-same", components=(twice, twice))
    records = [checked(office, f"{office}-1"), same, checked(office, f"{office}-2")]
    put(store, records)
    settings = target(url, office)
    assert publish(store, settings) == Handed(events=3, records=2, aside=1)
    to = opened(settings)
    assert [(aside.seq, aside.code) for aside in to.asides()] == [(2, "value-refused")]
    assert to.cursor(office).seq == 3
    to.close()


def test_another_record_of_the_same_version_goes_aside(store: Store, office: str, url: str) -> None:
    record = checked(office, f"{office}-1")
    put(store, [record])
    settings = target(url, office)
    publish(store, settings)
    other = record.model_copy(update={"components": ()})
    store.put(RECORDS, record_key(office, record.dossier, 1), other.to_json().encode())
    Feed(store).announce(office, event(other, sha_of(other)))
    assert publish(store, settings) == Handed(events=1, aside=1)
    assert found(settings) == expected([record], settings)


def test_an_event_of_another_form_goes_aside(store: Store, office: str, url: str) -> None:
    Feed(store).announce(office, {"data": {"dossier": "x"}})
    put(store, [checked(office, f"{office}-1")])
    settings = target(url, office)
    assert publish(store, settings) == Handed(events=2, records=1, aside=1)


def test_another_feed_than_the_one_followed_is_noticed(store: Store, office: str, url: str) -> None:
    put(store, history(office)[:2])
    settings = target(url, office)
    publish(store, settings)
    to = opened(settings)
    before = to.cursor(office)
    elsewhere = Announced(office, 3, "9" * 64, before.sha256, {})
    to.hand(office, before, [Delivery(elsewhere)])
    with pytest.raises(FeedDiverged):
        Publisher(store, Feed(store), to).publish()
    to.close()


def test_a_filter_by_types_hands_on_only_such_papers(store: Store, office: str, url: str) -> None:
    records = history(office)
    put(store, records)
    settings = target(url, office, types=("birth-certificate",))
    publish(store, settings)
    rows = found(settings)
    assert rows == expected(records, settings)
    assert {row["type"] for row in rows["fields"]} == {"birth-certificate"}
    assert "citizen_id_card" not in rows


def test_a_target_may_ask_for_what_is_not_checked(store: Store, office: str, url: str) -> None:
    records = history(office)
    put(store, records)
    settings = target(url, office, states=("checked", "returned"))
    publish(store, settings)
    rows = found(settings)
    assert rows == expected(records, settings)
    assert {row["standing"] for row in rows["records"] if row["dossier"] == f"{office}-d"} == {"unchecked"}
    assert f"{office}-d" not in {row["dossier"] for row in rows["birth_certificate"]}


def test_a_mapping_names_table_and_columns(store: Store, office: str, url: str) -> None:
    records = history(office)
    put(store, records)
    mapping = {
        "birth-certificate": {"table": "khai_sinh", "columns": {"full_name": "ho_ten", "sex": "gioi_tinh"}}
    }
    settings = target(url, office, mapping=mapping)
    publish(store, settings)
    rows = found(settings)
    assert rows == expected(records, settings)
    assert rows["khai_sinh"][0]["ho_ten"] == "Trần Thị Bưởi"
    assert "sex" not in rows["khai_sinh"][0]


def test_new_columns_come_by_themselves(store: Store, office: str, url: str) -> None:
    records = history(office)
    put(store, records[:3])
    few = {"birth-certificate": {"columns": {"full_name": "full_name"}}}
    settings = target(url, office, mapping=few)
    publish(store, settings)
    grown = settings.model_copy(update={"mapping": {}})
    put(store, records[3:])
    publish(store, grown)
    names = {(row["dossier"][-1], row["version"]): row["number"] for row in found(grown)["birth_certificate"]}
    assert names == {("a", 1): None, ("b", 1): None, ("c", 1): None, ("b", 2): "119/2026"}


def test_a_value_leads_to_page_and_box_in_one_query(store: Store, office: str, url: str) -> None:
    records = history(office)
    put(store, records)
    settings = target(url, office)
    publish(store, settings)
    database = Database("look", url)
    query = (
        f"SELECT file_sha256, page, x0, y0, x1, y1, dpi FROM {settings.prefix}current_fields "
        f"WHERE office = '{office}' AND dossier = '{office}-a' AND field = 'date_of_birth' AND component = 'c1'"
    )
    rows = database.run(lambda connection: connection.execute(text(query)).all())
    database.close()
    field = records[0].components[0].field("date_of_birth")
    assert field is not None
    assert [tuple(row) for row in rows] == [(records[0].drop[0].sha256, 1, *field.box, field.dpi)]


def test_a_target_that_is_away_is_caught_up(store: Store, office: str, maria: Server) -> None:
    records, settings = history(office), target(maria.url, office)
    put(store, records[:3])
    publish(store, settings)
    maria.kill()
    put(store, records[3:])
    with pytest.raises(TargetAway):
        publish(store, settings)
    maria.start()
    publish(store, settings)
    assert found(settings) == expected(records, settings)


def test_a_target_that_refuses_is_told_from_one_that_is_away(
    office: str, postgres: Server, maria: Server
) -> None:
    nobody = postgres.url.replace("/postgres", "/nothing_of_this_name")
    wrong = maria.url.replace("root@", "nobody:wrong@")
    for url in (nobody, wrong, "nonsense://x", "postgresql+nodriver://x"):
        with pytest.raises(TargetRefuses) as told:
            opened(target(url, office)).prepare()
        assert "wrong" not in str(told.value)


def test_a_newer_schema_is_left_alone(store: Store, office: str, url: str) -> None:
    settings = target(url, office)
    publish(store, settings)
    database = Database("look", url)
    statement = text(f"UPDATE {settings.prefix}schema_version SET version = 99")
    database.run(lambda connection: connection.execute(statement))
    database.close()
    with pytest.raises(TargetRefuses, match="99"):
        publish(store, settings)


def test_an_office_without_a_name_has_its_feed_too(store: Store, url: str) -> None:
    settings = target(url, "_")
    code = new_office()
    put(store, [checked("_", code)])
    publish(store, settings)
    assert ("_", code) in {(row["office"], row["dossier"]) for row in found(settings)["records"]}


def test_a_cursor_of_nothing_is_the_beginning(office: str, url: str) -> None:
    to = opened(target(url, office))
    to.prepare()
    assert to.cursor(office) == Cursor()
    assert to.stands() == {}
    to.close()


def test_tables_may_lie_in_a_schema_of_their_own(store: Store, office: str, postgres: Server) -> None:
    schema = f"s_{office.lower()}"
    database = Database("admin", postgres.url)
    database.run(lambda connection: connection.execute(text(f"CREATE SCHEMA {schema}")))
    database.close()
    records, settings = history(office), target(postgres.url, office, schema=schema)
    put(store, records)
    publish(store, settings)
    assert found(settings) == expected(records, settings)
    publish(store, settings.model_copy(update={"types": ("birth-certificate",)}))


@pytest.mark.parametrize("server", ["postgres", "maria"])
def test_a_publisher_killed_at_random_leaves_each_row_once(
    embedded_store: EmbeddedStore, store: Store, office: str, server: str, request: pytest.FixtureRequest
) -> None:
    database: Server = request.getfixturevalue(server)
    records = [checked(office, f"{office}-{number % 10}", 1 + number // 10) for number in range(30)]
    settings, chance = target(database.url, office, batch=1), random.Random(office)
    put(store, records)
    to = opened(settings)
    to.prepare()
    spawn, killed = multiprocessing.get_context("spawn"), 0
    while True:
        process = spawn.Process(target=publish_all, args=(embedded_store.settings_for(), settings))
        process.start()
        if killed < 2:
            while to.cursor(office).seq < 10 * (killed + 1) and process.is_alive():
                time.sleep(chance.uniform(0.01, 0.1))
            process.kill()
        process.join()
        if process.exitcode == 0:
            break
        killed += 1
    to.close()
    assert killed
    assert found(settings) == expected(records, settings)
