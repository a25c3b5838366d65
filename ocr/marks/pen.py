"""Pen strokes in blue: handwriting, and signatures told from it by size, shape and the seal across them."""

from __future__ import annotations

import cv2
import numpy as np

from dossier.model import Box
from dossier.reading import Mark
from ocr.marks.scrawls import scrawled
from ocr.marks.sheet import Bits, Sheet, components, covered, overlap
from ocr.pixels import u8

REACH_MM = 3.0
"""Strokes nearer than half of this belong together."""
LEAST_INK_MM2 = 1.6
LEAST_MM = 2.5
TALL_MM = (10.2, 11.4)
"""Width and height from which a group of strokes is a signature: three lines of print."""
LONE_MM = (14.0, 6.5)
"""Width and height of a lone scrawl; a written word that hangs together is lower, or stands behind its label."""
BEFORE_MM = 30.0
SAME = 0.6
"""Share of a group of strokes that lies in another mark, from which on it is that mark's own ink."""
SURE = 0.7


def blue_pen(sheet: Sheet, others: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """Blue strokes in groups. others: seals, and what has blue ink of its own (stamps, photographs)."""
    if not cv2.countNonZero(sheet.blue):
        return ()
    seals = [one.box for one in others if one.kind == "seal"]
    reach = max(int(sheet.px(REACH_MM)), 3)
    joined = u8(cv2.dilate(sheet.blue, np.ones((max(reach // 2, 1), reach), np.uint8)))
    labels, stats = components(joined)
    marks = []
    for index, (x, y, wide, high, _) in enumerate(stats.tolist(), 1):
        strokes = (labels[y : y + high, x : x + wide] == index) & (sheet.blue[y : y + high, x : x + wide] > 0)
        if strokes.sum() < LEAST_INK_MM2 * sheet.px(1.0) ** 2 or high < sheet.px(LEAST_MM):
            continue
        box = sheet.box(x, y, x + wide, y + high)
        if any(_owned(box, one) for one in others):
            continue
        tall = high > sheet.px(TALL_MM[1]) and wide > sheet.px(TALL_MM[0])
        signed = tall or any(overlap(box, seal) for seal in seals) or _lone_scrawl(sheet, strokes, x, y)
        kind = "signature" if signed else "handwriting"
        marks.append(Mark(kind=kind, page=sheet.page, box=box, confidence=SURE))
    return tuple(marks)


def _lone_scrawl(sheet: Sheet, strokes: Bits, x: int, y: int) -> bool:
    """One long piece that looks scrawled and does not stand behind print on its line, as filled-in words do."""
    high, wide = strokes.shape
    if wide < sheet.px(LONE_MM[0]) or high < sheet.px(LONE_MM[1]):
        return False
    labels, stats = components(u8(np.where(strokes, 255, 0)))
    largest = int(stats[:, 4].argmax())
    left, top, w, h, ink = (int(value) for value in stats[largest])
    if w < sheet.px(LONE_MM[0]) or h < 0.7 * sheet.px(LONE_MM[1]):
        return False
    lead = slice(max(x - int(sheet.px(BEFORE_MM)), 0), max(x - 2, 0))
    before = sheet.black[y + high // 4 : y + high - high // 4, lead]
    if before.size and float((before.max(axis=0) > 0).mean()) > 0.1:
        return False
    return scrawled(labels[top : top + h, left : left + w] == largest + 1, ink, sheet) > 0


def _owned(box: Box, other: Mark) -> bool:
    """Blue of a photograph's coat, of a stamp itself; what a pen wrote into a stamp is small beside it."""
    if other.kind == "photograph":
        return covered(box, other.box) > SAME
    return other.kind == "stamp" and covered(other.box, box) > SAME
