"""U01 to U04, U12 to U14, U18 over the procedures of the catalogue."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from dossier_builder import case_of, change_paper, findings_of, good_case, says
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paper_builder import card, change_field, component, field, form, notice, quality, signature

from dossier.catalogue.procedures import procedure_versions
from dossier.catalogue.vocabulary import vocabulary
from dossier.drop import Lookup, ManifestFile
from dossier.record import Component
from validators.case import Case
from validators.registry import rules
from validators.roles import assign_roles

RULES = {"U01", "U02", "U03", "U04", "U11", "U12", "U13", "U14", "U18", "S17"}

AT = datetime(2026, 11, 21, 2, tzinfo=UTC)
RESIDENCE = {"full_name": "Trần Thị Ngọc Lan", "date_of_birth": "1995-03-02"}


def lookup(requirement: str, source: str, **changes: Any) -> Lookup:
    said = Lookup(requirement=requirement, source=source, at=AT, answer="found")
    return said.model_copy(update=changes)


def looked_up(*papers: Component, **changes: Any) -> Case:
    asked = lookup("birth-evidence", "birth-notice-data").model_copy(update=changes)
    return case_of(*papers, manifest={"lookups": (asked,)})


def unread(id: str) -> Component:
    return component(id, "unknown", {}, "một tờ giấy", marks=())


def named(id: str, type: str) -> ManifestFile:
    return ManifestFile(name=f"{id}.pdf", type=type)


def verdict_on(case: Case, title: str, rule: str = "U01") -> str:
    [found] = [f for f in findings_of(case, rule) if title in f.reason]
    return f"{found.severity} {found.verdict}"


def residence(born: str = "1995-03-02", **changes: Any) -> Case:
    paper = component("ct01", "residence-form", RESIDENCE | {"date_of_birth": born})
    housing = lookup("housing", "land-database")
    manifest = {"lookups": (housing,), **changes}
    return case_of(paper, procedure="1.004194", manifest=manifest)


TYPES = ["unknown", "blank", *vocabulary().types, "authorisation"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kinds=st.lists(st.sampled_from(TYPES), max_size=6),
    told=st.lists(st.sampled_from([None, *vocabulary().papers]), min_size=6, max_size=6),
    procedure=st.sampled_from(sorted(procedure_versions())),
    facts=st.dictionaries(st.sampled_from([*vocabulary().facts, "other"]), st.booleans(), max_size=6),
    asked=st.lists(st.sampled_from(["form", "identity", "housing", "residence", "other"]), max_size=3),
    text=st.text(max_size=30),
)
def test_no_rule_breaks_on_any_papers_of_any_procedure(
    kinds: list[str],
    told: list[str | None],
    procedure: str,
    facts: dict[str, bool],
    asked: list[str],
    text: str,
) -> None:
    papers = [component(f"p{at}", type, {}, text) for at, type in enumerate(kinds)]
    files = tuple(ManifestFile(name=f"p{at}.pdf", type=told[at]) for at in range(len(kinds)))
    queries = tuple(lookup(one, "population-database") for one in asked)
    said = {"files": files, "facts": facts, "lookups": queries}
    case = case_of(*papers, procedure=procedure, manifest=said)
    assert case.procedure is not None
    roles = {"result", "extra"} | {one.id for one in case.procedure.requirements}
    assert all(paper.role in roles for paper in case.components)
    for one in rules():
        if one.id in RULES:
            assert all(outcome.reason for outcome in one.check(case))
    unsure = {one.title for one in case.procedure.requirements if one.severity != "BLOCK"}
    for found in findings_of(case, "U01"):
        assert found.severity != "BLOCK" or not any(found.reason.startswith(f"{t}:") for t in unsure)


def test_every_verdict_on_components_names_the_version() -> None:
    assert all("phiên bản 2025-11" in f.reason for f in findings_of(good_case(), "U01"))


def test_a_lookup_that_answered_takes_the_place_of_the_paper() -> None:
    assert "FAIL" in says(case_of(form(), card()), "U01")
    assert "FAIL" not in says(looked_up(form(), card()), "U01")
    assert says(looked_up(form(), card()), "U02") == {"PASS"}


def test_a_lookup_that_is_old_or_elsewhere_or_without_answer_takes_no_place() -> None:
    for changes in (
        {"at": datetime(2026, 11, 1, tzinfo=UTC)},
        {"at": datetime(2027, 1, 1, tzinfo=UTC)},
        {"source": "land-database"},
        {"source": "nowhere"},
        {"answer": "none"},
        {"answer": "differs"},
    ):
        case = looked_up(form(), card(), **changes)
        assert "FAIL" in says(case, "U01")
        assert says(case, "U02") == ({"PASS"} if changes.get("answer") == "none" else {"FAIL"})
    assert says(looked_up(form(), card(), requirement="other"), "U02") == {"FAIL"}


def test_a_later_lookup_outdoes_an_earlier_one() -> None:
    first = lookup("birth-evidence", "birth-notice-data")
    later = lookup("birth-evidence", "birth-notice-data", at=AT.replace(day=22), answer="none")
    assert "FAIL" in says(case_of(form(), card(), manifest={"lookups": (later, first)}), "U01")


def test_over_asking_is_told_only_of_a_paper_issued_after_the_reception() -> None:
    assert says(looked_up(form(), notice()), "U03") == {"UNKNOWN"}
    assert says(looked_up(form(), change_field(notice(), "issue_date", "2026-11-22")), "U03") == {"FAIL"}
    assert says(good_case(), "U03") == {"NOT_APPLICABLE"}


def test_a_paper_that_no_template_reads_is_open_until_a_person_names_it() -> None:
    papers = (form(), card(), unread("giay"))
    assert verdict_on(case_of(*papers), "Giấy chứng sinh") == "BLOCK UNKNOWN"
    told = case_of(*papers, manifest={"files": (named("giay", "own-undertaking"),)})
    assert verdict_on(told, "Giấy chứng sinh") == "BLOCK PASS"
    assert says(told, "S17") == {"PASS"}
    # A type that is read cannot be claimed for a paper that the reader does not know.
    claimed = case_of(*papers, manifest={"files": (named("giay", "birth-notice"),)})
    assert verdict_on(claimed, "Giấy chứng sinh") == "BLOCK UNKNOWN"


def test_a_fact_that_nobody_knows_is_told() -> None:
    case = good_case(manifest={"facts": {"delagated": True}})
    assert [f.severity for f in findings_of(case, "U01") if f.verdict == "FAIL"] == ["WARN"]


def test_a_case_of_housing_has_to_be_told() -> None:
    paper = component("ct01", "residence-form", RESIDENCE)
    assert verdict_on(case_of(paper, procedure="1.004222"), "Chưa khai") == "BLOCK UNKNOWN"
    rented = case_of(paper, procedure="1.004222", manifest={"facts": {"rented-housing": True}})
    assert verdict_on(rented, "đã công chứng") == "BLOCK FAIL"
    assert verdict_on(rented, "diện tích") == "WARN FAIL"  # unsure: never BLOCK


def test_a_procedure_without_papers_asks_for_none() -> None:
    case = case_of(card(), procedure="2.000200")
    assert says(case, "U01") == {"NOT_APPLICABLE"}
    assert says(case, "U14") == {"PASS"}


def test_what_is_unsure_of_a_procedure_never_blocks() -> None:
    case = case_of(card(), procedure="3.000347")
    assert {f.severity for f in findings_of(case, "U01") if f.verdict in ("FAIL", "UNKNOWN")} == {"WARN"}


def test_papers_of_one_type_fill_requirements_as_far_as_they_reach() -> None:
    old = component("old", "driving-licence", {"issue_date": "2016-11-01", "licence_class": "A1"})
    new = component("new", "driving-licence", {"issue_date": "2026-11-21", "licence_class": "A1"})
    undated = component("undated", "driving-licence", {"licence_class": "A1"})
    case = case_of(old, new, procedure="3.000347")
    assert [c.role for c in case.components] == ["licence", "result"]
    assert verdict_on(case, "Giấy khám sức khỏe") == "WARN NOT_APPLICABLE"
    assert verdict_on(case_of(undated, procedure="3.000347"), "Bản sao giấy phép") == "WARN UNKNOWN"


def test_a_paper_that_two_requirements_ask_for_leaves_none_of_them_empty() -> None:
    """The death extract could end the marriage only; the confirmation is the earlier one, whatever their order."""
    facts = {"facts": {"re-issue": True, "divorced-or-widowed": True}}
    old = component("old", "marital-status-confirmation", {"issue_date": "2025-01-02"})
    death = component("death", "death-extract", {"registration_date": "2024-05-06"})
    for papers in ((old, death), (death, old)):
        case = case_of(*papers, procedure="1.004873", manifest=facts)
        assert {c.id: c.role for c in case.components} == {
            "old": "earlier-confirmation",
            "death": "end-of-marriage",
        }


def test_places_are_filled_by_exchange_where_the_first_choice_would_leave_one_empty() -> None:
    [shape] = procedure_versions()["1.004873"]
    one = shape.requirements[0].model_copy(update={"unless": (), "types": ("birth-notice", "decision")})
    either = one.model_copy(update={"id": "either", "mode": "ONE_OF"})
    notice_only = one.model_copy(update={"id": "notice", "types": ("birth-notice",)})
    procedure = shape.model_copy(update={"requirements": (either, notice_only), "results": ()})
    ruling = component("ruling", "decision", {})
    roles = {c.id: c.role for c in assign_roles((notice(), ruling), procedure)}
    assert roles == {"notice": "notice", "ruling": "either"}


def test_copies_are_no_second_results() -> None:
    copy = component("copy", "death-extract", {"number": "12/2020", "registration_date": "2020-01-02"})
    assert says(case_of(copy, procedure="2.000635"), "S03") == {"NOT_APPLICABLE"}


def test_a_copy_that_must_be_certified_is_looked_at_where_no_certificate_is_seen() -> None:
    posted = {"facts": {"by-post": True}}
    assert verdict_on(good_case(manifest=posted), "có công chứng", "U04") == "WARN UNKNOWN"
    stamped = change_paper(good_case(manifest=posted), "card", text="CHỨNG THỰC bản sao đúng với bản chính")
    assert "UNKNOWN" not in says(stamped, "U04")


def test_u12_wants_consent_for_minors_only() -> None:
    assert says(residence(), "U12") == {"NOT_APPLICABLE"}
    assert says(residence("2012-05-01"), "U12") == {"UNKNOWN"}
    assert says(residence("2012-05-01", facts={"parental-consent": True}), "U12") == {"PASS"}
    assert says(residence("2012-05-01", facts={"parental-consent": False}), "U12") == {"FAIL"}
    blurred = component("ct01", "residence-form", {"full_name": "Trần Thị Ngọc Lan"})
    unsure = blurred.model_copy(
        update={"fields": (field("date_of_birth", "2012-05-01", "ct01.pdf", confidence=0.5),)}
    )
    assert says(case_of(unsure, procedure="1.004194"), "U12") == {"UNKNOWN"}


def test_u13_looks_for_legalisation_and_translation() -> None:
    assert says(good_case(), "U13") == {"NOT_APPLICABLE"}
    abroad = {"facts": {"foreign-paper": True}}
    assert says(good_case(manifest=abroad), "U13") == {"UNKNOWN"}
    seen = {"facts": {"foreign-paper": True, "legalised": True, "translated": True}}
    assert says(good_case(manifest=seen), "U13") == {"PASS"}
    half = {"facts": {"foreign-paper": True, "legalised": True}}
    assert says(good_case(manifest=half), "U13") == {"PASS", "UNKNOWN"}
    lacking = {"facts": {"foreign-paper": True, "legalised": True, "translated": False}}
    assert says(good_case(manifest=lacking), "U13") == {"PASS", "FAIL"}
    exempt = {"facts": {"foreign-paper": True, "legalisation-exempt": True, "translated": True}}
    assert says(good_case(manifest=exempt), "U13") == {"PASS"}
    text = "HỢP PHÁP HÓA LÃNH SỰ\nBản dịch: tôi cam đoan dịch chính xác"
    assert says(change_paper(good_case(manifest=abroad), "notice", text=text), "U13") == {"PASS"}
    foreigner = case_of(change_field(card(), "nationality", "Hàn Quốc"))
    assert verdict_on(foreigner, "người nước ngoài", "U13") == "WARN UNKNOWN"


def test_u14_wants_the_result_of_a_closed_dossier() -> None:
    assert says(good_case(), "U14") == {"PASS"}
    closed = {"facts": {"closed": True}}
    assert says(case_of(form(), notice()), "U14") == {"NOT_APPLICABLE"}
    assert says(case_of(form(), notice(), manifest=closed), "U14") == {"FAIL"}
    assert says(case_of(form(), notice(), unread("giay"), manifest=closed), "U14") == {"UNKNOWN"}


def test_u18_refuses_secret_papers_internal_opinions_and_scans_of_online_dossiers() -> None:
    assert says(good_case(), "U18") == {"PASS"}
    for text, verdict in (
        ("UBND TỈNH\nTỐI MẬT\nBÁO CÁO", "FAIL"),
        ("MẬT", "FAIL"),
        ("[TUYỆT MẬT]", "FAIL"),
        ("TOI MAT", "UNKNOWN"),
        ("Bí mật kinh doanh\nTRẦN VĂN MẬT", "PASS"),
    ):
        assert verdict in says(change_paper(good_case(), "notice", text=text), "U18")
        assert verdict == "PASS" or says(change_paper(good_case(), "notice", text=text), "U18") != {"PASS"}
    assert says(change_paper(good_case(), "card", text="NGUYỄN VĂN\nMẬT"), "U18") == {"PASS"}
    blank = change_paper(good_case(), "notice", text="")
    assert {(f.severity, f.verdict) for f in findings_of(blank, "U18")} == {
        ("BLOCK", "PASS"),
        ("INFO", "UNKNOWN"),
    }
    opinion = case_of(unread("y-kien"), manifest={"files": (named("y-kien", "internal-opinion"),)})
    assert says(opinion, "U18") == {"FAIL"}


@pytest.mark.parametrize(
    ("by", "verdicts"),
    [
        ({"submitted_by": "officer"}, {("BLOCK", "FAIL"), ("BLOCK", "PASS")}),
        ({"submitted_by": "citizen"}, {("BLOCK", "PASS")}),
        ({}, {("WARN", "UNKNOWN"), ("BLOCK", "PASS")}),
    ],
)
def test_u18_blocks_pictures_in_an_online_dossier_only_where_an_officer_made_them(by, verdicts) -> None:
    online = good_case(manifest={"facts": {"filed-online": True}, **by})
    assert {(f.severity, f.verdict) for f in findings_of(online, "U18")} == verdicts


@pytest.mark.parametrize(
    "born_electronic",
    [
        {"signatures": (signature(),)},
        {"quality": (quality(text_layer="trusted"),)},
        {"quality": ()},
    ],
)
def test_u18_takes_signed_files_and_files_with_a_text_of_their_own_in_an_online_dossier(
    born_electronic,
) -> None:
    online = case_of(
        notice().model_copy(update=born_electronic),
        manifest={"facts": {"filed-online": True}, "submitted_by": "officer"},
    )
    assert says(online, "U18") == {"PASS"}
