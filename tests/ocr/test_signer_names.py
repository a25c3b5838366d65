"""Names under seals and signatures, and the lines in capitals above them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from paper_makers import A4_200, font, with_seal
from PIL import Image, ImageDraw
from typed_pages import page as typed_page

from dossier.catalogue.documents import document_types
from dossier.settings import ReadingSettings
from ocr.engines.base import Colour
from ocr.judge import judge
from ocr.readers.base import PageView, View, field_readers
from ocr.readers.decree30 import capitals_line
from ocr.readers.sealink import ink_beside, without_faint
from ocr.readers.segments import segments, without_colour
from ocr.toolbox import Toolbox

BODY = ("Nơi sinh: Bệnh viện đa khoa tỉnh", "Quê quán: phường Bến Mơ, tỉnh Sông Mơ", "Năm sinh của mẹ: 1994")
DECREE_FOOT = ((240, 1300, "Nơi nhận:"), (240, 1345, "- Như Điều 3;"), (240, 1390, "- Lưu: VT."))

BLANK = typed_page(blank=True)
GREY = BLANK.model_copy(update={"quality": BLANK.quality.model_copy(update={"colour": False})})


@pytest.fixture(scope="module")
def toolbox() -> Toolbox:
    return Toolbox(ReadingSettings())


def drawn(*lines: tuple[int, int, str], seal: tuple[int, int] | None, grey: bool) -> Colour:
    """A page of print, lines from the left or, beyond the middle, around a centre; sealed, scanned in grey or not."""
    image = Image.new("RGB", A4_200, "white")
    draw = ImageDraw.Draw(image)
    for number, text in enumerate(BODY):
        draw.text((240, 500 + 60 * number), text, fill="#101010", font=font(36))
    for x, y, text in lines:
        draw.text((x, y), text, fill="#101010", font=font(36), anchor="ma" if x > A4_200[0] / 2 else "la")
    if seal:
        image = with_seal(image, seal)
    return np.asarray(image.convert("L").convert("RGB") if grey else image, dtype=np.uint8)


def view(document: str, image: Colour, toolbox: Toolbox) -> View:
    words = toolbox.first.words(np.ascontiguousarray(image[:, :, 0]), 200)
    quality = GREY.quality.model_copy(update={"colour": bool(np.ptp(image, axis=2).max() > 50)})
    reading = GREY.model_copy(update={"words": words, "quality": quality})
    return View(document_types()[document], (PageView("paper.pdf", reading, lambda: image),), toolbox)


def value(view: View, name: str) -> str | None:
    spec = view.document.fields[name]
    field = judge(name, spec, field_readers()[spec.reader](view, name, spec), view)
    return field.value if field else None


@pytest.mark.parametrize("grey", [True, False])
@pytest.mark.parametrize("titles", [("CHỦ TỊCH",), ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")])
def test_the_registrar_is_read_whole_under_a_seal(
    toolbox: Toolbox, titles: tuple[str, ...], grey: bool
) -> None:
    lines = [(1200, 1300 + 48 * n, text) for n, text in enumerate(("NGƯỜI KÝ GIẤY KHAI SINH", *titles))]
    image = drawn(*lines, (1200, 1640, "Lâm Thanh Phong"), seal=(1000, 1560), grey=grey)
    assert value(view("birth-certificate", image, toolbox), "signer_name") == "Lâm Thanh Phong"


def test_authority_is_never_the_title(toolbox: Toolbox) -> None:
    titles = ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    lines = [(1200, 1300 + 48 * n, text) for n, text in enumerate(titles)]
    image = drawn(*DECREE_FOOT, *lines, (1200, 1640, "Vũ Thùy An"), seal=(1000, 1540), grey=True)
    paper = view("decision", image, toolbox)
    assert value(paper, "signer_authority") == "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH"
    assert value(paper, "signer_title") == "PHÓ CHỦ TỊCH"
    assert value(paper, "signer_name") == "Vũ Thùy An"


def test_a_title_that_is_not_read_is_none(toolbox: Toolbox) -> None:
    image = drawn(
        *DECREE_FOOT, (1200, 1300, "KT. CHỦ TỊCH"), (1200, 1640, "Vũ Thùy An"), seal=None, grey=True
    )
    paper = view("decision", image, toolbox)
    assert value(paper, "signer_title") is None
    assert value(paper, "signer_authority") == "KT. CHỦ TỊCH"


def test_recipients_stand_where_nobody_signed(toolbox: Toolbox) -> None:
    image = drawn(*DECREE_FOOT, seal=None, grey=False)
    assert value(view("decision", image, toolbox), "recipients") == "Như Điều 3; Lưu: VT"


def test_pale_ink_goes_and_print_stays(toolbox: Toolbox) -> None:
    image = drawn(seal=(1000, 1500), grey=True)
    grey = without_colour(image)
    clear = without_faint(grey, view("decision", image, toolbox).pages[0].reading)
    assert (clear[1300:1700] > 200).all()
    assert ((clear[480:700] < 100) == (grey[480:700] < 100)).all()


def test_without_words_nothing_is_called_pale() -> None:
    grey = without_colour(drawn(seal=(1000, 1500), grey=True))
    assert (without_faint(grey, GREY) == grey).all()


@pytest.mark.parametrize(("x0", "beside"), [(125, True), (40, False)])
def test_ink_right_beside_a_name_may_be_a_syllable(x0: int, beside: bool) -> None:
    (line,) = segments(typed_page((160, 160, "Thanh Phong")).words)
    grey = np.full((400, 600), 255, dtype=np.uint8)
    grey[160:186, x0 : x0 + 20] = 0
    assert ink_beside(grey, line) is beside
    assert ink_beside(grey, replace(line, words=line.words[1:])) is False


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("¬‹GIÁM ĐỐC", "GIÁM ĐỐC"),
        ("s:PHÓ CHỦ TỊCH ,", "PHÓ CHỦ TỊCH"),
        ("KT.CHỦ TỊCH", "KT. CHỦ TỊCH"),
        ("KT, CHỦ TỊCH", "KT. CHỦ TỊCH"),
        ("TM. ỦY BAN NHÂN DÂN", "TM. ỦY BAN NHÂN DÂN"),
        ("QUYỀN GIÁM ĐỐC", "QUYỀN GIÁM ĐỐC"),
    ],
)
def test_a_line_in_capitals_loses_its_specks(read: str, meant: str) -> None:
    assert capitals_line(read) == meant
