"""Glare: white blobs of light on a photographed page, in which print is lost."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.engines.base import Grey
from ocr.pixels import u8

MM = 25.4
WHITE = 253
"""Tone of the paper from which it is washed out: paper has grain and a tone of its own."""
PAPER = 150
"""Tone from which a place is paper; below it is a photograph, the table under the page."""
CLEAN = 241
"""Paper so light beside the white blobs is white itself: a scanner that clips, not a lamp."""
MOST = 0.4
"""When more of the paper is white nobody can say whether that is the lamp or the paper."""
FEW = 0.1
"""When less of the paper is not white, the paper is."""
SIDE_MM = 6.0
"""Least side of a blob: a gap between stains is none."""


def glare(ground: Grey, dpi: float) -> float | None:
    """Share of the page under blobs of pure white amid darker paper, 0..1. None: it cannot be told from the paper.

    ground: the paper's tone without print (ocr.cleaning.background). dpi: of `ground`.
    """
    white = u8(cv2.inRange(ground, WHITE, 255))
    darker = ground[(ground >= PAPER) & (ground < WHITE)]
    washed = cv2.countNonZero(white)
    paper = washed + darker.size
    if not paper or darker.size < FEW * paper or float(np.median(darker)) > CLEAN:
        return 0.0
    if washed > MOST * paper:
        return None
    side = max(round(SIDE_MM / MM * dpi), 1)
    blobs = cv2.morphologyEx(white, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    return cv2.countNonZero(blobs) / blobs.size
