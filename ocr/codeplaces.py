"""Where a page may bear a square code that was not read at once: small dense squares, half dark and half light.

Looked for on a small picture, so that a page of text costs a few milliseconds; what is found is worth a closer look.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from ocr.engines.base import Grey
from ocr.pixels import u8

LOOK_DPI = 75.0
SIDE_INCHES = (0.3, 2.4)
"""Of codes on cards, licences and certificates (8 to 60 mm), with errors of scale."""
SQUARE = 1.3
"""Longest side over shortest."""
FILLED = 0.7
"""Of its bounding square, as a share, that a code's modules fill when they are run together."""
MIXED = (0.25, 0.75)
"""Share of dark in it."""
MOST = 4
MARGIN = 0.15
"""Of its side that is shown around a code: its quiet zone, and what the small picture got wrong."""

Place = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the page."""


def code_places(grey: Grey, dpi: float) -> list[Place]:
    """At most MOST places of a page that look like a square code, in any orientation, the fullest first."""
    scale = LOOK_DPI / dpi
    small = u8(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    rough = cv2.morphologyEx(small, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    dense = u8((cv2.blur(rough, (7, 7)) > 40) * np.uint8(255))
    dense = u8(cv2.morphologyEx(dense, cv2.MORPH_OPEN, np.ones((13, 13), np.uint8)))
    outlines, _ = cv2.findContours(dense, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for outline in outlines:
        _, (wide, high), _ = cv2.minAreaRect(outline)
        short, long = sorted((wide, high))
        full = cv2.contourArea(outline) / max(wide * high, 1.0)
        if not SIDE_INCHES[0] * LOOK_DPI <= short <= long <= SIDE_INCHES[1] * LOOK_DPI:
            continue
        if long <= SQUARE * short and full >= FILLED and _mixed(small, outline):
            found.append((full, _around(outline, long * MARGIN, scale, grey)))
    return [place for _, place in sorted(found, reverse=True)[:MOST]]


def _mixed(small: Grey, outline: npt.NDArray[Any]) -> bool:
    x, y, wide, high = cv2.boundingRect(outline)
    part = small[y : y + high, x : x + wide]
    level = (float(np.percentile(part, 5)) + float(np.percentile(part, 95))) / 2
    return MIXED[0] <= float((part < level).mean()) <= MIXED[1]


def _around(outline: npt.NDArray[Any], margin: float, scale: float, grey: Grey) -> Place:
    x, y, wide, high = cv2.boundingRect(outline)
    height, width = grey.shape
    return (
        max(int((x - margin) / scale), 0),
        max(int((y - margin) / scale), 0),
        min(int((x + wide + margin) / scale) + 1, width),
        min(int((y + high + margin) / scale) + 1, height),
    )
