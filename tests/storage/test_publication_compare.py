"""What changed downstream is found: rows are held against a replica made from feed and records."""

from __future__ import annotations

from pathlib import Path

import pytest
from downstream import checked, new_office, opened, put, target
from sqlalchemy import delete, insert, select, update

from dossier.targets import SqlTarget
from storage.buckets import RECORDS
from storage.feed import Feed
from storage.publication.compare import Difference, Only, differences
from storage.publication.publishing import Publisher
from storage.publication.sql import SqlDatabase
from storage.records import Records, record_key
from storage.s3 import Store


@pytest.fixture
def office() -> str:
    return new_office()


@pytest.fixture(params=["postgres", "maria"])
def downstream(request: pytest.FixtureRequest, store: Store, office: str) -> SqlTarget:
    """A database with three dossiers of this office, one of them in two versions."""
    codes = [f"{office}-{letter}" for letter in "abc"]
    records = [checked(office, code) for code in codes] + [checked(office, codes[1], 2, state="returned")]
    put(store, records)
    settings = target(request.getfixturevalue(request.param).url, office, batch=2)
    publisher = opened(settings)
    Publisher(store, Feed(store), publisher).publish()
    publisher.close()
    return settings


def found(store: Store, settings: SqlTarget, only: Only | None = None) -> set[Difference]:
    database = opened(settings)
    try:
        return set(differences(store, database, only))
    finally:
        database.close()


def change(settings: SqlTarget, statement: object) -> None:
    database = opened(settings)
    try:
        database.read(lambda connection: connection.execute(statement))  # type: ignore[call-overload]
    finally:
        database.close()


def test_rows_that_were_left_alone_are_those_of_the_records(store: Store, downstream: SqlTarget) -> None:
    assert found(store, downstream) == set()


def test_a_changed_a_removed_and_an_added_row_are_found(
    store: Store, downstream: SqlTarget, office: str
) -> None:
    data = opened(downstream).tables.data
    fields, births, records = data["fields"], data["birth_certificate"], data["records"]
    change(downstream, update(births).where(births.c.dossier == f"{office}-a").values(full_name="Ai đó"))
    change(downstream, delete(fields).where(fields.c.dossier == f"{office}-c", fields.c.field == "number"))
    database = opened(downstream)
    row = dict(database.read(lambda c: c.execute(select(records)).mappings().first()) or {})
    database.close()
    change(downstream, insert(records).values(row | {"dossier": f"{office}-x"}))
    assert found(store, downstream) == {
        Difference("birth_certificate", office, f"{office}-a", 1, 1),
        Difference("fields", office, f"{office}-c", 1, 0),
        Difference("records", office, f"{office}-x", 0, 1),
    }


def test_one_dossier_is_compared_by_itself(store: Store, tmp_path: Path, office: str) -> None:
    settings = target(f"sqlite:///{tmp_path / 'downstream.sqlite'}", office)
    for code in ("a", "b"):
        Records(store).publish(checked(office, f"{office}-{code}"))
    database: SqlDatabase = opened(settings)
    Publisher(store, Feed(store), database).publish()
    database.close()
    components = database.tables.data["components"]
    change(settings, update(components).values(role="other"))
    assert {one.dossier for one in found(store, settings, (office, {f"{office}-b"}))} == {f"{office}-b"}


def test_what_waits_for_a_person_is_no_difference(store: Store, tmp_path: Path, office: str) -> None:
    settings = target(f"sqlite:///{tmp_path / 'downstream.sqlite'}", office)
    put(store, [checked(office, "a"), second := checked(office, "a", 2)])
    key = record_key(office, "a", 2)
    store.put(RECORDS, key, second.to_json().replace("Mận", "Đào").encode())
    database = opened(settings)
    Publisher(store, Feed(store), database).publish()
    store.put(RECORDS, key, second.to_json().encode())  # put right, and not taken once more yet
    assert [aside.version for aside in database.asides()] == [2]
    assert found(store, settings) == set()
    Publisher(store, Feed(store), database).retry_aside()
    database.close()
    assert found(store, settings) == set()
