import unicodedata
from dataclasses import replace

import pytest
from dossier_builder import Everything, case_of, change, change_paper, findings_of, good_case, says
from paper_builder import certificate, change_field, component, decision, form, notice, quality, sha

from dossier.reading import Mark
from dossier.record import DroppedFile, Refused, Source

UNREAD = component("other", "unknown", {}, "một tờ giấy", marks=())


@pytest.mark.parametrize(
    "rule", ["S01", "S02", "S03", "S05", "S08", "S09", "S11", "S12", "S14", "S16", "S17", "S18"]
)
def test_a_good_dossier_passes(rule):
    assert says(good_case(), rule) == {"PASS"}


def test_s01_finds_the_same_bytes_under_two_names():
    files = (*good_case().files, DroppedFile(name="ban-sao.pdf", sha256=sha("form.pdf")))
    assert [f.file for f in findings_of(good_case(files=files), "S01") if f.verdict == "FAIL"] == ["form.pdf"]


def test_s01_offers_what_is_kept_already():
    assert "dùng lại" in findings_of(good_case(earlier=Everything()), "S01")[0].reason


def test_s02_points_at_the_page_that_is_there_twice():
    case = good_case(duplicates=((("form.pdf", 1), ("notice.pdf", 1)),))
    finding = findings_of(case, "S02")[0]
    assert (finding.verdict, finding.component, finding.page) == ("FAIL", "notice", 1)


def test_s03_refuses_a_number_that_was_given_before():
    assert "FAIL" in says(good_case(earlier=Everything()), "S03")
    assert "UNKNOWN" in says(good_case(earlier=None), "S03")
    other = change_field(certificate().model_copy(update={"id": "second"}), "full_name", "Lê Minh Khang")
    assert "FAIL" in says(case_of(form(), certificate(), other), "S03")


def test_s03_leaves_twins_to_a_person():
    open_ones = [f for f in findings_of(good_case(earlier=Everything()), "S03") if "chưa xong" in f.reason]
    assert [f.severity for f in open_ones] == ["WARN"]


@pytest.mark.parametrize(
    "text", [unicodedata.normalize("NFD", "Lê Minh Khôi"), "Lê Minh Khô\u200bi", "Ðặng Văn Đạt"]
)
def test_s05_notes_text_that_is_not_normal(text):
    finding = next(
        f for f in findings_of(change(good_case(), "form", "full_name", text), "S05") if f.verdict == "FAIL"
    )
    assert finding.severity == "INFO"


def test_s05_takes_wrapped_lines_as_they_are():
    assert says(change(good_case(), "form", "place_of_birth", "Bệnh viện\nVị Thanh"), "S05") == {"PASS"}


@pytest.mark.parametrize("name", ["Khôi", "Lê Minh Kh0i", "Lê  Minh", "a b c d e f g h i"])
def test_s08_knows_what_no_name_looks_like(name):
    assert "FAIL" in says(change(good_case(), "form", "full_name", name), "S08")
    assert "UNKNOWN" in says(change(good_case(), "form", "full_name", name, confidence=0.3), "S08")


def test_s09_holds_the_lists():
    assert "FAIL" in says(change(good_case(), "form", "ethnicity", "Thủy"), "S09")
    assert "FAIL" in says(change(good_case(), "form", "sex", "Nan"), "S09")
    assert "UNKNOWN" in says(change(good_case(), "form", "sex", "Nan", confidence=0.3), "S09")
    assert says(change(good_case(), "form", "ethnicity", "Khmer"), "S09") == {"PASS"}
    assert "FAIL" in says(change(good_case(), "card", "nationality", "Nam"), "S09")


def test_s11_wants_200_dpi_and_more():
    assert "FAIL" in says(change_paper(good_case(), "form", quality=(quality(dpi=150),)), "S11")
    assert "UNKNOWN" in says(change_paper(good_case(), "form", quality=(quality(dpi=0),)), "S11")
    assert says(change_paper(good_case(), "form", quality=(quality(dpi=199.9),)), "S11") == {"PASS"}


@pytest.mark.parametrize("fault", [{"blank": True}, {"sharpness": 5.0}, {"contrast": 0.05}, {"skew": -14.0}])
def test_s12_sees_bad_images(fault):
    bad = [f for f in findings_of(change_paper(good_case(), "form", quality=(quality(**fault),)), "S12")
           if f.verdict == "FAIL"]  # fmt: skip
    assert [(f.severity, f.component, f.page) for f in bad] == [("WARN", "form", 1)]


def test_s12_does_not_take_a_page_of_few_words_for_a_blurred_one():
    sparse = change_paper(good_case(), "form", quality=(quality(sharpness=35.0, ink=0.0013),))
    assert says(sparse, "S12") == {"PASS"}


def test_s12_only_notes_what_was_put_right():
    bad = [f for f in findings_of(change_paper(good_case(), "form", quality=(quality(skew=4.0),)), "S12")
           if f.verdict == "FAIL"]  # fmt: skip
    assert [f.severity for f in bad] == ["INFO"]


def test_s12_takes_the_empty_back_of_a_sheet_for_what_it_is():
    pages = (quality(1), quality(2, blank=True))
    source = (Source(file="form.pdf", sha256=sha("form.pdf"), pages=(1, 2)),)
    bad = [f for f in findings_of(change_paper(good_case(), "form", quality=pages, sources=source), "S12")
           if f.verdict == "FAIL"]  # fmt: skip
    assert [f.severity for f in bad] == ["INFO"]


def test_s12_points_at_the_file_of_a_card_s_other_face():
    sources = tuple(Source(file=name, sha256=sha(name), pages=(1,)) for name in ("truoc.jpg", "sau.jpg"))
    case = change_paper(good_case(), "card", quality=(quality(), quality(sharpness=3.0)), sources=sources)
    assert [f.file for f in findings_of(case, "S12") if f.verdict == "FAIL"] == ["sau.jpg"]


def test_s14_refuses_locked_files():
    locked = Refused(file="khoa.pdf", sha256=sha("khoa"), reason="Tệp có mật khẩu.", code="encrypted")
    finding = next(f for f in findings_of(good_case(refused=(locked,)), "S14") if f.verdict == "FAIL")
    assert finding.file == "khoa.pdf"


def test_s16_notes_merged_files_and_asks_about_unknown_parts():
    same = {"sources": (Source(file="gop.pdf", sha256=sha("gop"), pages=(1,)),)}
    merged = case_of(form().model_copy(update=same), notice().model_copy(update=same))
    assert [(f.verdict, f.severity) for f in findings_of(merged, "S16")] == [("FAIL", "INFO")]
    merged = case_of(form().model_copy(update=same), UNREAD.model_copy(update=same))
    assert [(f.verdict, f.severity) for f in findings_of(merged, "S16")] == [("FAIL", "WARN")]


def test_s17_finds_strays_and_unknown_papers():
    stray = [f for f in findings_of(case_of(form(), notice(), decision()), "S17") if f.verdict == "FAIL"]
    assert [f.component for f in stray] == ["decision"]
    assert "FAIL" in says(case_of(form(), UNREAD), "S17")
    assert "FAIL" in says(case_of(UNREAD, procedure=None, procedure_required=False), "S17")


def test_s17_leaves_blank_sheets_alone():
    blank = component("blank", "unknown", {}, quality=(quality(blank=True),))
    assert says(case_of(form(), blank), "S17") == {"PASS"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("full_name", "Nguyễn Văn A"),
        ("applicant_personal_id", "012345678901"),
        ("applicant_personal_id", "093000000000"),
        ("date_of_birth", "1900-01-01"),
    ],
)
def test_s18_refuses_values_of_nobody(name, value):
    assert "FAIL" in says(change(good_case(), "form", name, value), "S18")
    assert "UNKNOWN" in says(change(good_case(), "form", name, value, confidence=0.3), "S18")


def test_a_case_without_papers_says_nothing_clean():
    assert says(replace(good_case(), components=(), files=()), "S17") == {"NOT_APPLICABLE"}


@pytest.mark.parametrize(("fault", "severity"), [({"cut_edges": 0.06}, "WARN"), ({"glare": 0.03}, "INFO")])
def test_s12_sees_cut_edges_and_tells_of_what_may_be_glare(fault, severity):
    bad = [f for f in findings_of(change_paper(good_case(), "form", quality=(quality(**fault),)), "S12")
           if f.verdict == "FAIL"]  # fmt: skip
    assert [(f.severity, f.component, f.page) for f in bad] == [(severity, "form", 1)]
    assert "trang 1" in bad[0].reason
    assert "lại" in bad[0].reason


@pytest.mark.parametrize("lost", ["cut_edges", "glare"])
def test_s12_never_passes_what_could_not_be_measured(lost):
    case = change_paper(good_case(), "form", quality=(quality(**{lost: None}),))
    assert [f.verdict for f in findings_of(case, "S12") if f.component == "form"] == ["UNKNOWN"]


def test_s11_asks_for_colour_where_a_seal_is():
    seal = Mark(kind="seal", page=1, box=(0, 0, 9, 9), confidence=0.9)
    grey = change_paper(good_case(), "form", quality=(quality(colour=False),), marks=(seal,))
    bad = [f for f in findings_of(grey, "S11") if f.verdict == "FAIL"]
    assert [(f.severity, f.component) for f in bad] == [("INFO", "form")]
    assert "con dấu" in bad[0].reason
