from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from downstream import BIRTH, LAND, MADE, checked, paper, sha_of
from hypothesis import given
from hypothesis import strategies as st

from dossier.catalogue.documents import document_types
from dossier.decisions import Decision
from dossier.kinds import kinds
from dossier.record import Finding, Record
from dossier.targets import RESERVED, SqlTarget
from dossier.waiving import basis_of
from storage.feed import Announced
from storage.outbox import event
from storage.publication.plan import Plan, Planner, Version
from storage.publication.rows import Misfit, Row, check, rows, typed
from storage.publication.shape import COMMON, Shape, typed_shapes
from storage.publication.standing import Life
from storage.publication.targets import Delivery, Problem

TARGET = SqlTarget.model_validate({"kind": "sql", "url": "sqlite://"})
SHAPES: dict[str, Shape] = {shape.name: shape for shape in (*COMMON, *typed_shapes(TARGET).values())}
BAD = Problem("record-missing", "the store does not have the record")


def delivery(record: Record, seq: int) -> Delivery:
    return Delivery(
        Announced("T1", seq, f"{seq:064d}", f"{seq - 1:064d}", event(record, sha_of(record))), record
    )


@dataclass
class Memory:
    """A target in memory: what the plans leave behind."""

    rows: dict[str, dict[tuple[Any, ...], Row]] = field(default_factory=dict)
    known: dict[str, dict[int, Version]] = field(default_factory=dict)
    asides: dict[int, str] = field(default_factory=dict)

    def take(self, deliveries: list[Delivery]) -> None:
        self._apply(Planner("T1", TARGET, SHAPES, self.known).plan(deliveries))

    def _apply(self, plan: Plan) -> None:
        for name, lines in plan.rows.items():
            for row in lines:
                key = tuple(row[part] for part in SHAPES[name].key)
                assert key not in self.rows.setdefault(name, {}), "a row is there once"
                self.rows[name][key] = dict(row)
        for version in (*plan.new, *plan.changed):
            self.known.setdefault(version.dossier, {})[version.version] = version
        for end in plan.ends:
            for name in end.tables:
                for row in self.rows[name].values():
                    if (row["dossier"], row["version"]) == (end.dossier, end.version):
                        row.update(end.life.columns())
                        if name == "records":
                            row["reason"] = end.life.reason
        for aside in plan.asides:
            self.asides[aside.seq] = aside.code


histories = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["checked", "returned", "refused"])), max_size=10
)


def announced(history: Iterable[tuple[str, str]]) -> list[Record]:
    """The records of a history, each dossier's versions in order."""
    made: dict[str, int] = {}
    found = []
    for code, state in history:
        made[code] = made.get(code, 0) + 1
        found.append(checked("T1", code, made[code], state=state))
    return found


@given(histories, st.data())
def test_batches_repeats_and_retries_leave_the_same_rows(
    history: list[tuple[str, str]], data: st.DataObject
) -> None:
    """However the feed is cut, however often an event comes, and whatever went aside and came in later."""
    records = announced(history)
    whole = Memory()
    whole.take([delivery(record, seq) for seq, record in enumerate(records, 1)])

    cut, seq, late = Memory(), 0, []
    queue = [delivery(record, number) for number, record in enumerate(records, 1)]
    while seq < len(queue):
        size = data.draw(st.integers(1, 4))
        batch = []
        for one in queue[seq : seq + size]:
            bad = data.draw(st.booleans())
            batch += [Delivery(one.announced, problem=BAD) if bad else one] * data.draw(st.integers(1, 2))
            late += [one] if bad else []
        if seq and data.draw(st.booleans()):
            batch.append(queue[data.draw(st.integers(0, seq - 1))])
        cut.take(batch)
        seq += size
    for one in data.draw(st.permutations(late)):
        cut.take([one])
    assert cut.rows == whole.rows
    assert {d: set(v) for d, v in cut.known.items()} == {d: set(v) for d, v in whole.known.items()}


@given(histories)
def test_of_each_dossier_at_most_the_newest_version_lives(history: list[tuple[str, str]]) -> None:
    records, memory = announced(history), Memory()
    memory.take([delivery(record, seq) for seq, record in enumerate(records, 1)])
    newest = {record.dossier: record for record in records}
    living = [row for row in memory.rows.get("records", {}).values() if row["standing"] == "live"]
    assert {(row["dossier"], row["version"]) for row in living} == {
        (record.dossier, record.version) for record in newest.values() if record.state == "checked"
    }
    for row in memory.rows.get("birth_certificate", {}).values():
        record = memory.rows["records"][row["office"], row["dossier"], row["version"]]
        assert [row[name] for name in ("standing", "valid_from", "valid_to")] == [
            record[name] for name in ("standing", "valid_from", "valid_to")
        ]
        assert (row["valid_to"] is None) == (row["standing"] == "live")


def test_a_withdrawn_record_says_why() -> None:
    memory = Memory()
    finding = Finding(
        rule="D23", word="correct", verdict="FAIL", severity="BLOCK", reason="Tên khác nhau.", source="x"
    )
    first = checked("T1", "a")
    second = checked("T1", "a", 2, state="returned", findings=(finding,))
    memory.take([delivery(first, 1), delivery(second, 2)])
    (row,) = memory.rows["records"].values()
    assert (row["standing"], row["valid_to"]) == ("withdrawn", second.times["made"])
    assert row["reason"] == "version 2 returned: D23: Tên khác nhau."


def test_a_clock_that_was_set_back_makes_no_negative_life() -> None:
    memory = Memory()
    first = checked("T1", "a")
    second = checked("T1", "a", 2, times={"received": MADE, "made": MADE - timedelta(days=9)})
    memory.take([delivery(first, 1), delivery(second, 2)])
    old = memory.rows["records"]["T1", "a", 1]
    assert old["valid_to"] == old["valid_from"] == first.times["made"]


def test_rows_have_the_columns_of_their_tables_and_no_other() -> None:
    record = checked("T1", "a")
    for name, lines in rows(record, sha_of(record), 1, Life("live", MADE), TARGET).items():
        for row in lines:
            assert set(row) <= {column.name for column in SHAPES[name].columns}


def test_values_have_the_type_of_their_kind() -> None:
    papers = (paper("c1", "birth-certificate", dict(BIRTH)), paper("c2", "land-certificate", dict(LAND)))
    made = rows(checked("T1", "a", components=papers), "0" * 64, 1, Life("live", MADE), TARGET)
    assert made["birth_certificate"][0]["date_of_birth"] == date(2026, 10, 1)
    assert made["birth_certificate"][0]["mother_birth_year"] == "1999"
    assert made["birth_certificate"][0]["father_name"] is None
    assert made["land_certificate"][0]["area_m2"] == Decimal("1250.5")


def test_a_card_without_end_has_no_date_and_says_so() -> None:
    for value, day, flag in (
        ("unlimited", None, True),
        ("2035-03-02", date(2035, 3, 2), False),
        (None, None, None),
    ):
        record = checked("T1", "a", components=(paper("c", "citizen-id-card", {"expiry_date": value}),))
        (row,) = rows(record, "0" * 64, 1, Life("live", MADE), TARGET)["citizen_id_card"]
        assert (row["expiry_date"], row["expiry_date_unlimited"]) == (day, flag)


@given(st.text(), st.sampled_from(sorted(kinds())))
def test_any_text_is_a_value_of_its_column_or_a_misfit(value: str, kind: str) -> None:
    try:
        found = typed(value, kind, "table.column")
    except Misfit:
        return
    assert str(found) == value or isinstance(found, Decimal)
    if isinstance(found, Decimal):
        assert found == Decimal(value)
        assert found == round(found, 2)


@given(st.from_regex(r"-?[0-9]{1,22}(\.[0-9]{1,4})?", fullmatch=True))
def test_a_number_is_exact_or_a_misfit(value: str) -> None:
    try:
        found = typed(value, "area")
    except Misfit:
        assert abs(Decimal(value)) >= 10**18 or Decimal(value) % Decimal("0.01")
    else:
        assert found == Decimal(value)


def test_a_required_value_is_missed_by_name_only() -> None:
    record = checked("T1", "a", made_by={"program": "x" * 80})
    made = rows(record, sha_of(record), 1, Life("live", MADE), TARGET)
    with pytest.raises(Misfit, match=r"^records\.program: longer than 64 characters$"):
        check(made, SHAPES)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_float_that_is_no_number_is_a_misfit(value: float) -> None:
    record = checked("T1", "a", scores={"total": value})
    made = rows(record, sha_of(record), 1, Life("live", MADE), TARGET)
    with pytest.raises(Misfit, match=r"^records\.score_total: no number$"):
        check(made, SHAPES)


@pytest.mark.parametrize("type_id", sorted(document_types()))
def test_every_document_type_has_a_table_without_clashes(type_id: str) -> None:
    shape = typed_shapes(TARGET)[type_id]
    columns = [column.name for column in shape.columns]
    assert len(columns) == len(set(columns))
    assert not RESERVED & set(document_types()[type_id].fields)
    assert all(len(f"{name}_unlimited") <= 63 for name in columns)


def test_who_waived_a_warning_is_told_with_it() -> None:

    finding = Finding(
        rule="S12", word="clean", verdict="FAIL", severity="WARN", reason="Nghiêng.", source="x"
    )
    record = checked("T1", "a", findings=(finding,))
    basis = basis_of(finding, record.components, record.drop, document_types())
    decision = Decision(kind="waive", rule="S12", basis=(basis,), by="Hà", reason="Đọc được", at=MADE)
    made = rows(record.model_copy(update={"decisions": (decision,)}), "0" * 64, 1, Life("live", MADE), TARGET)
    assert [(row["rule"], row["waived_by"]) for row in made["findings"]] == [("S12", "Hà")]
