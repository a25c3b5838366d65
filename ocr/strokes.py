"""What the ink of a value tells beside its words: a stroke that no word holds, digits that no type has.

The page's reader drops what it cannot make a word of, a pen digit before the printed rest of a number above all:
`457 /2026` becomes `57 /2026` for every reader that is shown the words' box alone.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from dossier.model import Box
from ocr.engines.base import Colour, Grey
from ocr.layout import Region
from ocr.readers.penline import ink_boxes
from ocr.rows import union

_TALL = 0.5  # of the line's height: what is as high as a letter; dots of leaders are not
_RULE = 2.4  # of the line's height: frames and rules are higher than strokes
_BESIDE = 6.0  # heights right of a label in which lost ink is its value
_SPREAD = 0.14  # of their median: how far heights and feet of printed digits differ at most
_ODD = 0.26  # share of odd figures from which a pen is suspected: one slash in `5/2026` is none


def with_lost_ink(image: Colour, region: Region) -> Region:
    """The region with what stands between its label and its first word, unless that is empty or a leader."""
    if region.label_end is None or not region.lines:
        return region
    line = region.lines[0]
    height = float(np.median([word.box[3] - word.box[1] for word in line]))
    box = union(word.box for word in line)
    left, right = region.label_end + 0.15 * height, box[0] - 0.1 * height
    if right - left < 0.3 * height:
        return region
    found = _letters_in(image, (left, box[1] - 0.3 * height, right, box[3] + 0.2 * height), height)
    if not found:
        return region
    lost = replace(line[0], text="", box=union(found), confidence=0.0)
    lines = ((lost, *line), *region.lines[1:])
    return replace(region, lines=lines, box=union(word.box for row in lines for word in row))


def ink_beside(image: Colour, region: Region) -> Region | None:
    """The ink right of a label where the page's reader saw nothing, as a region of one word without text; None if none.

    A large single letter (`B2` of a licence) is lost like that, and the words after a gap are taken for the value.
    """
    if region.label_end is None or not region.lines:
        return None
    line = region.lines[0]
    height = float(np.median([word.box[3] - word.box[1] for word in line]))
    left, right = region.label_end + 0.15 * height, line[0].box[0] - 0.3 * height
    if right - left < 0.8 * height:
        return None
    box = (
        left,
        line[0].box[1] - 0.6 * height,
        min(right, left + _BESIDE * height),
        line[0].box[3] + 0.5 * height,
    )
    found = _letters_in(image, box, height)
    if not found:
        return None
    lost = replace(line[0], text="", box=union(found), confidence=0.0)
    return replace(region, lines=((lost,),), box=lost.box)


def _letters_in(image: Colour, box: Box, height: float) -> list[Box]:
    """Pieces of ink as high as letters of a line of that height: no dots of leaders, no frames and rules."""
    return [
        mark
        for mark in ink_boxes(_grey(image), box)
        if _TALL * height < mark[3] - mark[1] < _RULE * height and mark[2] - mark[0] > 0.08 * height
    ]


def looks_written(image: Colour, region: Region) -> bool:
    """Whether the figures differ in height or stand off their line as no type's do. Words with letters are left out."""
    grey = _grey(image)
    figures = [[word for word in line if not re.search(r"[^\W\d_]", word.text)] for line in region.lines]
    marks = [mark for line in figures if line for mark in ink_boxes(grey, union(word.box for word in line))]
    if not marks:
        return False
    tallest = max(mark[3] - mark[1] for mark in marks)
    marks = [mark for mark in marks if mark[3] - mark[1] > 0.45 * tallest]
    heights = np.array([mark[3] - mark[1] for mark in marks])
    feet = np.array([mark[3] for mark in marks])
    usual = float(np.median(heights))
    slack = max(_SPREAD * usual, 2.0)
    odd = (np.abs(heights - usual) > slack) | (np.abs(feet - np.median(feet)) > slack)
    return float(odd.mean()) > _ODD


def _grey(image: Colour) -> Grey:
    """The darkest channel: ink of every colour is dark in one of them."""
    return np.ascontiguousarray(image.min(axis=2))
