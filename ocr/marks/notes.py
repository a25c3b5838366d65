"""Sticky notes: slips of coloured paper that hide the page."""

from __future__ import annotations

import cv2
import numpy as np

from dossier.reading import Mark
from ocr.colour import Mask
from ocr.marks.sheet import MM, Sheet, components, reduced
from ocr.pixels import u8

SIDE_MM = (28.0, 96.0)
"""Sold from 38 to 76 mm; one over the edge shows less, one with its shadow more."""
CARD_MM, SQUARE = 81.0, 1.35
"""What is longer than a note and no square is a card, whose ground is coloured too."""
CHROMA = 34
"""How much more coloured than the page's paper a note is."""
STEP = 9
"""Grey levels by which a note stands off the paper in a grey scan."""
FULL = 0.86
"""Share of its turned rectangle that a note fills."""


def notes(sheet: Sheet) -> tuple[Mark, ...]:
    """Patches of one pale colour, or in a grey scan of one tone, in the shape of a slip."""
    bare = reduced(sheet.bare, 2)
    light = u8(bare.max(axis=2))
    chroma = u8(cv2.subtract(light, u8(bare.min(axis=2))))
    level = int(np.median(chroma)) + CHROMA
    found = _slips(u8(cv2.inRange(chroma, level, 255)) & u8(cv2.inRange(light, 140, 255)), bare, sheet)
    if found:
        return found
    # No colour, or a scanner that keeps few colours and makes patches of it.
    return _slips(_toned(np.ascontiguousarray(bare[..., 1])), bare, sheet)


def _toned(grey: Mask) -> Mask:
    """What is a step darker than the page around it, shadows of 90 mm and more left out."""
    reach = int(90 / MM * 25) | 1
    ground = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    return u8(cv2.inRange(cv2.subtract(ground, grey), STEP, 110))


def _slips(mask: Mask, bare: Mask, sheet: Sheet) -> tuple[Mark, ...]:
    unit = sheet.coarse_dpi / 2 / MM
    least = int(0.5 * SIDE_MM[0] * unit)
    opened = u8(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((least, least), np.uint8)))
    if not cv2.countNonZero(opened):
        return ()
    # The opening has cut corners of a turned slip off: what hangs on it belongs to it.
    labels, stats = components(u8(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))))
    marks = []
    scale = 2 * sheet.coarse_factor
    for index in np.unique(labels[opened > 0]):
        if index == 0:
            continue
        x, y, wide, high, area = (int(v) for v in stats[index - 1])
        points = np.argwhere(labels[y : y + high, x : x + wide] == index)[:, ::-1].astype(np.float32)
        _, (a, b), _ = cv2.minAreaRect(points)
        sides = sorted(((a + 1) / unit, (b + 1) / unit))
        full = area / max((a + 1) * (b + 1), 1.0)
        if not (SIDE_MM[0] <= sides[0] and sides[1] <= SIDE_MM[1] and full >= FULL):
            continue
        if sides[1] > CARD_MM and sides[1] > SQUARE * sides[0]:
            continue
        inner = labels[y : y + high, x : x + wide] == index
        spread = float(bare[y : y + high, x : x + wide][inner].std(axis=0).mean())
        if spread > 18:  # a photograph, a shadow
            continue
        box = sheet.box(x * scale, y * scale, (x + wide) * scale, (y + high) * scale)
        marks.append(Mark(kind="note", page=sheet.page, box=box, confidence=round(min(full, 0.98), 2)))
    return tuple(marks)
