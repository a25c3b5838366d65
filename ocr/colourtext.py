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
FEWEST_CAPITALS = 6
EVEN, ALIKE = 0.15, 0.6
"""How much heights and feet of capitals differ, as a share of the usual height, and how many of them keep to it: marks
on top make some taller.
"""
WORD_GAP_INCHES = 0.4
"""Between the words of a heading, whose letters may be spaced."""
FILLED = 0.28
"""Share of its box that a row of letters fills once its gaps are closed; worn ink leaves little."""


def coloured_print(red: Mask, marks: tuple[Mark, ...], dpi: float) -> tuple[Box, ...]:
    """Boxes, in pixels, of rows of red letters outside the seals among `marks`."""
    seals = [mark.box for mark in marks if mark.kind == "seal"]
    return tuple(box for box in _rows(red, dpi) if not any(inside(box, seal) > 0.2 for seal in seals))


def blue_print(blue: Mask, dpi: float) -> tuple[Box, ...]:
    """Boxes of rows of blue capitals: a licence's heading. A pen writes no letters of one height on one line."""
    return tuple(box for box in _rows(blue, dpi) if _even(blue, box))


def _even(mask: Mask, box: Box) -> bool:
    x0, y0, x1, y1 = (int(side) for side in box)
    _, _, stats, _ = cv2.connectedComponentsWithStats(
        cv2.inRange(mask[y0:y1, x0:x1], 40, 255), connectivity=8
    )
    high, feet = stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_TOP] + stats[1:, cv2.CC_STAT_HEIGHT]
    tall = high > 0.45 * (y1 - y0)
    if int(tall.sum()) < FEWEST_CAPITALS:
        return False
    usual, foot = np.median(high[tall]), np.median(feet[tall])
    alike = (np.abs(high[tall] - usual) <= EVEN * usual) & (np.abs(feet[tall] - foot) <= EVEN * usual)
    return float(alike.mean()) >= ALIKE


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
