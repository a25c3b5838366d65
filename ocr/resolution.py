"""At what resolution a page is read: enough for its letters, no more, and without resampling where it can be."""

from __future__ import annotations

import math

import cv2
import numpy as np

from dossier.reading import PageSize
from ocr.engines.base import Grey
from ocr.pixels import u8

TEXT_DPI = 200.0
SMALL_DPI = 300.0
"""For cards and pages of small print; 200 dpi reads A4 text as well as 300 and costs two thirds (measured)."""
CARD_INCHES = 5.5
NEAR = (0.85, 1.25)
"""A scan whose resolution is so near to the wanted one, as a ratio, is read as it is."""
MOST_PIXELS = 25e6
SMALL_LETTER = 15.0
"""Median letter height in pixels at 200 dpi below which print is small: text of 13 pt has 17 to 21, cards 12 to 13."""


def first_dpi(size: PageSize) -> float:
    """The resolution at which a page is looked at first."""
    card = max(size.width, size.height) / size.dpi <= CARD_INCHES
    return near(size, SMALL_DPI if card else TEXT_DPI)


def near(size: PageSize, wanted: float) -> float:
    """`wanted`, or the scan's own resolution if that is near, within the most pixels a page may have."""
    dpi = size.dpi if NEAR[0] <= size.dpi / wanted <= NEAR[1] else wanted
    area = size.width / size.dpi * size.height / size.dpi
    return min(dpi, math.sqrt(MOST_PIXELS / area))


def small_print(grey: Grey, dpi: float) -> bool:
    """Whether most letters of a page are too small for the resolution at which it was looked at."""
    dark = u8(cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 20))
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    high, wide = stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH]
    full = stats[1:, cv2.CC_STAT_AREA] >= 0.15 * high * wide
    letters = high[
        (high >= 0.035 * dpi) & (high <= 0.3 * dpi) & (wide <= 3 * high) & (wide >= 0.2 * high) & full
    ]
    return letters.size >= 100 and float(np.median(letters)) < SMALL_LETTER * dpi / TEXT_DPI
