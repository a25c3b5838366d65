"""One fact told in several places: who agrees, who does not, and where both stand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from dossier_builder import Everything, case_of, change, findings_of, good_case, says
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_builder import BOX, MOTHER_ID, card, certificate, change_field, form, notice, witnesses

from dossier.kinds import kinds
from dossier.people import people
from dossier.record import Component, Field, Place, Witness
from validators.persons import same_people
from validators.witnesses import Telling, disagreements, readings, views

NAMES = ["Lê Thị Hòa", "LÊ THỊ HOÀ", "Lê Thị Hoa", "LE THI HOA", "Lê Văn Bảy"]
DATES = ["2020-01-02", "2020-02-01", "1999-12-31"]
ADDRESSES = ["Xã Vị Thủy, Thành phố Cần Thơ", "xã Vị Thuỷ, TP Cần Thơ", "Ấp 4, xã Vị Thủy, TP. Cần Thơ"]
IDS = [MOTHER_ID, "092226007654"]
TOLD = {"person-name": NAMES, "date": DATES, "address": ADDRESSES, "personal-id": IDS}


def telling(
    by: str | None, text: str, kind: str = "person-name", paper: str = "c1", sure: float = 0.99
) -> Telling:
    field = Field(
        name="f", value=text, confidence=sure, file=f"{paper}.pdf", page=1, box=BOX, dpi=300,
        witnesses=(Witness(by=by or "aster", value=text),),
    )  # fmt: skip
    return Telling(
        by, text, kinds()[kind], Component(id=paper, type="t", type_confidence=1, sources=()), field
    )


def of_kind(kind: str) -> st.SearchStrategy[Telling]:
    return st.builds(
        telling,
        st.sampled_from([None, "tesseract", "qr", "mrz", "mrz@repaired"]),
        st.sampled_from(TOLD[kind]),
        st.just(kind),
        st.sampled_from(["c1", "c2", "c3"]),
        st.sampled_from([0.5, 0.9, 0.99]),
    )


lists = st.sampled_from(sorted(TOLD)).flatmap(lambda kind: st.lists(of_kind(kind), max_size=6))
births = st.one_of(
    of_kind("date"),
    st.builds(telling, st.none(), st.sampled_from(["2020", "1999"]), st.just("year"), st.just("c4")),
)


@settings(deadline=None)
@given(st.one_of(lists, st.lists(births, max_size=6)))
def test_saying_the_same_is_reflexive_and_symmetric(told):
    for one in told:
        assert one.same(one)
        assert all(one.same(other) == other.same(one) for other in told)


@settings(deadline=None)
@given(lists)
def test_saying_the_same_carries_on_among_those_who_tell_the_whole(told):
    whole = [one for one in told if not one.coarse]
    for a in whole:
        for b in whole:
            assert all(a.same(c) for c in whole if a.same(b) and b.same(c))


def said(one: Telling) -> tuple[object, ...]:
    return one.by, one.text, one.component.id, one.field.confidence


@settings(deadline=None)
@given(st.one_of(lists, st.lists(births, max_size=6)), st.randoms(use_true_random=False))
def test_the_order_in_which_witnesses_are_heard_is_no_matter(told, random):
    shuffled = random.sample(told, len(told))
    assert [[said(one) for one in view.tellings] for view in views(told)] == [
        [said(one) for one in view.tellings] for view in views(shuffled)
    ]
    assert [(said(a), said(b)) for a, b in disagreements(told)] == [
        (said(a), said(b)) for a, b in disagreements(shuffled)
    ]


@settings(deadline=None)
@given(st.one_of(lists, st.lists(births, max_size=6)))
def test_everyone_is_in_a_view_and_whoever_is_odd_disagrees(told):
    assert {id(one) for view in views(told) for one in view.tellings} == {id(one) for one in told}
    odd = disagreements(told)
    assert all(not one.same(other) for one, other in odd)
    if told and all(one.same(other) for one in told for other in told):
        assert not odd
    elif told:
        best = views(told)[0].best
        assert {id(one) for one, _ in odd} == {id(one) for one in told if not one.same(best)}


def test_a_name_without_marks_fits_both_of_two_names_and_joins_none():
    two = [telling("qr", "Lê Thị Hòa"), telling(None, "Lê Thị Hoa", paper="c2")]
    zone = telling("mrz", "LE THI HOA")
    assert len(views([*two, zone])) == 2
    assert all(zone in view.tellings for view in views([*two, zone]))


def test_a_year_tells_of_a_birth_as_far_as_it_goes():
    year = telling(None, "1999", "year", "c2")
    assert not disagreements([telling(None, "1999-12-31", "date"), year])
    assert len(disagreements([telling(None, "2020-01-02", "date"), year])) == 1


def test_what_most_sure_papers_say_is_what_the_odd_one_is_held_against():
    papers = [telling(None, "Lê Văn Bảy", paper=f"c{n}") for n in (1, 2)]
    doubtful = [telling(None, "Lê Văn Bẩy", paper=f"c{n}", sure=0.5) for n in (3, 4, 5)]
    assert {one.component.id for one, _ in disagreements([*doubtful, *papers])} == {"c3", "c4", "c5"}


def test_one_recogniser_under_two_names_is_one_source():
    field = change_field(form(), "full_name", witnesses=witnesses("A B", "tesseract", "pytesseract", "aster"))
    told = readings(field, field.field("full_name"), kinds()["person-name"])
    assert [one.by for one in told] == ["tesseract", "aster"]


def test_a_disagreement_of_papers_names_both_and_points_to_both():
    finding = next(
        f for f in findings_of(change(good_case(), "notice", "full_name", "Lê Minh Khang"), "D23")
        if f.verdict == "FAIL"
    )  # fmt: skip
    assert finding.component == "notice"
    assert "Giấy chứng sinh" in finding.reason
    assert finding.reason.count("“") == 2
    (other,) = finding.against
    assert other.component in ("certificate", "form")
    assert (other.page, other.box, other.by) == (1, BOX, None)


def test_an_odd_paper_among_many_is_told_once():
    found = findings_of(change(good_case(), "notice", "full_name", "Lê Minh Khang"), "D23")
    assert [f.component for f in found if f.verdict == "FAIL"] == ["notice"]


def test_a_code_on_the_other_face_is_pointed_to_where_it_was_read():
    zone = Witness(by="mrz", value="093195001111", file="back.pdf", page=2, box=(1, 2, 3, 4))
    seen = (*witnesses(MOTHER_ID, "qr"), zone)
    (finding,) = findings_of(change(good_case(), "card", "personal_id", witnesses=seen), "D03")
    assert finding.verdict == "FAIL"
    assert Place(component="card", file="back.pdf", page=2, box=(1, 2, 3, 4), by="mrz") in finding.against
    assert {place.by for place in finding.against} == {"qr", "mrz"}


@pytest.mark.parametrize(
    ("rule", "paper", "name", "seen", "by"),
    [
        ("D05", "card", "full_name",
         witnesses("TRẦN THỊ NGỌC LAM", "tesseract") + witnesses("Trần Thị Ngọc Lan", "qr"), {"qr", "tesseract"}),
        ("D08", "certificate", "date_of_birth",
         witnesses("2026-10-28", "tesseract", "aster") + witnesses("2026-10-18", "words"), {"words", "tesseract"}),
    ],
)  # fmt: skip
def test_witnesses_of_one_value_that_disagree_are_named(rule, paper, name, seen, by):
    found = findings_of(change(good_case(), paper, name, witnesses=seen), rule)
    assert {place.by for f in found for place in f.against} == by


def test_the_former_number_of_a_card_contradicts_nothing():
    old = change_field(notice(), "mother_personal_id", "361234567")
    assert "FAIL" not in says(case_of(form(), old, card()), "D23")


def test_an_earlier_checked_record_with_another_name_warns_and_is_named():
    found = [f for f in findings_of(good_case(earlier=Everything()), "D23") if f.verdict == "FAIL"]
    assert found
    assert all(f.severity == "WARN" and "H13.96.31-260101-0009" in f.reason for f in found)
    assert all(f.against[0] == Place(by="record:H13.96.31-260101-0009") for f in found)
    assert all(MOTHER_ID not in f.reason for f in found)
    assert says(good_case(earlier=None), "D23") == {"PASS"}


class Asked(Everything):
    """An index that keeps what it was asked."""

    def __init__(self) -> None:
        self.questions: list[tuple[object, ...]] = []

    def same_person_otherwise(self, *question):
        self.questions.append(question)
        return ()


def test_each_person_is_asked_about_once_and_by_a_key_that_knows_no_case():
    index = Asked()
    says(good_case(earlier=index), "D23")
    assert len(index.questions) == len(set(index.questions))
    assert all(name == name.casefold() for _, name, *_ in index.questions)
    assert {before for *_, before in index.questions} == {datetime(2026, 11, 20, 2, tzinfo=UTC)}


@settings(deadline=None)
@given(st.permutations([form(), notice(), card(), certificate()]), st.sampled_from(["notice", "form"]))
def test_the_order_of_papers_changes_no_word_of_d23(papers, odd):
    case = change(case_of(*papers), odd, "full_name", "Lê Minh Khang")
    told = {
        (f.verdict, f.component, other.component) for f in findings_of(case, "D23") for other in f.against
    }
    assert told == {("FAIL", odd, "certificate")}


def test_an_applicant_and_a_mother_who_hold_one_card_are_one_person():
    case = case_of(form(), notice(), card())
    groups = [
        {(one.component.id, one.role) for one in group}
        for group in same_people(case, people(case.components, case.document_types))
    ]
    mother = {("form", "applicant"), ("form", "mother"), ("notice", "mother"), ("card", "holder")}
    assert mother in groups
    assert {("form", "child"), ("notice", "child")} in groups
    assert sum(len(group) for group in groups) == len(people(case.components, case.document_types))


def test_a_sure_paper_is_not_accused_by_a_doubtful_one():
    case = change(good_case(), "notice", "full_name", "Lê Minh Khang", confidence=0.5)
    assert "FAIL" not in says(case, "D23")
    assert "UNKNOWN" in says(case, "D23")
