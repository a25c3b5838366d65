"""The parts of papers by Decree 30/2020, found by their structure in words laid out as on paper."""

from __future__ import annotations

import numpy as np
import pytest

from dossier.reading import PageReading, Quality, Word
from ocr.readers.book import decree30  # noqa: F401
from ocr.readers.heading import has_rule, heading, kind_of_notation, known_kind
from ocr.readers.letterhead import agency_case, issuing_agency, letterhead
from ocr.readers.recipientlist import recipients_anchor
from ocr.readers.segments import segments

KINDS = {"QĐ": "QUYẾT ĐỊNH", "TB": "THÔNG BÁO", "TTr": "TỜ TRÌNH"}


def page(*lines: tuple[int, int, str]) -> PageReading:
    """A page of 1654 x 2339 pixels at 200 dpi. lines: left, top, text; letters 16 wide and 30 high."""
    words = []
    for number, (left, top, text) in enumerate(lines):
        x = left
        for part in text.split():
            box = (float(x), float(top), float(x + 16 * len(part)), float(top + 30))
            words.append(Word(text=part, box=box, confidence=0.95, line=number))
            x += 16 * len(part) + 10
    quality = Quality(
        page=1, dpi=200, skew=0, sharpness=1, contrast=1, ink=0.1, coloured_ink=0, black_border=0,
        colour=True, blank=False,
    )  # fmt: skip
    return PageReading(
        sha256="0" * 64,
        page=1,
        width=1654,
        height=2339,
        dpi=200,
        rotation=0,
        words=tuple(words),
        quality=quality,
    )


HEAD = (
    (290, 180, "ỦY BAN NHÂN DÂN"),
    (760, 180, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (290, 225, "XÃ BẾN MƠ"),
    (890, 225, "Độc lập - Tự do - Hạnh phúc"),
    (290, 300, "Số: 23 /QĐ-UBND"),
    (860, 300, "Bến Mơ, ngày 05 tháng 02 năm 2026"),
)
BODY = tuple((240, 800 + 45 * n, "chữ " * 21) for n in range(6))


def test_the_head_is_parted_by_the_motto() -> None:
    head = letterhead(page(*HEAD, *BODY))
    assert head is not None
    assert [line.text for line in head.issuer] == ["ỦY BAN NHÂN DÂN", "XÃ BẾN MƠ"]
    assert head.number is not None
    assert head.number.text == "Số: 23 /QĐ-UBND"
    assert head.date is not None
    assert head.date.text == "Bến Mơ, ngày 05 tháng 02 năm 2026"


def test_a_page_without_motto_has_no_letterhead() -> None:
    assert letterhead(page(*BODY)) is None


def test_the_subject_goes_down_to_the_wide_gap() -> None:
    paper = page(
        *HEAD,
        (740, 400, "QUYẾT ĐỊNH"),
        (560, 445, "Về việc công nhận tổ hòa giải"),
        (640, 490, "trên địa bàn xã Bến Mơ"),
        (560, 640, "ỦY BAN NHÂN DÂN XÃ BẾN MƠ"),
        *BODY,
    )
    head = letterhead(paper)
    assert head is not None
    found = heading(paper, head, list(KINDS.values()))
    assert found.kind is not None
    assert [line.text for line in found.subject] == [
        "Về việc công nhận tổ hòa giải",
        "trên địa bàn xã Bến Mơ",
    ]


def test_a_letter_has_its_subject_under_the_number() -> None:
    paper = page(*HEAD, (250, 345, "V/v mượn hội trường"), (700, 480, "Kính gửi: Trường"), *BODY)
    head = letterhead(paper)
    assert head is not None
    found = heading(paper, head, list(KINDS.values()))
    assert found.kind is None
    assert [line.text for line in found.subject] == ["V/v mượn hội trường"]


def test_a_subject_may_end_with_a_year_alone() -> None:
    paper = page(
        *HEAD,
        (740, 400, "QUYẾT ĐỊNH"),
        (520, 445, "Về việc giao chỉ tiêu số hóa kết quả năm -"),
        (790, 490, "2026"),
        (560, 640, "ỦY BAN NHÂN DÂN XÃ BẾN MƠ"),
        *BODY,
    )
    head = letterhead(paper)
    assert head is not None
    found = heading(paper, head, list(KINDS.values()))
    assert [line.text for line in found.subject] == ["Về việc giao chỉ tiêu số hóa kết quả năm", "2026"]


@pytest.mark.parametrize(
    ("first", "kept"), [("V/v mượn hội trường", True), ("VW mượn hội trường", True), ("Kế hoạch", False)]
)
def test_a_letters_subject_ends_above_the_mail_desks_stamp(first: str, kept: bool) -> None:
    stamp = ((250, 425, "TRUNG TÂM PVHCC"), (250, 465, "ĐẾN Số: 344"), (250, 505, "Ngày: 08/5"))
    paper = page(*HEAD, (250, 345, first), (250, 385, "xã Bến Mơ"), *stamp, *BODY)
    head = letterhead(paper)
    assert head is not None
    found = heading(paper, head, list(KINDS.values()))
    assert [line.text for line in found.subject] == ([first, "xã Bến Mơ"] if kept else [])


@pytest.mark.parametrize(("drawn", "seen"), [("rule", True), ("feet of letters", False), ("nothing", False)])
def test_a_rule_is_clear_of_letters(drawn: str, seen: bool) -> None:
    above, below = segments(page((500, 100, "hành chính năm nay"), (500, 160, "hai nghìn")).words)
    grey = np.full((300, 1654), 255, dtype=np.uint8)
    if drawn == "rule":
        grey[144:147, 550:650] = 0
    if drawn == "feet of letters":
        for stem in range(520, 780, 14):
            grey[110:130, stem : stem + 5] = 0
        grey[128:130, 520:780] = 0
    assert has_rule(grey, above, below) is seen


@pytest.mark.parametrize(
    ("lines", "agency"),
    [
        (["ỦY BAN NHÂN DÂN", "XÃ BẾN MƠ"], "Ủy ban nhân dân xã Bến Mơ"),
        (["ỦY BAN NHÂN DÂN", "THÀNH PHỐ SÔNG MƠ"], "Ủy ban nhân dân thành phố Sông Mơ"),
        (["UBND TỈNH SÔNG MƠ", "SỞ KHOA HỌC", "VÀ CÔNG NGHỆ"], "Sở Khoa học và Công nghệ"),
    ],
)
def test_the_issuer_is_the_last_agency_in_its_usual_spelling(lines: list[str], agency: str) -> None:
    assert agency_case(issuing_agency(lines)) == agency


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("Số: 23 /QĐ-UBND", "QUYẾT ĐỊNH"),
        ("Số: 9/TTr-UBND", "TỜ TRÌNH"),
        ("Số: 9/UBND-VP", None),
        ("Số:", None),
    ],
)
def test_the_notation_names_the_kind(number: str, kind: str | None) -> None:
    assert kind_of_notation(number, KINDS) == kind


def test_a_misread_heading_is_still_its_kind_and_others_are_none() -> None:
    assert known_kind("QUYÉT ĐINH", list(KINDS.values())) == "QUYẾT ĐỊNH"
    assert known_kind("BẢNG KÊ HÀNG HÓA", list(KINDS.values())) is None


def test_recipients_are_found_by_their_list_where_the_words_are_misread() -> None:
    listed = [
        (240, 1600 + 36 * n, text) for n, text in enumerate(("- Như trên;", "- Lưu: VT;", "- Cổng TTĐT."))
    ]
    assert recipients_anchor(page((240, 1560, "Nơi nhận:"), *listed)) is not None
    anchor = recipients_anchor(page((240, 1560, "mm."), *listed))
    assert anchor is not None
    assert anchor.box[1] < 1600
