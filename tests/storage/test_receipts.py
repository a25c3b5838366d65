from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from dossier.record import DroppedFile, Record, Refused
from storage.buckets import RECEIPTS
from storage.receipts.receipts import Preview, give_receipt, receipt_html, receipt_key
from storage.receipts.view import mask, mask_text, receipt
from storage.s3 import Store

JPEG = b"\xff\xd8\xff\xe0 not really a picture"


def previews(record: Record) -> dict[tuple[str, int], Preview]:
    return {
        (source.sha256, page): Preview(JPEG, 1654, 2338)
        for component in record.components
        for source in component.sources
        for page in source.pages
    }


def test_a_receipt_says_what_is_wrong_worst_first_and_what_to_do(record: Record) -> None:
    said = receipt(record)
    assert said["title"] == "Cần xem lại"
    assert said["summary"] == "Hồ sơ có 1 chỗ phải sửa và 2 chỗ cần xem."
    assert [(p["number"], p["rule"], p["kind"]) for p in said["problems"]] == [
        (1, "U09", "must"),
        (2, "S12", "look"),
        (3, "D23", "look"),
    ]
    assert {file["file"]: file["end"] for file in said["files"]} == {
        "Tờ khai.pdf": "kept",
        "Giấy chứng sinh.jpg": "kept",
        "hỏng.pdf": "refused",
    }
    json.dumps(said)


def test_every_dropped_and_refused_file_is_in_the_receipt(record: Record) -> None:
    old = Refused(file="Tờ khai.pdf", sha256="1" * 64, reason="Đã có tệp mới hơn", code="superseded")
    said = receipt(record.model_copy(update={"refused": (*record.refused, old)}))
    ends = sorted((file["file"], file["end"]) for file in said["files"])
    assert ("Tờ khai.pdf", "kept") in ends
    assert ("Tờ khai.pdf", "refused") in ends


def test_a_refused_file_is_told_once(record: Record) -> None:
    assert "Tệp không nhận (1)" in receipt_html(record, {})
    refused = record.refused[0]
    same = record.findings[0].model_copy(
        update={"severity": "BLOCK", "verdict": "FAIL", "file": refused.file, "reason": refused.reason}
    )
    page = receipt_html(record.model_copy(update={"findings": (same,)}), {})
    assert "Tệp không nhận" not in page
    assert page.count(refused.reason) == 1


def test_a_value_that_something_is_wrong_with_points_to_it_and_has_no_tick(record: Record) -> None:
    paper = record.components[1]
    field = paper.fields[1]
    about = record.findings[0].model_copy(
        update={"severity": "BLOCK", "verdict": "FAIL", "component": paper.id, "file": field.file}
        | {"page": field.page, "box": field.box}
    )
    told = record.model_copy(
        update={"findings": (about,), "components": (paper.model_copy(update={"fields": (field,)}),)}
    )
    assert 'Xem mục <a href="#p1">1</a>' in receipt_html(told, {})
    assert "✓&nbsp;99,0" not in receipt_html(told, {})
    assert "✓&nbsp;99,0" in receipt_html(told.model_copy(update={"findings": ()}), {})


def test_an_unsure_value_that_another_source_confirms_need_not_be_compared(record: Record) -> None:
    paper = record.components[1]
    field = paper.fields[1].model_copy(update={"confidence": 0.84})
    told = record.model_copy(
        update={"components": (paper.model_copy(update={"fields": (field,)}),), "findings": ()}
    )
    assert "Đối chiếu với giấy" in receipt_html(told, {})
    confirms = record.findings[0].model_copy(
        update={"rule": "D24", "verdict": "PASS", "component": paper.id, "page": field.page, "box": field.box}
    )
    page = receipt_html(told.model_copy(update={"findings": (confirms,)}), {})
    assert "Đối chiếu với giấy" not in page
    assert "khớp nguồn khác" in page


def test_personal_numbers_show_their_last_four_digits_only(record: Record) -> None:
    page = receipt_html(record, {})
    assert "001190001234" not in page + json.dumps(receipt(record), ensure_ascii=False)
    assert "••••••••1234" in page
    assert mask("123") == "•••"
    assert (
        mask_text("số 001190001234, sđt 0912345678, năm 1990") == "số ••••••••1234, sđt 0912345678, năm 1990"
    )


def test_dates_are_shown_as_people_write_them_and_kept_as_programs_do(record: Record) -> None:
    fields = receipt(record)["papers"][1]["fields"]
    assert [(field["value"], field["shown"]) for field in fields if field["name"] == "issue_date"] == [
        ("2026-10-02", "02/10/2026")
    ]


def test_boxes_lie_on_the_picture_in_per_cent_of_the_page(record: Record) -> None:
    page = receipt_html(record, previews(record))
    assert (
        page.count('<img src="data:image/jpeg;base64,') == 3
    )  # the three pages that something is wrong with
    style = re.search(r'style="left:([\d.]+)%;top:([\d.]+)%;width:([\d.]+)%;height:([\d.]+)%"', page)
    assert style is not None
    left, top, width, height = map(float, style.groups())
    assert left <= 300 / 1654 * 100
    assert top <= 410 / 2338 * 100
    assert left + width >= 900 / 1654 * 100
    assert top + height >= 450 / 2338 * 100


@pytest.mark.parametrize("state", ["checked", "returned", "refused"])
def test_the_page_stands_alone_and_is_well_formed(record: Record, state: str) -> None:
    page = receipt_html(record.model_copy(update={"state": state}), previews(record))
    assert not re.search(r"(?:src|href)=[\"'](?!data:image/jpeg;base64,|#)", page)
    assert not re.search(r"@import|url\(|<script", page)
    assert '<html lang="vi">' in page
    open_tags: list[str] = []

    class Checker(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "img":
                assert dict(attrs)["alt"]
            elif tag not in ("meta", "br"):
                open_tags.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert open_tags.pop() == tag

    Checker(convert_charrefs=True).feed(page)
    assert open_tags == []


def test_what_comes_from_files_and_people_is_escaped(make_record: Callable[..., Record]) -> None:
    evil = "<script>alert(1)</script>\"'.pdf"
    record = make_record("A-1")
    finding = record.findings[1].model_copy(update={"reason": evil, "file": evil})
    refused = record.refused[0].model_copy(update={"file": evil, "reason": evil})
    field = record.components[0].fields[0].model_copy(update={"value": evil})
    component = record.components[0].model_copy(update={"fields": (field,)})
    page = receipt_html(
        record.model_copy(
            update={
                "findings": (finding,),
                "refused": (refused,),
                "components": (component,),
                "drop": (DroppedFile(name=evil, sha256="2" * 64),),
            }
        ),
        {("2" * 64, 1): Preview(JPEG, 100, 100)},
    )
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 4


def test_a_dossier_without_any_finding_or_paper_has_a_receipt(record: Record) -> None:
    bare = record.model_copy(
        update={"components": (), "findings": (), "verdicts": {}, "procedure": None, "office": None}
    )
    assert "hỏng.pdf" in receipt_html(bare.model_copy(update={"state": "refused"}), {})


def test_receipts_are_given_twice_with_the_same_end(store: Store, record: Record) -> None:
    for _ in range(2):
        give_receipt(store, record, previews(record))
    start = f"{record.office}/{record.dossier}/"
    assert [entry.key.removeprefix(start) for entry in store.list(RECEIPTS, start)] == [
        "receipt.html",
        "receipt.json",
        "v000001.html",
        "v000001.json",
    ]
    assert store.stat(RECEIPTS, receipt_key(record.office, record.dossier)) is not None
    assert store.stat(RECEIPTS, receipt_key(record.office, record.dossier, 1)) is not None
