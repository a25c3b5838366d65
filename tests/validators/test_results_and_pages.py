"""Pages told by their printed numbers (U05), and the metadata of results (U08)."""

from __future__ import annotations

import pytest
from dossier_builder import case_of, change_paper, findings_of, good_case, says
from hypothesis import given
from hypothesis import strategies as st
from paper_builder import BOX, certificate, change_field, component, decision, quality, without_field

from dossier.catalogue.documents import document_types
from dossier.metadata import LENGTHS, result_metadata
from dossier.reading import Mark
from validators.case import Case

BODY = "Điều 1. Phân công ông Phạm Hữu Tài phụ trách bộ phận một cửa của xã từ ngày ký quyết định này"


def of_pages(*texts: str, marks: tuple[Mark, ...] = (), **changes: object) -> Case:
    pages = tuple(quality(at) for at in range(1, len(texts) + 1))
    paper = decision().model_copy(update={"text": "\n\f".join(texts), "quality": pages, "marks": marks})
    return case_of(paper, procedure=None, **{"procedure_required": False, **changes})


def note(page: int, confidence: float = 0.9) -> Mark:
    return Mark(kind="note", page=page, box=BOX, confidence=confidence)


@pytest.mark.parametrize(
    ("texts", "verdict"),
    [
        (("QUYẾT ĐỊNH\nTrang 1/2", "Điều 2\nTrang 2/2"), "PASS"),
        (("1/2\nQUYẾT ĐỊNH", "2/2\nĐiều 2"), "PASS"),
        (("QUYẾT ĐỊNH", "Trang 2\nĐiều 2"), "PASS"),  # a first page bears no number
        (("QUYẾT ĐỊNH\nTrang 1/3", "Điều 3\nTrang 3/3"), "FAIL"),
        (("Điều 2\nTrang 2/2", "QUYẾT ĐỊNH\nTrang 1/2"), "FAIL"),
        (("QUYẾT ĐỊNH\nTrang 1/2",), "UNKNOWN"),  # one reading of one number
        (("QUYẾT ĐỊNH\nTrang 1/2", "Điều 2\nTrang 2/8"), "UNKNOWN"),
        (("QUYẾT ĐỊNH\nTrang 1/9", "Điều 2\nTrang 2"), "UNKNOWN"),  # one reading of the total
        (("QUYẾT ĐỊNH", "Điều 2"), "UNKNOWN"),
        (("QUYẾT ĐỊNH\n10/12",), "NOT_APPLICABLE"),  # not told to be a page number
        (("QUYẾT ĐỊNH",), "NOT_APPLICABLE"),
    ],
)
def test_u05_counts_pages_by_their_numbers(texts, verdict):
    assert says(of_pages(*texts), "U05") == {verdict}


def test_u05_is_not_sure_while_the_page_may_be_an_unrecognised_paper():
    case = of_pages("QUYẾT ĐỊNH\nTrang 1/3", "Điều 3\nTrang 3/3")
    stranger = component("x", "unknown", {})
    assert says(case_of(*case.components, stranger, procedure=None), "U05") == {"UNKNOWN"}


def test_u05_only_notes_pages_that_lie_apart_in_two_files():
    halves = [
        decision().model_copy(update={"id": str(at), "text": f"QUYẾT ĐỊNH\nTrang {at}/2"}) for at in (1, 2)
    ]
    found = findings_of(case_of(*halves, procedure=None), "U05")
    assert {(finding.verdict, finding.severity) for finding in found} == {("UNKNOWN", "WARN")}


def test_u05_asks_for_a_capture_without_the_note():
    assert says(of_pages(BODY, marks=(note(1),)), "U05") == {"FAIL"}
    assert says(of_pages(BODY, marks=(note(1, 0.5),)), "U05") == {"UNKNOWN"}
    assert "PASS" in says(of_pages(BODY, BODY, marks=(note(1),)), "U05")
    assert "PASS" not in says(of_pages(BODY, "Nơi nhận: như Điều 3; lưu VT", marks=(note(1),)), "U05")


def test_s02_lets_a_page_with_a_note_have_its_second_capture():
    twice = ((("decision.pdf", 1), ("decision.pdf", 2)),)
    paper = decision().model_copy(
        update={"sources": (decision().sources[0].model_copy(update={"pages": (1, 2)}),), "marks": (note(1),)}
    )
    assert says(case_of(paper, duplicates=twice), "S02") == {"PASS"}
    bare = paper.model_copy(update={"marks": ()})
    assert says(case_of(bare, duplicates=twice), "S02") == {"FAIL"}


def told(paper, office="G06.01"):
    title = document_types()[paper.type].title
    return {element.name: element.value for element in result_metadata(paper, title, office)}


def test_metadata_come_from_the_paper():
    assert told(decision()) == {
        "DocCode": "G06.01_QĐ_000012_V1",
        "TypeName": "QUYẾT ĐỊNH",
        "CodeNumber": "12",
        "CodeNotation": "QĐ-UBND",
        "IssuedDate": "2026-11-02",
        "OrganName": "Ủy ban nhân dân xã Vị Thủy",
        "Subject": "Về việc phân công nhiệm vụ",
    }
    assert told(certificate())["DocCode"] == "G06.01_GKS_000119_V1"
    letter = component("l", "official-document", {"number": "21/UBND-VP"})
    assert told(letter)["DocCode"] == "G06.01_CV_000021_V1"


@pytest.mark.parametrize(
    "paper",
    [
        component("b", "business-household-certificate", {"number": "093188006420"}),
        component("g", "land-certificate", {"serial": "AA01234567"}),
        component("d", "death-extract", {"number": "15/TLKT-BS"}),
    ],
    ids=lambda paper: paper.type,
)
def test_a_certificate_has_a_code_whatever_its_number_looks_like(paper):
    assert told(paper)["DocCode"]
    assert len(told(paper)["DocCode"]) <= LENGTHS["DocCode"]


@given(st.text(max_size=20), st.sampled_from(list(document_types())), st.none() | st.text(max_size=9))
def test_metadata_of_any_number_are_seven(number, type, office):
    paper = component("x", type, {"number": number, "serial": number})
    assert [element.name for element in result_metadata(paper, "Giấy", office)] == list(LENGTHS)


def test_u08_a_gap_in_the_reading_is_not_told_to_be_a_fault():
    case = good_case()
    assert says(case, "U08") == {"PASS"}
    unread = without_field(certificate(), "registration_date")
    assert says(change_paper(case, "certificate", fields=unread.fields), "U08") == {"UNKNOWN"}
    dashed = change_field(certificate(), "registration_office", value=None, printed="—", confidence=0.0)
    dashed = dashed.model_copy(
        update={
            "fields": tuple(
                f.model_copy(update={"value": None, "witnesses": ()})
                if f.name == "registration_office"
                else f
                for f in dashed.fields
            )
        }
    )
    assert says(change_paper(case, "certificate", fields=dashed.fields), "U08") == {"FAIL"}
