"""A receipt of a disagreement: both places named, both outlined."""

from __future__ import annotations

import re

from dossier.record import Grade, Place, Record
from storage.receipts.receipts import Preview, receipt_html
from storage.receipts.view import receipt

JPEG = b"\xff\xd8\xff\xe0 not really a picture"
PLACE = (300.0, 410.0, 900.0, 450.0)


def disagreeing(record: Record, *against: Place) -> Record:
    """The record with its disagreement of names alone, held against these places."""
    (finding,) = (f for f in record.findings if f.rule == "D23")
    return record.model_copy(update={"findings": (finding.model_copy(update={"against": against}),)})


def other_paper(record: Record) -> Place:
    field = record.components[0].fields[0]
    return Place(component="c1", file=field.file, page=field.page, box=field.box)


def previews(record: Record) -> dict[tuple[str, int], Preview]:
    return {
        (source.sha256, page): Preview(JPEG, 1654, 2338)
        for component in record.components
        for source in component.sources
        for page in source.pages
    }


def test_the_other_place_is_told_with_its_paper_and_outlined_on_its_page(record: Record) -> None:
    told = disagreeing(record, other_paper(record))
    (problem,) = receipt(told)["problems"]
    (beside,) = problem["beside"]
    assert beside["sha256"] == record.components[0].sources[0].sha256
    assert beside["paper"] == "Tờ khai đăng ký khai sinh"
    page = receipt_html(told, previews(told))
    assert page.count("<img ") == 2
    assert len(re.findall(r'class="box kind-', page)) == 1
    assert len(re.findall(r'class="box beside kind-', page)) == 1
    assert "Đối chiếu với: Tờ khai đăng ký khai sinh" in page


def test_neither_value_of_a_disagreement_has_a_tick(record: Record) -> None:
    view = receipt(disagreeing(record, other_paper(record)))
    at = other_paper(record)
    field = next(f for f in view["papers"][0]["fields"] if f["name"] == record.components[0].fields[0].name)
    assert field["problems"] == [1]
    assert at.box is not None


def test_witnesses_of_one_place_are_named_and_outlined_once(record: Record) -> None:
    paper = record.components[1]
    field = paper.fields[0]
    (finding,) = disagreeing(record).findings
    same = Place(component=paper.id, file=finding.file, page=finding.page, box=finding.box, by="words")
    page = receipt_html(disagreeing(record, same), previews(record))
    assert "phần ghi bằng chữ" in page
    assert 'class="box beside' not in page
    assert field.box is not None


def test_an_earlier_record_is_named_without_a_place(record: Record) -> None:
    page = receipt_html(disagreeing(record, Place(by="record:A-7")), previews(record))
    assert "hồ sơ A-7 đã kiểm tra" in page


def test_grades_stand_on_the_receipt_with_their_bands(record: Record) -> None:
    graded = record.model_copy(
        update={
            "grade": Grade(score=0.8125, band="yellow"),
            "paper_grades": {"c1": Grade(score=1, band="red")},
        }
    )
    assert receipt(graded)["grade"] == {"score": 0.8125, "band": "yellow", "text": "81,2 % (vàng)"}
    assert [paper["grade"] and paper["grade"]["band"] for paper in receipt(graded)["papers"]] == ["red", None]
    page = receipt_html(graded, {})
    assert 'band-yellow">81,2 % (vàng)' in page
    assert "Điểm dữ liệu" not in receipt_html(record, {})
