"""Whether a page's edge cuts through what stands on it."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.colour import Mask
from ocr.pixels import u8

MM = 25.4
LOOK_DPI = 100.0
LONGEST_MM = 12.0
"""Ink that runs along the edge for longer is the scanner's black rim or the shadow of the sheet, not print."""
DEEP_MM = 0.7
"""Print that is cut goes so far into the page; dirt and the blur of the edge do not."""


def cut_edges(ink: Mask, dpi: float) -> float | None:
    """Share of the edge that is cut most, over which pieces of print run, 0..1. None: the page is too small to tell.

    ink: mask of the page at `dpi`.
    """
    scale = min(LOOK_DPI / dpi, 1.0)
    unit = dpi * scale / MM
    deep = max(round(DEEP_MM * unit), 3)
    high, wide = (int(side * scale) for side in ink.shape)
    if min(high, wide) < 8 * deep:
        return None
    # Only the rims are looked at, and made small.
    reach = min(int(2 * deep / scale) + 2, min(ink.shape) // 2)
    rims: tuple[Mask, ...] = (ink[:reach], ink[-reach:][::-1], ink[:, :reach].T, ink[:, -reach:].T[::-1])
    return max(_cut(u8(np.ascontiguousarray(rim)), scale, deep, LONGEST_MM * unit) for rim in rims)


def _cut(rim: Mask, scale: float, deep: int, longest: float) -> float:
    """Share of the rim's upper side taken up by pieces of ink that touch it and go inwards. rim: two `deep` high."""
    small = cv2.resize(rim, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    inked = u8(cv2.inRange(small, 110, 255))
    if not cv2.countNonZero(inked[:2]):
        return 0.0
    _, _, stats, _ = cv2.connectedComponentsWithStats(inked, connectivity=8)
    left, top, wide, high, _ = stats[1:].T
    # What reaches into the corner is the rim of the other edge.
    inner = (left > 1) & (left + wide < inked.shape[1] - 1)
    cut = inner & (top <= 1) & (top + high >= deep) & (wide <= longest)
    return float(min(int(wide[cut].sum()) / inked.shape[1], 1.0))
