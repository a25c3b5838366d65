"""A returned dossier becomes checked by people's word, and by nothing less: real store, real rules, no reading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest
from paper_builder import (
    BOX,
    CHILD_ID,
    MOTHER_ID,
    card,
    certificate,
    change_field,
    component,
    notice,
    without_field,
    witnesses,
)
from paper_builder import form as good_form
from returned_dossier import OFFICE, new_code, papers, published, shelves_of, unsure_identifier, unsure_name

from dossier.errors import Conflict, TerminalError
from dossier.record import AsRead, Field, Record
from dossier.settings import Settings
from flows.correcting import DecisionRefused, Request, decide, open_points
from flows.shelves import Shelves
from storage.audit import audited
from storage.buckets import OUTBOX, RECORDS
from storage.leases import Leases
from storage.receipts.view import receipt
from storage.records import record_key
from storage.s3 import Store
from storage.secret import house_key, person_mark

HOA, AN = "Lê Thị Hoa", "Phạm Văn An"
WHY = "đã so với bản giấy"
IDENTIFIER, NAME = "c4.personal_id", "c2.full_name"


@pytest.fixture
def shelves(store: Store, store_settings: Settings, tmp_path: Path) -> Iterator[Shelves]:
    opened = shelves_of(store, store_settings, tmp_path)
    yield opened
    opened.index.close()


@pytest.fixture
def code() -> str:
    return new_code()


def confirm(place: str, by: str = HOA) -> Request:
    paper, field = place.split(".")
    return Request(kind="confirm", component=paper, field=field, by=by, reason=WHY)


def correct(place: str, value: str, by: str = HOA) -> Request:
    return confirm(place, by).model_copy(update={"kind": "correct", "value": value})


def waive(rule: str, paper: str | None = None, by: str = HOA) -> Request:
    return Request(kind="waive", rule=rule, component=paper, by=by, reason=WHY)


def field_of(record: Record, place: str) -> Field:
    paper, name = place.split(".")
    found = next(one for one in record.components if one.id == paper).field(name)
    assert found is not None
    return found


def said(record: Record, rule: str) -> set[str]:
    return {finding.verdict for finding in record.findings if finding.rule == rule}


def told(shelves: Shelves, record: Record, *requests: Request) -> Record:
    return decide(shelves, OFFICE, record.dossier, record.version, requests)


def test_a_dossier_of_sure_papers_has_nothing_open(shelves: Shelves, code: str) -> None:
    record = published(shelves, code, papers())
    assert record.state == "checked"
    assert open_points(record) == ()


def test_two_people_make_an_identifier_checked_and_one_twice_does_not(shelves: Shelves, code: str) -> None:
    first = published(shelves, code, papers(certificate=unsure_identifier()))
    [point] = open_points(first)
    assert (point.component, point.field, point.page, point.box) == ("c4", "personal_id", 1, BOX)
    assert (point.value, point.acts, point.people_needed) == (CHILD_ID, ("confirm", "correct"), 2)

    second = told(shelves, first, confirm(IDENTIFIER))
    assert (second.version, second.state) == (2, "returned")
    [point] = open_points(second)
    assert "mới có một cán bộ" in point.said[0].reason
    assert (point.people, point.people_needed) == ((HOA,), 1)
    again = told(shelves, second, confirm(IDENTIFIER, "lê  thị HOA"))
    assert again.version == 2, "the same person says nothing new"

    third = told(shelves, second, confirm(IDENTIFIER, AN))
    assert (third.version, third.state) == (3, "checked")
    seen = field_of(third, IDENTIFIER)
    assert [w.by for w in seen.witnesses] == ["tesseract", f"person:{HOA}", f"person:{AN}"]
    assert seen.read == AsRead(value=CHILD_ID, confidence=0.99)


def test_a_corrected_value_is_the_persons_and_what_was_read_stays(shelves: Shelves, code: str) -> None:
    first = published(shelves, code, papers(notice=unsure_name()))
    second = told(shelves, first, correct(NAME, "  LÊ  MINH KHÔI"))
    assert second.state == "checked"
    seen = field_of(second, NAME)
    assert (seen.value, seen.read) == ("LÊ MINH KHÔI", AsRead(value="Lê Minh Khỏi", confidence=0.4))
    assert [(w.by, w.value) for w in seen.witnesses] == [
        ("tesseract", "Lê Minh Khỏi"),
        ("aster", "Lê Minh Khỏi"),
        (f"person:{HOA}", "LÊ MINH KHÔI"),
    ]


def test_the_record_before_stays_as_it_was_and_the_next_names_the_same_evidence(
    shelves: Shelves, store: Store, code: str
) -> None:
    first = published(shelves, code, papers(notice=unsure_name()))
    key = record_key(OFFICE, code, 1)
    before = store.get(RECORDS, key)
    second = told(shelves, first, correct(NAME, "Lê Minh Khôi"))
    after = store.get(RECORDS, key)
    assert before is not None
    assert after is not None
    assert before.data == after.data
    assert len(list(store.list(RECORDS, key, versions=True))) == 1
    assert first.evidence == second.evidence is not None
    assert said(second, "D04") == {"PASS"}, "the card's MRZ is judged from its text again"
    assert store.get(OUTBOX, f"{OFFICE}/{code}/v000002.json") is not None
    assert shelves.records.latest(OFFICE, code) == Record.model_validate_json(second.to_json())
    assert shelves.index.by_state() == {"checked": 1}


def test_a_failed_block_is_never_waived(shelves: Shelves, code: str) -> None:
    number = change_field(certificate(), "personal_id", "999226007654")
    first = published(shelves, code, papers(certificate=number, card=expired_card()))
    assert "L01" in {s.rule for p in open_points(first) for s in p.said}
    for rule, paper in (("L01", "c3"), ("D01", "c4")):
        with pytest.raises(DecisionRefused, match="block-not-waivable"):
            told(shelves, first, waive(rule, paper))
    assert shelves.records.versions(OFFICE, code) == [1]


def expired_card():
    return change_field(card(), "expiry_date", "2020-03-02")


def test_a_warning_is_waived_with_name_and_reason_and_stays_in_the_findings(
    shelves: Shelves, code: str
) -> None:
    first = published(shelves, code, papers(notice=another_name()))
    assert {s.rule for p in open_points(first) for s in p.said} == {"D23"}
    second = told(shelves, first, waive("D23", "c2", AN))
    assert second.state == "checked"
    assert "FAIL" in said(second, "D23")
    assert {d.by for d in second.decisions} == {AN}
    labels = [p["label"] for p in receipt(second)["problems"] if p["rule"] == "D23"]
    assert labels
    assert all(WHY in label for label in labels)


def another_name():
    return change_field(notice(), "full_name", "Lê Minh Khang")


def test_a_waiver_says_nothing_of_a_value_that_came_after_it(shelves: Shelves, code: str) -> None:
    first = published(shelves, code, papers(notice=another_name()))
    second = told(shelves, first, waive("D23", "c2"))
    third = told(shelves, second, correct(NAME, "Lê Minh Khánh"))
    assert third.state == "returned"
    assert {s.rule for p in open_points(third) for s in p.said} == {"D23"}


def test_a_waiver_of_what_a_correction_settled_is_no_mistake(shelves: Shelves, code: str) -> None:
    first = published(shelves, code, papers(notice=another_name()))
    second = told(shelves, first, correct(NAME, "Lê Minh Khôi"), waive("D23", "c2"))
    assert second.state == "checked"
    assert [d.kind for d in second.decisions] == ["correct"]
    with pytest.raises(DecisionRefused, match="nothing-to-waive"):
        told(shelves, second, waive("D23", "c2"))


def test_people_against_a_code_do_not_make_it_right(shelves: Shelves, code: str) -> None:
    read = change_field(certificate(), "personal_id", witnesses=witnesses(CHILD_ID, "qr"))
    record = published(shelves, code, papers(certificate=read))
    for who in (HOA, AN, "Mai Thị Tư"):
        record = told(shelves, record, correct(IDENTIFIER, "092226007655", who))
    assert record.state == "returned"
    assert field_of(record, IDENTIFIER).confidence < 0.95
    [point] = open_points(record)
    assert "QR" in point.said[0].reason
    assert point.people_needed == 0


def test_people_who_differ_leave_it_open_until_a_third_speaks(shelves: Shelves, code: str) -> None:
    record = published(shelves, code, papers(notice=unsure_name()))
    record = told(shelves, record, correct(NAME, "Lê Minh Khôi"))
    assert record.state == "checked"
    record = told(shelves, record, correct(NAME, "Lê Minh Khội", AN))
    assert record.state == "returned"
    record = told(shelves, record, correct(NAME, "Lê Minh Khôi", "Mai Thị Tư"))
    assert record.state == "checked"


def test_what_the_words_and_two_readers_contradict_no_person_talks_away(shelves: Shelves, code: str) -> None:
    seen = (*witnesses("2026-10-28", "tesseract", "aster"), *witnesses("2026-10-26", "words"))
    paper = change_field(certificate(), "date_of_birth", witnesses=seen)
    record = published(shelves, code, papers(certificate=paper))
    for day in ("26/10/2026", "28/10/2026"):
        record = told(shelves, record, correct("c4.date_of_birth", day), correct("c4.date_of_birth", day, AN))
        assert said(record, "D08") == {"FAIL"}
        assert record.state == "returned"


def test_words_read_in_doubt_are_settled_by_who_looked(shelves: Shelves, code: str) -> None:
    seen = (*witnesses("2026-10-28", "tesseract"), *witnesses("2026-10-26", "words"))
    paper = change_field(certificate(), "date_of_birth", witnesses=seen)
    record = published(shelves, code, papers(certificate=paper))
    assert said(record, "D08") == {"UNKNOWN"}
    assert told(shelves, record, confirm("c4.date_of_birth")).state == "checked"


def test_a_value_that_no_reader_found_is_typed_in(shelves: Shelves, code: str) -> None:
    record = published(shelves, code, papers(certificate=without_field(certificate(), "number")))
    [point] = [p for p in open_points(record) if p.field == "number"]
    assert (point.component, point.value, point.acts, point.people_needed) == ("c4", None, ("correct",), 2)
    record = told(shelves, record, correct("c4.number", "119/2026"))
    assert record.state == "returned"
    assert told(shelves, record, correct("c4.number", "119/2026", AN)).state == "checked"


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (correct("c4.date_of_birth", "31/02/2026"), "value-unfit"),
        (correct(IDENTIFIER, "0922260076"), "value-unfit"),
        (correct("c4.sex", "..."), "value-unfit"),
        (confirm("c9.full_name"), "component-unknown"),
        (confirm("c4.no_such_field"), "field-unknown"),
        (confirm("c2.mother_birth_year").model_copy(update={"reason": " "}), "reason-missing"),
        (confirm(NAME, " . "), "name-missing"),
        (waive("D23", "c1"), "nothing-to-waive"),
        (waive("X99"), "nothing-to-waive"),
        (waive("D23", "c9"), "component-unknown"),
    ],
)
def test_what_cannot_be_decided_is_said_in_vietnamese_and_changes_nothing(
    shelves: Shelves, code: str, request_: Request, why: str
) -> None:
    record = published(shelves, code, papers(notice=unsure_name()))
    with pytest.raises(DecisionRefused, match=why) as refused:
        told(shelves, record, confirm(NAME), request_)
    assert refused.value.advice
    assert request_.value is None or request_.value not in str(refused.value)
    assert shelves.records.versions(OFFICE, code) == [1]


def test_who_looked_at_an_older_version_is_told_to_look_again(shelves: Shelves, code: str) -> None:
    first = published(shelves, code, papers(certificate=unsure_identifier(), notice=unsure_name()))
    second = told(shelves, first, confirm(IDENTIFIER))
    again = told(shelves, first, confirm(IDENTIFIER))
    assert again.to_json() == second.to_json(), "the same again, its answer got lost"
    with pytest.raises(Conflict, match="record-moved-on"):
        told(shelves, first, confirm(IDENTIFIER, AN))
    with pytest.raises(TerminalError, match="dossier-unknown"):
        decide(shelves, OFFICE, "H13.96.31-261120-9999", 1, [confirm(IDENTIFIER)])


def test_a_decision_waits_for_the_hand_that_lets_go(shelves: Shelves, store: Store, code: str) -> None:
    record = published(shelves, code, papers(certificate=unsure_identifier()))
    lease = Leases(store, "another machine", 60).acquire(f"{OFFICE}/{code}")
    assert lease is not None
    Timer(1.5, lease.release).start()  # as an intake does, some moments after the record is there
    assert told(shelves, record, confirm(IDENTIFIER)).version == 2


def test_a_dossier_in_an_intakes_hand_is_left_alone(
    shelves: Shelves, store: Store, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.correcting.PATIENCE_S", 0.5)
    record = published(shelves, code, papers(certificate=unsure_identifier()))
    lease = Leases(store, "another machine", 60).acquire(f"{OFFICE}/{code}")
    assert lease is not None
    with lease, pytest.raises(Conflict, match="dossier-busy"):
        told(shelves, record, confirm(IDENTIFIER))
    assert told(shelves, record, confirm(IDENTIFIER)).version == 2


def test_a_later_paper_keeps_the_decisions_and_a_replaced_one_takes_its_own_along(
    shelves: Shelves, code: str
) -> None:
    first = published(shelves, code, papers(certificate=unsure_identifier(), notice=unsure_name()))
    second = told(shelves, first, confirm(IDENTIFIER), correct(NAME, "Lê Minh Khôi"))
    third = told(shelves, second, confirm(IDENTIFIER, AN))
    assert third.state == "checked"

    # Another paper comes and stands before all others: the components have other ids.
    late = component("late", "authorisation", {}, "GIẤY ỦY QUYỀN")
    old = papers(certificate=unsure_identifier(), notice=unsure_name())
    moved = tuple(one.model_copy(update={"id": f"c{n}"}) for n, one in enumerate(old, 2))
    fourth = published(shelves, code, (late.model_copy(update={"id": "c1"}), *moved), version=4)
    assert [(d.component, d.field) for d in fourth.decisions] == [
        ("c5", "personal_id"),
        ("c3", "full_name"),
        ("c5", "personal_id"),
    ]
    assert field_of(fourth, "c3.full_name").value == "Lê Minh Khôi"
    assert said(fourth, "D24") == {"PASS"}

    # The certificate is scanned anew: what was said of the old pages is said of nothing here.
    anew = unsure_identifier()
    other = tuple(s.model_copy(update={"sha256": "f" * 64}) for s in anew.sources)
    replaced = papers(certificate=anew.model_copy(update={"sources": other}), notice=unsure_name())
    fifth = published(shelves, code, replaced, version=5)
    assert [(d.component, d.field) for d in fifth.decisions] == [("c2", "full_name")]
    assert fifth.state == "returned"


def test_every_decision_is_in_the_audit_once_and_names_no_value(
    shelves: Shelves, store: Store, code: str
) -> None:
    first = published(shelves, code, papers(certificate=unsure_identifier(), notice=unsure_name()))
    asked = (confirm(IDENTIFIER), correct(NAME, "Lê Minh Khôi"))
    told(shelves, first, *asked)
    told(shelves, first, *asked)
    hoa = person_mark(house_key(shelves.settings.data), HOA)
    links = list(audited(store, OFFICE, code))
    entries = [link.entry for link in links if link.entry["what"] in ("confirm", "correct")]
    assert {(e["what"], e["component"], e["field"], e["by"], e["version"]) for e in entries} == {
        ("confirm", "c4", "personal_id", hoa, 2),
        ("correct", "c2", "full_name", hoa, 2),
    }
    assert len(entries) == 2
    assert not [e for e in entries if any(word in str(e) for word in (CHILD_ID, "Khôi", HOA))]


def test_a_record_without_evidence_keeps_what_was_said_of_its_text(shelves: Shelves, code: str) -> None:
    old = published(shelves, code, papers(notice=unsure_name())).model_copy(
        update={"evidence": None, "version": 2}
    )
    shelves.records.publish(old)
    record = told(shelves, old, correct(NAME, "Lê Minh Khôi"))
    assert record.state == "checked"
    for rule in ("D04", "U06", "U15", "L09", "S02"):
        assert [f for f in record.findings if f.rule == rule] == [f for f in old.findings if f.rule == rule]


def test_the_receipt_tells_who_decided_and_no_number(shelves: Shelves, code: str) -> None:
    first = published(shelves, code, papers(certificate=unsure_identifier()))
    second = told(shelves, first, confirm(IDENTIFIER))
    view = receipt(second)
    assert [(d["label"], d["by"], d["title"]) for d in view["decisions"]] == [
        ("Xác nhận giá trị", HOA, "Số định danh cá nhân")
    ]
    assert CHILD_ID not in str(view)
    assert MOTHER_ID not in str(view)
    assert good_form().id not in str(view["decisions"])
