from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.stored import NIGHT, stored_records
from dossier.catalogue.documents import document_types
from dossier.lapses import due_on, last_day, months_after
from dossier.record import Component, Field, Record
from dossier.settings import Settings
from flows.process_identity import this_process
from flows.rechecking import Rechecked, question, recheck
from flows.shelves import Shelves
from storage.buckets import OUTBOX
from storage.index.due import overtaken
from storage.index.index import Index
from storage.leases import Leases
from storage.outbox import outbox_key
from storage.records import Records
from storage.s3 import Store
from validators.sources import Sources

KEY = b"k" * 32


@pytest.fixture
def shelves(store: Store, store_settings: Settings, tmp_path: Path) -> Iterator[Shelves]:
    with closing(Index(f"sqlite:///{tmp_path / 'index.sqlite'}", KEY)) as index:
        yield Shelves(
            settings=store_settings, store=store, records=Records(store), index=index, sources=Sources()
        )


@pytest.fixture
def code() -> str:
    """A dossier code that no other test uses."""
    return f"H13.96.31-260112-{uuid.uuid4().hex[:8]}"


def stored(shelves: Shelves, code: str, **changes: Any) -> Record:
    """A record whose confirmation of residence ran out yesterday, published and indexed."""
    first = next(iter(stored_records(1))).model_copy(update={"dossier": code} | changes)
    kept = shelves.records.publish(first)
    shelves.index.upsert(kept)
    return kept


def test_a_paper_that_ran_out_makes_a_version_with_only_the_verdict_changed(
    shelves: Shelves, code: str
) -> None:
    before = stored(shelves, code)
    assert recheck(shelves, question(NIGHT)) == Rechecked(looked=1, changed=1)
    after = shelves.records.latest(before.office, code)
    assert after is not None
    assert after.version == 2
    (change,) = after.changes
    assert (change.rule, change.before, change.now) == ("L04", "PASS", "FAIL")
    assert "đã hết" in change.reason
    assert (before.verdicts["live"], after.verdicts["live"]) == ("PASS", "FAIL")
    assert after.state == before.state
    same = {"components", "refused", "drop", "manifest", "decisions", "procedure", "dossier", "office"}
    assert after.model_dump(include=same) == before.model_dump(include=same)
    unlike = {f for f in after.findings if f not in before.findings}
    assert {finding.rule for finding in unlike} == {"L04"}
    assert shelves.store.get(OUTBOX, outbox_key(before.office, code, 2)) is not None
    assert shelves.records.version(before.office, code, 1) == before


def test_looking_twice_changes_nothing_and_what_cannot_have_changed_is_not_read(
    shelves: Shelves, code: str
) -> None:
    stored(shelves, code)
    recheck(shelves, question(NIGHT))
    assert recheck(shelves, question(NIGHT)) == Rechecked()
    assert shelves.records.versions("H13.96.31", code) == [1, 2]


def test_one_dossier_is_looked_at_though_it_is_not_due(shelves: Shelves, code: str) -> None:
    stored(shelves, code)
    early = question(NIGHT - timedelta(days=30))
    assert recheck(shelves, early) == Rechecked()
    assert recheck(shelves, early, ("H13.96.31", code)) == Rechecked(looked=1)
    assert recheck(shelves, question(NIGHT)).changed == 1  # it was not forgotten


def test_one_rule_is_held_over_every_record_and_takes_nothing_off_what_is_due(
    shelves: Shelves, code: str
) -> None:
    stored(shelves, code)
    assert recheck(shelves, question(NIGHT, rule="L06")) == Rechecked(looked=1)
    assert recheck(shelves, question(NIGHT, rule="L04")).changed == 1


def test_a_change_of_the_catalogue_makes_every_record_due_once(shelves: Shelves, code: str) -> None:
    record = stored(shelves, code, made_by={"catalogue": "older", "rules": "older"})
    early = question(NIGHT - timedelta(days=30))
    assert recheck(shelves, early) == Rechecked(looked=1)
    assert recheck(shelves, early) == Rechecked()
    assert shelves.records.versions(record.office, code) == [1]


def test_a_dossier_that_somebody_works_on_is_left_and_stays_due(shelves: Shelves, code: str) -> None:
    record = stored(shelves, code)
    leases = Leases(shelves.store, this_process(), 60)
    lease = leases.acquire(f"{record.office}/{code}")
    assert lease is not None
    with lease:
        assert recheck(shelves, question(NIGHT)) == Rechecked(looked=1, busy=1)
    assert recheck(shelves, question(NIGHT)).changed == 1


def test_a_rule_that_has_nothing_to_judge_any_more_makes_no_version(shelves: Shelves, code: str) -> None:
    first = next(iter(stored_records(2)))
    well = tuple(
        finding.model_copy(update={"verdict": "PASS"}) if finding.rule == "L15" else finding
        for finding in first.findings
    )
    stored(shelves, code, findings=well)  # it was open once, and in time
    recheck(shelves, question(NIGHT - timedelta(days=1)), ("H13.96.31", code))
    assert shelves.records.versions("H13.96.31", code) == [1]


class Dies(Exception):
    """A process that was killed: nothing of ours catches it."""


@pytest.mark.parametrize("at", range(1, 12))
def test_killed_after_any_write_it_is_gone_on_with_and_no_version_is_made_twice(
    shelves: Shelves, code: str, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = stored(shelves, code)
    writes = 0
    real = Store._conditional

    def dying(self: Store, *args: Any, **kwargs: Any) -> Any:
        nonlocal writes
        writes += 1
        done = real(self, *args, **kwargs)
        if writes == at:
            raise Dies
        return done

    with monkeypatch.context() as patched:
        patched.setattr(Store, "_conditional", dying)
        try:
            recheck(shelves, question(NIGHT))
        except Dies:
            pass
        else:
            assert writes < at
    leases = Leases(shelves.store, this_process(), 60)
    if (left := leases.acquire(f"{record.office}/{code}", {this_process()})) is not None:
        left.release()  # what the killed process held ends by itself, later
    recheck(shelves, question(NIGHT))
    assert shelves.records.versions(record.office, code) == [1, 2]
    latest = shelves.records.latest(record.office, code)
    assert latest is not None
    assert latest.version == 2
    assert recheck(shelves, question(NIGHT)).changed == 0


def test_a_record_that_cannot_be_read_fails_alone_and_stays_due(shelves: Shelves, code: str) -> None:
    lost = next(iter(stored_records(1))).model_copy(update={"dossier": f"{code}-lost"})
    shelves.index.upsert(lost)  # indexed, but not in the store
    stored(shelves, code)
    assert recheck(shelves, question(NIGHT)) == Rechecked(looked=2, changed=1, failed=1)
    assert recheck(shelves, question(NIGHT)).failed == 1
    assert {row["error"] for row in shelves.index.last_errors()} == {"record-missing"}


def result(record: Record, issued: str, number: str) -> Record:
    """The record with a birth certificate of one person as its result."""
    place = {"confidence": 0.99, "file": "c1.pdf", "page": 1, "box": (0, 0, 1, 1), "dpi": 200}
    said = {"personal_id": "093226007654", "registration_date": issued, "number": number}
    fields = tuple(
        Field.model_validate({"name": name, "value": value, **place}) for name, value in said.items()
    )
    paper = record.components[0].model_copy(
        update={"type": "birth-certificate", "role": "result", "fields": fields}
    )
    manifest = record.manifest | {"procedure": "1.001193"}
    return record.model_copy(update={"components": (paper,), "findings": (), "manifest": manifest})


def test_a_newer_result_on_the_same_matter_makes_the_older_one_due(shelves: Shelves, code: str) -> None:
    basis = next(iter(stored_records(1)))
    basis = basis.model_copy(update={"times": basis.times | {"made": datetime.now(UTC)}})
    for number, issued in enumerate(("2026-01-05", "2026-06-05"), start=1):
        record = result(basis, issued, f"{number}/2026").model_copy(update={"dossier": f"{code}-{number}"})
        shelves.index.upsert(shelves.records.publish(record))
        if number == 1:
            recheck(shelves, question(NIGHT))
            assert list(overtaken(shelves.index)) == []
    assert [one.code for one in overtaken(shelves.index)] == [f"{code}-1", f"{code}-2"]
    recheck(shelves, question(NIGHT))
    older = shelves.records.latest(basis.office, f"{code}-1")
    newer = shelves.records.latest(basis.office, f"{code}-2")
    assert older is not None
    assert newer is not None
    assert {f.verdict for f in older.findings if f.rule == "L06"} == {"FAIL"}
    assert {f.verdict for f in newer.findings if f.rule == "L06"} == {"PASS"}


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 120))
def test_months_later_is_never_in_a_later_month_than_asked(when: date, months: int) -> None:
    later = months_after(when, months)
    assert (later.year * 12 + later.month) - (when.year * 12 + when.month) == months
    assert later.day <= when.day


@given(st.one_of(st.none(), st.text(max_size=12), st.dates().map(date.isoformat)))
def test_whatever_a_paper_says_its_last_day_is_a_day_or_none(said: str | None) -> None:
    for known in document_types().values():
        name = known.life and (known.life.until or known.life.since)
        field = Field(name=name or "x", value=said, confidence=1, file="a", page=1, box=(0, 0, 1, 1), dpi=200)
        paper = Component(id="c", type=known.id, type_confidence=1, sources=(), fields=(field,))
        last = last_day(paper, known)
        assert last is None or known.life is not None


def test_a_record_is_due_the_day_after_the_next_of_its_papers_ends() -> None:
    record = next(iter(stored_records(1)))
    assert due_on(record, NIGHT - timedelta(days=1)) == NIGHT
    assert due_on(record, NIGHT) == date(2035, 3, 3)
    assert due_on(record, date(2035, 3, 3)) is None
    assert record.times["made"] < datetime.now(UTC)
