"""S07 and S10: the form of values, and the place of tone marks."""

from __future__ import annotations

import pytest
from dossier_builder import TYPES, case_of, change, findings_of, good_case, says
from paper_builder import certificate, change_field, component, field, form

from dossier.catalogue.documents import DocumentType, FieldSpec


def test_s07_tells_names_that_differ_in_the_place_of_a_tone_alone():
    case = change(good_case(), "form", "mother_name", "Trần Thị Hoà")
    case = change(case, "certificate", "mother_name", "TRẦN THỊ HÒA")
    found = findings_of(case, "S07")
    assert [(f.verdict, f.severity) for f in found] == [("PASS", "INFO")]
    assert "chỗ đặt dấu thanh" in found[0].reason


@pytest.mark.parametrize("other", ["Trần Thị Hòa", "TRẦN THỊ HÒA", "Trần Thị Hoa"])
def test_s07_is_silent_on_names_spelt_alike_and_on_other_names(other):
    case = change(good_case(), "form", "mother_name", "Trần Thị Hòa")
    assert says(change(case, "certificate", "mother_name", other), "S07") == {"NOT_APPLICABLE"}


def test_s07_never_writes_a_name_anew():
    case = change(good_case(), "form", "mother_name", "Trần Thị Hoà")
    before = case.components
    findings_of(case, "S07")
    assert case.components == before


def test_s10_passes_a_good_dossier():
    assert says(good_case(), "S10") == {"PASS"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("applicant_personal_id", "093 195 004 321"),
        ("applicant_personal_id", "093.195.004.321"),
        ("date_of_birth", "28/10/2026"),
        ("declaration_date", "2026-02-30"),
    ],
)
def test_s10_finds_values_not_in_their_form(name, value):
    assert "FAIL" in says(change(good_case(), "form", name, value), "S10")
    assert "FAIL" not in says(change(good_case(), "form", name, value, confidence=0.2), "S10")


CONTACT = DocumentType(
    id="contact",
    title="Phiếu liên hệ",
    fields={
        "phone": FieldSpec(title="Điện thoại", kind="phone"),
        "email": FieldSpec(title="Email", kind="email"),
    },
)


@pytest.mark.parametrize(
    ("name", "value", "verdict"),
    [
        ("phone", "0912345678", "PASS"),
        ("phone", "02933876543", "PASS"),
        ("phone", "0112345678", "FAIL"),
        ("phone", "+84912345678", "FAIL"),
        ("email", "motcua@xavithuy.gov.vn", "PASS"),
        ("email", "motcua@xavithuy", "FAIL"),
    ],
)
def test_s10_holds_phones_and_mail_addresses(name, value, verdict):
    case = case_of(
        component("c", "contact", {name: value}), procedure=None, document_types={**TYPES, "contact": CONTACT}
    )
    assert says(case, "S10") == {verdict}


def test_s10_tells_of_a_phone_that_could_not_be_read():
    paper = component("c", "contact", {}).model_copy(
        update={"fields": (field("phone", None, "c.pdf", printed="0912 34"),)}
    )
    case = case_of(paper, procedure=None, document_types={**TYPES, "contact": CONTACT})
    assert [(f.verdict, f.severity) for f in findings_of(case, "S10")] == [("UNKNOWN", "INFO")]


def test_s07_speaks_once_of_a_name_that_stands_on_many_papers():
    papers = [change_field(form(), "mother_name", "Trần Thị Hoà")]
    papers += [
        change_field(certificate().model_copy(update={"id": f"c{i}"}), "mother_name", "Trần Thị Hòa")
        for i in range(3)
    ]
    assert len(findings_of(case_of(*papers, procedure=None), "S07")) == 1
