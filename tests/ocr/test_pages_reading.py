"""A page becomes words: upright, straight, cleaned where it needs it, with what else stands on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import paper_makers
import pytest
from PIL import Image, ImageDraw

from dossier.reading import FileInfo, PageReading, Word
from dossier.settings import ReadingSettings
from ocr import pages
from ocr.inspection import inspect_file
from ocr.lines import split_lines
from ocr.pages import page_image, read_page
from ocr.redheads import missed_headings
from ocr.toolbox import Toolbox


@pytest.fixture(scope="module")
def toolbox() -> Toolbox:
    return Toolbox(ReadingSettings())


def saved(folder: Path, image: Image.Image, dpi: int = 200) -> tuple[Path, FileInfo]:
    path = folder / "page.jpg"
    image.save(path, dpi=(dpi, dpi), quality=92)
    return path, inspect_file(path, path.name, ReadingSettings())


def read(folder: Path, image: Image.Image, toolbox: Toolbox, dpi: int = 200) -> PageReading:
    path, info = saved(folder, image, dpi)
    return read_page(path, info, 1, toolbox)[0]


def test_a_page_is_read_line_by_line(tmp_path: Path, toolbox: Toolbox) -> None:
    path, info = saved(tmp_path, paper_makers.page())
    reading, preview = read_page(path, info, 1, toolbox)
    assert reading.text.splitlines() == list(paper_makers.LINES)
    assert (reading.page, reading.quality.page, reading.rotation) == (1, 1, 0)
    assert reading.marks == ()
    assert {"render", "upright", "clean", "codes", "words"} <= set(reading.seconds)
    assert preview.startswith(b"\xff\xd8")
    assert len(preview) <= pages.PREVIEW_BYTES


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_on_its_side_is_turned_upright(tmp_path: Path, toolbox: Toolbox, turn: int) -> None:
    reading = read(tmp_path, paper_makers.page(paper_makers.LINES * 3).rotate(turn, expand=True), toolbox)
    assert reading.rotation == turn
    assert reading.height > reading.width
    assert reading.text.splitlines()[0] == paper_makers.LINES[0]


def test_a_page_askew_is_straightened_and_its_skew_is_told(tmp_path: Path, toolbox: Toolbox) -> None:
    reading = read(tmp_path, paper_makers.tilted(paper_makers.page(paper_makers.LINES * 2), 2.0), toolbox)
    assert reading.quality.skew == pytest.approx(2.0, abs=0.15)
    assert reading.text.splitlines()[0] == paper_makers.LINES[0]


@pytest.mark.parametrize("again", [False, True])
def test_the_page_image_is_the_one_the_boxes_refer_to(tmp_path: Path, toolbox: Toolbox, again: bool) -> None:
    image = paper_makers.tilted(paper_makers.page(paper_makers.LINES * 3), 1.0).rotate(90, expand=True)
    path, info = saved(tmp_path, image)
    reading, _ = read_page(path, info, 1, toolbox)
    if again:  # as in another process
        pages._kept.clear()
    pixels = page_image(path, info, reading)
    assert pixels.shape == (reading.height, reading.width, 3)
    for word in reading.words:
        x0, y0, x1, y1 = map(int, word.box)
        assert pixels[y0:y1, x0:x1].min() < 128, word.text


def test_print_under_a_red_seal_is_read_and_the_seal_is_marked(tmp_path: Path, toolbox: Toolbox) -> None:
    reading = read(tmp_path, paper_makers.with_seal(paper_makers.page(), (400, 420)), toolbox)
    assert [mark.kind for mark in reading.marks] == ["seal"]
    x0, y0, x1, y1 = reading.marks[0].box
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx((400, 420), abs=12)
    assert paper_makers.LINES[2] in reading.text


def test_a_red_title_is_print_and_not_a_seal(tmp_path: Path, toolbox: Toolbox) -> None:
    image = paper_makers.page()
    ImageDraw.Draw(image).text((600, 900), "GIẤY KHAI SINH", fill="#d02030", font=paper_makers.font(56))
    reading = read(tmp_path, paper_makers.with_seal(image, (1200, 1700)), toolbox)
    assert "GIẤY KHAI SINH" in reading.text.splitlines()


def test_blue_handwriting_is_marked_and_not_read_as_print(tmp_path: Path, toolbox: Toolbox) -> None:
    image = paper_makers.page(("Số:           /QĐ-UBND", *paper_makers.LINES))
    draw = ImageDraw.Draw(image)
    draw.line([(262, 262), (285, 222), (280, 265)], fill="#2030b0", width=5)
    draw.line([(300, 225), (325, 225), (305, 266)], fill="#2030b0", width=5)
    reading = read(tmp_path, image, toolbox)
    assert [mark.kind for mark in reading.marks] == ["handwriting"]
    assert reading.text.splitlines()[:2] == ["Số:", "/QĐ-UBND"]


def test_dotted_leaders_and_table_lines_are_not_read(tmp_path: Path, toolbox: Toolbox) -> None:
    image = paper_makers.page(("Họ và tên: Nguyễn Văn Bình", "Dân tộc: Kinh"))
    draw = ImageDraw.Draw(image)
    for x in range(800, 1500, 10):
        draw.ellipse((x, 254, x + 3, 257), fill="black")
    draw.rectangle((150, 200, 1520, 400), outline="black", width=3)
    assert read(tmp_path, image, toolbox).text.splitlines() == ["Họ và tên: Nguyễn Văn Bình", "Dân tộc: Kinh"]


def test_a_back_through_which_a_seal_shines_is_blank(tmp_path: Path, toolbox: Toolbox) -> None:
    back = paper_makers.with_seal(Image.new("RGB", paper_makers.A4_200, "#f4f4f0"), (900, 1500), "#f0d4d4")
    draw = ImageDraw.Draw(back)
    for n in range(20):  # where the ink was wet it came through, red with dark specks
        draw.ellipse((850 + 9 * n, 1380, 862 + 9 * n, 1392), fill="#d02030")
        draw.ellipse((853 + 9 * n, 1383, 860 + 9 * n, 1390), fill="#301010")
    reading = read(tmp_path, back, toolbox)
    assert reading.quality.blank
    assert reading.words == ()


def test_a_page_with_one_line_is_not_blank(tmp_path: Path, toolbox: Toolbox) -> None:
    assert not read(tmp_path, paper_makers.page(paper_makers.LINES[:1]), toolbox).quality.blank


def test_a_card_on_a_sheet_is_read_at_300_dpi(tmp_path: Path, toolbox: Toolbox) -> None:
    image = Image.new("RGB", (2480, 3508), "white")
    card = paper_makers.page(paper_makers.LINES * 2, (1011, 638), 20)
    image.paste(card, (700, 600))
    reading = read(tmp_path, image, toolbox, dpi=300)
    assert reading.dpi == pytest.approx(300, rel=0.01)
    assert paper_makers.LINES[0] in reading.text


def test_the_qr_code_of_a_card_is_read(tmp_path: Path, toolbox: Toolbox) -> None:
    qrcode = pytest.importorskip("qrcode")
    image = paper_makers.page(tuple(line[:20] for line in paper_makers.LINES), (1011, 638), 26)
    text = "093226187881||Nguyễn Văn An|01011990|Nam|Ấp 7, Hậu Giang|01012022"
    code = qrcode.make(text, box_size=3).convert("RGB")
    image.paste(code, (700, 50))
    codes = read(tmp_path, image, toolbox, dpi=300).codes
    assert [(code.kind, code.text) for code in codes] == [("QRCode", text)]
    x0, y0, x1, y1 = codes[0].box
    assert 700 <= x0 < x1 <= 700 + code.width
    assert 50 <= y0 < y1 <= 50 + code.height


def test_plain_print_is_not_touched_by_cleaning() -> None:
    from ocr.cleaning import clean_page
    from ocr.colour import inks
    from ocr.pixels import grey_of

    pixels = paper_makers.array(paper_makers.page())
    cleaned = clean_page(pixels, inks(pixels), 200)
    assert cleaned.steps == ()
    assert np.array_equal(cleaned.grey, grey_of(pixels))


def word(text: str, x0: float, x1: float, line: int = 0) -> Word:
    return Word(text=text, box=(x0, 100, x1, 130), confidence=0.9, line=line)


def test_columns_of_a_letterhead_become_lines_of_their_own() -> None:
    words = (
        word("ỦY", 0, 50),
        word("BAN", 65, 120),
        word("CỘNG", 260, 340),
        word("HÒA", 355, 420),
        word("TỈNH", 0, 60, 1),
    )
    assert [w.line for w in split_lines(words)] == [0, 0, 1, 1, 2]


def test_a_rule_between_two_cells_parts_them() -> None:
    rules = np.zeros((300, 300), np.uint8)
    rules[90:140, 132:134] = 255
    words = (word("tịch", 60, 120), word("1995;", 145, 200))
    assert [w.line for w in split_lines(words)] == [0, 0]
    assert [w.line for w in split_lines(words, rules)] == [0, 1]


def test_a_heading_in_worn_red_letters_that_the_pages_reader_passes_over_is_read_from_its_ink() -> None:
    engine = Toolbox(ReadingSettings()).first
    picture = paper_makers.page(("GIAY KHAI SINH",))
    ink = 255 - np.asarray(picture.convert("L"))
    ys, xs = np.nonzero(ink > 128)
    row = (float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))
    found = missed_headings(np.asarray(ink, np.uint8), (row,), (), 200.0, engine)
    assert " ".join(word.text for word in found) == "GIAY KHAI SINH"
    assert missed_headings(np.asarray(ink, np.uint8), (row,), found, 200.0, engine) == ()
