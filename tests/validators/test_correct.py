from dataclasses import replace

import pytest
from dossier_builder import case_of, change, change_paper, findings_of, good_case, says
from paper_builder import (
    CHILD_ID,
    MOTHER_ID,
    MRZ,
    change_field,
    decision,
    field,
    form,
    notice,
    with_field,
    without_field,
    witnesses,
)

LOW = {"confidence": 0.4}


@pytest.mark.parametrize(
    "rule", ["D01", "D02", "D03", "D04", "D05", "D06", "D07", "D08", "D09", "D16", "D23", "D24"]
)
def test_a_good_dossier_passes(rule):
    assert says(good_case(), rule) == {"PASS"}


@pytest.mark.parametrize("rule", ["D14", "D15"])
def test_a_good_decision_passes(rule):
    assert says(case_of(decision()), rule) == {"PASS"}


def test_d01_refuses_a_province_that_does_not_exist_and_leaves_countries_to_a_person():
    assert "FAIL" in says(change(good_case(), "certificate", "personal_id", "003226007654"), "D01")
    assert "UNKNOWN" in says(change(good_case(), "certificate", "personal_id", "141226007654"), "D01")


def test_d01_does_not_accuse_a_paper_on_a_doubtful_reading():
    case = change(good_case(), "certificate", "personal_id", "003226007654", **LOW)
    assert says(case, "D01") == {"PASS", "UNKNOWN"}


def test_d02_sees_an_id_that_contradicts_sex_or_year():
    assert "FAIL" in says(change(good_case(), "card", "sex", "Nam"), "D02")
    assert "FAIL" in says(change(good_case(), "notice", "mother_birth_year", "1994"), "D02")
    assert "UNKNOWN" in says(change(good_case(), "card", "sex", "Nam", **LOW), "D02")


def test_d03_finds_two_faces_of_two_cards():
    other = "093195001111"
    two = witnesses(MOTHER_ID, "tesseract", "qr") + witnesses(other, "mrz")
    assert says(change(good_case(), "card", "personal_id", witnesses=two), "D03") == {"FAIL"}
    print_twice = witnesses(MOTHER_ID, "qr") + witnesses(other, "tesseract", "aster")
    assert says(change(good_case(), "card", "personal_id", witnesses=print_twice), "D03") == {"FAIL"}
    print_once = witnesses(MOTHER_ID, "qr") + witnesses(other, "tesseract")
    assert says(change(good_case(), "card", "personal_id", witnesses=print_once), "D03") == {"UNKNOWN"}


def test_d03_lets_two_codes_outvote_a_misread_print():
    seen = witnesses(MOTHER_ID, "qr", "mrz") + witnesses("093195004327", "tesseract")
    assert says(change(good_case(), "card", "personal_id", witnesses=seen), "D03") == {"PASS"}


def test_d03_has_a_person_look_where_print_was_read_twice_against_both_codes():
    seen = witnesses(MOTHER_ID, "qr", "mrz") + witnesses("093195004327", "tesseract", "aster")
    assert says(change(good_case(), "card", "personal_id", witnesses=seen), "D03") == {"UNKNOWN"}


def test_d03_takes_the_reader_that_agrees_with_the_code():
    seen = witnesses(MOTHER_ID, "qr", "tesseract") + witnesses("093195004327", "aster", "tesseract@2x")
    assert says(change(good_case(), "card", "personal_id", witnesses=seen), "D03") == {"PASS"}


def test_d04_tells_a_foreign_document_number_from_a_misread_line():
    strange = MRZ.replace("195004321", "195004322", 1)
    assert says(change_paper(good_case(), "card", text=strange), "D04") == {"FAIL"}
    misread = MRZ.replace("9503021F", "9503027F")
    finding = findings_of(change_paper(good_case(), "card", text=misread), "D04")[0]
    assert (finding.verdict, finding.severity) == ("UNKNOWN", "WARN")
    composite = MRZ.replace("<2\n", "<5\n")
    assert says(change_paper(good_case(), "card", text=composite), "D04") == {"UNKNOWN"}


def test_d05_compares_names_without_marks_where_the_code_has_none():
    name = witnesses("TRẦN THỊ NGỌC LAN", "tesseract") + witnesses("PHAM THI BICH HANH", "mrz")
    assert says(change(good_case(), "card", "full_name", witnesses=name), "D05") == {"FAIL"}
    slip = witnesses("TRẦN THỊ NGỌC LAM", "tesseract") + witnesses("Trần Thị Ngọc Lan", "qr")
    assert says(change(good_case(), "card", "full_name", witnesses=slip), "D05") == {"UNKNOWN"}


def test_d05_does_not_take_half_a_name_for_another_nor_a_slip_in_the_mrz_for_a_fault():
    half = witnesses("NGỌC LAN", "tesseract") + witnesses("Trần Thị Ngọc Lan", "qr")
    assert says(change(good_case(), "card", "full_name", witnesses=half), "D05") == {"UNKNOWN"}
    slip = witnesses("Trần Thị Ngọc Lan", "qr") + witnesses("TRAN TMT NGOC LAN", "mrz")
    assert says(change(good_case(), "card", "full_name", witnesses=slip), "D05") == {"PASS"}


def test_d05_sees_a_print_of_another_than_both_codes_and_a_back_of_another_card():
    codes = witnesses("Trần Thị Ngọc Lan", "qr") + witnesses("TRAN THI NGOC LAN", "mrz")
    twice = witnesses("PHẠM BÍCH HẠNH", "tesseract", "aster") + codes
    assert says(change(good_case(), "card", "full_name", witnesses=twice), "D05") == {"FAIL"}
    once = witnesses("PHẠM BÍCH HẠNH", "tesseract") + codes
    assert says(change(good_case(), "card", "full_name", witnesses=once), "D05") == {"UNKNOWN"}
    back = witnesses("Trần Thị Ngọc Lan", "qr", "aster") + witnesses("PHAM BICH HANH", "mrz")
    assert says(change(good_case(), "card", "full_name", witnesses=back), "D05") == {"FAIL"}
    cut = witnesses("Trần Thị Ngọc Lan", "qr", "aster") + witnesses("NGOC LAN", "mrz")
    assert says(change(good_case(), "card", "full_name", witnesses=cut), "D05") == {"UNKNOWN"}


def test_d06_knows_the_ages_at_which_cards_run_out():
    assert says(change(good_case(), "card", "expiry_date", "2032-05-10"), "D06") == {"FAIL"}
    assert says(change(good_case(), "card", "expiry_date", "2032-05-10", **LOW), "D06") == {"UNKNOWN"}
    old = change(
        change(good_case(), "card", "date_of_birth", "1960-03-02"), "card", "expiry_date", "unlimited"
    )
    assert says(old, "D06") == {"PASS"}


def test_d07_refuses_a_future_day_and_events_out_of_order():
    assert "FAIL" in says(change(good_case(), "form", "declaration_date", "2027-01-01"), "D07")
    assert "FAIL" in says(change(good_case(), "notice", "issue_date", "2026-10-01"), "D07")
    assert "UNKNOWN" in says(change(good_case(), "notice", "issue_date", "2026-10-01", **LOW), "D07")


def test_d07_holds_a_day_that_no_calendar_has():
    unread = field("issue_date", None, "notice.pdf", printed="31/02/2026")
    assert "UNKNOWN" in says(case_of(with_field(notice(), unread)), "D07")
    real = field("issue_date", None, "notice.pdf", printed="28/02/2026")
    assert "UNKNOWN" not in says(case_of(with_field(notice(), real)), "D07")


def test_d07_tells_days_as_people_write_them():
    told = findings_of(change(good_case(), "notice", "issue_date", "2026-10-01"), "D07")
    assert any("01/10/2026" in f.reason and "28/10/2026" in f.reason for f in told if f.verdict == "FAIL")


def test_d07_lets_a_result_be_newer_than_the_reception():
    assert says(good_case(), "D07") == {"PASS"}
    assert "FAIL" in says(change(good_case(), "form", "declaration_date", "2026-11-23"), "D07")


def test_d08_hears_words_that_say_another_day():
    seen = witnesses("2026-10-28", "tesseract", "aster") + witnesses("2026-10-18", "words")
    assert says(change(good_case(), "certificate", "date_of_birth", witnesses=seen), "D08") == {"FAIL"}
    once = witnesses("2026-10-28", "tesseract") + witnesses("2026-10-18", "words")
    assert says(change(good_case(), "certificate", "date_of_birth", witnesses=once), "D08") == {"UNKNOWN"}


def test_d09_wants_parents_older_than_their_child():
    assert "FAIL" in says(change(good_case(), "certificate", "father_birth_year", "2015"), "D09")
    assert "UNKNOWN" in says(change(good_case(), "certificate", "father_birth_year", "2015", **LOW), "D09")
    assert "FAIL" in says(change(good_case(), "certificate", "mother_name", "Lê Minh Khôi"), "D09")


@pytest.mark.parametrize("number", ["12/TB-UBND", "12/QĐ-HĐND", "QĐ-UBND"])
def test_d14_holds_the_number_against_kind_and_agency(number):
    paper = decision()
    assert says(case_of(change_field(paper, "number", number)), "D14") == {"FAIL"}
    assert says(case_of(change_field(paper, "number", number, confidence=0.3)), "D14") == {"UNKNOWN"}


def test_d14_takes_a_letter_without_a_kind():
    letter = without_field(change_field(decision(), "number", "45/UBND-VP"), "kind")
    assert says(case_of(letter), "D14") == {"PASS"}


def test_d15_knows_who_signs_in_whose_place():
    assert says(case_of(change_field(decision(), "signer_title", "CHỦ TỊCH")), "D15") == {"FAIL"}
    assert says(case_of(change_field(decision(), "signer_authority", "UBND xã")), "D15") == {"FAIL"}
    assert says(case_of(without_field(decision(), "signer_authority")), "D15") == {"UNKNOWN"}
    head = change_field(
        change_field(decision(), "signer_authority", "TM. ỦY BAN NHÂN DÂN"), "signer_title", "CHỦ TỊCH"
    )
    assert says(case_of(head), "D15") == {"PASS"}


def test_d16_holds_codes_against_office_and_day():
    assert "FAIL" in says(replace(good_case(), dossier="H13.96.31-261119-0001"), "D16")
    assert "FAIL" in says(replace(good_case(), dossier="H01.96.31-261120-0001"), "D16")
    assert "FAIL" in says(replace(good_case(), dossier="ho-so-1"), "D16")
    assert "FAIL" in says(good_case(procedure="9.999999"), "D16")
    assert "FAIL" in says(good_case(procedure=None), "D16")
    assert "UNKNOWN" in says(good_case(manifest={"received_at": None}), "D16")


def test_d16_takes_old_codes_of_a_merged_province():
    assert says(replace(good_case(), dossier="000.00.13.H30-261120-0001"), "D16") == {"PASS"}


def test_d16_asks_nothing_of_a_loose_file_without_a_procedure():
    case = case_of(form(), procedure=None, dossier="scan_0001", procedure_required=False, office=None)
    assert says(case, "D16") == {"NOT_APPLICABLE"}


def test_d23_finds_the_child_under_two_names():
    finding = next(f for f in findings_of(change(good_case(), "notice", "full_name", "Lê Minh Khang"), "D23")
                   if f.verdict == "FAIL")  # fmt: skip
    assert "Khang" not in finding.reason
    assert finding.page == 1
    assert finding.box is not None
    assert "UNKNOWN" in says(change(good_case(), "notice", "full_name", "Lê Minh Khang", **LOW), "D23")


def test_d23_holds_names_that_differ_in_a_mark_alone():
    case = change(good_case(), "notice", "full_name", "Lê Minh Khói", confidence=0.85)
    assert "FAIL" in says(case, "D23")


def test_d23_takes_both_places_of_the_tone_mark():
    case = change(change(good_case(), "form", "full_name", "Lê Thị Hoà"), "notice", "full_name", "LÊ THỊ HÒA")
    case = change(case, "certificate", "full_name", "Lê Thị Hòa")
    assert says(case, "D23") == {"PASS"}


def test_d23_knows_the_card_holder_by_number():
    assert "FAIL" in says(change(good_case(), "card", "full_name", "PHẠM BÍCH HẠNH"), "D23")


def test_d24_lets_no_identifier_through_on_one_witness():
    case = change(
        good_case(), "certificate", "personal_id", witnesses=witnesses(CHILD_ID, "tesseract", "pytesseract")
    )
    finding = next(f for f in findings_of(case, "D24") if f.verdict == "UNKNOWN")
    assert finding.severity == "BLOCK"
    assert (finding.component, finding.page) == ("certificate", 1)
    assert CHILD_ID not in finding.reason


def test_d24_takes_other_pixels_and_other_papers_for_witnesses():
    twice = witnesses(CHILD_ID, "tesseract", "tesseract@2x")
    assert says(change(good_case(), "certificate", "personal_id", witnesses=twice), "D24") == {"PASS"}
    once = witnesses(MOTHER_ID, "tesseract")
    assert says(change(good_case(), "form", "applicant_personal_id", witnesses=once), "D24") == {"PASS"}
    alone = case_of(change_field(form(), "applicant_personal_id", witnesses=once), notice_of_another())
    assert "UNKNOWN" in says(alone, "D24")


def notice_of_another():
    return change_field(notice(), "mother_personal_id", "093195009999")


def test_d24_asks_a_person_about_any_doubtful_value():
    once = {"confidence": 0.5, "witnesses": witnesses("Lê Quốc Thịnh", "tesseract")}
    assert "FAIL" in says(change(good_case(), "form", "father_name", **once), "D24")


def test_d24_takes_a_fair_reading_if_another_paper_says_the_same():
    fair = {"confidence": 0.85}
    agreed = change(change(good_case(), "form", "full_name", **fair), "notice", "full_name", **fair)
    assert "FAIL" not in says(agreed, "D24")
    alone = case_of(change_field(form(), "place_of_birth", **fair))
    assert "FAIL" in says(alone, "D24")
    likely = {"confidence": 0.65}
    assert "FAIL" not in says(change(good_case(), "form", "full_name", **likely), "D24")
    both = change(change(good_case(), "form", "mother_name", **likely), "notice", "mother_name", **likely)
    only = change(change(both, "certificate", "mother_name", **likely), "card", "full_name", **likely)
    assert "FAIL" in says(only, "D24")
    by_pen = change(good_case(), "form", "full_name", confidence=0.85, handwritten=True)
    assert "FAIL" in says(by_pen, "D24")


def test_no_reason_shows_a_personal_id_in_clear():
    spoilt = change(
        change(good_case(), "card", "sex", "Nam"), "form", "applicant_personal_id", "003195004321"
    )
    for rule in ("D01", "D02", "D03", "D23", "D24", "S18"):
        assert all(
            MOTHER_ID not in f.reason and "003195004321" not in f.reason for f in findings_of(spoilt, rule)
        )
