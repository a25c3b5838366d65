"""The thirty cells of a zone's lines, told by form: where a filler stands, and so where a name's words begin and end.

The second line of a Vietnamese card has eleven fillers in a row. They show what a filler looks like in this font and
at this sharpness, and how far apart characters stand; recognisers take fillers in a row for C, K and S, or lose some.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr.engines.base import Grey
from ocr.mrzfind import OVER
from ocr.mrzlines import LENGTH
from ocr.pixels import u8

FILLERS = range(18, 29)
"""Places of the second line."""
LIKE = 0.86
"""Correlation with the filler from which a cell is one: fillers have 0.94 and more, a figure 5 up to 0.79."""
FEWEST = 8
"""Of the eleven that must be found at an even pitch."""
_REACH = 0.3  # pitches beside its place in which a filler is looked for


@dataclass(frozen=True)
class Cells:
    """start: middle of the first cell, pitch: from one to the next, in pixels of a line. fillers: of the third line."""

    start: float
    pitch: float
    fillers: tuple[bool, ...]

    def words(self) -> list[range]:
        """The cells of each word of the name line."""
        found, begin = [], None
        for at, filler in enumerate((*self.fillers, True)):
            if filler and begin is not None:
                found.append(range(begin, at))
                begin = None
            elif not filler and begin is None:
                begin = at
        return found

    def crop(self, line: Grey, cells: range) -> Grey:
        """The pixels of some cells, with half a white cell on each side."""
        edge, wide = self.start - self.pitch / 2, self.pitch
        left = max(round(edge + cells.start * wide - 1), 0)
        part = line[:, left : max(round(edge + cells.stop * wide + 1), left + 1)]
        rim = round(wide / 2)
        tone = int(np.percentile(part, 90))
        return u8(cv2.copyMakeBorder(part, 0, 0, rim, rim, cv2.BORDER_CONSTANT, value=(tone,)))


def find_cells(lines: tuple[Grey, ...]) -> Cells | None:
    """The cells of three straightened lines; None if the second has no such row of fillers."""
    _, second, third = (_even(line) for line in lines)
    wide = second.shape[1]
    pitch = wide / OVER / (LENGTH - 0.15)
    start = (wide - wide / OVER) / 2 + 0.44 * pitch
    filler = _filler(second, start, pitch)
    if filler is None:
        return None
    score = _correlation(second, filler)
    seen = _row(score, pitch)
    if len(seen) < FEWEST or seen[-1][0] - seen[0][0] != len(FILLERS) - 1:
        return None
    slope, first = np.polyfit([FILLERS.start + at for at, _ in seen], [x for _, x in seen], 1)
    pitch, start = float(slope), float(first)
    score = _correlation(third, filler)
    return Cells(
        start,
        pitch,
        tuple(_peak(score, start + at * pitch, pitch)[1] >= LIKE for at in range(LENGTH)),
    )


def _row(score: npt.NDArray[np.float32], pitch: float) -> list[tuple[int, int]]:
    """The longest row of fillers at an even pitch: number within the row, from 0, and middle of each.

    The pitch is measured, since dirt beside a line may have made it look longer than it is.
    """
    near = round(0.6 * pitch)
    top = cv2.dilate(score[None], np.ones((1, 2 * near + 1), np.uint8))[0]
    peaks = np.flatnonzero((score >= LIKE) & (score >= top))
    best: list[tuple[int, int]] = []
    row: list[tuple[int, int]] = []
    for x in map(int, peaks):
        steps = (x - row[-1][1]) / pitch if row else 0.0
        whole = round(steps)
        if row and 1 <= whole <= 2 and abs(steps - whole) <= 0.2 * whole:
            row.append((row[-1][0] + whole, x))
        else:
            row = [(0, x)]
        best = max(best, row, key=len)
    return best


def _even(line: Grey) -> Grey:
    paper = cv2.blur(cv2.morphologyEx(line, cv2.MORPH_CLOSE, np.ones((25, 25), np.uint8)), (25, 25))
    return u8(cv2.GaussianBlur(cv2.divide(line, paper, scale=255), (0, 0), 1.5))


def _filler(line: Grey, start: float, pitch: float) -> Grey | None:
    """What the middle of the filler row looks like."""
    half = pitch / 2
    lefts = [round(start + at * pitch - half) for at in FILLERS[1:-1]]
    cells = np.stack([line[:, left : left + round(pitch)] for left in lefts])
    ink = 255.0 - cells.mean(axis=(0, 2))
    rows = np.flatnonzero(ink > 0.3 * ink.max()) if ink.max() > 20 else np.array([])
    if rows.size < 6:
        return None
    return u8(np.median(cells[:, max(rows[0] - 1, 0) : rows[-1] + 2], axis=0))


def _correlation(line: Grey, filler: Grey) -> npt.NDArray[np.float32]:
    """By the middle of where it is laid, how much the filler is like the line, -1 to 1."""
    half = filler.shape[1] // 2
    framed = cv2.copyMakeBorder(line, 6, 6, half, half, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.matchTemplate(framed, filler, cv2.TM_CCOEFF_NORMED).max(axis=0), np.float32)


def _peak(score: npt.NDArray[np.float32], x: float, pitch: float) -> tuple[float, float]:
    """Where near x the score is highest, and how high."""
    left = max(round(x - _REACH * pitch), 0)
    window = score[left : max(round(x + _REACH * pitch) + 1, left + 1)]
    return (left + int(window.argmax()), float(window.max())) if window.size else (x, 0.0)
