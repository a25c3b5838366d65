"""The words that a PDF states itself, believed only where the picture says the same.

Text layers lie: old fonts with letters of their own, other people's OCR, planted or hidden text. A layer is
trusted if the page is no scan, its words lie on ink, little ink lies elsewhere, and a sample of its lines, read
from the picture, says the same.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as raw
from rapidfuzz import fuzz
from viparse import detect_text_encoding

from dossier.reading import TextLayer, Word
from dossier.text.vietnamese import clean, tone_key
from ocr.engines.base import Grey, PageEngine
from ocr.lines import rows, split_lines
from ocr.orientation import Turn
from ocr.pixels import u8
from ocr.render_pdf import pdfium
from ocr.skew import LEAST

SCANNED = 0.4
"""Share of the page under images from which it is a scan, whose layer is somebody's OCR."""
FEWEST = 5
"""Words below which there is nothing to compare."""
MANY_LETTERS = 40
"""So many letters that make next to no words are not to be believed."""
SAMPLE = 6
AGREE, AGREE_EACH = 88.0, 60.0
"""Similarity (0..100, letters and tones) of the middle and of the worst sampled line."""
ON_INK = 0.95
ELSEWHERE = 0.15
"""Most letter-sized marks, as a share, that may lie outside the layer's words."""
CONFIDENCE = 0.99

Affine = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Placement:
    """How a page as delivered came to the upright image: size in pixels before turning, turn, skew."""

    width: int
    height: int
    turn: Turn
    skew: float

    def upright(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """N x 2 pixels of the page as delivered, in the upright image."""
        x, y = points[:, 0], points[:, 1]
        wide, high = float(self.width), float(self.height)
        for _ in range(self.turn // 90):
            x, y, wide, high = high - y, x, high, wide
        if abs(self.skew) >= LEAST:
            turn = cv2.getRotationMatrix2D((wide / 2, high / 2), self.skew, 1.0)
            x, y = (turn[row, 0] * x + turn[row, 1] * y + turn[row, 2] for row in (0, 1))
        return np.stack([x, y], axis=1)


@dataclass(frozen=True)
class Layer:
    """words: in pixels of the upright image, none where they cannot be placed. scanned: somebody's OCR of a scan.

    encoding: what the text is written in if it is no Unicode (`tcvn3`, `vni`, ...).
    """

    words: tuple[Word, ...]
    scanned: bool = False
    encoding: str | None = None


def layer_of(path: Path, page: int, placement: Placement) -> Layer | None:
    """The page's own text; None when it has next to none."""
    with pdfium(path, page) as opened:
        text = opened.get_textpage()
        count = text.count_chars()
        if count < FEWEST:
            return None
        if _scanned(opened):
            return Layer((), scanned=True)
        to_pixels = _to_pixels(opened, placement)
        words: list[Word] = []
        letters: list[str] = []
        corners: list[tuple[float, float]] = []

        def finish() -> None:
            word = clean(_characters(letters))
            if word and corners:
                ones = np.array([(x, y, 1.0) for x, y in corners])
                places = placement.upright(ones @ to_pixels.T)
                (x0, y0), (x1, y1) = places.min(axis=0), places.max(axis=0)
                box = (float(x0), float(y0), float(x1), float(y1))
                words.append(Word(text=word, box=box, confidence=CONFIDENCE, line=0))
            letters.clear()
            corners.clear()

        edges = [ctypes.c_double() for _ in range(4)]
        for index in range(count):
            letter = chr(raw.FPDFText_GetUnicode(text, index) or 32)
            if letter.isspace() or ord(letter) < 32:
                finish()
                continue
            letters.append(letter)
            if raw.FPDFText_GetCharBox(text, index, *map(ctypes.byref, edges)):
                left, right, bottom, top = (edge.value for edge in edges)
                corners += [(left, bottom), (right, top), (left, top), (right, bottom)]
        finish()
    if len(words) < FEWEST:
        return Layer(()) if count >= MANY_LETTERS else None
    encoding = detect_text_encoding(" ".join(word.text for word in words))
    return Layer(split_lines(rows(tuple(words))), encoding=encoding)


def _characters(units: list[str]) -> str:
    """Text of UTF-16 units, which is how pdfium gives it; half a pair, which no record can hold, is U+FFFD."""
    return "".join(units).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def judged(layer: Layer | None, grey: Grey, dpi: float, engine: PageEngine) -> TextLayer:
    """Whether a layer may be read. One in an old encoding never is: its capitals are those of small letters."""
    if layer is None:
        return "none"
    if layer.scanned:
        return "unused"
    return "trusted" if layer.encoding is None and agrees(layer.words, grey, dpi, engine) else "rejected"


def agrees(words: tuple[Word, ...], grey: Grey, dpi: float, engine: PageEngine) -> bool:
    """Whether the picture says what the layer says. grey: the upright page."""
    dark = u8(cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1])
    return len(words) >= FEWEST and _covers(words, dark, dpi) and _same_lines(words, grey, dpi, engine)


def _covers(words: tuple[Word, ...], dark: Grey, dpi: float) -> bool:
    height, width = dark.shape
    inked = 0
    under = np.zeros_like(dark)
    for word in words:
        x0, y0, x1, y1 = (round(side) for side in word.box)
        part = dark[max(y0, 0) : max(y1, 0) + 1, max(x0, 0) : max(x1, 0) + 1]
        inked += bool(part.size and cv2.countNonZero(part))
        cv2.rectangle(under, (x0 - 4, y0 - 4), (x1 + 4, y1 + 4), 255, -1)
    if inked < ON_INK * len(words):
        return False
    _, _, stats, middles = cv2.connectedComponentsWithStats(dark, connectivity=8)
    high, wide = stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH]
    letters = middles[1:][(high > 0.03 * dpi) & (high < 0.3 * dpi) & (wide < 0.5 * dpi)].astype(int)
    if not len(letters):
        return False
    x, y = letters[:, 0].clip(0, width - 1), letters[:, 1].clip(0, height - 1)
    return float((under[y, x] == 0).mean()) <= ELSEWHERE


def _same_lines(words: tuple[Word, ...], grey: Grey, dpi: float, engine: PageEngine) -> bool:
    lines = [list(members) for _, members in groupby(words, key=lambda word: word.line)]
    long = [line for line in lines if sum(len(word.text) for word in line) >= 8] or lines
    sample = [long[round(place)] for place in np.linspace(0, len(long) - 1, min(SAMPLE, len(long)))]
    scores = []
    for line in sample:
        x0, y0 = min(word.box[0] for word in line), min(word.box[1] for word in line)
        x1, y1 = max(word.box[2] for word in line), max(word.box[3] for word in line)
        margin = 0.15 * (y1 - y0) + 2
        crop = grey[max(int(y0 - margin), 0) : int(y1 + margin), max(int(x0 - 8), 0) : int(x1 + 8)]
        if min(crop.shape) < 8:
            return False
        seen = engine.line(np.ascontiguousarray(crop), dpi).text
        scores.append(fuzz.ratio(tone_key(" ".join(word.text for word in line)), tone_key(seen)))
    return median(scores) >= AGREE and min(scores) >= AGREE_EACH


def _scanned(page: pypdfium2.PdfPage) -> bool:
    left, bottom, right, top = page.get_cropbox()
    area = 0.0
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        x0, y0, x1, y1 = thing.get_bounds()
        area += max(min(x1, right) - max(x0, left), 0) * max(min(y1, top) - max(y0, bottom), 0)
    return bool(area > SCANNED * (right - left) * (top - bottom))


def _to_pixels(page: pypdfium2.PdfPage, placement: Placement) -> Affine:
    """2 x 3: from the page's own space (points, y up, before /Rotate) to pixels of the page as delivered."""
    fine = 16  # FPDF_PageToDevice gives whole pixels
    ends = []
    for x, y in ((0.0, 0.0), (100.0, 0.0), (0.0, 100.0)):
        column, row = ctypes.c_int(), ctypes.c_int()
        size = (placement.width * fine, placement.height * fine)
        raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, ctypes.byref(column), ctypes.byref(row))
        ends.append((column.value / fine, row.value / fine))
    origin, along, up = (np.array(end) for end in ends)
    return np.stack([(along - origin) / 100, (up - origin) / 100, origin], axis=1)
