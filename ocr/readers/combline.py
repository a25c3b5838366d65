"""Digits in boxes, one a box, read anew without the boxes: by line recognisers and, box by box, by the digit net."""

from __future__ import annotations

import cv2
import numpy as np

from dossier.kinds import Kind
from dossier.model import Box
from ocr.comb import Comb, read_comb
from ocr.engines.base import Grey
from ocr.layout import Region
from ocr.pen import OTHER, SURE_DIGIT, classify, ink_threshold, normalise
from ocr.readers.base import Candidate, View
from ocr.witnesses import crop, enlarged, first_name

DIGITS = "0123456789"
_ABOVE = 1.0  # heights of the label's line above and below it: boxes stand out of the line
_LONGEST = 46.0  # heights: a comb of twelve boxes, and white before it
_UNEVEN = 0.14  # spread of the digits' heights, as a share of the middle one, from which a pen wrote them


def comb_candidates(view: View, region: Region, wanted: Kind) -> list[Candidate]:
    """What the witnesses read in the comb right of the label; none where there is no comb, or for other kinds."""
    if wanted.alphabet != DIGITS or not wanted.secure:
        return []
    box = _strip(view, region)
    strip = crop(view.pages[region.page].image(), box, 0.0)
    dpi = view.pages[region.page].reading.dpi
    comb = read_comb(strip, dpi) if min(strip.shape) > 8 else None
    if comb is None:
        return []
    place = (box[0] + comb.left, region.box[1], box[0] + comb.right, region.box[3])
    pen = _uneven(comb)
    read = {
        first_name(view, region.page): view.toolbox.first.line(enlarged(comb.line), 2 * dpi, alphabet=DIGITS)
    }
    if view.toolbox.second is not None:
        (read["aster"],) = view.toolbox.second.lines([comb.line])
    found = [
        Candidate(line.text, wanted.parse(line.text), region.page, place, by, line.confidence, pen)
        for by, line in read.items()
        if line.text
    ]
    text, sure = _box_by_box(comb)
    if text:
        found.append(Candidate(text, wanted.parse(text), region.page, place, "pen-digits", sure, pen))
    if pen and len(found) > 1:  # of pen strokes the first reader's opinion is worse than none
        found = [one for one in found if one.by != first_name(view, region.page)]
    return found


def _strip(view: View, region: Region) -> Box:
    x0, y0, x1, y1 = region.box
    height = y1 - y0
    start = region.label_end if region.label_end is not None else (x0 if region.lines else x1)
    width = float(view.pages[region.page].reading.width)
    return (start, y0 - _ABOVE * height, min(start + _LONGEST * height, width), y1 + _ABOVE * height)


def _box_by_box(comb: Comb) -> tuple[str, float]:
    """The digits as the net sees them, one a box; nothing if a box is not sure to hold one."""
    inks = [_ink(box) for box in comb.boxes]
    pictures = [normalise(ink) for ink in inks if ink is not None]
    if len(pictures) < len(inks):
        return "", 0.0
    shares = classify(pictures)
    best = shares.argmax(axis=1)
    sure = shares.max(axis=1)
    if (best == OTHER).any() or float(sure.min()) < SURE_DIGIT:
        return "", 0.0
    return "".join(str(digit) for digit in best), float(sure.min())


def _ink(box: Grey) -> Grey | None:
    """The digit's ink, white on black, cut to its edges; None if the box is empty."""
    ink = (box < ink_threshold(box)).astype(np.uint8) * 255
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    large = [at for at in range(1, count) if stats[at, cv2.CC_STAT_HEIGHT] > 0.25 * box.shape[0]]
    if not large:
        return None
    kept = np.isin(labels, large)
    rows, columns = np.flatnonzero(kept.any(axis=1)), np.flatnonzero(kept.any(axis=0))
    part = kept[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.ascontiguousarray(part.astype(np.uint8) * 255)


def _uneven(comb: Comb) -> bool:
    heights = np.array([ink.shape[0] for ink in map(_ink, comb.boxes) if ink is not None], dtype=np.float64)
    return bool(len(heights)) and float(heights.std()) > _UNEVEN * float(np.median(heights))
