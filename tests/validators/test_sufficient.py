from dataclasses import replace

import pytest
from dossier_builder import case_of, change, change_paper, findings_of, good_case, says
from paper_builder import (
    card,
    change_field,
    component,
    decision,
    field,
    form,
    notice,
    quality,
    sha,
    signature,
    with_field,
    without_field,
)

from dossier.drop import ManifestFile
from dossier.record import DroppedFile, Refused

BROKEN = Refused(file="hong.pdf", sha256=sha("x"), reason="Tệp bị cắt cụt.", code="truncated")
UNREAD = component("other", "unknown", {}, "một tờ giấy", marks=())


@pytest.mark.parametrize("rule", ["U01", "U04", "U06", "U07", "U09", "U10", "U11", "U16"])
def test_a_good_dossier_passes(rule):
    assert says(good_case(), rule) - {"NOT_APPLICABLE"} == {"PASS"}


def test_u01_misses_the_birth_notice_and_says_what_to_do():
    missing = [f for f in findings_of(case_of(form(), card()), "U01") if f.verdict == "FAIL"]
    assert len(missing) == 1
    assert "Giấy chứng sinh" in missing[0].reason
    assert "Quét" in missing[0].reason


def test_u01_does_not_ask_for_a_paper_that_is_only_shown():
    assert "FAIL" not in says(case_of(form(), notice()), "U01")


@pytest.mark.parametrize("rest", [{"refused": (BROKEN,)}, {}])
def test_u01_is_not_sure_while_something_could_not_be_read(rest):
    papers = (form(), card()) if rest else (form(), card(), UNREAD)
    assert "UNKNOWN" in says(case_of(*papers, **rest), "U01")


def test_u01_follows_the_facts_of_the_manifest():
    abandoned = case_of(form(), manifest={"facts": {"abandoned": True}})
    titles = [f.reason for f in findings_of(abandoned, "U01") if f.verdict == "FAIL"]
    assert len(titles) == 1
    assert "bỏ rơi" in titles[0]
    assert "FAIL" in says(good_case(manifest={"facts": {"delegated": True}}), "U01")
    silent = [f.reason for f in findings_of(good_case(), "U01") if f.verdict == "NOT_APPLICABLE"]
    assert any("không khai" in reason for reason in silent)


def test_u01_is_not_sure_of_a_paper_of_doubtful_type():
    assert "UNKNOWN" in says(change_paper(good_case(), "notice", type_confidence=0.4), "U01")


def test_u01_without_a_procedure():
    loose = case_of(form(), procedure=None, procedure_required=False)
    assert says(loose, "U01") == {"NOT_APPLICABLE"}
    assert says(case_of(form(), procedure=None), "U01") == {"FAIL"}


def test_u04_counts_what_the_manifest_lists():
    listed = (ManifestFile(name="form.pdf", sha256=sha("form.pdf")), ManifestFile(name="notice.pdf"))
    assert says(good_case(manifest={"files": listed}), "U04") == {"PASS"}
    assert "FAIL" in says(good_case(manifest={"files": (*listed, ManifestFile(name="thieu.pdf"))}), "U04")
    other = (ManifestFile(name="form.pdf", sha256=sha("other")),)
    assert "FAIL" in says(good_case(manifest={"files": other}), "U04")


def test_u04_counts_originals():
    case = good_case()
    twice = tuple(r.model_copy(update={"originals": 2}) for r in case.procedure.requirements)
    case = replace(case, procedure=case.procedure.model_copy(update={"requirements": twice}))
    assert "FAIL" in says(case, "U04")


def test_u06_wants_both_faces():
    front = change_paper(good_case(), "card", text="CĂN CƯỚC CÔNG DÂN")
    front = change(front, "card", "personal_id", "093195004321")
    front = change(front, "card", "full_name", "TRẦN THỊ NGỌC LAN")
    front = replace(front, components=tuple(without_field(c, "issue_date") for c in front.components))
    finding = next(f for f in findings_of(front, "U06"))
    assert finding.verdict == "FAIL"
    assert "mặt sau" in finding.reason


def test_u06_takes_two_scans_for_the_two_faces_of_one_card():
    front = component(
        "front", "citizen-id-card", {"full_name": "TRẦN THỊ NGỌC LAN", "personal_id": "093195004321"}
    )
    back = component("back", "citizen-id-card", {"issue_date": "2022-05-10"})
    assert says(case_of(form(), front, back), "U06") == {"PASS"}
    assert says(case_of(form(), back), "U06") == {"FAIL"}
    assert says(case_of(form(), back, UNREAD), "U06") == {"UNKNOWN"}
    nothing = component("nothing", "citizen-id-card", {})
    assert says(case_of(form(), nothing), "U06") == {"UNKNOWN"}


def test_u07_wants_mandatory_values_and_no_placeholders():
    gone = case_of(without_field(notice(), "number"))
    finding = next(f for f in findings_of(gone, "U07") if f.verdict == "UNKNOWN")
    assert finding.severity == "BLOCK"  # its place was not found: a person looks
    dots = case_of(with_field(notice(), field("number", None, "notice.pdf", printed=".....")))
    finding = next(f for f in findings_of(dots, "U07") if f.verdict == "FAIL")
    assert finding.severity == "BLOCK"
    unnamed = case_of(without_field(notice(), "mother_name"))
    finding = next(f for f in findings_of(unnamed, "U07") if f.verdict == "FAIL")
    assert finding.severity == "WARN"
    slash = case_of(with_field(notice(), field("mother_name", None, "notice.pdf", printed="/")))
    finding = next(f for f in findings_of(slash, "U07") if f.verdict == "FAIL")
    assert finding.severity == "WARN"
    odd = case_of(with_field(notice(), field("number", None, "notice.pdf", printed="O1#27")))
    assert "UNKNOWN" in says(odd, "U07")


def test_u09_looks_for_signature_and_seal():
    bare = change_paper(good_case(), "certificate", marks=())
    assert says(bare, "U09") == {"PASS", "UNKNOWN"}
    pale = change_paper(bare, "certificate", quality=(quality(coloured_ink=0.0),))
    assert "FAIL" in says(pale, "U09")
    signed = change_paper(bare, "certificate", signatures=(signature(),))
    assert says(signed, "U09") == {"PASS"}


def test_u10_wants_every_starred_box_of_the_form():
    empty = field("full_name", None, "form.pdf")
    assert "FAIL" in says(case_of(with_field(form(), empty)), "U10")
    unticked = field("sex", None, "form.pdf", printed="Nam ☐ Nữ ☐")
    assert "UNKNOWN" in says(case_of(with_field(form(), unticked)), "U10")


def test_u11_wants_an_authorisation_of_strangers_only():
    assert "FAIL" in says(case_of(change_field(form(), "relationship", "Người được ủy quyền")), "U11")
    assert "FAIL" in says(case_of(form(), manifest={"facts": {"delegated": True}}), "U11")
    assert says(case_of(change_field(form(), "relationship", "Bà ngoại")), "U11") == {"PASS"}
    assert says(case_of(without_field(form(), "relationship")), "U11") == {"UNKNOWN"}
    authorised = component("paper", "authorisation", {})
    assert says(case_of(form(), authorised, manifest={"facts": {"delegated": True}}), "U11") == {"PASS"}


def test_u15_wants_the_boxes_of_decree_30():
    assert says(case_of(decision()), "U15") == {"PASS"}
    assert says(case_of(without_field(decision(), "recipients")), "U15") == {"UNKNOWN"}
    bare = decision()
    for name in ("recipients", "subject", "place"):
        bare = without_field(bare, name)
    finding = findings_of(case_of(bare), "U15")[0]
    assert finding.verdict == "FAIL"
    assert "Nơi nhận" in finding.reason


def test_u16_accounts_for_every_file():
    files = (*good_case().files, DroppedFile(name="hong.pdf", sha256=sha("x")))
    assert "FAIL" in says(good_case(files=files), "U16")
    refused = [
        f for f in findings_of(good_case(files=files, refused=(BROKEN,)), "U16") if f.verdict == "FAIL"
    ]
    assert [f.file for f in refused] == ["hong.pdf"]
