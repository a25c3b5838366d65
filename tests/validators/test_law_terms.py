"""Rules on terms, ages and codes that the law sets: D10, D11, D12, D17, D18, D19, D20, L02, L05, L18."""

from __future__ import annotations

from datetime import date

import pytest
from dossier_builder import RECEIVED, TYPES, case_of, findings_of, good_case, says
from hypothesis import given
from hypothesis import strategies as st
from paper_builder import CHILD_ID, MOTHER_ID, card, change_field, component, without_field, witnesses
from source_builder import AWAY, Answers, People

from dossier.catalogue.documents import DocumentType, FieldSpec, document_types
from dossier.codes import tax_code_checks
from dossier.drop import ManifestFile
from dossier.sources import KnownPerson, StatusEvent
from validators.sources import Sources
from validators.terms import months_after, years_after

LOW = {"confidence": 0.4}
NEW_RULES = ["D10", "D11", "D12", "D17", "D18", "D19", "D20", "L02", "L05"]


def spec(**kinds: str) -> dict[str, FieldSpec]:
    return {name: FieldSpec(title=name, kind=kind) for name, kind in kinds.items()}


MORE = TYPES | {
    "tax-paper": DocumentType(id="tax-paper", title="Giấy về thuế", fields=spec(tax_code="tax-code")),
    "land-application": DocumentType(
        id="land-application",
        title="Đơn đăng ký biến động",
        fields=spec(parcel_number="parcel-number", map_sheet="parcel-number"),
    ),
    "health-certificate": DocumentType(
        id="health-certificate", title="Giấy khám sức khỏe", fields=spec(issue_date="date")
    ),
    "contract": DocumentType(
        id="contract", title="Hợp đồng thuê nhà", fields=spec(expiry_date="expiry-date")
    ),
}

MARRIAGE = component(
    "marriage",
    "marriage-certificate",
    {
        "husband_name": "Lê Quốc Thịnh",
        "husband_date_of_birth": "2006-11-21",
        "wife_name": "Trần Thị Ngọc Lan",
        "wife_date_of_birth": "2008-11-21",
        "registration_date": "2026-11-21",
    },
)
DEATH = component(
    "death",
    "death-extract",
    {"personal_id": MOTHER_ID, "death_date": "2026-11-01", "registration_date": "2026-11-10"},
    "Giấy báo tử số 12/GBT do Bệnh viện cấp ngày 02/11/2026",
)
LICENCE = component(
    "licence",
    "driving-licence",
    {"licence_class": "B", "issue_date": "2025-03-04", "expiry_date": "2035-03-04"},
)
LAND = component(
    "land",
    "land-certificate",
    {
        "serial": "AA01234567",
        "issue_date": "2025-01-05",
        "area_m2": "120.5",
        "parcel_number": "12",
        "map_sheet": "3",
    },
)
BUSINESS = component(
    "business",
    "business-household-certificate",
    {
        "number": MOTHER_ID,
        "personal_id": MOTHER_ID,
        "issue_date": "2026-01-05",
        "business_line": "Bán lẻ lương thực",
    },
)


@pytest.mark.parametrize("rule", NEW_RULES)
def test_a_dossier_without_such_papers_is_none_of_their_business(rule):
    assert says(good_case(), rule) == {"NOT_APPLICABLE"}


def test_d10_counts_the_age_on_the_day_of_registration():
    assert says(case_of(MARRIAGE), "D10") == {"PASS"}
    young = change_field(MARRIAGE, "wife_date_of_birth", "2008-11-22")
    (finding,) = (f for f in findings_of(case_of(young), "D10") if f.verdict != "PASS")
    assert (finding.verdict, finding.severity, "18 tuổi" in finding.reason) == ("FAIL", "BLOCK", True)
    assert "UNKNOWN" in says(case_of(change_field(young, "wife_date_of_birth", **LOW)), "D10")
    assert "UNKNOWN" in says(case_of(without_field(MARRIAGE, "husband_date_of_birth")), "D10")
    assert says(case_of(without_field(MARRIAGE, "registration_date")), "D10") == {"UNKNOWN"}


def test_d10_warns_where_a_day_was_not_read_and_points_at_the_paper():
    unread = (
        without_field(MARRIAGE, "husband_date_of_birth"),
        change_field(MARRIAGE, "husband_date_of_birth", "1996"),
        without_field(MARRIAGE, "registration_date"),
    )
    for paper in unread:
        (told,) = (f for f in findings_of(case_of(paper), "D10") if f.verdict != "PASS")
        assert (told.verdict, told.severity, told.component) == ("UNKNOWN", "WARN", MARRIAGE.id)
        assert "Xem giấy" in told.reason


def test_d10_fails_on_nothing_but_sure_days_and_bears_a_birth_beyond_the_calendar():
    young = change_field(MARRIAGE, "wife_date_of_birth", "2008-11-22")
    assert "UNKNOWN" in says(case_of(change_field(young, "registration_date", **LOW)), "D10")
    for birth in ("9979-01-01", "9981-12-31", "9999-12-31"):
        assert "FAIL" in says(case_of(change_field(MARRIAGE, "wife_date_of_birth", birth)), "D10")


def test_d10_leaves_marriages_under_the_law_before_alone():
    older = change_field(
        change_field(MARRIAGE, "registration_date", "2014-12-31"), "wife_date_of_birth", "1997-01-01"
    )
    assert says(case_of(older), "D10") == {"NOT_APPLICABLE"}


def test_d11_wants_death_notice_and_registration_in_order():
    assert says(case_of(DEATH), "D11") == {"PASS"}
    early = change_field(DEATH, "registration_date", "2026-10-31")
    assert "FAIL" in says(case_of(early), "D11")
    assert "UNKNOWN" in says(case_of(change_field(early, "death_date", **LOW)), "D11")
    assert says(case_of(without_field(DEATH, "death_date")), "D11") == {"UNKNOWN"}
    assert "UNKNOWN" in says(case_of(without_field(DEATH, "registration_date")), "D11")
    notice = DEATH.model_copy(update={"text": "Giấy báo tử số 12 cấp ngày 30/10/2026"})
    (doubt,) = (f for f in findings_of(case_of(notice), "D11") if f.verdict != "PASS")
    assert (doubt.verdict, doubt.severity) == ("UNKNOWN", "WARN")


@pytest.mark.parametrize("unsure", ["death_date", "registration_date"])
def test_d11_fails_on_nothing_but_sure_days(unsure):
    early = change_field(DEATH, "registration_date", "2026-10-31")
    assert says(case_of(change_field(early, unsure, **LOW)), "D11") == {"UNKNOWN"}


def test_d11_takes_death_notice_and_registration_on_one_day():
    at_once = change_field(DEATH, "registration_date", "2026-11-01")
    told = at_once.model_copy(update={"text": "Giấy báo tử số 12 cấp ngày 01/11/2026"})
    assert says(case_of(told), "D11") == {"PASS"}


def test_d11_warns_where_the_day_of_registration_is_no_day():
    for paper in (
        change_field(DEATH, "registration_date", "2026"),
        without_field(DEATH, "registration_date"),
    ):
        (told,) = findings_of(case_of(paper), "D11")
        assert (told.verdict, told.severity) == ("UNKNOWN", "WARN")


def test_d11_does_not_hold_a_notice_against_a_registration_that_was_not_read():
    told = DEATH.model_copy(update={"text": "Giấy báo tử số 12 cấp ngày 30/11/2026"})
    assert len([f for f in findings_of(case_of(told), "D11") if f.verdict != "PASS"]) == 1
    assert len(findings_of(case_of(without_field(told, "registration_date")), "D11")) == 1


@pytest.mark.parametrize(
    ("type", "values"),
    [
        ("citizen-id-card", {"personal_id": MOTHER_ID, "issue_date": "2026-11-05"}),
        ("residence-form", {"personal_id": MOTHER_ID, "declaration_date": "2026-11-05"}),
        (
            "birth-registration-form",
            {"applicant_personal_id": MOTHER_ID, "declaration_date": "2026-11-05"},
        ),
        ("marriage-certificate", {"husband_personal_id": MOTHER_ID, "registration_date": "2026-11-05"}),
        ("marriage-certificate", {"wife_personal_id": MOTHER_ID, "registration_date": "2026-11-05"}),
    ],
)
def test_d11_finds_every_act_of_the_dead_person_on_sure_readings_alone(type, values):
    def said(*papers):
        types = document_types()
        return says(case_of(*papers, procedure=None, document_types=types), "D11")

    act = component("act", type, values)
    parents = component("other", "birth-notice", {"mother_personal_id": MOTHER_ID})
    assert said(DEATH, parents, act) == {"PASS", "FAIL"}
    for name in values:
        assert said(DEATH, change_field(act, name, **LOW)) == {"PASS", "UNKNOWN"}
    assert said(change_field(DEATH, "personal_id", **LOW), act) == {"PASS", "UNKNOWN"}
    assert said(change_field(DEATH, "death_date", **LOW), act) == {"PASS", "UNKNOWN"}
    day = next(name for name in values if name.endswith("_date"))
    assert said(DEATH, change_field(act, day, "2026-11-01")) == {"PASS"}
    assert said(DEATH, without_field(act, day)) == {"PASS"}


def test_d11_does_not_take_a_child_s_birth_certificate_for_an_act_of_a_dead_parent():
    born = component(
        "born", "birth-certificate", {"mother_personal_id": MOTHER_ID, "registration_date": "2026-11-05"}
    )
    assert says(case_of(DEATH, born, procedure=None, document_types=document_types()), "D11") == {"PASS"}


def test_d11_finds_what_the_dead_person_got_later():
    later = change_field(card(), "issue_date", "2026-11-05")
    assert "FAIL" in says(case_of(DEATH, later), "D11")
    assert says(case_of(DEATH, card()), "D11") == {"PASS"}
    assert says(case_of(DEATH, change_field(later, "personal_id", CHILD_ID)), "D11") == {"PASS"}


def test_d11_does_not_take_a_second_extract_for_an_act_of_the_dead():
    assert says(case_of(DEATH, DEATH.model_copy(update={"id": "copy"})), "D11") == {"PASS"}


@pytest.mark.parametrize(
    ("events", "verdict"),
    [
        ((StatusEvent("death", date(2026, 11, 1)),), "PASS"),
        ((StatusEvent("death", date(2026, 10, 1)),), "FAIL"),
        ((), "UNKNOWN"),
    ],
)
def test_d11_asks_the_population_database_if_it_is_there(events, verdict):
    people = People({MOTHER_ID: KnownPerson("Trần Thị Ngọc Lan", events=events)})
    assert says(case_of(DEATH, sources=Sources(population_database=people)), "D11") == {"PASS", verdict}


@pytest.mark.parametrize("unsure", ["death_date", "personal_id"])
def test_d11_contradicts_the_database_on_sure_readings_alone(unsure):
    people = People({MOTHER_ID: KnownPerson("x", events=(StatusEvent("death", date(2026, 10, 1)),))})
    doubtful = case_of(change_field(DEATH, unsure, **LOW), sources=Sources(population_database=people))
    assert says(doubtful, "D11") == {"PASS", "UNKNOWN"}


def test_d11_notes_a_death_that_the_database_does_not_know():
    for known in ({}, {MOTHER_ID: KnownPerson("x")}):
        case = case_of(DEATH, sources=Sources(population_database=People(known)))
        (told,) = (f for f in findings_of(case, "D11") if f.verdict != "PASS")
        assert (told.verdict, told.severity, "Cập nhật" in told.reason) == ("UNKNOWN", "INFO", True)


def test_d11_is_held_without_an_answer_too():
    (told,) = (f for f in findings_of(case_of(DEATH, sources=AWAY), "D11") if f.verdict != "PASS")
    assert "quốc gia về dân cư" in told.reason
    assert says(case_of(DEATH, sources=AWAY), "D11") == {"PASS", "UNKNOWN"}


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("0100233488", "PASS"),
        ("0314409058-002", "PASS"),
        ("0100233480", "FAIL"),
        (MOTHER_ID, "PASS"),
        ("000195004321", "FAIL"),
        ("112195004321", "UNKNOWN"),
    ],
)
def test_d12_holds_the_check_digit_or_a_personal_id(code, verdict):
    paper = component("tax", "tax-paper", {"tax_code": code})
    assert says(case_of(paper, document_types=MORE), "D12") == {verdict}
    if verdict == "FAIL":
        doubtful = change_field(paper, "tax_code", **LOW)
        assert says(case_of(doubtful, document_types=MORE), "D12") == {"UNKNOWN"}


def test_d12_only_doubts_an_old_number_of_a_household_business():
    old = change_field(BUSINESS, "number", "0100233480")
    (finding,) = findings_of(case_of(old), "D12")
    assert (finding.verdict, finding.severity) == ("UNKNOWN", "WARN")
    assert says(case_of(change_field(BUSINESS, "number", "31A8012345")), "D12") == {"NOT_APPLICABLE"}


@given(st.text(max_size=16))
def test_any_text_is_a_tax_code_that_checks_or_does_not_or_is_none(text):
    assert tax_code_checks(text) in (True, False, None)


@given(st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_at_most_one_digit_checks_a_tax_code(stem):
    assert sum(bool(tax_code_checks(f"{stem}{digit}")) for digit in range(10)) <= 1


@pytest.mark.parametrize(
    ("classes", "issued", "expiry", "verdict"),
    [
        ("B", "2025-03-04", "2035-03-04", "PASS"),
        ("C", "2025-03-04", "2030-03-03", "PASS"),
        ("A1, B", "2025-03-04", "2035-03-04", "PASS"),
        ("A1", "2025-03-04", "unlimited", "PASS"),
        ("B2", "2020-03-04", "2030-03-04", "PASS"),
        ("C", "2025-03-04", "2035-03-04", "FAIL"),
        ("A1", "2025-03-04", "2035-03-04", "FAIL"),
        ("B", "2025-03-04", "unlimited", "FAIL"),
        ("B", "2025-03-04", "2031-03-04", "UNKNOWN"),  # issued anew for a lost one?
        ("B2", "2025-03-04", "2035-03-04", "NOT_APPLICABLE"),  # no class of this law
    ],
)
def test_d17_adds_the_term_of_the_class(classes, issued, expiry, verdict):
    paper = LICENCE
    for name, text in (("licence_class", classes), ("issue_date", issued), ("expiry_date", expiry)):
        paper = change_field(paper, name, text)
    assert says(case_of(paper), "D17") == {verdict}
    if verdict == "FAIL":
        assert says(case_of(change_field(paper, "issue_date", **LOW)), "D17") == {"UNKNOWN"}


def test_l02_wants_a_licence_that_has_not_run_out():
    assert says(case_of(LICENCE), "L02") == {"PASS"}
    over = change_field(LICENCE, "expiry_date", "2026-11-19")
    (finding,) = findings_of(case_of(over), "L02")
    assert (finding.verdict, finding.severity) == ("FAIL", "BLOCK")
    assert says(case_of(change_field(over, "expiry_date", **LOW)), "L02") == {"UNKNOWN"}
    assert says(case_of(change_field(LICENCE, "expiry_date", "unlimited")), "L02") == {"PASS"}


def test_l02_counts_by_class_where_no_end_was_read_and_only_warns():
    bare = without_field(LICENCE, "expiry_date")
    assert says(case_of(bare), "L02") == {"PASS"}
    assert says(case_of(change_field(bare, "licence_class", "A1")), "L02") == {"PASS"}
    over = change_field(change_field(bare, "licence_class", "C"), "issue_date", "2021-01-01")
    (finding,) = findings_of(case_of(over), "L02")
    assert (finding.verdict, finding.severity) == ("FAIL", "WARN")
    two = change_field(over, "licence_class", "B2, C")
    assert says(case_of(two), "L02") == {"UNKNOWN"}
    assert says(case_of(without_field(bare, "issue_date")), "L02") == {"UNKNOWN"}


@pytest.mark.parametrize(
    ("serial", "issued", "verdict"),
    [
        ("AA01234567", "2025-01-05", "PASS"),
        ("AB123456", "2020-01-05", "PASS"),
        ("AA01234567", "2024-07-31", "FAIL"),
        ("AB123456", "2024-08-01", "UNKNOWN"),
        ("AB12345", "2020-01-05", "FAIL"),
    ],
)
def test_d18_holds_the_serial_against_template_and_day(serial, issued, verdict):
    paper = change_field(change_field(LAND, "serial", serial), "issue_date", issued)
    assert says(case_of(paper), "D18") == {verdict}
    if verdict == "FAIL":
        assert says(case_of(change_field(paper, "serial", **LOW)), "D18") == {"UNKNOWN"}


def test_d18_without_a_day_is_unknown():
    assert says(case_of(without_field(LAND, "issue_date")), "D18") == {"UNKNOWN"}


def test_d19_holds_the_area_in_words_against_the_figures():
    def seen(*said):
        return case_of(change_field(LAND, "area_m2", witnesses=said))

    figures = witnesses("120.5", "tesseract", "aster")
    assert says(seen(*figures, *witnesses("120.5", "words")), "D19") == {"PASS"}
    assert says(seen(*figures, *witnesses("125", "words")), "D19") == {"FAIL"}
    assert says(seen(figures[0], *witnesses("125", "words")), "D19") == {"UNKNOWN"}
    assert says(seen(*figures), "D19") == {"NOT_APPLICABLE"}


def test_d19_holds_parcel_and_map_sheet_against_the_application():
    applied = component("application", "land-application", {"parcel_number": "12", "map_sheet": "3"})

    def said(application):
        return says(case_of(LAND, application, document_types=MORE), "D19")

    assert said(applied) == {"PASS"}
    assert said(change_field(applied, "map_sheet", "4")) == {"PASS", "FAIL"}
    assert said(change_field(applied, "map_sheet", "4", **LOW)) == {"PASS", "UNKNOWN"}


def test_d20_wants_the_owner_s_number_as_the_code_of_the_household():
    with_code = change_field(BUSINESS, "business_line", printed="1. Bán lẻ lương thực 4721")
    assert says(case_of(with_code), "D20") == {"PASS", "UNKNOWN"}  # no list of lines is connected
    listed = Sources(business_lines=Answers(name_="Bán lẻ"))
    assert says(case_of(with_code, sources=listed), "D20") == {"PASS"}
    assert says(case_of(with_code, sources=AWAY), "D20") == {"PASS", "UNKNOWN"}
    assert says(case_of(with_code, sources=Sources(business_lines=Answers())), "D20") == {"PASS", "UNKNOWN"}
    assert says(case_of(BUSINESS, sources=listed), "D20") == {"PASS", "UNKNOWN"}  # no code read
    former = change_field(with_code, "number", "0100233488")
    assert says(case_of(former, sources=listed), "D20") == {"PASS", "UNKNOWN"}
    other = change_field(with_code, "number", CHILD_ID)
    assert says(case_of(other, sources=listed), "D20") == {"PASS", "FAIL"}
    assert says(case_of(change_field(other, "number", **LOW), sources=listed), "D20") == {"PASS", "UNKNOWN"}
    older = change_field(other, "issue_date", "2025-06-30")
    assert says(case_of(older, sources=listed), "D20") == {"PASS"}


def test_l05_wants_papers_within_their_term():
    contract = component("contract", "contract", {"expiry_date": "2026-11-20"})
    assert says(case_of(contract, document_types=MORE, today=RECEIVED), "L05") == {"PASS"}
    (told,) = findings_of(case_of(contract, document_types=MORE), "L05")  # judged days later
    assert (told.verdict, told.severity) == ("FAIL", "INFO")
    over = change_field(contract, "expiry_date", "2026-11-19")
    assert says(case_of(over, document_types=MORE), "L05") == {"FAIL"}
    assert says(case_of(change_field(over, "expiry_date", **LOW), document_types=MORE), "L05") == {"UNKNOWN"}


def test_l05_is_unknown_and_warns_where_the_text_of_the_term_was_not_seen():
    def said(issued, procedure="3.000346"):
        health = component("health", "health-certificate", {"issue_date": issued})
        return [
            (f.verdict, f.severity)
            for f in findings_of(
                case_of(health, document_types=MORE, procedure=procedure, today=RECEIVED), "L05"
            )
        ]

    assert said("2025-11-20") == [("PASS", "BLOCK")]
    assert said("2025-11-19") == [("UNKNOWN", "WARN")]
    assert said("2020-01-01", "1.001193") == [("NOT_APPLICABLE", "BLOCK")]


def test_l05_leaves_a_paper_that_no_template_reads_to_a_person():
    paper = component("health", "unknown", {}, marks=())
    (source,) = paper.sources
    named = {"files": (ManifestFile(name=source.file, type="health-certificate"),)}
    (told,) = findings_of(case_of(paper, procedure="3.000347", manifest=named), "L05")
    assert (told.verdict, told.severity) == ("UNKNOWN", "WARN")
    assert "12 tháng" in told.reason
    assert says(case_of(paper, procedure="1.001193", manifest=named), "L05") == {"NOT_APPLICABLE"}


def test_l18_notes_a_death_registered_after_fifteen_days():
    assert says(case_of(DEATH), "L18") == {"PASS"}
    assert says(case_of(change_field(DEATH, "registration_date", "2026-11-16")), "L18") == {"PASS"}
    (late,) = findings_of(case_of(change_field(DEATH, "registration_date", "2026-11-17")), "L18")
    assert (late.verdict, late.severity) == ("FAIL", "INFO")
    assert says(case_of(without_field(DEATH, "death_date")), "L18") == {"UNKNOWN"}


@given(st.dates(), st.integers(0, 40))
def test_a_term_of_years_ends_in_its_month_or_at_the_end_of_the_calendar(when, years):
    end = years_after(when, years)
    assert end == date.max or (end.year, end.month) == (when.year + years, when.month)
    assert months_after(when, 0) == when
