"""Printed squares to tick, with and without ink in them."""

from __future__ import annotations

import cv2
import numpy as np

from dossier.reading import Mark
from ocr.marks.sheet import INK_DEPTH, Bits, Labels, Sheet, components
from ocr.pixels import u8

SIDE_MM = (2.3, 6.4)
SQUARE = 1.3
"""Longest side over shortest, of a square that print or scan has stretched."""
SIDES = 0.93
"""Share of each side that must be drawn in one straight line."""
TICKED = 0.05
"""Share of the inside that is inked in a ticked box; a speck has less."""


def boxes(sheet: Sheet) -> tuple[Mark, ...]:
    """Squares whose four sides are drawn; cells of a table, whose sides run on, are none."""
    flat = _sides(sheet)
    if len(flat) < 2:
        return ()
    x, y, wide, high = flat.T
    down = y[None, :] + high[None, :] - y[:, None]
    pairs = (
        (y[None, :] > y[:, None] + high[:, None])
        & (np.abs(x[None, :] - x[:, None]) <= 0.15 * wide[:, None] + 1)
        & (np.abs(wide[None, :] - wide[:, None]) <= 0.2 * wide[:, None] + 1)
        & (wide[:, None] <= SQUARE * down)
        & (down <= SQUARE * wide[:, None])
    )
    marks = []
    for upper, lower in np.argwhere(pairs):
        left = int(min(x[upper], x[lower]))
        right = int(max(x[upper] + wide[upper], x[lower] + wide[lower]))
        square = (left, int(y[upper]), right, int(y[lower] + high[lower]))
        if _may_be(sheet, square) and (mark := _box(sheet, square)):
            marks.append(mark)
    return tuple(_apart(marks))


def _sides(sheet: Sheet) -> Labels:
    """Flat strokes as long as a box's side, a row each: x, y, width, height."""
    run = int(0.9 * sheet.px(SIDE_MM[0]))
    flat = u8(cv2.morphologyEx(sheet.ink, cv2.MORPH_OPEN, np.ones((1, run), np.uint8)))
    _, stats = components(flat)
    low, most, thick = sheet.px(SIDE_MM[0]) - 1, sheet.px(SIDE_MM[1]) + 1, sheet.px(0.9) + 1
    fits = (stats[:, 2] >= low) & (stats[:, 2] <= most) & (stats[:, 3] <= thick)
    return np.asarray(stats[fits, :4], np.int32)


def _box(sheet: Sheet, box: tuple[int, int, int, int]) -> Mark | None:
    """Looked at in the page's own pixels, in which letters have curves and serifs."""
    around = 2 * sheet.factor
    x0, y0, x1, y1 = (edge * sheet.factor for edge in box)
    left, top = max(x0 - around, 0), max(y0 - around, 0)
    dark = 255 - sheet.full[top : y1 + around, left : x1 + around].min(axis=2).astype(np.int16)
    paper, ink = np.percentile(dark, (15, 95))
    part = dark - paper > max(INK_DEPTH, 0.5 * (ink - paper))
    unit = sheet.px(1.0) * sheet.factor
    band = int(0.8 * unit) + around
    sides = [_line(view, band) for view in (part, part[::-1], part.T, part.T[::-1])]
    drawn = min(side[0] for side in sides)
    if drawn < SIDES:
        return None
    upper, lower, west, east = (side[1] for side in sides)
    if not _cornered(part, upper[0], lower[0], west[0], east[0]):
        return None
    gap = max(round(0.2 * unit), 1)
    inner = part[
        upper[1] + gap : part.shape[0] - lower[1] - gap, west[1] + gap : part.shape[1] - east[1] - gap
    ]
    high, wide = part.shape[0] - upper[0] - lower[0], part.shape[1] - west[0] - east[0]
    if min(inner.shape) < 0.5 * SIDE_MM[0] * unit or not 1 / SQUARE <= wide / high <= SQUARE:
        return None
    if not all(SIDE_MM[0] * unit <= side <= SIDE_MM[1] * unit for side in (wide, high)):
        return None
    filled = float(inner.mean())
    if filled > 0.75 or _finder(inner):  # a bullet, a blot, the corner of a QR code
        return None
    kind = "box-ticked" if filled >= TICKED else "box-empty"
    sure = 0.97 if filled < 0.4 * TICKED or filled > 2 * TICKED else 0.7
    place = (
        float(left + west[0]),
        float(top + upper[0]),
        float(left + part.shape[1] - east[0]),
        float(top + part.shape[0] - lower[0]),
    )
    return Mark(kind=kind, page=sheet.page, box=place, confidence=round(sure * min(drawn, 1.0), 2))


def _finder(inner: Bits) -> bool:
    """A full square in the middle with paper around it, as in the corners of QR codes."""
    high, wide = inner.shape
    core = inner[high * 2 // 5 : high * 3 // 5 + 1, wide * 2 // 5 : wide * 3 // 5 + 1]
    edge = max(min(high, wide) // 10, 1)
    rim = (inner[:edge], inner[-edge:], inner[:, :edge], inner[:, -edge:])
    return (
        float(core.mean()) > 0.95
        and max(float(side.mean()) for side in rim) < 0.1
        and float(inner.mean()) > 0.2
    )


def _cornered(part: Bits, upper: int, lower: int, west: int, east: int) -> bool:
    """Whether ink reaches into all four corners: the bows of D, B and O leave two of theirs white."""
    square = part[upper : part.shape[0] - lower, west : part.shape[1] - east]
    size = max(round(0.1 * min(square.shape)), 2)
    ends = (slice(0, size), slice(-size, None))
    return all(bool(square[rows, columns].any()) for rows in ends for columns in ends)


def _line(part: Bits, band: int) -> tuple[float, tuple[int, int]]:
    """The straight line nearest the upper rim: share of the length that it holds, first row, row after its last.

    The length is that from the first to the last inked column: corners must be there.
    """
    columns = np.flatnonzero(part.sum(0) > 0.5 * part.shape[0])
    if columns.size < 2:
        return 0.0, (0, 0)
    rows = part[: band + 1, columns[0] : columns[-1] + 1]
    share = (rows[:-1] | rows[1:]).mean(axis=1)
    best = float(share.max())
    there = np.flatnonzero(share >= max(0.9 * best, SIDES))
    if there.size == 0:
        return best, (0, 0)
    first = int(there[0])
    if rows[first].mean() < 0.5:  # the line is the other row of the two
        first += 1
    last = first
    while last + 1 < rows.shape[0] and rows[last + 1].mean() > 0.6:
        last += 1
    return best, (first, last + 1)


def _may_be(sheet: Sheet, box: tuple[int, int, int, int]) -> bool:
    """The quick look: ink along the upright sides too, paper around."""
    x0, y0, x1, y1 = box
    west, east = sheet.ink[y0:y1, max(x0 - 1, 0) : x0 + 3], sheet.ink[y0:y1, x1 - 3 : x1 + 1]
    return all(float(side.any(axis=1).mean()) > 0.85 for side in (west, east)) and _alone(sheet, box)


def _alone(sheet: Sheet, box: tuple[int, int, int, int]) -> bool:
    """Whether paper stands around it: a letter has neighbours, a cell has its table; a tick may stick out."""
    x0, y0, x1, y1 = box
    gap = max(round(sheet.px(0.45)), 2)
    height, width = sheet.ink.shape
    if x0 < gap or y0 < gap or x1 + gap >= width or y1 + gap >= height:
        return False
    ink = sheet.ink
    around = (ink[y0 - gap, x0:x1], ink[y1 - 1 + gap, x0:x1], ink[y0:y1, x0 - gap], ink[y0:y1, x1 - 1 + gap])
    return sum(float((side > 0).mean()) < 0.2 for side in around) >= 3


def _apart(marks: list[Mark]) -> list[Mark]:
    """One mark a place."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda one: -one.confidence):
        middle = ((mark.box[0] + mark.box[2]) / 2, (mark.box[1] + mark.box[3]) / 2)
        if not any(b[0] <= middle[0] <= b[2] and b[1] <= middle[1] <= b[3] for b in (k.box for k in kept)):
            kept.append(mark)
    return kept
