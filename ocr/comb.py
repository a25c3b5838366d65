"""Combs: numbers written one digit a box. The boxes' rules are taken out, and the digits read as one line."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from ocr.engines.base import Grey
from ocr.pixels import u8

FEWEST = 6
"""Boxes below which upright rules are no comb."""
_NARROWEST_MM = 3.0
"""Nobody writes into narrower boxes."""
_TALL_MM = 4.2
"""Rules of boxes are longer than any stroke of a printed digit."""
_LOOK_AHEAD = 4
"""Rules behind one among which the next of a comb is looked for."""
_EVEN = 0.12
"""How much the widths of boxes may differ, as a share of the middle one."""
_TRIM = 0.16
"""Share of a box's width at each side that rules and their blur take."""
_RIM = 0.1
"""Share of a box's height at each end that its level rules take."""
_SPACE = 0.25
"""White between two digits in the line made of them, as a share of a box's width."""


@dataclass(frozen=True)
class Comb:
    """line: the boxes' contents side by side, without rules; boxes: each by itself. left, right: of the comb in the
    strip, in pixels.
    """

    line: Grey
    boxes: tuple[Grey, ...]
    left: int
    right: int


def read_comb(strip: Grey, dpi: float) -> Comb | None:
    """The comb in a strip of a page around one line; None if there are no evenly spaced boxes."""
    upright = _upright(strip, dpi)
    edges = _longest_even(_middles(upright))
    width = float(np.median(np.diff(edges))) if len(edges) > 1 else 0.0
    if len(edges) < FEWEST + 1 or width < _NARROWEST_MM / 25.4 * dpi:
        return None
    top, bottom = _inside(upright, edges)
    paper = int(np.percentile(strip, 90))
    gap = np.full((bottom - top, max(int(_SPACE * width), 1)), paper, np.uint8)
    boxes = []
    for left, right in pairwise(edges):
        trim = int(_TRIM * (right - left)) + 1
        boxes.append(np.ascontiguousarray(strip[top:bottom, int(left) + trim : int(right) - trim]))
    line = np.hstack([gap, *(part for box in boxes for part in (box, gap))])
    return Comb(np.ascontiguousarray(line), tuple(boxes), int(edges[0]), int(edges[-1]))


def _upright(strip: Grey, dpi: float) -> Grey:
    """Mask of the upright rules."""
    _, ink = cv2.threshold(strip, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    least = min(int(_TALL_MM / 25.4 * dpi), strip.shape[0])
    return u8(cv2.morphologyEx(u8(ink), cv2.MORPH_OPEN, np.ones((max(least, 3), 1), np.uint8)))


def _middles(upright: Grey) -> list[float]:
    """Middles of the rules, left to right."""
    columns = np.flatnonzero(upright.any(axis=0))
    if not len(columns):
        return []
    groups = np.split(columns, np.flatnonzero(np.diff(columns) > 2) + 1)
    return [float(group.mean()) for group in groups]


def _longest_even(rules: list[float]) -> list[float]:
    """The longest run of rules that stand evenly; strokes between them do not count, a lost rule is put in."""
    best: list[float] = []
    for at, start in enumerate(rules):
        for second in rules[at + 1 : at + 1 + _LOOK_AHEAD]:
            run = _run(rules, start, second - start)
            best = run if len(run) > len(best) else best
    return best


def _run(rules: list[float], start: float, width: float) -> list[float]:
    run = [start]
    lost = 0
    while True:
        wanted = run[-1] + width
        nearest = min(rules, key=lambda rule: abs(rule - wanted))
        if abs(nearest - wanted) <= _EVEN * width:
            run.append(nearest)
            lost = 0
        elif lost == 0 and wanted < rules[-1]:
            run.append(wanted)
            lost = 1
        else:
            return run[: len(run) - lost]


def _inside(upright: Grey, edges: list[float]) -> tuple[int, int]:
    """Top and bottom of the boxes without their level rules."""
    spans = []
    for edge in edges:
        rows = np.flatnonzero(upright[:, max(int(edge) - 2, 0) : int(edge) + 3].any(axis=1))
        spans += [(rows[0], rows[-1])] if len(rows) else []
    top, bottom = (int(np.median([span[side] for span in spans])) for side in (0, 1))
    rim = max(int(_RIM * (bottom - top)), 2)
    return top + rim, max(bottom - rim, top + rim + 2)
