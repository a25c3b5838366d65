"""Reading a value's place again: the second reader on its lines, the first reader on enlarged pixels."""

from __future__ import annotations

import re
from dataclasses import dataclass

import cv2
import numpy as np

from dossier.kinds import Kind
from dossier.model import Box
from dossier.reading import Word
from ocr.engines.base import Colour, Grey, Line
from ocr.layout import Region
from ocr.readers.base import Candidate, View
from ocr.rows import union

MARGIN = 0.22
"""Of the line's height: descenders and stacked marks stand out of word boxes."""
_WIDE_MARGIN = (
    0.35  # other pixels for the second reader: on lines in dispute it errs apart from its first look
)


@dataclass(frozen=True)
class Reread:
    """One more reading of a region: the text of all its lines, the weakest line's confidence."""

    text: str
    confidence: float


def first_name(view: View, page: int) -> str:
    """What the words of a page are called as a witness."""
    return "text-layer" if view.pages[page].reading.text_layer == "trusted" else "tesseract"


def candidate(view: View, region: Region, kind: Kind) -> Candidate:
    """What the page's own reading saw in the region."""
    text = region.text
    by = first_name(view, region.page)
    return Candidate(text, kind.parse(text), region.page, region.box, by, region.confidence)


def second_candidate(view: View, region: Region, kind: Kind, wide: bool = False) -> Candidate | None:
    """What the second reader sees in the same place; None if it is switched off or sees nothing.

    wide: with a wider margin, for a second look of its own.
    """
    engine = view.toolbox.second
    if engine is None or not region.lines:
        return None
    margin, by = (_WIDE_MARGIN, "aster@wide") if wide else (MARGIN, "aster")
    read = _joined(engine.lines(crops(view, region, margin)))
    if not read.text:
        return None
    return Candidate(read.text, kind.parse(read.text), region.page, region.box, by, read.confidence)


def enlarged_candidate(view: View, region: Region, kind: Kind, factor: int = 2) -> Candidate | None:
    """What the first reader sees in the place enlarged, with the kind's alphabet where the text keeps to it."""
    if not region.lines:
        return None
    allowed = kind.alphabet
    if allowed and re.search(r"[^\W\d_]{3}", region.text):
        allowed = None  # `ngày 05 tháng 02`: figures only would turn words into digits
    dpi = view.pages[region.page].reading.dpi * factor
    lines = [
        view.toolbox.first.line(enlarged(crop, factor), dpi, alphabet=allowed) for crop in crops(view, region)
    ]
    read = _joined(lines)
    if not read.text:
        return None
    return Candidate(
        read.text, kind.parse(read.text), region.page, region.box, f"tesseract@{factor}x", read.confidence
    )


def third_candidate(view: View, region: Region, kind: Kind) -> Candidate | None:
    """What the third reader sees in the place enlarged; None if it is switched off or sees nothing."""
    engine = view.toolbox.third
    if engine is None or not region.lines:
        return None
    dpi = view.pages[region.page].reading.dpi * 2
    read = _joined([engine.line(enlarged(crop), dpi) for crop in crops(view, region)])
    if not read.text:
        return None
    return Candidate(read.text, kind.parse(read.text), region.page, region.box, "script", read.confidence)


def crops(view: View, region: Region, margin: float = MARGIN) -> list[Grey]:
    """The region's lines as grey pictures. margin: in heights of the line."""
    image = view.pages[region.page].image()
    return [crop(image, union(word.box for word in line), _height(line) * margin) for line in region.lines]


def crop(image: Colour, box: Box, margin: float) -> Grey:
    """A line's picture with a margin in pixels. A seal's red ink over dark print is white in the red channel."""
    x0, y0 = max(0, int(box[0] - margin)), max(0, int(box[1] - margin))
    x1, y1 = int(box[2] + margin) + 1, int(box[3] + margin) + 1
    part = image[y0:y1, x0:x1]
    grey = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY)
    red = part[:, :, 0].astype(np.int16)
    is_red = (red - part[:, :, 1] > 60) & (red - part[:, :, 2] > 40)
    dark = red < 110
    if is_red.mean() > 0.01 and dark.mean() > 0.02:
        return np.ascontiguousarray(part[:, :, 0])
    return np.asarray(grey, dtype=np.uint8)


def enlarged(picture: Grey, factor: int = 2) -> Grey:
    """Double size with a white rim, as Tesseract likes its lines."""
    grown = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    rim = 10 * factor
    white = int(np.percentile(grown, 90)) if grown.size else 255
    framed = cv2.copyMakeBorder(grown, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=white)
    return np.asarray(framed, dtype=np.uint8)


def _height(line: tuple[Word, ...]) -> float:
    heights = sorted(word.box[3] - word.box[1] for word in line)
    return heights[len(heights) // 2]


def _joined(lines: list[Line]) -> Reread:
    """All lines in one; nothing if one of them was not read, since a lost line would make another value."""
    if not lines or not all(line.text for line in lines):
        return Reread("", 0.0)
    return Reread(" ".join(line.text for line in lines), min(line.confidence for line in lines))
