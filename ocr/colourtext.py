"""Print in colour: titles and numbers that must not go with the seals when coloured ink is faded.

The title of a birth certificate is red, so is the number of an ID card, and so is the seal across a signature.
What stands in rows of letters outside a seal is print.
"""

from __future__ import annotations

import cv2
import numpy as np

from dossier.model import Box
from dossier.reading import Mark
from ocr.colour import Mask
from ocr.pixels import u8

HEIGHT_INCHES = (0.07, 0.5)
FEWEST_LETTERS = 4
WORD_GAP_INCHES = 0.4
"""Between the words of a heading, whose letters may be spaced."""
FILLED = 0.28
"""Share of its box that a row of letters fills once its gaps are closed; worn ink leaves little."""


def coloured_print(red: Mask, marks: tuple[Mark, ...], dpi: float) -> tuple[Box, ...]:
    """Boxes, in pixels, of rows of red letters outside the seals among `marks`."""
    seals = [mark.box for mark in marks if mark.kind == "seal"]
    return tuple(box for box in _rows(red, dpi) if not any(inside(box, seal) > 0.2 for seal in seals))


def _rows(mask: Mask, dpi: float) -> list[Box]:
    scale = min(100.0 / dpi, 1.0)
    small = u8(cv2.inRange(cv2.resize(mask, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), 40, 255))
    unit = dpi * scale
    joined = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((3, int(WORD_GAP_INCHES * unit)), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    low, most = HEIGHT_INCHES
    rows = []
    for x, y, wide, high, area in stats[1:].tolist():
        if not (low * unit <= high <= most * unit and wide >= 2.5 * high and area >= FILLED * wide * high):
            continue
        letters = cv2.connectedComponents(small[y : y + high, x : x + wide], connectivity=8)[0] - 1
        if letters >= FEWEST_LETTERS:
            rows.append((x / scale, y / scale, (x + wide) / scale, (y + high) / scale))
    return rows


def inside(inner: Box, outer: Box) -> float:
    """Share of `inner` that lies in `outer`."""
    wide = min(inner[2], outer[2]) - max(inner[0], outer[0])
    high = min(inner[3], outer[3]) - max(inner[1], outer[1])
    area = (inner[2] - inner[0]) * (inner[3] - inner[1])
    return max(wide, 0) * max(high, 0) / area if area > 0 else 0.0
