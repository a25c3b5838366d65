"""Print in colour: titles and stamps that go with the seals when coloured ink is faded, read on their own.

The title of a birth certificate is red, and so is the seal across its signature; fading cannot tell them apart.
Lines of coloured letters outside a seal are therefore read from the channel in which they are dark.
"""

from __future__ import annotations

import cv2
import numpy as np

from dossier.model import Box
from dossier.reading import Mark, Word
from ocr.colour import Inks, Mask
from ocr.engines.base import Colour, Grey, PageEngine
from ocr.pixels import u8

SURE = 0.6
"""Words below are pen strokes that happen to look like letters."""
MOST = 12
"""Coloured lines that are tried on one page."""
HEIGHT_INCHES = (0.07, 0.5)
RED, GREEN = 0, 1


def coloured_words(
    page: Colour,
    found: Inks,
    marks: tuple[Mark, ...],
    words: tuple[Word, ...],
    dpi: float,
    engine: PageEngine,
) -> tuple[Word, ...]:
    """`words` with the lines of coloured print put in where they stand; line numbers from 0 in reading order."""
    seals = [mark.box for mark in marks if mark.kind == "seal"]
    lines: list[list[Word]] = []
    for mask, channel in ((found.red, GREEN), (found.blue, RED)):
        for box in _line_boxes(mask, dpi)[:MOST]:
            if any(_inside(box, seal) > 0.3 for seal in seals):
                continue
            read = _read(u8(page[:, :, channel]), box, dpi, engine)
            new = [word for word in read if not any(_inside(word.box, old.box) > 0.4 for old in words)]
            if new:
                lines.append(new)
    return _merge(words, lines) if lines else words


def _line_boxes(mask: Mask, dpi: float) -> list[Box]:
    """Boxes of rows of coloured marks as high as print and wider than a few letters, largest first."""
    scale = min(100.0 / dpi, 1.0)
    small = cv2.inRange(cv2.resize(mask, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), 40, 255)
    unit = dpi * scale
    joined = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((3, int(0.25 * unit)), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    boxes = []
    for x, y, wide, high, area in stats[1:].tolist():
        low, most = HEIGHT_INCHES
        if low * unit <= high <= most * unit and wide >= 2.5 * high and area >= 0.4 * wide * high:
            boxes.append((area, (x / scale, y / scale, (x + wide) / scale, (y + high) / scale)))
    return [box for _, box in sorted(boxes, reverse=True)]


def _read(channel: Grey, box: Box, dpi: float, engine: PageEngine) -> list[Word]:
    margin = 0.05 * dpi
    left, top = max(int(box[0] - margin), 0), max(int(box[1] - margin), 0)
    crop = channel[top : int(box[3] + margin), left : int(box[2] + margin)]
    seen = engine.words(np.ascontiguousarray(crop), dpi, psm=7)
    if not seen or sum(len(word.text) for word in seen) < 3:
        return []
    if sum(word.confidence * len(word.text) for word in seen) < SURE * sum(len(word.text) for word in seen):
        return []
    return [
        word.model_copy(
            update={"box": (word.box[0] + left, word.box[1] + top, word.box[2] + left, word.box[3] + top)}
        )
        for word in seen
    ]


def _merge(words: tuple[Word, ...], lines: list[list[Word]]) -> tuple[Word, ...]:
    """Each new line goes before the first old one that stands lower."""
    old: dict[int, list[Word]] = {}
    for word in words:
        old.setdefault(word.line, []).append(word)
    order = [line for _, line in sorted(old.items())]
    for new in sorted(lines, key=_middle):
        place = next((index for index, line in enumerate(order) if _middle(line) > _middle(new)), len(order))
        order.insert(place, new)
    return tuple(word.model_copy(update={"line": n}) for n, line in enumerate(order) for word in line)


def _middle(line: list[Word]) -> float:
    return sum(word.box[1] + word.box[3] for word in line) / (2 * len(line))


def _inside(inner: Box, outer: Box) -> float:
    """Share of `inner` that lies in `outer`."""
    wide = min(inner[2], outer[2]) - max(inner[0], outer[0])
    high = min(inner[3], outer[3]) - max(inner[1], outer[1])
    area = (inner[2] - inner[0]) * (inner[3] - inner[1])
    return max(wide, 0) * max(high, 0) / area if area > 0 else 0.0
