"""Pictures of pages and of places on them, for people to look at."""

from __future__ import annotations

import cv2

from dossier.model import Box
from ocr.engines.base import Colour

QUALITY = 72
MARGIN = 0.35
"""Of a place's height on one line: what is shown around it."""
WIDEST = 1000


def page_jpeg(pixels: Colour, dpi: float, shown_dpi: float) -> bytes:
    """The page (RGB, at `dpi`) as a JPEG at `shown_dpi`, never enlarged."""
    return _jpeg(pixels, min(shown_dpi / dpi, 1.0))


def place_jpeg(pixels: Colour, box: Box, dpi: float) -> bytes:
    """The place with a little of what stands around it, at most WIDEST pixels wide; empty if it is off the page."""
    margin = MARGIN * min(box[3] - box[1], dpi / 5)
    x0, y0 = max(0, int(box[0] - 2 * margin)), max(0, int(box[1] - margin))
    part = pixels[y0 : int(box[3] + margin) + 1, x0 : int(box[2] + 2 * margin) + 1]
    return _jpeg(part, min(WIDEST / part.shape[1], 1.0)) if part.size else b""


def _jpeg(pixels: Colour, scale: float) -> bytes:
    if scale < 1.0:
        pixels = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    done, coded = cv2.imencode(
        ".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    )
    return coded.tobytes() if done else b""
