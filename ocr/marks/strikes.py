"""Strokes of a pen or along a ruler through words."""

from __future__ import annotations

import cv2
import numpy as np

from dossier.reading import Mark
from ocr.marks.sheet import Sheet, components
from ocr.pixels import u8

SHORTEST_MM = 12.0
THICKEST_MM = 1.1
DEPTH = 55
"""Grey levels below the paper: of neighbouring letters only the rims run together, and they are paler."""
FALL = 0.06
"""Rise over run of the steepest stroke that still goes through a line of words."""
CROSSED = 0.3
"""Crossed strokes of letters a millimetre: words have one every millimetre; underlines cross descenders alone."""


def strikes(sheet: Sheet) -> tuple[Mark, ...]:
    """Nearly level strokes that letters cross all along; rules and underlines have print on one side only."""
    run = int(sheet.px(4.5))
    dark = u8(cv2.inRange(sheet.depth, DEPTH, 255))
    flat = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    joined = u8(cv2.morphologyEx(flat, cv2.MORPH_CLOSE, np.ones((3, int(sheet.px(2.5))), np.uint8)))
    labels, stats = components(joined)
    marks = []
    for index, (x, y, wide, high, area) in enumerate(stats.tolist(), 1):
        if wide < sheet.px(SHORTEST_MM) or high > sheet.px(THICKEST_MM) + FALL * wide:
            continue
        if area / wide > sheet.px(THICKEST_MM):
            continue
        crossings = _crossings(sheet, labels[y : y + high, x : x + wide] == index, x, y)
        per_mm = crossings / sheet.mm(wide)
        if per_mm < CROSSED:
            continue
        box = sheet.box(x, y, x + wide, y + high)
        sure = min(0.5 + per_mm / 2, 0.95)
        marks.append(Mark(kind="strike", page=sheet.page, box=box, confidence=round(sure, 2)))
    return tuple(marks)


def _crossings(sheet: Sheet, stroke: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], x: int, y: int) -> int:
    """How many strokes of letters go through: ink right above and right below at the same place."""
    there = stroke.any(0)
    columns = np.flatnonzero(there)
    top = y + stroke.argmax(0)
    foot = y + stroke.shape[0] - 1 - stroke[::-1].argmax(0)
    gap = max(int(round(sheet.px(0.3))), 2)
    height = sheet.ink.shape[0]
    above = sheet.ink[np.clip(top[columns] - gap, 0, height - 1), x + columns] > 0
    below = sheet.ink[np.clip(foot[columns] + gap, 0, height - 1), x + columns] > 0
    # Italics and round letters cross aslant: look a little to both sides.
    reach = np.ones(3, np.uint8)
    both = np.convolve(above, reach, "same").astype(bool) & np.convolve(below, reach, "same").astype(bool)
    return int((np.diff(np.concatenate(([0], both.astype(np.int8)))) == 1).sum())
