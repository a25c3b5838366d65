"""What stands on a page beside print: seals, handwriting in coloured ink, signatures."""

from __future__ import annotations

import cv2
import numpy as np

from dossier.model import Box
from dossier.reading import Mark
from ocr.colour import Inks, Mask
from ocr.pixels import u8

SEAL_MM = (18.0, 60.0)
"""Round seals of offices measure 36 mm, personal and company ones about as much; square and small ones less."""
MM = 25.4


def find_marks(found: Inks, page: int, dpi: float) -> tuple[Mark, ...]:
    """Seals (round, red) and handwriting (blue strokes), with boxes. Black pen is not told from print here."""
    seals = _seals(found.red, page, dpi)
    return (*seals, *_pen(found.blue, seals, page, dpi))


def _seals(red: Mask, page: int, dpi: float) -> tuple[Mark, ...]:
    scale = min(100.0 / dpi, 1.0)
    small = cv2.resize(red, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    joined = cv2.morphologyEx(
        cv2.inRange(small, 40, 255), cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (13, 13))
    )
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    marks = []
    unit = dpi * scale / MM
    for index in range(1, count):
        x, y, wide, high, _ = (int(value) for value in stats[index])
        if not all(SEAL_MM[0] <= side / unit <= SEAL_MM[1] for side in (wide, high)):
            continue
        roundness = _roundness(labels[y : y + high, x : x + wide] == index)
        if roundness < 0.5 or max(wide, high) > 1.5 * min(wide, high):
            continue
        box = (x / scale, y / scale, (x + wide) / scale, (y + high) / scale)
        marks.append(Mark(kind="seal", page=page, box=box, confidence=min(roundness, 1.0)))
    return tuple(marks)


def _roundness(part: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float:
    """Share of the directions from the middle in which ink stands near the ellipse inscribed in the box."""
    high, wide = part.shape
    rows, columns = np.nonzero(part)
    y, x = (rows + 0.5 - high / 2) / (high / 2), (columns + 0.5 - wide / 2) / (wide / 2)
    rim = np.hypot(x, y)
    near = (rim > 0.8) & (rim < 1.1)
    sectors = np.unique((np.arctan2(y[near], x[near]) * 36 / np.pi).astype(int))
    return float(sectors.size) / 72.0


def _pen(blue: Mask, seals: tuple[Mark, ...], page: int, dpi: float) -> tuple[Mark, ...]:
    """Blue strokes in groups; one as high as three lines of text beside others is a signature."""
    scale = min(100.0 / dpi, 1.0)
    dpi *= scale
    blue = u8(cv2.inRange(cv2.resize(blue, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), 40, 255))
    reach = max(int(0.12 * dpi), 3)
    joined = cv2.dilate(blue, np.ones((max(reach // 2, 1), reach), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    marks = []
    for index in range(1, count):
        x, y, wide, high, _ = (int(value) for value in stats[index])
        area = labels[y : y + high, x : x + wide] == index
        ink = int((blue[y : y + high, x : x + wide][area] > 0).sum())
        if ink < (0.05 * dpi) ** 2 or high < 0.1 * dpi:
            continue
        box: Box = (x / scale, y / scale, (x + wide) / scale, (y + high) / scale)
        tall = high > 0.45 * dpi and wide > 0.4 * dpi
        kind = "signature" if tall or any(_overlap(box, seal.box) for seal in seals) else "handwriting"
        marks.append(Mark(kind=kind, page=page, box=box, confidence=0.7))
    return tuple(marks)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
