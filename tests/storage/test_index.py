from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from dossier.decisions import ReusedFrom
from dossier.errors import ConfigurationError
from dossier.record import Component, Record
from dossier.settings import Settings
from dossier.text.vietnamese import tone_key
from storage.buckets import RECORDS
from storage.connect import current_index
from storage.index.index import Index, open_index
from storage.records import Records
from storage.s3 import Store
from validators.case import EarlierRecords

KEY = b"k" * 32
PERSON = "001190001234"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    index = Index(f"sqlite:///{tmp_path / 'index.sqlite'}", KEY)
    yield index
    index.close()


def with_result(record: Record) -> Record:
    """The record with its first paper as the result: of one type, issuer, number, person."""
    first, *others = record.components
    place = {"confidence": 0.99, "file": "a.pdf", "page": 1, "box": (0, 0, 1, 1), "dpi": 200}
    fields = [
        {"name": "number", "value": "12/2026", **place},
        {"name": "registration_office", "value": "UBND xã Hoà Bình", **place},
        {"name": "registration_date", "value": "2026-10-05", **place},
        {"name": "personal_id", "value": PERSON, **place},
    ]
    result = Component.model_validate(
        first.model_dump() | {"type": "birth-certificate", "role": "result", "fields": fields}
    )
    return record.model_copy(update={"components": (result, *others)})


def test_an_index_that_was_thrown_away_is_rebuilt_equal_from_the_store(
    store: Store, tmp_path: Path, make_record: Callable[..., Record], code: str
) -> None:
    records = Records(store)
    live = Index(f"sqlite:///{tmp_path / 'live.sqlite'}", KEY)
    live.rebuild(records)  # what other tests left in the shared store
    for number in range(3):
        record = make_record(f"{code}-{number}")
        live.upsert(records.publish(record))
    second = with_result(record.model_copy(update={"version": 2, "drop": record.drop[:1]}))
    live.upsert(records.publish(second))

    rebuilt = Index(f"sqlite:///{tmp_path / 'rebuilt.sqlite'}", KEY)
    assert rebuilt.rebuild(records) >= 3
    assert rebuilt.contents() == live.contents()
    rebuilt.rebuild(records)
    assert rebuilt.contents() == live.contents()


def test_a_record_that_cannot_be_read_is_noted_and_the_others_are_indexed(
    admin_store: Store, index: Index, make_record: Callable[..., Record], code: str
) -> None:
    records = Records(admin_store)
    for number in range(2):
        records.publish(make_record(f"{code}-{number}"))
    pointer = f"H13.96.31/{code}-0/current.json"
    whole = admin_store.get(RECORDS, pointer)
    assert whole is not None
    admin_store.put(RECORDS, pointer, b"rubbish")
    index.rebuild(records)
    admin_store.put(RECORDS, pointer, whole.data)
    indexed = {row[1] for row in index.contents()["dossiers"] if str(row[1]).startswith(code)}
    assert indexed == {f"{code}-1"}
    assert ("record-damaged", f"{code}-0") in [
        (error["error"], error["code"]) for error in index.last_errors()
    ]


def test_upsert_is_idempotent_and_never_goes_back(index: Index, record: Record) -> None:
    second = record.model_copy(update={"version": 2, "state": "checked", "findings": ()})
    index.upsert(second)
    after = index.contents()
    index.upsert(second)
    index.upsert(record)
    assert index.contents() == after
    assert index.by_state() == {"checked": 1}


def test_status_questions_are_answered(index: Index, make_record: Callable[..., Record]) -> None:
    first = make_record("A-1")
    index.upsert(make_record("A-2", times={k: t + timedelta(days=1) for k, t in first.times.items()}))
    index.upsert(first)
    index.upsert(make_record("A-3", state="checked", office=None))
    assert index.by_state() == {"returned": 2, "checked": 1}
    assert index.by_state("H13.96.31") == {"returned": 2}
    returned = index.in_state("returned")
    assert [row["code"] for row in returned] == ["A-1", "A-2"]
    assert index.in_state("returned", office="H30.12") == []
    assert returned[0]["rules"] == ["D23", "S12", "U09"]
    assert (returned[0]["block_fail"], returned[0]["block_unknown"], returned[0]["warn_fail"]) == (1, 1, 1)
    index.note_error("H13.96.31", "A-1", "store-away", "first")
    index.note_error(None, None, "store-away", "second")
    assert [error["message"] for error in index.last_errors()] == ["second", "first"]


def test_earlier_records_are_found_by_what_the_rules_ask(
    index: Index, make_record: Callable[..., Record]
) -> None:
    port: EarlierRecords = index
    record = with_result(make_record("A-1"))
    index.upsert(record)
    sha256 = record.components[0].sources[0].sha256
    (same,) = port.same_file(sha256, "A-2")
    assert (same.dossier, same.version, same.component, same.type) == ("A-1", 1, "c1", "birth-certificate")
    assert same.issue_date == date(2026, 10, 5)
    assert port.same_file(sha256, "A-1") == ()
    # The place of a tone mark and the case of letters do not make another office.
    assert port.same_result("birth-certificate", "UBND XÃ HÒA BÌNH", "12/2026", "A-2") == (same,)
    assert port.same_result("birth-certificate", "UBND xã Hòa Bình", "13/2026", "A-2") == ()
    assert port.same_matter("birth-certificate", PERSON, "A-2") == (same,)
    assert port.same_matter("birth-notice", PERSON, "A-2") == ()
    assert port.open_dossiers("1.001193", PERSON, "A-2") == ("A-1",)
    assert port.open_dossiers("1.001193", PERSON, "A-1") == ()
    index.upsert(record.model_copy(update={"state": "checked"}))
    assert port.open_dossiers("1.001193", PERSON, "A-2") == ()


def test_papers_to_be_used_again_are_checked_good_new_and_of_the_office(
    index: Index, make_record: Callable[..., Record]
) -> None:
    def asked(on: str = "2026-11-20", office: str = "H13.96.31", dossier: str = "B-1", number: str = PERSON):
        found = index.reusable(
            office, dossier, "citizen-id-card", ("personal_id",), number, date.fromisoformat(on)
        )
        return [(one.dossier, one.component) for one in found]

    def keep(code: str, issued: str, state: str = "checked", **changes: object) -> None:
        record = with_card(make_record(code, state=state), issued)
        first, *others = record.components
        paper = first.model_copy(update=changes)
        index.upsert(record.model_copy(update={"components": (paper, *others)}))

    keep("A-1", "2022-05-10")
    assert asked() == [("A-1", "c1")]
    assert asked(office="H13.96.32") == asked(dossier="A-1") == asked(number="001190009999") == []
    assert asked(on="2035-03-02") == [("A-1", "c1")], "its last day"
    assert asked(on="2035-03-03") == []
    keep("A-2", "2022-05-10", reused_from=ReusedFrom(dossier="A-1", version=1, component="c1"))
    assert asked(dossier="A-1") == [], "a copy is none to be copied"
    keep("A-3", "2026-05-10", state="returned")
    assert asked() == [], "the newer one overtakes it, and is not checked"
    keep("A-3", "2026-05-10")
    assert asked() == [("A-3", "c1")]


def with_card(record: Record, issued: str) -> Record:
    """The record with the person's card, good until 2 March 2035, as its first paper."""
    first, *others = record.components
    place = {"confidence": 0.99, "file": "a.pdf", "page": 1, "box": (0, 0, 1, 1), "dpi": 200}
    values = {"personal_id": PERSON, "issue_date": issued, "expiry_date": "2035-03-02"}
    fields = [{"name": name, "value": value, **place} for name, value in values.items()]
    card = Component.model_validate(
        first.model_dump() | {"type": "citizen-id-card", "role": "extra", "fields": fields}
    )
    return record.model_copy(update={"components": (card, *others)})


def test_no_personal_data_stands_in_the_index(tmp_path: Path, make_record: Callable[..., Record]) -> None:
    path = tmp_path / "index.sqlite"
    index = Index(f"sqlite:///{path}", KEY)
    index.upsert(with_result(make_record("A-1")))
    index.close()
    with sqlite3.connect(path) as connection:
        dump = "\n".join(connection.iterdump())
    for secret in (PERSON, "Trần", "Bưởi", "Hoà Bình", "12/2026"):
        assert secret not in dump
    other = Index(f"sqlite:///{path}", b"other")
    assert other.same_matter("birth-certificate", PERSON, "A-2") == ()


def test_the_index_of_the_settings_keeps_its_key(tmp_path: Path, record: Record) -> None:
    settings = Settings(data=tmp_path / "data")
    open_index(settings).upsert(with_result(record))
    assert open_index(settings).same_matter("birth-certificate", PERSON, "other")
    assert (tmp_path / "data" / "index.key").stat().st_mode & 0o077 == 0


def test_many_that_write_at_once_wait_for_one_another(
    tmp_path: Path, make_record: Callable[..., Record]
) -> None:
    settings = Settings(data=tmp_path)

    def write(number: int) -> None:
        index = open_index(settings)
        for version in range(1, 6):
            index.upsert(with_result(make_record(f"A-{number % 3}")).model_copy(update={"version": version}))
        index.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    index = open_index(settings)
    assert index.by_state() == {"returned": 3}
    assert len(index.open_dossiers("1.001193", PERSON, "other")) == 3


def test_a_wrong_url_is_told() -> None:
    for url in ("nonsense", "nosuchdatabase://x/y"):
        with pytest.raises(ConfigurationError):
            Index(url, KEY)


def test_an_index_of_another_program_version_is_made_anew_from_the_store(
    store: Store, tmp_path: Path, make_record: Callable[..., Record], code: str
) -> None:
    Records(store).publish(make_record(code))
    settings = Settings(data=tmp_path)
    with closing(sqlite3.connect(tmp_path / "index.sqlite")) as old:
        old.executescript(
            "CREATE TABLE dossiers (office TEXT, code TEXT); INSERT INTO dossiers VALUES ('x', 'y')"
        )
    with closing(current_index(settings, store)) as index:
        codes = {row[1] for row in index.contents()["dossiers"]}
    assert code in codes
    assert "y" not in codes
    with closing(current_index(settings, store)) as index:
        assert not index.fresh


def told(record: Record, name: str, birth: str) -> Record:
    """The record, checked, with a certificate that tells this name and date of birth of the person."""
    first, *others = with_result(record).components
    place = {"confidence": 0.99, "file": "a.pdf", "page": 1, "box": (0, 0, 1, 1), "dpi": 200}
    more = [
        {"name": "full_name", "value": name, **place},
        {"name": "date_of_birth", "value": birth, **place},
    ]
    paper = Component.model_validate({**first.model_dump(), "fields": [*first.model_dump()["fields"], *more]})
    return record.model_copy(update={"state": "checked", "components": (paper, *others)})


def test_another_name_or_birth_of_a_number_is_found_among_earlier_checked_records(
    index: Index, make_record: Callable[..., Record]
) -> None:
    record = told(make_record("A-1"), "Lê Thị Hoà", "1990-01-02")
    index.upsert(record)
    after = record.times["received"] + timedelta(days=1)

    def otherwise(name: str, birth: str | None, dossier: str = "A-2", before: datetime = after) -> list[str]:
        found = index.same_person_otherwise(PERSON, tone_key(name), birth, dossier, before)
        return [earlier.dossier for earlier in found]

    assert otherwise("LÊ THỊ HÒA", "1990-01-02") == []
    assert otherwise("LÊ THỊ HÒA", None) == []
    assert otherwise("Lê Thị Hoa", "1990-01-02") == ["A-1"]
    assert otherwise("Lê Thị Hòa", "1990-02-01") == ["A-1"]
    assert otherwise("Lê Thị Hoa", None, dossier="A-1") == []
    assert otherwise("Lê Thị Hoa", None, before=record.times["received"]) == []
    index.upsert(record.model_copy(update={"version": 2, "state": "returned"}))
    assert otherwise("Lê Thị Hoa", "1990-01-02") == []


def test_two_numbers_of_one_name_have_no_hash_in_common(
    index: Index, make_record: Callable[..., Record]
) -> None:
    one = told(make_record("A-1"), "Lê Thị Hoà", "1990-01-02")
    other = one.model_copy(update={"dossier": "A-2", "components": tuple(
        paper.model_copy(update={"fields": tuple(
            field.model_copy(update={"value": "001190009999"}) if field.name == "personal_id" else field
            for field in paper.fields
        )})
        for paper in one.components
    )})  # fmt: skip
    index.upsert(one)
    index.upsert(other)
    hashes = [
        {row[at] for row in index.contents()["identifiers"] if row[1] == code and row[3] == "personal_id"}
        for code in ("A-1", "A-2")
        for at in (5, 6)
    ]
    assert all(hashes)
    assert not hashes[0] & hashes[2]
    assert not hashes[1] & hashes[3]
