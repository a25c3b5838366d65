"""What tells pages apart, on pages that were rendered and read: numbers, persons, blank backs, separator sheets."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_makers import A4_200, font
from PIL import Image, ImageDraw
from typed_pages import file, page
from typed_pages import page as typed

from dossier.catalogue.documents import document_types
from dossier.reading import Code, FileInfo, FileReading, PageReading
from dossier.separators import Sheet, payload
from dossier.settings import ReadingSettings
from ocr.classify import UNKNOWN
from ocr.grouping import Draft, group
from ocr.inspection import inspect_file
from ocr.pagenumbers import PageNumber, page_number
from ocr.pages import read_page
from ocr.sheetprint import draw_sheet
from ocr.toolbox import Toolbox

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
FORM = (
    *MOTTO,
    "TỜ KHAI ĐĂNG KÝ KHAI SINH",
    "Kính gửi: Ủy ban nhân dân xã Vị Thanh",
    "Họ, chữ đệm, tên người yêu cầu: TRẦN THỊ LAN",
)
NOTICE = (
    *MOTTO,
    "GIẤY CHỨNG SINH",
    "Họ và tên mẹ: PHẠM THỊ HOA",
    "Đã sinh con vào lúc: 08 giờ 30 phút, ngày 15/09/2026",
    "Cân nặng: 3200 gram",
)
CERTIFICATE = (
    *MOTTO,
    "GIẤY KHAI SINH",
    "Họ, chữ đệm, tên: LÊ MINH KHANG",
    "Nơi đăng ký khai sinh: Ủy ban nhân dân xã Vị Thanh",
    "Ngày, tháng, năm đăng ký: 20/10/2026",
)
PROSE = (
    "Gia đình tôi xin cảm ơn quý cơ quan",
    "đã giúp đỡ trong thời gian qua",
    "và cam đoan lời khai trên là đúng.",
)
OWN, OTHER = "H13.96.31-260915-0001", "H13.96.31-260915-0002"


@dataclass(frozen=True)
class Scan:
    """A page to be rendered. foot: what stands at its foot; sheet: a separator sheet instead."""

    lines: tuple[str, ...] = ()
    foot: str = ""
    sheet: Sheet | None = None


BLANK = Scan()
NEXT = Scan(sheet=Sheet())


def sheet(dossier: str | None = None, component: str | None = None) -> Scan:
    return Scan(sheet=Sheet(dossier, component))


class Desk:
    """Renders pages and reads them, each once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._toolbox = Toolbox(ReadingSettings(second_reader=False))
        self.read = cache(self._read)

    def _read(self, scan: Scan) -> tuple[FileInfo, PageReading]:
        path = self._folder / "page.png"
        _picture(scan).save(path, dpi=(200, 200))
        info = inspect_file(path, path.name, ReadingSettings())
        return info, read_page(path, info, 1, self._toolbox)[0]

    def group(self, *scans: Scan, dossier: str | None = OWN) -> list[tuple[str, list[int], list[int]]]:
        """Type, pages and sheets of each paper in a file of these pages."""
        return [_seen(draft) for draft in self.drafts(*scans, dossier=dossier)]

    def drafts(self, *scans: Scan, dossier: str | None = OWN) -> tuple[Draft, ...]:
        sha256 = hashlib.sha256(b"stack").hexdigest()
        pages = [self.read(scan) for scan in scans]
        info = pages[0][0].model_copy(update={"sha256": sha256, "pages": tuple(i.pages[0] for i, _ in pages)})
        read = tuple(
            reading.model_copy(update={"page": at, "sha256": sha256})
            for at, (_, reading) in enumerate(pages, 1)
        )
        return group([FileReading(name="stack.pdf", info=info, pages=read)], dossier=dossier)


def _picture(scan: Scan) -> Image.Image:
    if scan.sheet is not None:
        return draw_sheet(scan.sheet, document_types()).resize(A4_200).convert("RGB")
    image = Image.new("RGB", A4_200, "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(scan.lines):
        draw.text((827, 180 + 70 * number), line, fill="black", font=font(36), anchor="ma")
    draw.text((827, 2200), scan.foot, fill="black", font=font(32), anchor="ma")
    return image


def _seen(draft: Draft) -> tuple[str, list[int], list[int]]:
    return draft.type, [at for *_, at in draft.pages], [at for *_, at in draft.sheets]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.mark.parametrize(
    ("foot", "number"),
    [
        ("Trang 2/3", PageNumber(2, 3)),
        ("2/3", PageNumber(2, 3)),
        ("- 4 -", PageNumber(4)),
        ("Trang 12", PageNumber(12)),
        ("Page 1 of 2", PageNumber(1, 2)),
        ("20/10", None),
        ("Mẫu số 01", None),
    ],
)
def test_the_number_of_a_page_is_read_from_its_foot(desk: Desk, foot: str, number: PageNumber | None) -> None:
    assert page_number(desk.read(Scan(PROSE, foot))[1]) == number


def test_a_page_that_says_it_is_the_last_ends_its_paper(desk: Desk) -> None:
    assert desk.group(Scan(FORM, "Trang 1/2"), Scan(PROSE, "Trang 2/2"), Scan(PROSE)) == [
        ("birth-registration-form", [1, 2], []),
        (UNKNOWN, [3], []),
    ]


@pytest.mark.parametrize("feet", [("- 1 -", "- 2 -"), ("Trang 1", "Trang 2"), ("1/2", "2/2")])
def test_numbers_that_begin_anew_begin_a_paper(desk: Desk, feet: tuple[str, str]) -> None:
    first, second = (Scan(PROSE, foot) for foot in feet)
    assert desk.group(first, second, first, second) == [(UNKNOWN, [1, 2], []), (UNKNOWN, [3, 4], [])]


def test_a_number_that_was_seen_is_of_another_paper(desk: Desk) -> None:
    pages = [Scan(PROSE, "Trang 1/2"), Scan(PROSE, "Trang 1/3"), Scan(PROSE, "Trang 2/3")]
    assert desk.group(*pages) == [(UNKNOWN, [1], []), (UNKNOWN, [2, 3], [])]
    assert desk.group(Scan(FORM), Scan(PROSE, "- 2 -"), Scan(PROSE, "- 2 -")) == [
        ("birth-registration-form", [1, 2], []),
        (UNKNOWN, [3], []),
    ]


def test_a_number_keeps_a_page_with_a_heading_of_its_own_in_its_paper(desk: Desk) -> None:
    annex = Scan(("GIẤY CHỨNG SINH", "Họ và tên mẹ: PHẠM THỊ HOA"), "Trang 2/2")
    assert desk.group(Scan(FORM, "Trang 1/2"), annex) == [("birth-registration-form", [1, 2], [])]


def test_a_stack_that_lies_upside_down_is_put_in_reading_order(desk: Desk) -> None:
    pages = [Scan(PROSE, "Trang 3/3"), Scan(PROSE, "Trang 2/3"), BLANK, Scan(FORM, "Trang 1/3")]
    assert desk.group(*pages) == [("birth-registration-form", [4, 2, 3, 1], [])]


def test_interleaved_papers_come_apart_by_their_totals(desk: Desk) -> None:
    pages = [
        Scan(FORM, "Trang 1/2"),
        Scan(NOTICE, "Trang 1/3"),
        Scan(PROSE, "Trang 2/2"),
        Scan(PROSE, "Trang 2/3"),
    ]
    assert desk.group(*pages) == [("birth-registration-form", [1, 3], []), ("birth-notice", [2, 4], [])]


def test_a_page_that_could_go_to_either_goes_where_the_same_person_is(desk: Desk) -> None:
    rest = Scan(("Họ và tên người khai: TRẦN THỊ LAN", *PROSE))
    assert desk.group(Scan(FORM), Scan(NOTICE), rest) == [
        ("birth-registration-form", [1, 3], []),
        ("birth-notice", [2], []),
    ]
    number = Scan(("Số định danh cá nhân: 092198001234", *PROSE))
    first = Scan((*FORM, "Số định danh cá nhân: 092198001234"))
    assert desk.group(first, Scan(NOTICE), number)[0] == ("birth-registration-form", [1, 3], [])
    assert desk.group(Scan(FORM), Scan(NOTICE), Scan(PROSE)) == [
        ("birth-registration-form", [1], []),
        ("birth-notice", [2, 3], []),
    ]


def test_a_paper_of_no_known_type_under_its_own_name_and_number_is_one_of_its_own(desk: Desk) -> None:
    bill = ("CỬA HÀNG TẠP HÓA NGỌC LAN", "Địa chỉ: Số 242, đường Trần Hưng Đạo", "HÓA ĐƠN BÁN LẺ", "Số: 4370")
    annex = ("PHỤ LỤC", "(Kèm theo Giấy chứng sinh số 12/GCS)", *PROSE)
    for second, papers in ((bill, [[1], [2]]), (annex, [[1, 2]])):
        assert [pages for _, pages, _ in desk.group(Scan(NOTICE), Scan(second))] == papers


def test_a_blank_back_belongs_to_the_page_before_it(desk: Desk) -> None:
    assert desk.group(Scan(FORM), BLANK, Scan(CERTIFICATE), BLANK) == [
        ("birth-registration-form", [1, 2], []),
        ("birth-certificate", [3, 4], []),
    ]


def test_sheets_come_out_of_the_papers_and_name_them(desk: Desk) -> None:
    found = desk.group(
        sheet(OWN), BLANK, sheet(OWN, "birth-notice"), Scan(PROSE), NEXT, BLANK, Scan(PROSE), Scan(PROSE)
    )
    assert found == [("birth-notice", [4], [1, 2, 3]), (UNKNOWN, [7, 8], [5, 6])]


def test_behind_the_sheet_of_a_dossier_papers_still_tell_themselves(desk: Desk) -> None:
    assert desk.group(sheet(OWN), Scan(FORM), Scan(CERTIFICATE)) == [
        ("birth-registration-form", [2], [1]),
        ("birth-certificate", [3], []),
    ]


def test_what_a_person_put_on_the_sheet_holds_and_a_page_that_says_otherwise_makes_it_doubtful(
    desk: Desk,
) -> None:
    agreed, silent, contradicted = (
        desk.drafts(sheet(None, "birth-certificate"), one)[0]
        for one in (Scan(CERTIFICATE), Scan(PROSE), Scan(NOTICE))
    )
    assert {draft.type for draft in (agreed, silent, contradicted)} == {"birth-certificate"}
    assert agreed.type_confidence == silent.type_confidence == 0.99
    assert contradicted.type_confidence < 0.2


def test_another_dossiers_pages_are_not_merged(desk: Desk) -> None:
    drafts = desk.drafts(
        Scan(FORM), sheet(OTHER), Scan(CERTIFICATE), NEXT, Scan(PROSE), sheet(OWN), Scan(NOTICE)
    )
    assert [(_seen(draft), draft.elsewhere) for draft in drafts] == [
        (("birth-registration-form", [1], []), None),
        ((UNKNOWN, [2, 3], []), OTHER),
        ((UNKNOWN, [4, 5], []), OTHER),
        (("birth-notice", [7], [6]), None),
    ]


def test_a_damaged_sheet_is_an_unknown_paper_and_still_parts_what_lies_around_it(desk: Desk) -> None:
    _, read = desk.read(sheet(OWN))
    broken = [code.model_copy(update={"text": code.text[:-1] + "X"}) for code in read.codes]
    _, form = desk.read(Scan(FORM))
    _, prose = desk.read(Scan(PROSE))
    stack = file("stack.pdf", form, read.model_copy(update={"codes": tuple(broken)}), prose)
    assert [_seen(draft) for draft in group([stack], dossier=OWN)] == [
        ("birth-registration-form", [1], []),
        (UNKNOWN, [2], []),
        (UNKNOWN, [3], []),
    ]


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (NEXT, [("birth-registration-form", [1], [2])]),
        (sheet(None, "birth-notice"), [("birth-registration-form", [1], []), (UNKNOWN, [2], [])]),
    ],
    ids=["of no name", "of a paper that is not there"],
)
def test_a_sheet_with_nothing_behind_it_is_not_lost(
    desk: Desk, last: Scan, expected: list[tuple[str, list[int], list[int]]]
) -> None:
    assert desk.group(Scan(FORM), last) == expected
    assert desk.group(NEXT, BLANK) == [(UNKNOWN, [1, 2], [])]


FEET = st.sampled_from(["", "1", "2", "3", "1/2", "2/2", "Trang 2/3", "Trang 3/3", "Trang 1/1"])
SAID = st.sampled_from(
    [FORM, NOTICE, CERTIFICATE, PROSE, ("Số: 092198001234",), ("Họ và tên: TRẦN THỊ LAN",)]
)
TEXTS = st.sampled_from(
    [payload(Sheet(*two)) for two in [(OWN,), (OTHER,), (), (None, "decision"), (OWN, "no-such-type")]]
    + ["SOHOA1|D|H13", "SOHOA9", "PATCHT", "092198001234||LAN|01021998|Nữ|Ấp 3|02072021"]
)


@st.composite
def any_page(draw: st.DrawFn) -> PageReading:
    if draw(st.integers(0, 4)) == 0:
        return typed(blank=True)
    lines = [(700, 80 + 60 * at, line) for at, line in enumerate(draw(SAID))]
    made = page(*lines, (800, 2250, draw(FEET)), size=draw(st.sampled_from([A4_200, (674, 425)])))
    codes = tuple(
        Code(kind="QRCode", text=text, box=(0, 0, 9, 9)) for text in draw(st.lists(TEXTS, max_size=2))
    )
    return made.model_copy(update={"codes": codes if draw(st.booleans()) else ()})


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(any_page(), min_size=1, max_size=7), min_size=1, max_size=3),
    st.sampled_from([None, OWN]),
)
def test_every_page_of_every_file_is_in_exactly_one_place(
    stacks: list[list[PageReading]], dossier: str | None
) -> None:
    files = [file(f"{at}.pdf", *stack) for at, stack in enumerate(stacks)]
    drafts = group(files, dossier=dossier)
    placed = [place for draft in drafts for place in (*draft.pages, *draft.sheets)]
    assert sorted(placed) == sorted((one.name, p.sha256, p.page) for one in files for p in one.pages)
    assert all(draft.pages for draft in drafts)
    assert [draft.id for draft in drafts] == [f"c{n}" for n in range(1, len(drafts) + 1)]
