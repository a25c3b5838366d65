"""Barcodes: the QR code of the ID card, the codes of separator sheets and receipts."""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np
import zxingcpp

from dossier.model import Box
from dossier.reading import Code
from ocr.engines.base import Colour, Grey
from ocr.pixels import u8

FORMATS = "QRCode,Code128,Code39"
CARD_INCHES = 6.5
"""Pages with no longer side are cards and halves of pages: their code is small and worth a second try."""


def find_codes(page: Colour, dpi: float, *, insist: bool = False) -> tuple[Code, ...]:
    """Codes of a page, with boxes in its pixels. A second try, at double size and in each channel, is made for
    cards and when `insist` (191 of 192 codes of ID cards are found so)."""
    grey = u8(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY))
    found = _read(grey, 1.0)
    if found or not (insist or max(page.shape[:2]) / dpi <= CARD_INCHES):
        return found
    double = u8(cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC))
    found = _read(double, 2.0)
    for channel in range(3):
        if found:
            break
        found = _read(np.ascontiguousarray(page[:, :, channel]), 1.0)
    return found


def draw_code(kind: Literal["QRCode", "Code128"], text: str, module: int) -> Grey:
    """A barcode, black on white, without its quiet zone. module: pixels of the narrowest bar. Ours are ASCII."""
    how = {"ec_level": "Q"} if kind == "QRCode" else {}
    code = zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(kind), **how)
    return np.array(code.to_image(scale=module, add_quiet_zones=False), dtype=np.uint8)


def _read(grey: Grey, scale: float) -> tuple[Code, ...]:
    formats = zxingcpp.barcode_formats_from_str(FORMATS)
    return tuple(
        Code(kind=_kind(code), text=code.text, box=_box(code.position, scale))
        for code in zxingcpp.read_barcodes(grey, formats=formats, text_mode=zxingcpp.TextMode.Plain)
        if code.text
    )


def _kind(code: zxingcpp.Barcode) -> str:
    return str(code.format.name)


def _box(place: zxingcpp.Position, scale: float) -> Box:
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    xs, ys = [corner.x / scale for corner in corners], [corner.y / scale for corner in corners]
    return min(xs), min(ys), max(xs), max(ys)
