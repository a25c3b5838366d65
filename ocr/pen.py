"""Digits written with a pen into a printed line: is it a pen at all, and which digits are they.

A small net of our own (ocr/models/pen_digits.npz, trained by bench/train_digits.py) reads one glyph at a time. It
errs differently from line recognisers, which is what makes it a witness. Strokes that cannot be parted into
digits give no reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from dossier.model import Box
from ocr.engines.base import Grey

MODEL = Path(__file__).parent / "models" / "pen_digits.npz"
SIDE = 28
OTHER = 10
"""Class of everything that is no digit: letters, slashes, halves, two digits in one piece."""
DIGIT_HEIGHT = 0.676
"""Height of a digit in Times New Roman, in ems; capitals have 0.662."""
SURE_DIGIT = 0.55

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Glyph:
    """One piece of ink: its box in pixels of the page, and the ink alone (white on black)."""

    box: Box
    ink: Grey


@dataclass(frozen=True)
class PenReading:
    """digits: what stands there, None if the strokes could not be parted or read. pen: written, not printed."""

    digits: str | None
    confidence: float
    pen: bool
    glyphs: tuple[Glyph, ...]


def read_digits(grey: Grey, zone: Box, em: float, baseline: float) -> PenReading:
    """Read the digits inside `zone` of a page.

    em: size of the printed type around, in pixels. baseline: y of the printed line's baseline.
    """
    found = glyphs(grey, zone, em, baseline)
    pen = not _printed(found, em, baseline)
    if not found:
        return PenReading(None, 0.0, False, ())
    found = [part for glyph in found for part in parted(glyph, em)]
    if _runs_into_print(grey, zone, em, baseline):
        return PenReading(None, 0.0, True, tuple(found))
    chances = classify([normalise(glyph.ink) for glyph in found])
    best = chances.argmax(1)
    sure = chances.max(1)
    if (best == OTHER).any() or float(sure.min()) < SURE_DIGIT:
        return PenReading(None, float(sure.min()), pen, tuple(found))
    digits = "".join(str(int(digit)) for digit in best)
    return PenReading(digits, float(sure.min()), pen, tuple(found))


def glyphs(grey: Grey, zone: Box, em: float, baseline: float) -> list[Glyph]:
    """The pieces of ink that have their weight inside the zone, left to right; specks and rules left out.

    Strokes may reach over the zone's rim: pieces are looked for a little around it.
    """
    part, x0, y0 = _band(grey, zone, em, baseline)
    if min(part.shape) < 3:
        return []
    ink = (part < ink_threshold(part)).astype(np.uint8)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(ink, connectivity=8)
    pieces: list[tuple[Box, list[int]]] = []
    for label in range(1, count):
        x, y, w, h, area = (int(value) for value in stats[label])
        centre = float(centres[label][0]) + x0
        low = y + y0 + h
        if not zone[0] <= centre <= zone[2] or area < 0.008 * em * em:
            continue
        if h < 0.22 * em and w < 0.3 * em:  # dots of leaders, specks
            continue
        if h < 0.14 * em and w > 0.35 * em:  # rules
            continue
        if low < baseline - 0.55 * em and h < 0.4 * em:  # marks of letters above
            continue
        pieces.append(((x, y, x + w, y + h), [label]))
    merged = _merged(sorted(pieces, key=lambda piece: piece[0][0]), em)
    out = []
    for box, members in merged:
        left, top, right, bottom = (int(edge) for edge in box)
        alone = np.isin(labels[top:bottom, left:right], members)
        own = np.where(alone, 255 - part[top:bottom, left:right], 0).astype(np.uint8)
        out.append(Glyph((left + x0, top + y0, right + x0, bottom + y0), _stretched(own)))
    return [glyph for glyph in out if glyph.box[3] - glyph.box[1] > 0.38 * em]


def _runs_into_print(grey: Grey, zone: Box, em: float, baseline: float) -> bool:
    """Does a piece of ink that belongs beside the zone reach into it? Then a digit hangs on the print."""
    part, x0, _ = _band(grey, zone, em, baseline)
    ink = (part < ink_threshold(part)).astype(np.uint8)
    count, _, stats, centres = cv2.connectedComponentsWithStats(ink, connectivity=8)
    reach = 0.2 * em
    for label in range(1, count):
        left = x0 + float(stats[label][cv2.CC_STAT_LEFT])
        right = left + float(stats[label][cv2.CC_STAT_WIDTH])
        centre = x0 + float(centres[label][0])
        if float(stats[label][cv2.CC_STAT_HEIGHT]) < 0.3 * em:
            continue
        if (centre < zone[0] and right > zone[0] + reach) or (centre > zone[2] and left < zone[2] - reach):
            return True
    return False


def _band(grey: Grey, zone: Box, em: float, baseline: float) -> tuple[Grey, int, int]:
    """The zone with an em around it, as far as pen strokes go up and down, and its left and upper edge."""
    height, width = grey.shape
    x0, x1 = int(max(zone[0] - em, 0)), int(min(zone[2] + em, width))
    y0, y1 = int(max(baseline - 1.25 * em, 0)), int(min(baseline + 0.55 * em, height))
    return np.ascontiguousarray(grey[y0:y1, x0:x1]), x0, y0


def parted(glyph: Glyph, em: float) -> list[Glyph]:
    """A glyph too wide for one digit as two, cut where both halves read best as digits; else as it is."""
    width, height = glyph.box[2] - glyph.box[0], glyph.box[3] - glyph.box[1]
    if not 0.55 * em < width < 1.6 * em or width < 0.75 * height:
        return [glyph]
    whole = classify([normalise(glyph.ink)])[0]
    if int(whole.argmax()) != OTHER and float(whole.max()) > 0.9 and width < 0.8 * em:
        return [glyph]
    columns = range(int(0.3 * width), int(0.7 * width), max(1, int(width / 24)))
    best: tuple[float, list[Glyph]] = (SURE_DIGIT, [glyph])
    for column in columns:
        halves = [_slice(glyph, 0, column), _slice(glyph, column, glyph.ink.shape[1])]
        chances = classify([normalise(half.ink) for half in halves])
        worst = float(chances[:, :OTHER].max(1).min())
        # Fewer strokes cut is a better cut.
        worst *= 1.0 - 0.3 * float((glyph.ink[:, column] > 100).mean())
        if worst > best[0]:
            best = (worst, halves)
    return best[1]


def _slice(glyph: Glyph, start: int, end: int) -> Glyph:
    ink = np.ascontiguousarray(glyph.ink[:, start:end])
    x0, y0, _, y1 = glyph.box
    return Glyph((x0 + start, y0, x0 + end, y1), ink)


def ink_threshold(part: Grey) -> int:
    """Otsu's threshold, kept away from the paper."""
    value, _ = cv2.threshold(part, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return int(min(max(value, 90), 190))


def _merged(pieces: list[tuple[Box, list[int]]], em: float) -> list[tuple[Box, list[int]]]:
    """Pieces one over the other belong to one digit: the flag of a 5, the bar of a 7, a 4 in two strokes."""
    out: list[tuple[Box, list[int]]] = []
    for box, members in pieces:
        if out:
            last, own = out[-1]
            overlap = min(last[2], box[2]) - max(last[0], box[0])
            narrow = min(last[2] - last[0], box[2] - box[0])
            small = min(last[3] - last[1], box[3] - box[1]) < 0.4 * em
            joined = max(last[2], box[2]) - min(last[0], box[0])
            if (overlap > 0.5 * narrow or (small and overlap > -0.08 * em)) and joined < 0.85 * em:
                whole = (
                    min(last[0], box[0]),
                    min(last[1], box[1]),
                    max(last[2], box[2]),
                    max(last[3], box[3]),
                )
                out[-1] = (whole, own + members)
                continue
        out.append((box, members))
    return out


def _stretched(ink: Grey) -> Grey:
    top = int(ink.max()) if ink.size else 0
    return ink if top == 0 else np.asarray(ink.astype(np.float32) * (255.0 / top), dtype=np.uint8)


def _printed(found: list[Glyph], em: float, baseline: float) -> bool:
    """All of one height, that of print, and on the line."""
    if not found:
        return True
    heights = [glyph.box[3] - glyph.box[1] for glyph in found]
    bottoms = [glyph.box[3] for glyph in found]
    return (
        all(0.9 * DIGIT_HEIGHT * em <= height <= 1.1 * DIGIT_HEIGHT * em for height in heights)
        and max(heights) - min(heights) <= max(0.06 * em, 2.0)
        and all(abs(bottom - baseline) <= max(0.08 * em, 2.0) for bottom in bottoms)
    )


def normalise(ink: Grey) -> Grey:
    """The glyph, white on black, in a 20 x 20 box at the centre of mass of a 28 x 28 picture, as in MNIST."""
    ys, xs = np.nonzero(ink > 40)
    if len(xs) == 0:
        return np.zeros((SIDE, SIDE), np.uint8)
    crop = ink[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    scale = 20 / max(crop.shape)
    size = (max(1, round(crop.shape[1] * scale)), max(1, round(crop.shape[0] * scale)))
    small = cv2.resize(crop, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    mass = cv2.moments(small)
    total = mass["m00"] or 1.0
    left = min(max(round(SIDE / 2 - mass["m10"] / total), 0), SIDE - size[0])
    top = min(max(round(SIDE / 2 - mass["m01"] / total), 0), SIDE - size[1])
    out = np.zeros((SIDE, SIDE), np.uint8)
    out[top : top + size[1], left : left + size[0]] = small
    return out


@cache
def _weights() -> dict[str, Floats]:
    with np.load(MODEL) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def classify(pictures: list[Grey]) -> Floats:
    """N x 11 chances (digits 0-9, something else) of normalised 28 x 28 glyphs."""
    if not pictures:
        return np.zeros((0, 11), np.float32)
    weights = _weights()
    x: Floats = np.stack(pictures).astype(np.float32)[:, None] / 255.0
    for layer in ("conv1", "conv2", "conv3"):
        x = _pooled(np.maximum(_convolved(x, weights[f"{layer}.weight"], weights[f"{layer}.bias"]), 0.0))
    flat = x.reshape(len(x), -1)
    hidden = np.maximum(flat @ weights["dense1.weight"].T + weights["dense1.bias"], 0.0)
    logits = hidden @ weights["dense2.weight"].T + weights["dense2.bias"]
    exp = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(exp / exp.sum(1, keepdims=True), dtype=np.float32)


def _convolved(x: Floats, kernel: Floats, bias: Floats) -> Floats:
    """3 x 3 convolution, rim padded with zeros. x: N x C x H x W."""
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
    out = np.einsum("nchwij,ocij->nohw", windows, kernel, optimize=True)
    return np.asarray(out + bias[None, :, None, None], dtype=np.float32)


def _pooled(x: Floats) -> Floats:
    """2 x 2 maximum; an odd last row or column is dropped, as torch does."""
    n, c, h, w = x.shape
    cut = x[:, :, : h // 2 * 2, : w // 2 * 2].reshape(n, c, h // 2, 2, w // 2, 2)
    return np.asarray(cut.max(axis=(3, 5)), dtype=np.float32)
