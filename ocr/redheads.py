"""Coloured headings that the page's reader passed over, read from their ink alone.

The heading of a certificate is printed in red, large, spaced and often worn; without it nobody knows what paper it is.
"""

from __future__ import annotations

import cv2
import numpy as np

from dossier.errors import ReadingCrashed
from dossier.model import Box
from dossier.reading import Word
from ocr.colour import Mask
from ocr.colourtext import inside
from ocr.engines.base import Grey, PageEngine

_COVERED = 0.3
"""Share of a row's box under words from which it was read."""
_LINE_HEIGHT = 48
"""Pixels of a heading's line as the engine reads it best."""


def missed_headings(
    red: Mask, rows: tuple[Box, ...], words: tuple[Word, ...], dpi: float, engine: PageEngine
) -> tuple[Word, ...]:
    """Words of the rows of red letters that no word lies on, with lines of their own after those of `words`."""
    found: list[Word] = []
    line = max((word.line for word in words), default=-1)
    for box in rows:
        if sum(inside(word.box, box) * _area(word.box) for word in words) > _COVERED * _area(box):
            continue
        text, confidence = _read(red, box, dpi, engine)
        if text:
            line += 1
            found += _placed(text, box, confidence, line)
    return tuple(found)


def _read(red: Mask, box: Box, dpi: float, engine: PageEngine) -> tuple[str, float]:
    margin = int(0.3 * (box[3] - box[1]))
    x0, y0 = max(int(box[0]) - margin, 0), max(int(box[1]) - margin, 0)
    ink = red[y0 : int(box[3]) + margin, x0 : int(box[2]) + margin]
    scale = _LINE_HEIGHT / max(box[3] - box[1], 1.0)
    picture: Grey = np.asarray(
        cv2.resize(cv2.bitwise_not(ink), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
    )
    try:
        line = engine.line(np.ascontiguousarray(picture), dpi * scale)
    except ReadingCrashed:  # nothing to read in these pixels
        return "", 0.0
    return line.text.strip(), line.confidence


def _placed(text: str, box: Box, confidence: float, line: int) -> list[Word]:
    """The words side by side, each as wide as its letters."""
    x0, y0, x1, y1 = box
    unit = (x1 - x0) / max(len(text), 1)
    words, at = [], 0
    for word in text.split(" "):
        left, right = x0 + at * unit, x0 + (at + len(word)) * unit
        words.append(Word(text=word, box=(left, y0, right, y1), confidence=confidence, line=line))
        at += len(word) + 1
    return [word for word in words if word.text]


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
