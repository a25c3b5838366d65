"""Engine, state and scores: what becomes of what the rules say."""

import logging
from dataclasses import replace
from datetime import date

import pytest
from dossier_builder import TYPES, case_of, change, change_paper, good_case
from paper_builder import (
    CHILD_ID,
    MOTHER_ID,
    card,
    certificate,
    change_field,
    decision,
    field,
    form,
    notice,
    quality,
    sha,
    with_field,
    witnesses,
)
from source_builder import AWAY, People

from dossier.catalogue.documents import FieldSpec
from dossier.catalogue.procedures import procedure_on
from dossier.record import Finding, Refused
from validators.engine import judge
from validators.gate import source_of
from validators.registry import Outcome, Rule
from validators.roles import assign_roles
from validators.sources import Sources
from validators.verdict import scores, state, verdicts


def state_of(case, waived=()):
    return state(judge(case), case.components, case.refused, case.document_types, waived)


def finding(verdict, severity="BLOCK", word="correct", rule="D01", component=None):
    return Finding(
        rule=rule, word=word, verdict=verdict, severity=severity, component=component, reason="…", source="…"
    )


def broken(_):
    raise ValueError("Lê Minh Khôi 092226007654")


def rule_of(check, **changes):
    base = {
        "id": "T01",
        "word": "correct",
        "severity": "BLOCK",
        "object": "thử",
        "title": "thử",
        "reason": "thử",
        "source": "thử",
        "since": date(2020, 1, 1),
        "check": check,
    }
    return Rule(**{**base, **changes})


def test_a_good_dossier_is_checked():
    assert state_of(good_case()) == "checked"
    assert verdicts(judge(good_case())) == dict.fromkeys(("correct", "sufficient", "clean", "live"), "PASS")


def test_a_reception_only_dossier_is_checked_without_its_result():
    assert state_of(case_of(form(), notice(), card())) == "checked"


@pytest.mark.parametrize(
    "faulty",
    [
        case_of(form(), card()),
        change(good_case(), "notice", "full_name", "Lê Minh Khang"),
        change(good_case(), "card", "expiry_date", "2026-01-01"),
        change(good_case(), "card", "sex", "Nam"),
        good_case(duplicates=((("form.pdf", 1), ("notice.pdf", 1)),)),
        change_paper(good_case(), "form", quality=(quality(blank=True),)),
        case_of(form(), notice(), decision()),
        good_case(procedure=None),
    ],
    ids=["missing", "wrong name", "expired", "id against sex", "twice", "blank", "stray", "no procedure"],
)
def test_a_faulty_dossier_is_returned(faulty):
    assert state_of(faulty) == "returned"


def test_nothing_read_is_refused():
    assert state_of(case_of()) == "refused"


def test_a_rule_that_breaks_is_unknown_and_logged_without_personal_data(caplog):
    with caplog.at_level(logging.ERROR):
        (found,) = judge(good_case(), [rule_of(broken)])
    assert (found.verdict, found.severity) == ("UNKNOWN", "BLOCK")
    assert "T01" in caplog.text
    assert CHILD_ID not in caplog.text
    assert "Khôi" not in caplog.text


def test_a_warning_that_breaks_keeps_the_dossier_from_being_checked_a_note_does_not():
    (warning,) = judge(good_case(), [rule_of(broken, severity="WARN")])
    (note,) = judge(good_case(), [rule_of(broken, severity="INFO")])
    assert (warning.verdict, warning.severity) == ("UNKNOWN", "BLOCK")
    assert (note.verdict, note.severity) == ("UNKNOWN", "INFO")


@pytest.mark.parametrize("procedure", ["1.001193", None])
@pytest.mark.parametrize("claimed", [date(1, 1, 1), date(1980, 1, 1), date(2015, 5, 5), date(2199, 1, 1)])
def test_no_day_of_reception_that_a_manifest_claims_gets_a_dossier_past_the_rules(claimed, procedure):
    in_force = procedure_on(procedure, claimed) if procedure else None
    case = case_of(*good_case().components, procedure=procedure, received_on=claimed)
    assert state_of(replace(case, procedure=in_force)) == "returned"


def test_a_refused_file_keeps_a_dossier_from_being_checked_whatever_the_rules_say():
    refused = Refused(file="x.pdf", sha256=sha("x.pdf"), reason="hỏng", code="truncated")
    assert state((), (certificate(),), (refused,), TYPES) == "returned"


def test_a_rule_without_an_object_does_not_apply():
    (found,) = judge(good_case(), [rule_of(lambda _: ())])
    assert found.verdict == "NOT_APPLICABLE"


def test_a_rule_is_held_only_from_its_day_on():
    (found,) = judge(good_case(), [rule_of(broken, since=date(2027, 1, 1))])
    assert found.verdict == "NOT_APPLICABLE"


def test_a_source_counts_once_it_is_connected():
    one = rule_of(lambda _: [Outcome("PASS", "khớp")], needs="population-database")
    (found,) = judge(good_case(), [one])
    assert (found.verdict, found.severity) == ("UNKNOWN", "INFO")
    (found,) = judge(good_case(required_sources=frozenset({"population-database"})), [one])
    assert (found.verdict, found.severity) == ("UNKNOWN", "BLOCK")
    (found,) = judge(good_case(sources=Sources(population_database=People())), [one])
    assert found.verdict == "PASS"


def test_a_source_that_does_not_answer_leaves_its_rule_unknown_at_its_own_severity():
    def asks(case):
        case.sources.population_database.person("0")
        yield Outcome("PASS", "khớp")

    (found,) = judge(good_case(sources=AWAY), [rule_of(asks, needs="population-database")])
    assert (found.verdict, found.severity) == ("UNKNOWN", "BLOCK")
    assert "không trả lời" in found.reason


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (("tesseract", "aster"), "checked"),
        (("tesseract", "tesseract@2x"), "checked"),
        (("mrz",), "checked"),
        (("tesseract",), "returned"),
        (("tesseract", "tesseract"), "returned"),
        (("tesseract", "pytesseract"), "returned"),
        ((), "returned"),
    ],
)
def test_an_identifier_needs_two_independent_witnesses_or_check_digits(seen, expected):
    paper = change_field(certificate(), "personal_id", witnesses=witnesses(CHILD_ID, *seen))
    assert state((), (paper,), (), TYPES) == expected


def test_two_agreeing_witnesses_do_not_outvote_a_code():
    seen = witnesses(CHILD_ID, "tesseract", "aster") + witnesses("092226007650", "qr")
    paper = change_field(certificate(), "personal_id", witnesses=seen)
    assert state((), (paper,), (), TYPES) == "returned"


def test_an_identifier_under_the_gate_is_returned_whatever_its_witnesses():
    paper = change_field(certificate(), "personal_id", confidence=0.9)
    assert state((), (paper,), (), TYPES) == "returned"


def test_an_empty_identifier_gates_only_where_the_type_needs_it():
    spare, needed = (field(name, None, "certificate.pdf") for name in ("personal_id", "number"))
    assert state((), (with_field(certificate(), spare),), (), TYPES) == "checked"
    assert state((), (with_field(certificate(), needed),), (), TYPES) == "returned"


def test_an_identifier_that_was_not_even_found_gates_where_the_type_needs_it():
    paper = certificate()
    without = paper.model_copy(update={"fields": tuple(f for f in paper.fields if f.name != "number")})
    assert state((), (without,), (), TYPES) == "returned"


def test_another_paper_confirms_an_identifier_but_the_same_page_read_twice_does_not():
    once = [
        change_field(paper, name, witnesses=witnesses(MOTHER_ID, "tesseract"))
        for paper, name in ((form(), "applicant_personal_id"), (notice(), "mother_personal_id"))
    ]
    assert state((), once, (), TYPES) == "checked"
    copied = once[1].model_copy(update={"sources": once[0].sources})
    assert state((), (once[0], copied), (), TYPES) == "returned"


@pytest.mark.parametrize(
    ("by", "expected"),
    [(("person:an",), "returned"), (("person:an", "person:bình"), "checked"), (("tesseract",), "checked")],
)
def test_one_person_s_word_on_a_paper_makes_it_no_other_paper(by, expected):
    once = change_field(form(), "applicant_personal_id", witnesses=witnesses(MOTHER_ID, "tesseract"))
    other = change_field(notice(), "mother_personal_id", witnesses=witnesses(MOTHER_ID, *by))
    assert state((), (once, other), (), TYPES) == expected


def test_an_identifier_of_a_kind_nobody_knows_stays_open():
    # No file of the catalogue gets so far; the gate does not count on it.
    spec = FieldSpec.model_construct(title="x", kind="no-such-kind", identifier=True)
    odd = TYPES["birth-certificate"].model_copy(update={"fields": {"personal_id": spec}})
    assert state((), (certificate(),), (), {"birth-certificate": odd}) == "returned"


def test_the_same_engine_has_one_name():
    assert source_of("pytesseract") == source_of("tesserocr") == "tesseract"
    assert source_of("pytesseract@2x") == "tesseract@2x"


@pytest.mark.parametrize(
    ("verdict", "severity", "expected"),
    [
        ("PASS", "BLOCK", "checked"),
        ("FAIL", "BLOCK", "returned"),
        ("UNKNOWN", "BLOCK", "returned"),
        ("FAIL", "WARN", "returned"),
        ("UNKNOWN", "WARN", "checked"),
        ("FAIL", "INFO", "checked"),
        ("NOT_APPLICABLE", "BLOCK", "checked"),
    ],
)
def test_what_a_finding_does_to_the_state(verdict, severity, expected):
    assert state([finding(verdict, severity)], (certificate(),), (), TYPES) == expected


def test_a_warning_can_be_waived_and_a_block_cannot():
    warning = [finding("FAIL", "WARN", rule="D23", component="form")]
    assert state(warning, (certificate(),), (), TYPES, {("D23", "form")}) == "checked"
    assert state(warning, (certificate(),), (), TYPES, {("D23", "card")}) == "returned"
    block = [finding("FAIL", "BLOCK", rule="D01", component="form")]
    assert state(block, (certificate(),), (), TYPES, {("D01", "form")}) == "returned"


def test_unknown_stays_in_the_denominator_and_not_applicable_leaves_it():
    found = [finding("PASS"), finding("UNKNOWN"), finding("NOT_APPLICABLE")]
    assert scores(found)["correct"] == 0.5
    assert scores(found)["live"] is None
    assert scores([finding("PASS"), finding("PASS"), finding("FAIL")])["total"] == 0.6667


def test_the_word_is_as_bad_as_its_worst_grave_finding():
    assert verdicts([finding("PASS"), finding("UNKNOWN")])["correct"] == "UNKNOWN"
    assert verdicts([finding("FAIL", "WARN"), finding("UNKNOWN")])["correct"] == "FAIL"
    assert verdicts([finding("PASS"), finding("UNKNOWN", "INFO")])["correct"] == "PASS"
    assert verdicts([finding("UNKNOWN", "INFO")])["correct"] == "UNKNOWN"
    assert verdicts([])["live"] == "NOT_APPLICABLE"
    assert verdicts([finding("PASS")], anything_read=False)["correct"] == "UNKNOWN"
    assert verdicts([finding("FAIL")], anything_read=False)["correct"] == "FAIL"


def test_papers_get_the_role_of_the_requirement_they_meet():
    roles = {c.id: c.role for c in case_of(form(), notice(), card(), certificate(), decision()).components}
    assert roles == {
        "form": "form",
        "notice": "birth-evidence",
        "card": "identity",
        "certificate": "result",
        "decision": "extra",
    }
    assert {c.role for c in assign_roles((form(),), None)} == {"extra"}
