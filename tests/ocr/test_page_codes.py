"""QR codes of cards and other papers, in whatever orientation and however small."""

from __future__ import annotations

import cv2
import numpy as np
import paper_makers
import pytest
from PIL import Image

from ocr.codeplaces import code_places
from ocr.codes import find_codes
from ocr.engines.base import Colour
from ocr.pixels import grey_of

qrcode = pytest.importorskip("qrcode")
CARD = "093226187881||Nguyễn Văn An|01011990|Nam|Ấp 7, xã Vĩnh Tường, Hậu Giang|01012022"


def sheet(text: str, dpi: int, millimetres: float) -> Colour:
    """An A4 page of print with one code."""
    image = paper_makers.page(paper_makers.LINES)
    image = image.resize((round(8.27 * dpi), round(11.69 * dpi)), Image.Resampling.LANCZOS)
    side = round(millimetres / 25.4 * dpi)
    code = qrcode.make(text, border=2).convert("RGB").resize((side, side), Image.Resampling.LANCZOS)
    image.paste(code, (image.width // 2, round(image.height * 0.6)))
    return paper_makers.array(image)


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
@pytest.mark.parametrize("skew", [0.0, 7.0])
def test_a_cards_small_code_on_a_sheet_is_read_in_every_orientation(turn: int, skew: float) -> None:
    pixels = np.ascontiguousarray(np.rot90(sheet(CARD, 150, 17), turn))
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    pixels = np.asarray(
        cv2.warpAffine(pixels, matrix, (width, height), borderValue=(255, 255, 255)), np.uint8
    )
    assert [code.text for code in find_codes(pixels, 150)] == [CARD]


def test_any_codes_text_is_kept_with_its_place() -> None:
    text = "790193001234|Nguyễn Văn An|B2|https://example.vn/gplx?so=790193001234"
    pixels = sheet(text, 200, 22)
    (code,) = find_codes(pixels, 200)
    assert (code.kind, code.text) == ("QRCode", text)
    height, width = pixels.shape[:2]
    x0, y0, x1, y1 = code.box
    assert width // 2 <= x0 < x1 <= width // 2 + 174
    assert 0.6 * height <= y0 < y1 <= 0.6 * height + 174


def test_a_page_of_text_is_not_looked_at_twice() -> None:
    text = grey_of(paper_makers.array(paper_makers.page(paper_makers.LINES * 3)))
    assert code_places(text, 200) == []
    assert code_places(np.full((2339, 1654), 255, np.uint8), 200) == []
    assert len(code_places(grey_of(sheet(CARD, 200, 17)), 200)) == 1
