"""Scores in bands, and the gate of identifiers."""

from __future__ import annotations

import pytest
from dossier_builder import TYPES, change, findings_of, good_case
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_builder import certificate, without_field

from dossier.model import Severity, Verdict
from dossier.record import Component, Finding, Grade
from validators.engine import judge
from validators.grades import band, dossier_grade, paper_grades
from validators.verdict import score, state

VERDICTS: list[Verdict] = ["PASS", "FAIL", "UNKNOWN", "NOT_APPLICABLE"]
SEVERITIES: list[Severity] = ["BLOCK", "WARN", "INFO"]


def finding(verdict: Verdict, severity: Severity = "BLOCK", component: str | None = None) -> Finding:
    return Finding(
        rule="D01", word="correct", verdict=verdict, severity=severity, component=component, reason="r",
        source="s",
    )  # fmt: skip


findings = st.lists(
    st.builds(
        finding,
        st.sampled_from(VERDICTS),
        st.sampled_from(SEVERITIES),
        st.sampled_from([None, "certificate"]),
    )
)


@pytest.mark.parametrize(
    ("mean", "expected"),
    [(1.0, "green"), (0.9, "green"), (0.8999, "yellow"), (0.75, "yellow"), (0.7499, "red"), (None, "none")],
)
def test_bands_begin_at_ninety_and_seventy_five(mean, expected):
    assert band(mean) == expected
    assert band(mean, identifier_failed=True) == "red"


def test_a_failed_identifier_makes_its_paper_and_the_dossier_red_and_no_other_paper():
    case = change(good_case(), "certificate", "personal_id", "003226007654")
    found = judge(case)
    assert dossier_grade(found, case.components, TYPES).band == "red"
    grades = paper_grades(found, case.components, TYPES)
    assert grades["certificate"].band == "red"
    assert grades["card"].band == "green"


def test_a_missing_identifier_is_red_too():
    bare = without_field(certificate(), "number")
    assert paper_grades([finding("PASS", component=bare.id)], [bare], TYPES)[bare.id].band == "red"


def test_a_value_that_is_no_identifier_lowers_the_score_alone():
    case = change(good_case(), "notice", "full_name", "Lê Minh Khang")
    found = findings_of(case, "D23")
    assert "FAIL" in {f.verdict for f in found}
    grade = dossier_grade(found, case.components, TYPES)
    assert grade.score == score(found)
    assert grade.band == band(grade.score)


def test_what_a_person_waived_does_not_hold_the_gate():
    case = change(good_case(), "card", "sex", "Nam")
    found = judge(case)
    waived = {("D02", f.component) for f in found if f.rule == "D02"}
    assert dossier_grade(found, case.components, TYPES).band == "red"
    assert dossier_grade(found, case.components, TYPES, waived).band != "red"


def test_a_paper_of_which_nothing_was_said_has_no_grade():
    assert paper_grades([], [Component(id="c1", type="t", type_confidence=1, sources=())], TYPES) == {
        "c1": Grade(score=None, band="none")
    }


@settings(deadline=None)
@given(findings)
def test_a_score_is_a_share_and_better_findings_never_lower_it(found):
    mean = score(found)
    assert mean is None or 0 <= mean <= 1
    better = [f.model_copy(update={"verdict": "PASS"}) if f.verdict == "FAIL" else f for f in found]
    assert mean is None or (score(better) or 0) >= mean


@settings(deadline=None)
@given(findings, st.booleans())
def test_a_block_that_failed_or_is_unknown_is_never_checked(found, waive):
    waived = {(f.rule, f.component) for f in found} if waive else set()
    stopped = any(f.severity == "BLOCK" and f.verdict in ("FAIL", "UNKNOWN") for f in found)
    assert not stopped or state(found, (certificate(),), (), TYPES, waived) != "checked"
