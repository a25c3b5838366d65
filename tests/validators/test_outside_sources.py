"""Rules that ask an outside source: D21, D22, L11, L12, L13, L15, L16, L17."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from dossier_builder import TODAY, Everything, case_of, change, change_paper, findings_of, good_case, says
from paper_builder import (
    CHILD_ID,
    MOTHER_ID,
    card,
    certificate,
    change_field,
    component,
    decision,
    sha,
    signature,
    without_field,
)
from source_builder import AWAY, Answers, People, answering

from dossier.catalogue.documents import document_types
from dossier.sources import AgencyCertificate, CatalogueState, Holding, KnownPerson, StatusEvent, Verification
from validators.sources import Sources

ASKING = ["D21", "D22", "L11", "L12", "L13", "L15", "L16", "L17"]
MOTHER = KnownPerson("Trần Thị Ngọc Lan", 1995, date(1995, 3, 2))
CHILD = KnownPerson("LÊ MINH KHÔI", 2026, date(2026, 10, 28))
KNOWN = {MOTHER_ID: MOTHER, CHILD_ID: CHILD}


def peopled(known=KNOWN, case=None, **changes):
    return replace(case or good_case(), sources=Sources(population_database=People(known)), **changes)


@pytest.mark.parametrize("rule", ASKING)
def test_without_a_source_nothing_is_told_and_with_one_that_is_away_neither(rule):
    (absent,) = findings_of(good_case(), rule)
    assert (absent.verdict, absent.severity) == ("UNKNOWN", "INFO")
    signed = change_paper(
        good_case(sources=AWAY), "certificate", signatures=(signature(certificate=sha("c")),)
    )
    (away,) = findings_of(signed, rule)
    assert away.verdict == "UNKNOWN"
    assert "không trả lời" in away.reason


@pytest.mark.parametrize("rule", ["D22", "L12", "L15", "L16"])
def test_a_source_that_knows_nothing_of_the_dossier_has_nothing_to_say(rule):
    assert says(good_case(sources=answering()), rule) == {"NOT_APPLICABLE"}


def test_d21_holds_name_and_birth_against_the_database():
    assert says(peopled(), "D21") == {"PASS"}
    other = peopled(KNOWN | {MOTHER_ID: KnownPerson("Trần Thị Ngọc Lan", 1994, date(1994, 3, 2))})
    failed = [f for f in findings_of(other, "D21") if f.verdict == "FAIL"]
    assert {f.component for f in failed} == {"card", "notice"}
    assert all(f.severity == "BLOCK" and MOTHER_ID not in f.reason for f in failed)


def test_d21_takes_a_year_alone_for_what_it_says():
    assert says(peopled(KNOWN | {MOTHER_ID: KnownPerson("Trần Thị Ngọc Lan", 1995)}), "D21") == {"PASS"}
    assert "FAIL" in says(peopled(KNOWN | {MOTHER_ID: KnownPerson("Trần Thị Ngọc Lan", 1990)}), "D21")


def test_d21_does_not_fail_a_paper_on_a_doubtful_reading_or_a_number_nobody_knows():
    doubtful = change(good_case(), "certificate", "full_name", "Lê Minh Khôn", confidence=0.4)
    assert says(peopled(case=doubtful), "D21") == {"PASS", "UNKNOWN"}
    nobody = findings_of(peopled({CHILD_ID: CHILD}), "D21")
    assert {(f.verdict, f.severity) for f in nobody} == {("PASS", "BLOCK"), ("UNKNOWN", "BLOCK")}
    newborn = findings_of(peopled({MOTHER_ID: KNOWN[MOTHER_ID]}), "D21")  # the child may not be there yet
    assert {(f.verdict, f.severity) for f in newborn} == {("PASS", "BLOCK"), ("UNKNOWN", "WARN")}
    assert says(peopled(case=case_of(without_field(card(), "full_name"))), "D21") == {"UNKNOWN"}
    assert says(peopled(case=case_of(decision())), "D21") == {"NOT_APPLICABLE"}


def test_l11_tells_what_happened_since_the_paper_was_made():
    def after(*events):
        return says(peopled(KNOWN | {MOTHER_ID: KnownPerson("x", events=events)}), "L11")

    assert says(peopled(), "L11") == {"PASS"}
    assert "FAIL" in after(StatusEvent("death", date(2026, 1, 1)))
    assert "FAIL" in after(StatusEvent("new-id", date(2026, 1, 1)))
    assert after(StatusEvent("moved", date(2026, 1, 1))) == {"PASS"}  # a card stays valid
    assert after(StatusEvent("new-id", date(2020, 1, 1))) == {"PASS"}  # before the card was issued
    assert after(StatusEvent("death", TODAY + timedelta(days=1))) == {"PASS"}


def test_l11_knows_which_paper_a_marriage_makes_stale_and_doubts_one_without_a_day():
    single = component(
        "single",
        "marital-status-confirmation",
        {"full_name": "Trần Thị Ngọc Lan", "personal_id": MOTHER_ID, "issue_date": "2026-10-01"},
    )
    married = {MOTHER_ID: KnownPerson("x", events=(StatusEvent("marriage", date(2026, 11, 1)),))}
    types = document_types()

    def said(paper):
        return says(peopled(married, case_of(paper, procedure=None, document_types=types)), "L11")

    assert said(single) == {"FAIL"}
    assert said(change_field(single, "issue_date", "2026-11-02")) == {"PASS"}
    assert said(change_field(single, "personal_id", confidence=0.4)) == {"UNKNOWN"}
    assert said(without_field(single, "issue_date")) == {"UNKNOWN"}


HUSBAND_ID = "093098002468"
WEDDING = date(2026, 8, 12)


def wed(*events, registered=WEDDING, husband=HUSBAND_ID):
    """A dossier of a marriage with the confirmation that the husband was single nine days before."""
    single = component(
        "single", "marital-status-confirmation", {"personal_id": HUSBAND_ID, "issue_date": "2026-08-03"}
    )
    marriage = component(
        "marriage",
        "marriage-certificate",
        {"husband_personal_id": husband, "registration_date": registered.isoformat()},
    )
    known = {husband: KnownPerson("x")} | {HUSBAND_ID: KnownPerson("x", events=events)}
    types = document_types()
    return findings_of(peopled(known, case_of(single, marriage, procedure=None, document_types=types)), "L11")


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "PASS"),
        ({"registered": date(2026, 8, 13)}, "FAIL"),  # married on another day: not this marriage
        ({"husband": "093098009999"}, "FAIL"),  # another husband
    ],
)
def test_l11_does_not_hold_a_marriage_against_the_papers_of_that_very_marriage(changes, verdict):
    said = {f.component: f.verdict for f in wed(StatusEvent("marriage", WEDDING), **changes)}
    assert said["single"] == verdict


def test_l11_does_not_hold_a_death_against_the_dead_person_s_card_beside_the_extract():
    death = component("death", "death-extract", {"personal_id": MOTHER_ID, "death_date": "2026-11-01"})
    known = {MOTHER_ID: KnownPerson("x", events=(StatusEvent("death", date(2026, 11, 1)),))}
    types = document_types()
    both = case_of(card(), death, procedure=None, document_types=types)
    assert says(peopled(known, both), "L11") == {"PASS"}
    assert says(peopled(known, case_of(card(), procedure=None, document_types=types)), "L11") == {"FAIL"}


def test_l11_notes_what_happened_after_the_result_and_returns_for_what_happened_before():
    def after(*events, case=None):
        known = KNOWN | {MOTHER_ID: KnownPerson("x", events=events)}
        found = findings_of(peopled(known, case), "L11")
        return {(f.verdict, f.severity) for f in found if f.component == "card"}

    early, at, late = (
        StatusEvent("new-id", day) for day in (date(2026, 1, 1), date(2026, 11, 21), date(2026, 11, 22))
    )
    assert after(late) == {("FAIL", "INFO")}  # the certificate was registered on 21 November
    assert after(at) == {("FAIL", "BLOCK")}
    assert after(early, late) == {("FAIL", "BLOCK")}
    undated = case_of(without_field(card(), "issue_date"), certificate())
    assert after(late, case=undated) == {("UNKNOWN", "INFO")}
    assert after(early, case=undated) == {("UNKNOWN", "BLOCK")}
    year_alone = case_of(change_field(card(), "issue_date", "2022"), certificate())
    assert after(early, case=year_alone) == {("UNKNOWN", "BLOCK")}
    assert after(StatusEvent("new-id", date(2022, 5, 10))) == {("PASS", "BLOCK")}  # the day of the card
    assert after(late, case=case_of(card())) == {("FAIL", "BLOCK")}  # not decided yet


@pytest.mark.parametrize(
    ("holder", "changes", "verdict"),
    [
        (AgencyCertificate("UBND xã Vị Thủy, thành phố Cần Thơ"), {}, "PASS"),
        (AgencyCertificate("Ủy ban nhân dân xã Vị Thanh 1"), {}, "FAIL"),
        (AgencyCertificate("Ủy ban nhân dân xã Vị Thủy", date(2026, 11, 1)), {}, "FAIL"),
        (AgencyCertificate("Ủy ban nhân dân xã Vị Thủy", date(2026, 11, 22)), {}, "PASS"),
        (AgencyCertificate("Ủy ban nhân dân xã Vị Thủy", date(2026, 11, 1)), {"signed_at": None}, "UNKNOWN"),
        (AgencyCertificate("Ủy ban nhân dân xã Vị Thủy"), {"intact": False}, "FAIL"),
        (AgencyCertificate("Ủy ban nhân dân xã Vị Thủy"), {"certificate": None}, "UNKNOWN"),
        (None, {}, "UNKNOWN"),
    ],
)
def test_d22_wants_the_certificate_of_the_issuing_agency(holder, changes, verdict):
    signed = signature(**{"certificate": sha("certificate"), **changes})
    case = good_case(sources=Sources(agency_certificates=Answers(holder_=holder)))
    assert says(change_paper(case, "certificate", signatures=(signed,)), "D22") == {verdict}


def test_d22_does_not_fail_a_result_whose_issuer_is_doubtful():
    case = good_case(sources=Sources(agency_certificates=Answers(holder_=AgencyCertificate("Sở Tư pháp"))))
    case = change_paper(case, "certificate", signatures=(signature(certificate=sha("certificate")),))
    assert says(change(case, "certificate", "registration_office", confidence=0.4), "D22") == {"UNKNOWN"}


@pytest.mark.parametrize(
    ("subject", "on", "verdict"),
    [
        ("identity", date(2026, 11, 20), "PASS"),
        ("identity", date(2026, 11, 19), "FAIL"),
        ("residence", date(2025, 11, 20), "PASS"),
        ("residence", date(2025, 11, 19), "FAIL"),
        ("other", date(2026, 5, 24), "PASS"),
        ("other", date(2026, 11, 25), "UNKNOWN"),
    ],
)
def test_l12_wants_reused_values_verified_lately(subject, on, verdict):
    log = Sources(verification_log=Answers(verified=(Verification(subject, on, "tra cứu"),)))
    assert says(good_case(sources=log), "L12") == {verdict}


def test_l12_asks_for_the_verification_of_a_paper_of_another_dossier():
    case = good_case(sources=Sources(verification_log=Answers()), earlier=Everything())
    assert says(case, "L12") == {"UNKNOWN"}


@pytest.mark.parametrize(
    ("signed", "arrived", "verdict"),
    [
        ("2026-11-20", date(2026, 11, 23), "PASS"),  # Friday to Monday
        ("2026-11-23", date(2026, 11, 25), "PASS"),  # 24 November is a holiday
        ("2026-11-18", date(2026, 11, 20), "FAIL"),
        ("2026-11-20", date(2026, 11, 19), "UNKNOWN"),
        ("2026-11-23", None, "PASS"),
        ("2026-11-18", None, "UNKNOWN"),
    ],
)
def test_l13_counts_working_days_from_signing_to_arrival(signed, arrived, verdict):
    case = good_case(sources=Sources(upstream=Answers(day=arrived)))
    assert says(change(case, "certificate", "registration_date", signed), "L13") == {verdict}


def test_l13_does_not_fail_on_a_doubtful_day_and_cannot_tell_without_one():
    late = good_case(sources=Sources(upstream=Answers(day=date(2026, 11, 20))))
    doubtful = change(late, "certificate", "registration_date", "2026-11-02", confidence=0.4)
    assert says(doubtful, "L13") == {"UNKNOWN"}
    paper = without_field(certificate(), "registration_date")
    assert says(case_of(paper, sources=late.sources), "L13") == {"UNKNOWN"}


@pytest.mark.parametrize(
    ("since", "verdict", "severity"),
    [
        (date(2026, 11, 16), "PASS", "WARN"),  # 5 working days: 24 November is a holiday
        (date(2026, 11, 9), "PASS", "WARN"),
        (date(2026, 11, 6), "UNKNOWN", "WARN"),
        (date(2026, 11, 2), "UNKNOWN", "WARN"),
        (date(2026, 10, 30), "FAIL", "INFO"),
        (date(2020, 1, 1), "FAIL", "INFO"),
    ],
)
def test_l15_counts_the_working_days_of_an_open_defect(since, verdict, severity):
    (finding,) = findings_of(good_case(sources=Sources(defects=Answers(day=since))), "L15")
    assert (finding.verdict, finding.severity) == (verdict, severity)


@pytest.mark.parametrize(
    ("holding", "verdicts"),
    [
        (Holding(date(2036, 1, 1), date(2027, 1, 1), date(2026, 6, 1)), {"PASS"}),
        (Holding(date(2026, 11, 24), date(2027, 1, 1), date(2026, 6, 1)), {"PASS", "FAIL"}),
        (Holding(fixity_on=date(2025, 11, 1)), {"FAIL"}),
        (Holding(), {"UNKNOWN"}),
    ],
)
def test_l16_tells_which_duty_of_the_archive_is_due(holding, verdicts):
    case = good_case(sources=Sources(archive=Answers(holding_=holding)))
    assert says(case, "L16") == verdicts
    assert {finding.severity for finding in findings_of(case, "L16")} == {"INFO"}


def test_l17_wants_every_shared_list_refreshed_within_thirty_days():
    def states(**days):
        said = tuple(CatalogueState(name, "v1", TODAY - timedelta(days=n)) for name, n in days.items())
        return says(good_case(sources=Sources(shared_catalogues=Answers(states_=said))), "L17")

    assert states(units=0, procedures=30, agencies=1) == {"PASS"}
    assert states(units=31, procedures=1, agencies=1) == {"PASS", "FAIL"}
    assert states(units=1, procedures=1) == {"PASS", "UNKNOWN"}
    assert states(units=-1, procedures=1, agencies=1) == {"PASS", "UNKNOWN"}


def test_what_a_source_says_of_people_is_in_no_log():
    assert "Lan" not in repr(MOTHER)
    assert "1995" not in repr(MOTHER)
