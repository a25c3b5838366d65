"""A page's quality in numbers, and whether there is anything on it at all."""

from __future__ import annotations

import cv2
import numpy as np

from dossier.reading import Mark, Quality
from ocr.cleaning import background
from ocr.colour import Inks
from ocr.edges import cut_edges
from ocr.engines.base import Grey
from ocr.glare import glare
from ocr.pixels import u8

SHARPNESS_DPI = 150.0
INK_DEPTH = 60
"""Grey levels below the paper from which a pixel counts as ink."""
BLANK_DEPTH = 90
"""Ink of this side of the sheet is at least so much darker than the paper; what shines through is paler."""
BLANK_LETTERS = 8
"""Fewer marks of a letter's size than this leave a page blank: a page number, a hole, dirt."""
INKED = 0.02
"""A page with so much ink is not blank; the closer look is spared."""
SEAL_REACH = 0.2
"""Inches around red ink in which dark specks belong to the seal that shines through."""
COLOUR_SHARE = 0.0004
RIM = 0.01


def measure(
    grey: Grey,
    found: Inks,
    *,
    number: int,
    scan_dpi: float,
    dpi: float,
    skew: float,
    marks: tuple[Mark, ...] = (),
) -> Quality:
    """The numbers of dossier.reading.Quality. grey: upright, deskewed, at `dpi`; number: from 1.

    marks: of the page; seals and notes may reach over its edge without anything being cut.
    """
    ground = background(grey)
    paper = cv2.resize(ground, (grey.shape[1], grey.shape[0]))
    depth = u8(cv2.subtract(paper, grey))
    ink = u8(cv2.inRange(depth, INK_DEPTH, 255))
    inked = cv2.countNonZero(ink)
    contrast = float(cv2.mean(depth, mask=ink)[0]) / 255.0 if inked else 0.0
    return Quality(
        page=number,
        dpi=scan_dpi,
        skew=skew,
        sharpness=_sharpness(grey, dpi),
        contrast=contrast,
        ink=inked / ink.size,
        coloured_ink=found.share,
        black_border=_black_border(grey),
        colour=found.share > COLOUR_SHARE,
        blank=inked < INKED * ink.size and is_blank(depth, found.red, dpi),
        cut_edges=cut_edges(_without(ink, marks), dpi),
        glare=glare(ground, dpi * ground.shape[0] / grey.shape[0]),
    )


def _without(ink: Grey, marks: tuple[Mark, ...]) -> Grey:
    """Ink without what people put across the edges of sheets."""
    over = [mark.box for mark in marks if mark.kind in ("seal", "note")]
    if not over:
        return ink
    out = ink.copy()
    reach = 8  # a ring is found to a pixel or two of a reduced picture
    for x0, y0, x1, y1 in over:
        out[max(int(y0) - reach, 0) : int(y1) + reach, max(int(x0) - reach, 0) : int(x1) + reach] = 0
    return out


def is_blank(depth: Grey, red: Grey, dpi: float) -> bool:
    """Whether a page bears nothing of its own. depth: paper's tone minus pixel; red: mask of red ink.

    A seal or text shining through from the other side is pale and blurred; it does not count. Where a seal's ink
    came through it is dark in specks: what stands close to red ink does not count either.
    """
    height, width = depth.shape
    top, left = height // 30, width // 30
    inner = depth[top : height - top, left : width - left]
    dark = u8(cv2.inRange(inner, BLANK_DEPTH, 255))
    if cv2.countNonZero(red):
        reach = int(2 * SEAL_REACH * dpi)
        near = cv2.dilate(red, np.ones((reach, reach), np.uint8))
        dark = u8(cv2.subtract(dark, near[top : height - top, left : width - left]))
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    side = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    letters = int((side >= 0.03 * dpi).sum())
    large = int(stats[1:, cv2.CC_STAT_AREA].max(initial=0)) > (0.3 * dpi) ** 2
    return letters < BLANK_LETTERS and not large


def _sharpness(grey: Grey, dpi: float) -> float:
    scale = SHARPNESS_DPI / dpi
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    return float(cv2.Laplacian(small, cv2.CV_64F).var())


def _black_border(grey: Grey) -> float:
    height, width = grey.shape
    rim = max(int(RIM * min(height, width)), 1)
    parts = (grey[:rim], grey[-rim:], grey[:, :rim], grey[:, -rim:])
    return sum(int((part < 64).sum()) for part in parts) / sum(part.size for part in parts)
