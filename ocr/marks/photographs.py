"""Photographs: portraits on cards, licences and forms (2x3 to 4x6 cm)."""

from __future__ import annotations

import cv2
import numpy as np

from dossier.reading import Mark
from ocr.marks.sheet import MM, Sheet, components, reduced
from ocr.pixels import u8

SIDE_MM = ((11.0, 46.0), (14.0, 66.0))
"""Least and most width and height of what stands out of a portrait: a face may be cut off from a pale ground."""
UPRIGHT = (0.95, 2.1)
"""Height over width."""
STEP = 22
FULL = 0.55
SPREAD = 24.0
"""Standard deviation of the tones inside: a stain or a note is even."""
DARK_SHARE = 0.04
"""Share of the inside that is as dark as hair or clothes."""


def photographs(sheet: Sheet) -> tuple[Mark, ...]:
    """Upright areas of many tones that stay when print is closed over."""
    grey = u8(cv2.cvtColor(sheet.bare, cv2.COLOR_RGB2GRAY))
    tiny = reduced(grey, 2)
    unit = sheet.coarse_dpi / MM
    reach = int(60 * unit / 2) | 1
    ground = cv2.morphologyEx(tiny, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    step = cv2.subtract(cv2.resize(ground, grey.shape[::-1]), grey)
    mask = u8(cv2.inRange(step, STEP, 255))
    mask = u8(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)))
    mask = u8(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)))
    _, stats = components(mask)
    scale = sheet.coarse_factor
    (low_w, most_w), (low_h, most_h) = SIDE_MM
    marks = []
    for x, y, wide, high, area in stats.tolist():
        if not (low_w <= wide / unit <= most_w and low_h <= high / unit <= most_h):
            continue
        if not UPRIGHT[0] <= high / wide <= UPRIGHT[1] or area < FULL * wide * high:
            continue
        part = grey[y : y + high, x : x + wide]
        if float(part.std()) < SPREAD or float((part < 90).mean()) < DARK_SHARE:
            continue
        box = sheet.box(x * scale, y * scale, (x + wide) * scale, (y + high) * scale)
        sure = min(0.5 + 0.5 * area / (wide * high), 0.95)
        marks.append(Mark(kind="photograph", page=sheet.page, box=box, confidence=round(sure, 2)))
    return tuple(marks)
