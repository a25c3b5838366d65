"""Which paper a page is, and which pages are one paper."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typed_pages import A4, CARD, file, page

from dossier.catalogue.documents import document_types
from dossier.reading import PageReading
from ocr.classify import UNKNOWN, classify, explain
from ocr.grouping import UNTOLD, group

TYPES = document_types()
MOTTO = ((820, 80, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), (900, 120, "Độc lập - Tự do - Hạnh phúc"))
CERTIFICATE = page(
    *MOTTO,
    (620, 240, "GIẤY KHAI SINH"),
    (160, 340, "Họ, chữ đệm, tên: LÊ MINH KHANG"),
    (160, 400, "Nơi đăng ký khai sinh: UBND xã Vị Thanh"),
    (160, 460, "Ngày, tháng, năm đăng ký: 20/10/2026"),
)
NOTICE = page(
    *MOTTO,
    (620, 240, "GIẤY CHỨNG SINH"),
    (160, 340, "Họ và tên mẹ: TRẦN THỊ LAN"),
    (160, 400, "Đã sinh con vào lúc: 08 giờ 30 phút, ngày 15/09/2026"),
    (160, 460, "Cân nặng: 3200 gram"),
)
FORM = page(
    *MOTTO,
    (520, 240, "TỜ KHAI ĐĂNG KÝ KHAI SINH"),
    (160, 340, "Kính gửi: UBND xã Vị Thanh"),
    (160, 400, "Họ, chữ đệm, tên người yêu cầu: TRẦN THỊ LAN"),
)
PROSE = page("Gia đình tôi xin cảm ơn quý cơ quan", "đã giúp đỡ trong thời gian qua", "và chúc sức khỏe.")
BLANK = page(blank=True)


def front(number: str, name: str, *, qr: bool = True) -> PageReading:
    payload = f"{number}||{name}|01021998|Nữ|Ấp 3, Vị Thanh, Cần Thơ|02072021"
    return page(
        (40, 40, "CĂN CƯỚC CÔNG DÂN"),
        (40, 80, "Citizen Identity Card"),
        (40, 140, f"Số / No.: {number}"),
        (40, 190, "Họ và tên / Full name"),
        (40, 230, name),
        (40, 280, "Ngày sinh / Date of birth: 01/02/1998"),
        (40, 330, "Quốc tịch / Nationality: Việt Nam"),
        size=CARD,
        qr=payload if qr else None,
        letter=8,
    )


def back(number: str | None, *, coded: bool = False, born: str = "01021998") -> PageReading:
    zone = f"IDVNM{number[3:]}0{number}<<0" if number else "rất mờ"
    return page(
        (40, 40, "Đặc điểm nhân dạng / Personal identification:"),
        (40, 90, "Ngày, tháng, năm / Date, month, year: 02/07/2021"),
        (40, 140, "CỤC TRƯỞNG CỤC CẢNH SÁT"),
        (40, 300, zone),
        size=CARD,
        qr=f"{number}||TRẦN THỊ LAN|{born}|Nữ|Ấp 3, Vị Thanh, Cần Thơ|02072021" if coded else None,
        letter=8,
    )


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (CERTIFICATE, "birth-certificate"),
        (NOTICE, "birth-notice"),
        (FORM, "birth-registration-form"),
        (front("092198001234", "TRẦN THỊ LAN"), "citizen-id-card"),
        (back("092198001234"), "citizen-id-card"),
        (PROSE, UNKNOWN),
        (BLANK, UNKNOWN),
    ],
)
def test_a_page_is_named_by_its_heading_or_left_unknown(reading: PageReading, expected: str) -> None:
    assert classify(reading, TYPES)[0] == expected


def test_a_misread_heading_is_still_a_heading() -> None:
    read = page(*MOTTO, (620, 240, "GIÂY KHAl SlNH"), (160, 340, "Nơi đăng ký khai sinh: UBND xã Vị Thanh"))
    assert classify(read, TYPES)[0] in ("birth-certificate", UNKNOWN)
    read = page(*MOTTO, (620, 240, "GIẦY KHAI SINN"), (160, 340, "Nơi đăng ký khai sinh: UBND xã Vị Thanh"))
    assert classify(read, TYPES)[0] == "birth-certificate"


def test_a_decision_on_a_birth_certificate_is_none() -> None:
    decision = page(
        *MOTTO,
        (160, 80, "UBND XÃ VỊ THANH"),
        (160, 140, "Số: 12/QĐ-UBND"),
        (640, 240, "QUYẾT ĐỊNH"),
        (480, 300, "Về việc thu hồi giấy khai sinh cấp sai"),
        (160, 360, "Căn cứ Luật Hộ tịch ngày 20 tháng 11 năm 2014;"),
        (160, 420, "Điều 1. Thu hồi Giấy khai sinh số 119/2026."),
    )
    assert classify(decision, TYPES)[0] == "decision"


def test_a_text_that_mentions_a_paper_is_not_that_paper() -> None:
    letter = page(*MOTTO, "Tôi xin nộp kèm giấy khai sinh, giấy chứng sinh và căn cước công dân của tôi.")
    assert classify(letter, TYPES)[0] not in ("birth-certificate", "birth-notice", "citizen-id-card")


def test_a_stack_in_one_file_comes_apart_at_its_headings() -> None:
    drafts = group([file("stack.pdf", FORM, NOTICE, CERTIFICATE)])
    assert [draft.type for draft in drafts] == [
        "birth-registration-form",
        "birth-notice",
        "birth-certificate",
    ]
    assert [draft.pages[0][2] for draft in drafts] == [1, 2, 3]


def test_a_page_that_goes_on_and_a_blank_back_join_the_paper_before() -> None:
    rest = page(
        "Tôi cam đoan nội dung đề nghị đăng ký khai sinh trên đây là đúng sự thật.", "Làm tại: Vị Thanh"
    )
    drafts = group([file("form.pdf", FORM, rest, BLANK)])
    assert [(draft.type, len(draft.pages)) for draft in drafts] == [("birth-registration-form", 3)]


def test_a_blank_first_page_belongs_to_the_paper_after_it() -> None:
    drafts = group([file("form.pdf", BLANK, FORM)])
    assert [(draft.type, [at for *_, at in draft.pages]) for draft in drafts] == [
        ("birth-registration-form", [1, 2])
    ]


def test_a_stray_page_after_a_card_is_a_paper_of_its_own() -> None:
    drafts = group([file("both.pdf", front("092198001234", "TRẦN THỊ LAN"), PROSE)])
    assert [draft.type for draft in drafts] == ["citizen-id-card", UNKNOWN]


@pytest.mark.parametrize("in_one_file", [True, False])
def test_two_faces_of_one_card_are_one_paper(in_one_file: bool) -> None:
    one, other = front("092198001234", "TRẦN THỊ LAN"), back("092198001234")
    files = [file("card.pdf", one, other)] if in_one_file else [file("a.jpg", one), file("b.jpg", other)]
    drafts = group(files)
    assert [(draft.type, len(draft.pages)) for draft in drafts] == [("citizen-id-card", 2)]


def test_backs_find_their_own_fronts() -> None:
    first, second = "092198001234", "093095777888"
    drafts = group(
        [
            file("a.jpg", front(first, "TRẦN THỊ LAN")),
            file("b.jpg", front(second, "LÊ HỮU PHÚC")),
            file("c.jpg", back(second)),
            file("d.jpg", back(first)),
        ]
    )
    assert [[name for name, *_ in draft.pages] for draft in drafts] == [
        ["a.jpg", "d.jpg"],
        ["b.jpg", "c.jpg"],
    ]


def test_faces_of_different_cards_stay_apart() -> None:
    drafts = group([file("card.pdf", front("092198001234", "TRẦN THỊ LAN"), back("093095777888"))])
    assert [len(draft.pages) for draft in drafts] == [1, 1]


def test_numbers_proven_by_codes_are_never_taken_for_one_another() -> None:
    """Brothers and sisters whose births were registered together differ in one figure."""
    front_of_one = front("092198001234", "TRẦN THỊ LAN")
    drafts = group([file("card.pdf", front_of_one, back("092198001244", coded=True))])
    assert [len(draft.pages) for draft in drafts] == [1, 1]


def test_a_number_read_with_a_slip_is_known_by_the_birthday_beside_it() -> None:
    misread, other = front("092198001284", "TRẦN THỊ LAN", qr=False), back("092198001234", coded=True)
    drafts = group([file("a.jpg", misread), file("b.jpg", other)])
    assert [len(draft.pages) for draft in drafts] == [2]
    stranger = back("092198001234", coded=True, born="03071971")
    assert group([file("a.jpg", misread), file("b.jpg", stranger)])[0].type_confidence <= UNTOLD


def test_faces_joined_by_their_place_alone_are_told_to_be_unsure() -> None:
    (draft,) = group([file("card.pdf", front("092198001234", "TRẦN THỊ LAN"), back(None))])
    assert (len(draft.pages), draft.type_confidence) == (2, UNTOLD)


def test_of_two_cards_a_back_that_says_nothing_is_given_to_none() -> None:
    drafts = group(
        [
            file("a.jpg", front("092198001234", "TRẦN THỊ LAN")),
            file("b.jpg", front("093095777888", "LÊ HỮU PHÚC")),
            file("c.jpg", back(None)),
        ]
    )
    assert [len(draft.pages) for draft in drafts] == [1, 1, 1]


PAGES = st.sampled_from(
    [CERTIFICATE, NOTICE, FORM, PROSE, BLANK, front("092198001234", "TRẦN THỊ LAN"), back("092198001234")]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(PAGES, min_size=1, max_size=4), min_size=1, max_size=3))
def test_every_page_is_in_exactly_one_paper(stacks: list[list[PageReading]]) -> None:
    files = [file(f"{at}.pdf", *stack) for at, stack in enumerate(stacks)]
    placed = [place for draft in group(files) for place in draft.pages]
    assert sorted(placed) == sorted((one.name, p.sha256, p.page) for one in files for p in one.pages)
    assert len({draft.id for draft in group(files)}) == len(group(files))


def test_pages_of_another_size_do_not_go_on() -> None:
    small = page("Ghi chú kèm theo", size=(A4[0] // 2, A4[1] // 2))
    assert len(group([file("mixed.pdf", FORM, small)])) == 2


def test_the_explanation_of_a_type_says_what_was_decided() -> None:
    reading = page("GIẤY CHỨNG SINH", "Họ và tên mẹ: Trần Thị Lan", "Cân nặng: 3200 gam")
    first, *others = explain(reading, TYPES)
    assert (first.type, first.confidence) == classify(reading, TYPES)
    assert (first.title_score, first.anchors_found) == (1.0, ("Cân nặng", "Họ và tên mẹ"))
    for one in (first, *others):
        assert sorted((*one.anchors_found, *one.anchors_missing)) == sorted(TYPES[one.type].anchors)
    assert {one.type for one in (first, *others)} == set(TYPES)
