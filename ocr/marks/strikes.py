"""Strokes of a pen or along a ruler through words."""

from __future__ import annotations

import cv2
import numpy as np

from dossier.reading import Mark
from ocr.marks.sheet import Bits, Sheet, components
from ocr.pixels import u8

SHORTEST_MM = 12.0
THICKEST_MM = 1.1
DEPTH = 55
"""Grey levels below the paper: of neighbouring letters only the rims run together, and they are paler."""
FALL = 0.06
"""Rise over run of the steepest stroke that still goes through a line of words."""
IN_WORDS = 0.2
"""Share of the stroke with letters on both sides; under an underline there are descenders alone."""
BESIDE_MM = (0.3, 0.9)
"""How far above and below a stroke its words are looked for; the words of a table keep off their rules."""


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
        share = _in_words(sheet, labels[y : y + high, x : x + wide] == index, x, y)
        if share < IN_WORDS:
            continue
        box = sheet.box(x, y, x + wide, y + high)
        sure = min(0.6 + share / 2, 0.95)
        marks.append(Mark(kind="strike", page=sheet.page, box=box, confidence=round(sure, 2)))
    return tuple(marks)


def _in_words(sheet: Sheet, stroke: Bits, x: int, y: int) -> float:
    """Share of the stroke's length that has print right above it, or right below it, whichever is less."""
    columns = np.flatnonzero(stroke.any(0))
    top = y + stroke.argmax(0)[columns]
    foot = y + (stroke.shape[0] - 1 - stroke[::-1].argmax(0))[columns]
    near, far = (max(round(sheet.px(gap)), 2) for gap in BESIDE_MM)
    steps = np.arange(near, max(far, near + 2))[:, None]
    last = sheet.ink.shape[0] - 1
    above = sheet.ink[(top - steps).clip(0, last), x + columns] > 0
    below = sheet.ink[(foot + steps).clip(0, last), x + columns] > 0
    return float(min(above.any(0).mean(), below.any(0).mean()))
