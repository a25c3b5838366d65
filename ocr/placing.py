"""Words back where they are seen: on the page as its file shows it, turned upright, nothing else.

A page is read deskewed, and a photographed sheet flat. Here the way back is gone by geometry alone; no pixel is looked
at (`ocr.pages.read_page` is the way there).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from dossier.model import Box
from dossier.reading import PageReading, Word
from ocr.flatten import picture_shares
from ocr.skew import LEAST

MUCH_HIGHER = 1.6
"""Times the height of its line from which a word keeps its own, as does one whose middle lies outside the line: a large
initial, a stamp read into the line. A dash is as high as its line."""

Points = npt.NDArray[np.float64]


def line_boxes(reading: PageReading) -> Iterator[tuple[Word, Box]]:
    """Each word with its box made as high as its line: a text line has one height, whatever letters are in a word."""
    for _, members in groupby(reading.words, key=lambda word: word.line):
        words = list(members)
        top, bottom = (median(word.box[side] for word in words) for side in (1, 3))
        for word in words:
            x0, y0, x1, y1 = word.box
            within = top <= (y0 + y1) / 2 <= bottom and y1 - y0 <= MUCH_HIGHER * (bottom - top)
            yield word, (x0, top, x1, bottom) if within else word.box


def corners_seen(reading: PageReading) -> Iterator[tuple[Word, Points]]:
    """Each word with the four corners of its line box as seen (`as_seen`): upper left, clockwise."""
    words, boxes = zip(*line_boxes(reading), strict=True) if reading.words else ((), ())
    corners = np.array([((x0, y0), (x1, y0), (x1, y1), (x0, y1)) for x0, y0, x1, y1 in boxes], np.float64)
    yield from zip(words, as_seen(reading, corners.reshape(-1, 2)).reshape(-1, 4, 2), strict=True)


def as_seen(reading: PageReading, points: Points) -> Points:
    """N x 2 pixels of the page as read, in shares of the width and height of the page as seen upright."""
    x, y = points[:, 0], points[:, 1]
    wide, high = float(reading.width), float(reading.height)
    if abs(reading.quality.skew) >= LEAST:
        turn = cv2.getRotationMatrix2D((wide / 2, high / 2), reading.quality.skew, 1.0)
        back = cv2.invertAffineTransform(turn)
        x, y = (back[row, 0] * x + back[row, 1] * y + back[row, 2] for row in (0, 1))
    x, y = x / wide, y / high
    if reading.flattening is not None:
        x, y = _turned(x, y, -reading.rotation)
        x, y = picture_shares(reading.flattening, x, y)
        x, y = _turned(x, y, reading.rotation)
    return np.stack([x, y], axis=1)


def _turned(x: Points, y: Points, degrees: int) -> tuple[Points, Points]:
    """Shares of a page after it was turned clockwise."""
    for _ in range(degrees // 90 % 4):
        x, y = 1 - y, x
    return x, y
