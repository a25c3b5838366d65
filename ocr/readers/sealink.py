"""Ink over print in a signer's block: pen strokes, seals, and the letters that they swallow."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from dossier.model import Box
from dossier.reading import PageReading
from ocr.engines.base import Colour, Grey
from ocr.readers.segments import Segment

_SEAL_SHARE = 0.0008
"""Red pixels, as a share of the block's, from which on there is a seal (a seal has 36 to 44 mm)."""
_BESIDE, _UNDER = 0.13, 0.12
"""Share of dark pixels from which on print may be hidden; thin pen strokes leave at most 0.10 and 0.04."""

_PALE = 0.2
"""How much of the way from print to paper ink may be paler than print; grey scans of red and blue are at 0.2 to 0.5."""
_ENOUGH_WORDS = 5


def without_strokes(grey: Grey, height: float) -> Grey:
    """The page without ink in pieces far larger than a letter: the pen strokes of a signature."""
    ink = (grey < 140).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    large = (stats[:, cv2.CC_STAT_HEIGHT] > 3.0 * height) | (stats[:, cv2.CC_STAT_WIDTH] > 6.0 * height)
    large[0] = False
    out = grey.copy()
    strokes = cv2.dilate(large[labels].astype(np.uint8), np.ones((3, 3), np.uint8))
    out[strokes > 0] = 255
    return out


def without_faint(grey: Grey, page: PageReading) -> Grey:
    """A grey scan without ink paler than its print, but for the soft edges of print: red seals and blue pens are pale.

    page: its reading, whose words tell how dark the print is. A scan in colour, of which coloured ink was taken
    out, stays as it is.
    """
    if page.quality.colour:
        return grey
    levels = [
        float(np.percentile(part, 3))
        for word in page.words
        if word.confidence > 0.9 and len(word.text) > 2 and (part := _part(grey, word.box)).size
    ]
    if len(levels) < _ENOUGH_WORDS:
        return grey
    dark, paper = float(np.percentile(levels, 80)), float(np.median(grey))
    print_ = (grey < dark + _PALE * (paper - dark)).astype(np.uint8)
    edges = cv2.dilate(print_, np.ones((5, 5), np.uint8))
    out = grey.copy()
    out[edges == 0] = int(paper)
    return out


def _part(grey: Grey, box: Box) -> Grey:
    x0, y0, x1, y1 = (int(max(edge, 0)) for edge in box)
    return grey[y0:y1, x0:x1]


def ink_beside(grey: Grey, line: Segment) -> bool:
    """Does ink as high as letters stand within two word spaces of the line, where it may hide a word of it?"""
    (x0, y0, x1, y1), em = line.box, line.height
    for left, right in ((x0 - 1.1 * em, x0 - 0.25 * em), (x1 + 0.25 * em, x1 + 1.1 * em)):
        part = _part(grey, (left, y0, right, y1))
        if part.size and float((part < 140).mean()) > _BESIDE:
            return True
    return False


def grown(grey: Grey, line: Segment) -> Segment:
    """The line with the letters that stand right beside its box: where pen or seal touch them they get lost.

    Ink as high as a letter within a word space is one; long strokes and specks are none.
    """
    height, width = grey.shape
    em = line.height
    y0, y1 = int(max(line.box[1], 0)), int(min(line.box[3] + 1, height))
    edges = [line.box[0], line.box[2]]
    for side, step in ((0, -1), (1, 1)):
        for _ in range(8):
            near, far = sorted((edges[side], edges[side] + step * 0.7 * em))
            x0, x1 = int(max(near, 0)), int(min(far, width))
            strip = grey[y0:y1, x0:x1] < 140
            columns = np.flatnonzero(strip.sum(0) > 0.25 * (y1 - y0))
            if x1 - x0 < 2 or len(columns) < 2:
                break
            edges[side] = x0 + int(columns[0]) if side == 0 else x0 + int(columns[-1]) + 1
    if edges == [line.box[0], line.box[2]]:
        return line
    first, last = line.words[0], line.words[-1]
    words = list(line.words)
    words[0] = replace(first, box=(min(edges[0], first.box[0]), *first.box[1:]))
    last = words[-1]
    words[-1] = replace(last, box=(*last.box[:2], max(edges[1], last.box[2]), last.box[3]))
    return Segment(tuple(words))


def obscured(grey: Grey, titles: tuple[Segment, ...]) -> bool:
    """Is there a mass of dark ink beside the titles, or right under the last one?"""

    def dark(x0: float, y0: float, x1: float, y1: float) -> float:
        part = grey[int(max(y0, 0)) : int(max(y1, 0)), int(max(x0, 0)) : int(max(x1, 0))]
        return float((part < 140).mean()) if part.size else 0.0

    for line in titles:
        (x0, y0, x1, y1), em = line.box, line.height
        if (
            max(dark(x0 - 2.5 * em, y0, x0 - 0.3 * em, y1), dark(x1 + 0.3 * em, y0, x1 + 2.5 * em, y1))
            > _BESIDE
        ):
            return True
    (x0, _, x1, y1), em = titles[-1].box, titles[-1].height
    return dark(x0, y1 + 0.3 * em, x1, y1 + 1.3 * em) > _UNDER


def has_seal(image: Colour, title: Box, name: Box | None, page: PageReading) -> bool:
    bottom = name[3] if name else title[3] + 0.15 * page.height
    left = title[0] - 0.12 * page.width
    part = image[int(max(title[1], 0)) : int(bottom), int(max(left, 0)) :].astype(np.int16)
    if part.size == 0:
        return False
    red = (part[:, :, 0] - np.maximum(part[:, :, 1], part[:, :, 2])) > 50
    mask = cv2.morphologyEx(red.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    return float(mask.sum()) > _SEAL_SHARE * page.width * page.height / 4
