"""Where a machine-readable zone stands on a page: three long dense lines, one below the other, of equal length.

Found by form alone, so that neither the page's own reading nor the resolution need be right.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from dossier.model import Box
from ocr.engines.base import Colour, Grey
from ocr.pixels import grey_of, u8

LOOK_DPI = 150.0
LONG = (48.0, 100.0)
"""Millimetres of a line; on a card of true size it has 72 to 77 (30 characters, ISO/IEC 7501-1)."""
PITCH = (2.2, 7.5)
"""Millimetres from one line to the next, within the same errors of scale."""
ALIKE = 0.12
"""Largest difference of length and of start between lines of one zone, in lengths: a name's fillers may be lost."""
STEEP = 8.0
PIXELS_A_CHARACTER = 30
"""What a straightened line is brought to; a card at 300 dpi has 28 to 30."""
OVER = 1.06
"""Width of a straightened line, in lengths of the zone."""
LINES = 3


@dataclass(frozen=True)
class Place:
    """A zone: its lines straightened, grey, top to bottom, and its box in pixels of the page."""

    lines: tuple[Grey, ...]
    box: Box


@dataclass(frozen=True)
class _Bar:
    """One dense line: middle, length and thickness in pixels, degrees clockwise."""

    x: float
    y: float
    length: float
    thick: float
    angle: float


def find_zones(page: Colour, dpi: float) -> list[Place]:
    """The places of a page that look like a zone, the likeliest first; most pages have none."""
    grey = grey_of(page)
    scale = LOOK_DPI / dpi
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = u8(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=way))
    found = [_straight(grey, group, 1 / scale) for group in _groups(_bars(small))]
    return [place for place in found if len(place.lines) == LINES]


def _bars(small: Grey) -> list[_Bar]:
    """Long dense lines on a page at LOOK_DPI."""
    mm = LOOK_DPI / 25.4
    dark = cv2.morphologyEx(small, cv2.MORPH_BLACKHAT, np.ones((9, 9), np.uint8))
    across = np.abs(cv2.Sobel(dark, cv2.CV_32F, 1, 0, ksize=3))
    edges = u8(np.clip(across * (255.0 / max(float(np.percentile(across, 99.5)), 60.0)), 0, 255))
    joined = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((5, round(3.2 * mm)), np.uint8))
    level = max(cv2.threshold(joined, 0, 255, cv2.THRESH_OTSU)[0] * 0.6, 30.0)
    mask = u8((joined > level) * np.uint8(255))
    mask = u8(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((5, round(4 * mm)), np.uint8)))
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    bars = []
    for outline in outlines:
        (x, y), (wide, high), angle = cv2.minAreaRect(outline)
        if wide < high:
            wide, high, angle = high, wide, angle + 90
        angle = (angle + 90) % 180 - 90
        if LONG[0] * mm <= wide <= LONG[1] * mm and high <= 0.09 * wide and abs(angle) <= STEEP:
            bars.append(_Bar(x, y, wide, high, angle))
    return sorted(bars, key=lambda bar: bar.y)


def _groups(bars: list[_Bar]) -> list[tuple[_Bar, ...]]:
    """Three neighbours that stand like the lines of a zone; of several, the most even first."""
    found = []
    for at, first in enumerate(bars):
        chain = [first]
        for bar in bars[at + 1 :]:
            if len(chain) < LINES and _below(chain[-1], bar):
                chain.append(bar)
        if len(chain) == LINES:
            found.append(tuple(chain))
    return sorted(found, key=_uneven)


def _below(one: _Bar, other: _Bar) -> bool:
    mm = LOOK_DPI / 25.4
    down = other.y - one.y - (other.x - one.x) * np.tan(np.radians(one.angle))
    starts = (other.x - other.length / 2) - (one.x - one.length / 2) + np.sin(np.radians(one.angle)) * down
    return (
        PITCH[0] * mm <= down <= PITCH[1] * mm
        and abs(starts) <= ALIKE * one.length
        and abs(one.length - other.length) <= ALIKE * one.length
        and abs(one.angle - other.angle) <= 1.5
    )


def _uneven(group: tuple[_Bar, ...]) -> float:
    steps = [other.y - one.y for one, other in pairwise(group)]
    lengths = [bar.length for bar in group]
    return abs(steps[0] - steps[1]) / max(steps) + (max(lengths) - min(lengths)) / max(lengths)


def _straight(grey: Grey, group: tuple[_Bar, ...], up: float) -> Place:
    """The zone turned level and brought to size, cut into its lines. up: pixels of `grey` in one of the bars'."""
    # The middle one of three: dirt beside a line makes it longer, lost fillers shorter.
    length = float(np.median([bar.length for bar in group])) * up
    pitch = (group[-1].y - group[0].y) / (LINES - 1) * up
    angle = float(np.median([bar.angle for bar in group]))
    x = float(np.median([bar.x - bar.length / 2 for bar in group])) * up + length / 2
    y = float(np.mean([bar.y for bar in group])) * up
    scale = PIXELS_A_CHARACTER * 30 / length
    turn = cv2.getRotationMatrix2D((x, y), angle, scale)
    wide, high = round((length * OVER) * scale), round(pitch * (LINES + 0.6) * scale)
    turn[:, 2] += np.array([wide / 2 - x, high / 2 - y])
    level = u8(
        cv2.warpAffine(grey, turn, (wide, high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    )
    back = cv2.invertAffineTransform(turn)
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], dtype=np.float64)
    places = corners @ back[:, :2].T + back[:, 2]
    limits = np.array([[grey.shape[1], grey.shape[0]]])
    places = np.clip(places, 0, limits)
    (left, top), (right, bottom) = places.min(axis=0), places.max(axis=0)
    box = float(left), float(top), float(right), float(bottom)
    return Place(tuple(_lines(level, pitch * scale)), box)


def _lines(level: Grey, pitch: float) -> list[Grey]:
    """The three lines of a straightened zone, cut where the rows are emptiest."""
    dark = cv2.morphologyEx(level, cv2.MORPH_BLACKHAT, np.ones((13, 13), np.uint8)).astype(np.float32)
    profile = cv2.blur(dark.mean(axis=1)[:, None], (1, 3))[:, 0]
    middle, slack = level.shape[0] / 2, pitch * 0.3
    cuts = []
    for step in (-1.5, -0.5, 0.5, 1.5):
        start = max(int(middle + step * pitch - slack), 0)
        window = profile[start : max(int(middle + step * pitch + slack), start + 1)]
        quiet = np.flatnonzero(window <= window.min() + 0.08 * (profile.max() - window.min()))
        cuts.append(start + int(np.median(quiet)) if quiet.size else start)
    return [np.ascontiguousarray(level[top:bottom]) for top, bottom in pairwise(cuts) if bottom - top > 8]
