"""Barcodes: the QR code of the ID card and of other papers, the codes of separator sheets and receipts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import cv2
import numpy as np
import zxingcpp

from dossier.model import Box
from dossier.reading import Code
from ocr.codeplaces import Place, code_places
from ocr.engines.base import Colour, Grey
from ocr.pixels import grey_of, u8

FORMATS = "QRCode,Code128,Code39"
SQUARE = "QRCode"
CLOSER = (2.0, 3.0)
"""Enlargements in which a place that looks like a code is tried; a module of a card's code has 2 pixels at 150 dpi."""


def find_codes(page: Colour, dpi: float) -> tuple[Code, ...]:
    """Codes of a page, with boxes in its pixels, in whatever orientation they stand.

    The page is tried once as a whole. Places that look like a square code that was not read (ocr/codeplaces.py) are
    tried again, enlarged and in each channel: a page of text has none.
    """
    grey = grey_of(page)
    found = list(_read(grey))
    for place in code_places(grey, dpi):
        if not any(_inside(code.box, place) for code in found):
            found += _closer(page, grey, place)
    return tuple(found)


def _closer(page: Colour, grey: Grey, place: Place) -> list[Code]:
    for picture, scale in _pictures(page, grey, place):
        if read := [code for code in _read(picture, scale, place[:2]) if code.kind == SQUARE]:
            return read
    return []


def _pictures(page: Colour, grey: Grey, place: Place) -> Iterator[tuple[Grey, float]]:
    """A place's pixels in several ways, each with its scale."""
    x0, y0, x1, y1 = place
    part = grey[y0:y1, x0:x1]
    for scale in CLOSER:
        yield u8(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)), scale
    big = u8(cv2.resize(part, None, fx=CLOSER[-1], fy=CLOSER[-1], interpolation=cv2.INTER_CUBIC))
    soft = cv2.GaussianBlur(big, (0, 0), 3.0)
    yield u8(cv2.addWeighted(big, 2.5, soft, -1.5, 0)), CLOSER[-1]
    for channel in range(3):
        yield np.ascontiguousarray(page[y0:y1, x0:x1, channel]), 1.0


def draw_code(kind: Literal["QRCode", "Code128"], text: str, module: int) -> Grey:
    """A barcode, black on white, without its quiet zone. module: pixels of the narrowest bar. Ours are ASCII."""
    how = {"ec_level": "Q"} if kind == "QRCode" else {}
    code = zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(kind), **how)
    return np.array(code.to_image(scale=module, add_quiet_zones=False), dtype=np.uint8)


def _read(grey: Grey, scale: float = 1.0, offset: tuple[int, int] = (0, 0)) -> tuple[Code, ...]:
    formats = zxingcpp.barcode_formats_from_str(FORMATS)
    return tuple(
        Code(kind=_kind(code), text=code.text, box=_box(code.position, scale, offset))
        for code in zxingcpp.read_barcodes(grey, formats=formats, text_mode=zxingcpp.TextMode.Plain)
        if code.text
    )


def _kind(code: zxingcpp.Barcode) -> str:
    return str(code.format.name)


def _box(place: zxingcpp.Position, scale: float, offset: tuple[int, int]) -> Box:
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    xs = [offset[0] + corner.x / scale for corner in corners]
    ys = [offset[1] + corner.y / scale for corner in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _inside(box: Box, place: Place) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return place[0] <= x <= place[2] and place[1] <= y <= place[3]
