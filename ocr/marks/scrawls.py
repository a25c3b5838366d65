"""Signatures in black ink, told from black print by what no type does.

A scrawl hangs together over a width and a height that no letter has, with little ink in its box, drawn by strokes of
one narrow width that bend; rules, frames and tables are straight, pictures and codes are full.
"""

from __future__ import annotations

import cv2
import numpy as np

from dossier.model import Box
from dossier.reading import Mark
from ocr.colour import Mask
from ocr.engines.base import Grey
from ocr.marks.sheet import INK_DEPTH, Bits, Sheet, components, covered, overlap
from ocr.pixels import u8

LEAST_MM = (14.0, 4.6)
"""Least width and height of a scrawl's main piece; words of two lines that touch measure 13 by 9."""
LOW_MM, LONG_MM = 6.0, 18.0
"""A scrawl lower than the one is longer than the other: words of italics hang together too."""
MOST_MM = (95.0, 60.0)
FULL = 0.3
"""Most ink in a scrawl's box, as a share."""
STROKE_MM = (0.15, 1.3)
"""Width of pen strokes: a ballpoint leaves 0.3 to 0.6, a felt tip 1.0."""
STRAIGHT = 0.5
"""Most ink, as a share, that level or upright runs may make up."""
NEAR_MM = 2.5
DEEP = 75
"""Between letters that nearly touch the paper is grey, but not so dark."""
ABOVE_SEAL = 30
"""Grey levels by which a pen is darker than the seal that it crosses, in a grey scan."""
RUN_MM = 5.0
STRUCK, STRUCK_MM = 0.6, 2.5
"""Words that a strike has joined lie, for the most part, within half a line of it."""


def black_signatures(sheet: Sheet, others: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """others: all marks found before; their own ink is no signature, but a seal is often crossed by one."""
    ink = _pen_ink(sheet, others)
    labels, stats = components(ink)
    low = sheet.px(LEAST_MM[0]), sheet.px(LEAST_MM[1])
    most = sheet.px(MOST_MM[0]), sheet.px(MOST_MM[1])
    marks: list[Mark] = []
    around = sheet.px(STRUCK_MM) * sheet.factor
    large = (
        (stats[:, 2] >= low[0])
        & (stats[:, 3] >= low[1])
        & (stats[:, 2] <= most[0])
        & (stats[:, 3] <= most[1])
    )
    for index in np.flatnonzero(large) + 1:
        x, y, wide, high, area = (int(v) for v in stats[index - 1])
        piece = labels[y : y + high, x : x + wide] == index
        sure = scrawled(piece, area, sheet)
        if sure <= 0:
            continue
        box = sheet.box(x, y, x + wide, y + high)
        if any(one.kind == "strike" and covered(box, _grown(one.box, around)) > STRUCK for one in others):
            continue
        crosses = any(one.kind == "seal" and overlap(box, one.box) for one in others)
        sure = min(sure + (0.1 if crosses else 0.0), 0.95)
        marks.append(Mark(kind="signature", page=sheet.page, box=box, confidence=round(sure, 2)))
    return _joined(marks, sheet)


def _pen_ink(sheet: Sheet, others: tuple[Mark, ...]) -> Mask:
    """Black ink without rules, and without other marks' own."""
    ink = u8(cv2.bitwise_and(sheet.black, u8(cv2.inRange(sheet.depth, DEEP, 255))))
    for shape in ((1, int(sheet.px(14))), (int(sheet.px(14)), 1)):
        runs = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        ink = u8(cv2.subtract(ink, cv2.dilate(runs, np.ones((3, 3), np.uint8))))
    for one in others:
        x0, y0, x1, y1 = sheet.inside(one.box)
        if one.kind == "seal":
            ink[y0:y1, x0:x1][_seal_ink(sheet.depth[y0:y1, x0:x1])] = 0
        elif one.kind in ("stamp", "photograph", "note", "box-ticked", "box-empty"):
            ink[y0:y1, x0:x1] = 0
    return ink


def _seal_ink(depth: Grey) -> Bits:
    """What is no darker than the seal's ring; in colour scans the seal has gone before, and nothing is."""
    high, wide = depth.shape
    rows, columns = np.ogrid[:high, :wide]
    away = np.hypot((columns - wide / 2) / (wide / 2), (rows - high / 2) / (high / 2))
    ring = depth[(away > 0.9) & (away < 1.03) & (depth > INK_DEPTH)]
    level = float(np.median(ring)) + ABOVE_SEAL if ring.size else 0.0
    return np.asarray((away < 1.05) & (depth < level), np.bool_)


def scrawled(piece: Bits, area: int, sheet: Sheet) -> float:
    """How much a piece of ink looks like a scrawl, 0 for not at all."""
    high, wide = piece.shape
    if area > FULL * wide * high or (sheet.mm(high) < LOW_MM and sheet.mm(wide) < LONG_MM):
        return 0.0
    mask = np.pad(piece.astype(np.uint8), 1)
    inner = cv2.distanceTransform(mask, cv2.DIST_L2, 3)
    # Twice the mean distance to the rim is half the width of a stroke of even width.
    stroke = sheet.mm(4 * float(inner[mask > 0].mean()) - 1)
    if not STROKE_MM[0] <= stroke <= STROKE_MM[1]:
        return 0.0
    run = max(int(sheet.px(RUN_MM)), 5)
    straight = sum(
        int(cv2.countNonZero(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(shape, np.uint8))))
        for shape in ((1, run), (run, 1))
    )
    if straight > STRAIGHT * area:
        return 0.0
    return float(0.7 + 0.25 * (1 - straight / (STRAIGHT * area)) * (1 - area / (FULL * wide * high)))


def _joined(marks: list[Mark], sheet: Sheet) -> tuple[Mark, ...]:
    """Pieces of one scrawl, which a pen lifted between them, as one."""
    gap = sheet.px(NEAR_MM) * sheet.factor
    out: list[Mark] = []
    for mark in sorted(marks, key=lambda one: one.box[0]):
        for at, other in enumerate(out):
            if overlap(_grown(mark.box, gap), other.box):
                box = _union(mark.box, other.box)
                sure = max(mark.confidence, other.confidence)
                out[at] = other.model_copy(update={"box": box, "confidence": sure})
                break
        else:
            out.append(mark)
    return tuple(out)


def _grown(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def _union(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
