"""Separator sheets as they come back from a scanner."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import paper_makers
import pypdfium2
import pytest
from PIL import Image, ImageFilter

from dossier.catalogue.documents import document_types
from dossier.reading import PageReading
from dossier.separators import Damaged, Sheet, payload
from dossier.settings import ReadingSettings
from ocr.codes import find_codes
from ocr.inspection import inspect_file
from ocr.pages import read_page
from ocr.sheetprint import draw_sheet, print_sheets
from ocr.sheets import sheet_on
from ocr.toolbox import Toolbox

SHEET = Sheet("H13.96.31-260915-0001", "birth-registration-form")
A4_200 = (1654, 2339)


@pytest.fixture(scope="module")
def toolbox() -> Toolbox:
    return Toolbox(ReadingSettings(second_reader=False))


def scanned(sheet: Sheet = SHEET, *, blur: float = 0.8, noise: float = 6.0) -> Image.Image:
    """The printed sheet on an office's scanner: 200 dpi, soft, a little dirt."""
    soft = draw_sheet(sheet, document_types()).resize(A4_200).filter(ImageFilter.GaussianBlur(blur))
    grain = np.random.default_rng(1).normal(0, noise, (A4_200[1], A4_200[0]))
    return Image.fromarray((np.asarray(soft) * 0.9 + grain + 10).clip(0, 255).astype(np.uint8)).convert("RGB")


def codes_on(image: Image.Image) -> set[str]:
    return {code.text for code in find_codes(paper_makers.array(image), 200)}


def read(folder: Path, image: Image.Image, toolbox: Toolbox) -> PageReading:
    path = folder / "sheet.jpg"
    image.save(path, dpi=(200, 200), quality=75)
    return read_page(path, inspect_file(path, path.name, ReadingSettings()), 1, toolbox)[0]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("tilt", [0.0, 3.0])
def test_a_sheet_is_read_whichever_way_it_was_fed(turn: int, tilt: float) -> None:
    assert codes_on(paper_makers.tilted(scanned(), tilt).rotate(turn, expand=True)) == {payload(SHEET)}


@pytest.mark.parametrize(
    "kept",
    [
        (0, 0, 1654, 1000),
        (0, 1400, 1654, 2339),
        (0, 0, 800, 2339),
        (900, 0, 1654, 2339),
        (60, 60, 1594, 2279),
    ],
    ids=["upper part", "lower part", "left half", "right half", "no rim"],
)
def test_a_partly_cut_sheet_is_still_read(kept: tuple[int, int, int, int]) -> None:
    assert codes_on(scanned().crop(kept)) == {payload(SHEET)}


@pytest.mark.parametrize("torn", [(0, 0, 1654, 700), (0, 1600, 1654, 2339), (250, 0, 1404, 2339)])
def test_a_sheet_without_some_of_its_codes_is_still_read(torn: tuple[int, int, int, int]) -> None:
    image = scanned()
    image.paste("white", torn)
    assert codes_on(image) == {payload(SHEET)}


def test_a_sheet_on_its_head_is_a_sheet(tmp_path: Path, toolbox: Toolbox) -> None:
    assert sheet_on(read(tmp_path, scanned().rotate(180), toolbox)) == SHEET


def test_a_sheet_whose_codes_are_gone_is_damaged_and_no_paper(tmp_path: Path, toolbox: Toolbox) -> None:
    image = scanned()
    image.paste("white", (0, 0, 260, 2339))
    image.paste("white", (1390, 0, 1654, 2339))
    image.paste("white", (0, 0, 1654, 520))
    image.paste("white", (800, 1780, 1654, 2339))
    assert sheet_on(read(tmp_path, image, toolbox)) == Damaged()


def test_a_letter_that_speaks_of_separator_sheets_is_none(tmp_path: Path, toolbox: Toolbox) -> None:
    letter = paper_makers.page(
        (*paper_makers.LINES, "Về việc dùng TỜ PHÂN CÁCH khi quét hồ sơ", *paper_makers.LINES)
    )
    assert sheet_on(read(tmp_path, letter, toolbox)) is None


def test_sheets_print_one_a_page_on_a4_and_the_same_each_time() -> None:
    sheets = [Sheet("H13.96.31-260915-0001"), SHEET, Sheet(), Sheet()]
    data = print_sheets(sheets, document_types())
    assert data == print_sheets(sheets, document_types())
    book = pypdfium2.PdfDocument(io.BytesIO(data))
    assert len(book) == 4
    for page, sheet in zip(book, sheets, strict=True):
        assert page.get_size() == pytest.approx((595.3, 841.9), abs=0.5)
        shown = np.asarray(page.render(scale=200 / 72).to_pil().convert("RGB"), dtype=np.uint8)
        assert {code.text for code in find_codes(shown, 200)} == {payload(sheet)}
