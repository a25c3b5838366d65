from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from dossier_builder import (
    RECEIVED,
    TYPES,
    Everything,
    case_of,
    change,
    change_paper,
    findings_of,
    good_case,
    says,
)
from hypothesis import given
from hypothesis import strategies as st
from paper_builder import change_field, component, field, form, signature, with_field, without_field

from validators.cards import computed_expiry
from validators.engine import judge
from validators.verdict import state, verdicts

LOW = {"confidence": 0.4}


@pytest.mark.parametrize("rule", ["L01", "L06", "L09", "L10", "L18"])
def test_a_good_dossier_passes(rule):
    assert says(good_case(), rule) == {"PASS"}


def test_l01_refuses_a_card_that_has_run_out():
    finding = findings_of(change(good_case(), "card", "expiry_date", "2026-11-19"), "L01")[0]
    assert (finding.verdict, finding.severity, finding.page) == ("FAIL", "BLOCK", 1)
    (doubtful,) = findings_of(change(good_case(), "card", "expiry_date", "2026-11-19", **LOW), "L01")
    assert doubtful.verdict == "UNKNOWN"
    assert "so ngày với giấy" in doubtful.reason  # a new card is asked for on a sure reading alone
    assert "Đề nghị" in finding.reason
    last_day = replace(change(good_case(), "card", "expiry_date", "2026-11-20"), today=RECEIVED)
    assert says(last_day, "L01") == {"PASS"}


def test_what_was_good_when_received_and_has_run_out_since_is_told_and_returns_nothing():
    case = change(good_case(today=date(2026, 11, 20)), "card", "expiry_date", "2026-11-20")
    before, after = judge(case), judge(replace(case, today=date(2026, 11, 21)))
    (told,) = [finding for finding in after if finding.rule == "L01"]
    assert (told.verdict, told.severity) == ("FAIL", "INFO")
    assert (verdicts(before)["live"], verdicts(after)["live"]) == ("PASS", "FAIL")
    ends = {state(found, case.components, (), TYPES) for found in (before, after)}
    assert len(ends) == 1


def test_l01_counts_by_age_where_the_card_s_end_was_not_read():
    bare = component("card", "citizen-id-card", {"date_of_birth": "1995-03-02", "issue_date": "2022-05-10"})
    assert says(case_of(bare), "L01") == {"PASS"}
    assert says(case_of(change_field(bare, "issue_date", "2017-05-10")), "L01") == {"FAIL"}
    assert says(case_of(change_field(bare, "date_of_birth", "1986-03-02")), "L01") == {"FAIL"}
    assert says(case_of(without_field(bare, "issue_date")), "L01") == {"UNKNOWN"}


def test_l01_knows_cards_without_end_and_the_abolished_identity_card():
    assert says(change(good_case(), "card", "expiry_date", "unlimited"), "L01") == {"PASS"}
    assert says(change(good_case(), "card", "personal_id", "361234567"), "L01") == {"FAIL"}
    (doubtful,) = findings_of(change(good_case(), "card", "personal_id", "361234567", **LOW), "L01")
    assert (doubtful.verdict, "so số với giấy" in doubtful.reason) == ("UNKNOWN", True)


@given(st.dates(date(1940, 1, 1), date(2020, 1, 1)), st.integers(0, 80 * 365))
def test_a_card_always_ends_after_its_issue_and_at_an_age_of_the_law(birth, days):
    issue = birth + timedelta(days=days)
    expiry = computed_expiry(birth, issue)
    if expiry is None:
        assert (issue - birth).days >= 58 * 365
    else:
        assert expiry > issue
        assert expiry.year - birth.year in (14, 25, 40, 60)


@pytest.mark.parametrize(
    ("birth", "issue", "expiry"),
    [
        (date(2003, 4, 26), date(2021, 7, 2), date(2028, 4, 26)),
        (date(2003, 4, 26), date(2026, 4, 25), date(2028, 4, 26)),
        (date(2003, 4, 26), date(2026, 4, 26), date(2043, 4, 26)),
        (date(1968, 1, 1), date(2026, 1, 1), None),
    ],
)
def test_the_ages_of_the_law(birth, issue, expiry):
    assert computed_expiry(birth, issue) == expiry


@pytest.mark.parametrize(
    ("rule", "type", "last"),
    [
        ("L03", "marital-status-confirmation", date(2026, 5, 20)),
        ("L04", "residence-confirmation", date(2025, 11, 20)),
    ],
)
def test_papers_that_hold_for_a_time(rule, type, last):
    paper = component("paper", type, {"issue_date": last.isoformat()})
    assert says(case_of(paper, today=RECEIVED), rule) == {"PASS"}
    assert {f.severity for f in findings_of(case_of(paper), rule)} == {"INFO"}  # run out since
    older = change_field(paper, "issue_date", (last - timedelta(days=1)).isoformat())
    assert says(case_of(older), rule) == {"FAIL"}
    assert says(case_of(without_field(paper, "issue_date")), rule) == {"UNKNOWN"}


def test_l03_lets_a_confirmation_run_out_that_is_handed_back_for_a_new_one():
    old = component("paper", "marital-status-confirmation", {"issue_date": "2025-11-20"})
    case = case_of(old)
    assert says(case, "L03") == {"FAIL"}
    back = tuple(c.model_copy(update={"role": "earlier-confirmation"}) for c in case.components)
    assert says(replace(case, components=back), "L03") == {"NOT_APPLICABLE"}


def test_l06_finds_a_result_that_was_replaced():
    assert says(good_case(earlier=Everything()), "L06") == {"FAIL"}
    assert says(
        change(good_case(earlier=Everything()), "certificate", "registration_date", "2026-11-24"), "L06"
    ) == {"PASS"}


def test_l06_without_an_index_is_unknown_and_only_noted_unless_required():
    finding = findings_of(good_case(earlier=None), "L06")[0]
    assert (finding.verdict, finding.severity) == ("UNKNOWN", "INFO")
    required = good_case(earlier=None, required_sources=frozenset({"index"}))
    assert findings_of(required, "L06")[0].severity == "BLOCK"


@pytest.mark.parametrize(
    ("circular", "verdict"),
    [
        ("Thông tư số 04/2020/TT-BTP", "PASS"),
        ("Thông tư số 15/2015/TT-BTP", "FAIL"),
        ("TT số 15/2015/TT-BTP", "FAIL"),
        ("Thông tư 99/2023/TT-BTP", "UNKNOWN"),
        ("", "UNKNOWN"),
    ],
)
def test_l09_reads_the_circular_at_the_head_of_the_form(circular, verdict):
    assert says(change_paper(good_case(), "form", text=circular), "L09") == {verdict}


def test_l09_only_notes_a_form_that_names_no_circular():
    assert findings_of(change_paper(good_case(), "form", text=""), "L09")[0].severity == "INFO"


def test_l10_wants_the_procedure_in_force_on_the_reception_day():
    early = replace(good_case(), received_on=date(2020, 1, 1), procedure=None)
    assert says(early, "L10") == {"FAIL"}
    assert says(good_case(received_on=date(2024, 7, 1)), "L10") == {"FAIL"}
    assert says(good_case(received_on=date(2030, 1, 1)), "L10") == {"FAIL"}
    assert says(case_of(form(), procedure=None), "L10") == {"NOT_APPLICABLE"}


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "PASS"),
        ({"intact": False}, "FAIL"),
        ({"valid_until": datetime.fromisoformat("2026-01-01T00:00:00+00:00")}, "FAIL"),
        ({"signed_at": None}, "UNKNOWN"),
    ],
)
def test_l14_looks_at_the_certificate_on_the_day_of_signing(changes, verdict):
    case = change_paper(good_case(), "certificate", signatures=(signature(**changes),))
    assert says(case, "L14") == {verdict}


def test_l14_takes_an_old_digest_for_old_not_for_broken():
    old = change_paper(good_case(), "certificate", signatures=(signature(outdated=True),))
    assert {(f.verdict, f.severity) for f in findings_of(old, "L14")} == {("PASS", "BLOCK"), ("FAIL", "INFO")}
    stranger = change_paper(good_case(), "certificate", signatures=(signature(trusted=False),))
    assert ("FAIL", "WARN") in {(f.verdict, f.severity) for f in findings_of(stranger, "L14")}


def test_l18_flags_a_late_registration_without_stopping_it():
    late = (RECEIVED - timedelta(days=61)).isoformat()
    finding = findings_of(change(good_case(), "form", "date_of_birth", late), "L18")[0]
    assert (finding.verdict, finding.severity) == ("FAIL", "INFO")
    unread = with_field(form(), field("date_of_birth", None, "form.pdf"))
    assert says(case_of(unread), "L18") == {"UNKNOWN"}


@pytest.mark.parametrize("rule", ["D21", "L11", "L12", "L13", "L17"])
def test_what_needs_an_outside_source_says_so(rule):
    finding = findings_of(good_case(), rule)[0]
    assert (finding.verdict, finding.severity) == ("UNKNOWN", "INFO")
    assert finding.reason.startswith("Chưa kết nối")
