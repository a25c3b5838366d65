"""One number, one person (S04); files as archives take them (S13, S15); codes that resolve (S19); rates (U17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from dossier_builder import case_of, change, findings_of, good_case, says
from paper_builder import component, sha

from dossier.record import DroppedFile, Refused
from validators.case import OfficeCounts


def test_s04_one_number_goes_with_one_name():
    assert says(good_case(), "S04") == {"PASS"}
    other = change(good_case(), "notice", "mother_name", "Phạm Hoàng Yến")
    assert "FAIL" in says(other, "S04")
    assert "FAIL" not in says(
        change(good_case(), "notice", "mother_name", "Phạm Hoàng Yến", confidence=0.5), "S04"
    )


@pytest.mark.parametrize("name", ["Trần Thị Ngọc Lam", "Ngọc Lan", "TRẦN THỊ NGỌC LÂN"])
def test_s04_does_not_take_a_slip_of_the_reader_for_another_person(name):
    assert "FAIL" not in says(change(good_case(), "notice", "mother_name", name), "S04")


def test_s04_one_person_has_one_number_but_may_have_the_former_card_s_too():
    def couple(number: str):
        one = {"full_name": "Phạm Gia Bảo", "date_of_birth": "1998-04-17", "personal_id": "093098002468"}
        other = {
            "husband_name": "PHẠM GIA BẢO",
            "husband_date_of_birth": "1998-04-17",
            "husband_personal_id": number,
        }
        papers = (
            component("a", "death-extract", one),
            component("b", "marriage-certificate", other),
        )
        return says(case_of(*papers, procedure=None), "S04")

    assert couple("093098002469") == {"FAIL"}
    assert couple("093098002468") == {"PASS"}
    assert couple("361234567") == {"PASS"}


def test_s04_masks_numbers():
    found = findings_of(change(good_case(), "notice", "mother_name", "Phạm Hoàng Yến"), "S04")
    assert all("093195004321" not in finding.reason for finding in found)


def with_version(version: str | None):
    case = good_case()
    return replace(case, pdf_versions={file.sha256: version for file in case.files if version})


@pytest.mark.parametrize(
    ("version", "verdict"),
    [
        ("1.3", "FAIL"),
        ("1.4", "PASS"),
        ("1.10", "PASS"),
        ("2.0", "PASS"),
        (None, "UNKNOWN"),
        ("x", "UNKNOWN"),
    ],
)
def test_s13_notes_old_pdfs_and_sends_none_back(version, verdict):
    found = findings_of(with_version(version), "S13")
    assert {(finding.verdict, finding.severity) for finding in found} == {(verdict, "INFO")}


def test_s13_knows_nothing_of_files_that_were_not_inspected():
    assert says(good_case(), "S13") == {"UNKNOWN"}


def test_s15_proposes_the_archive_s_name_and_asks_for_nothing():
    case = replace(good_case(), files=good_case().files[:1])
    (found,) = findings_of(case, "S15")
    assert (found.verdict, found.severity, found.file) == ("FAIL", "INFO", "form.pdf")
    assert "H13.96.31-261120-0001_20261120_to-khai-dang-ky-khai-sinh.pdf" in found.reason


def test_s15_says_nothing_of_a_dropped_name_which_may_be_a_person_s():
    case = replace(good_case(), files=(DroppedFile(name="Lê Minh Khôi.pdf", sha256=sha("t")),))
    (found,) = findings_of(case, "S15")
    assert "khoi" not in found.reason.lower()
    assert "_tep.pdf" in found.reason


def test_s13_and_s15_note_many_files_in_one_line_each():
    case = replace(with_version("1.3"), files=good_case().files)
    for rule in ("S13", "S15"):
        (found,) = [f for f in findings_of(case, rule) if f.verdict == "FAIL"]
        assert found.reason.startswith("Có 4 tệp")
        assert found.file is None


@pytest.mark.parametrize(("code", "verdict"), [("wrong-extension", "FAIL"), ("empty-file", "UNKNOWN")])
def test_s15_goes_by_the_content_where_it_is_known(code, verdict):
    file = DroppedFile(name="a.pdf", sha256=sha("a"))
    refused = Refused(file="a.pdf", sha256=sha("a"), reason="…", code=code)
    assert says(replace(good_case(), files=(file,), refused=(refused,)), "S15") == {verdict}


@pytest.mark.parametrize(
    ("type", "verdict"),
    [("birth-notice", "PASS"), ("witness-statement", "PASS"), ("giay-chung-sinh", "FAIL")],
)
def test_s19_looks_up_the_types_that_a_manifest_gives(type, verdict):
    case = good_case(manifest={"files": ({"name": "notice.pdf", "type": type},)})
    (found,) = [f for f in findings_of(case, "S19") if f.file]
    assert found.verdict == verdict


def test_s19_has_no_list_of_agencies_and_says_so():
    (found,) = [f for f in findings_of(good_case(), "S19") if f.verdict == "UNKNOWN"]
    assert found.severity == "INFO"
    assert "FAIL" in says(replace(good_case(), office="xã Vị Thủy"), "S19")


@pytest.mark.parametrize(
    ("digitised", "dossiers", "verdict"), [(9, 9, "PASS"), (8, 9, "FAIL"), (0, 0, "UNKNOWN")]
)
def test_u17_speaks_of_an_office_where_its_figures_are_at_hand(digitised, dossiers, verdict):
    assert says(good_case(), "U17") == {"NOT_APPLICABLE"}
    figures = OfficeCounts(date(2026, 10, 1), date(2026, 10, 31), dossiers, digitised, 0, 0)
    assert says(good_case(figures=figures), "U17") == {verdict}
