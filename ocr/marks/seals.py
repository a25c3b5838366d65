"""Round seals: red, pale, grey in grey scans, cut by the paper's edge.

Ink that lies on a circle points, across its own direction, to one middle: such votes are counted, and a middle
counts as a seal's if a ring is drawn around it on most of its way (Hough; Kimme, Ballard and Sklansky 1975).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from dossier.reading import Mark
from ocr.colour import Mask
from ocr.marks.sheet import MM, Sheet, components, reduced
from ocr.pixels import u8

RADIUS_MM = (7.0, 23.0)
"""Round seals of offices measure 36 mm across, of companies as much, personal ones and those on cards from 15."""
SMALL_MM, SMALL_DRAWN = 10.0, 0.95
"""Small rings must be drawn all round: the blot of a seal on the other side has curves enough for a part."""
GREY_RADIUS_MM = 11.0
"""Without colour the loop of a scrawl may pass for a small ring."""
FEWEST_VOTES = 35.0
VOTES_PER_MM = (5.6, 7.0, 5.0)
"""Votes a millimetre of the radius, as far as the ring lies on the paper: of red rings under and over 10 mm, and of
grey ones. Red seals have about 11, those of cards 6 to 9, grey ones 6 to 11; loops of scrawls and bows of print 3 to
4; what shines through in red from the other side 5 to 6.
"""
FEWEST = 40
DRAWN = 0.62
"""Share of the ring, as far as it lies on the paper, that must be inked."""
ON_PAPER = 0.4
"""Least share of a cut seal's ring that lies on the paper."""
STEPS = 72
MOST = 6
"""Middles looked at; a page has a few seals at most."""
MOST_VOTERS = 12000
"""Places whose direction is followed, for speed; of more, as many by chance."""
PALE_RED = 14
DARK = 25

Floats = npt.NDArray[np.float32]
_ANGLES = np.linspace(0, 2 * np.pi, STEPS, endpoint=False, dtype=np.float32)
_DIRECTIONS = (np.cos(_ANGLES), np.sin(_ANGLES))


@dataclass(frozen=True)
class _Ring:
    x: float
    y: float
    radius: float
    drawn: float
    seen: float


def seals(sheet: Sheet) -> tuple[Mark, ...]:
    """Seals with their boxes, red ones first; one seal a place."""
    unit = sheet.coarse_dpi / MM
    found: list[tuple[_Ring, bool]] = []
    for mask, red in ((_red(sheet), True), (_large(sheet), False)):
        for ring in _rings(mask, unit, not red):
            if not red and ring.radius < GREY_RADIUS_MM * unit:
                continue
            if ring.radius < SMALL_MM * unit and ring.drawn < SMALL_DRAWN:
                continue
            if not any(
                np.hypot(ring.x - a.x, ring.y - a.y) < 0.7 * max(a.radius, ring.radius) for a, _ in found
            ):
                found.append((ring, red))
    marks = []
    for ring, red in found:
        x, y, r = (v * sheet.coarse_factor for v in (ring.x, ring.y, ring.radius))
        sure = min(ring.drawn, 1.0) * (0.6 + 0.4 * ring.seen) * (1.0 if red else 0.9)
        box = sheet.box(x - r, y - r, x + r, y + r)
        marks.append(Mark(kind="seal", page=sheet.page, box=box, confidence=round(min(sure, 0.99), 2)))
    return tuple(marks)


def _red(sheet: Sheet) -> Mask:
    """Reddish ink, pale ink too: redder than the paper."""
    red, green, blue = cv2.split(sheet.coarse)
    redness = cv2.subtract(red, cv2.max(green, blue))
    level = int(np.percentile(redness[::4, ::4], 70)) + PALE_RED
    mask = u8(cv2.inRange(redness, level, 255))
    # A page tinted red all over has no such ink.
    return mask if cv2.countNonZero(mask) < 0.2 * mask.size else np.zeros_like(mask)


def _large(sheet: Sheet) -> Mask:
    """Ink in pieces larger than letters, straight ones left out: rings and their arcs."""
    depth = sheet.depth
    if sheet.inked:
        depth = u8(cv2.subtract(depth, cv2.dilate(sheet.red | sheet.blue, np.ones((3, 3), np.uint8))))
    depth = reduced(depth, sheet.coarse_factor)
    labels, stats = components(u8(cv2.inRange(depth, DARK, 255)))
    unit = sheet.coarse_dpi / MM
    wide, high, area = stats[:, 2], stats[:, 3], stats[:, 4]
    large = (
        (np.maximum(wide, high) >= 5.5 * unit)
        & (np.minimum(wide, high) >= 1.2 * unit)
        & (area < 0.45 * wide * high)
    )
    mask = np.where(np.concatenate(([False], large)), 255, 0).astype(np.uint8)[labels]
    for shape in ((1, int(9 * unit)), (int(9 * unit), 1)):
        rules = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        mask = u8(cv2.subtract(mask, rules))
    return mask


def _rings(mask: Mask, unit: float, grey: bool) -> list[_Ring]:
    if cv2.countNonZero(mask) < FEWEST:
        return []
    rim = int(RADIUS_MM[1] * unit)
    padded = u8(cv2.copyMakeBorder(mask, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(0,)))
    votes = _votes(padded, unit)
    near = u8(cv2.dilate(padded, np.ones((3, 3), np.uint8)))
    found: list[_Ring] = []
    for _ in range(MOST):
        at = int(votes.argmax())
        y, x = divmod(at, votes.shape[1])
        if votes[y, x] < FEWEST_VOTES:
            break
        ring = _best_ring(padded, near, x, y, rim, unit)
        if ring and _voted(float(votes[y, x]), ring, unit, grey):
            found.append(ring)
        reach = int(ring.radius if ring else 4 * unit)
        votes[max(y - reach, 0) : y + reach + 1, max(x - reach, 0) : x + reach + 1] = 0
    return [_Ring(one.x - rim, one.y - rim, one.radius, one.drawn, one.seen) for one in found]


def _voted(votes: float, ring: _Ring, unit: float, grey: bool) -> bool:
    radius = ring.radius / unit
    return votes >= VOTES_PER_MM[2 if grey else radius > SMALL_MM] * radius * ring.seen


def _votes(padded: Mask, unit: float) -> Floats:
    """For each place, how much ink lies across it at a seal's distance, per millimetre of its ring."""
    soft = cv2.GaussianBlur(padded, (0, 0), 1.0)
    dx, dy = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    size = cv2.magnitude(dx, dy)
    ys, xs = np.nonzero(size > 90)
    counted = ys.size
    if counted > MOST_VOTERS:
        pick = np.random.default_rng(0).choice(counted, MOST_VOTERS, replace=False)
        ys, xs = ys[pick], xs[pick]
    ux, uy = dx[ys, xs] / size[ys, xs], dy[ys, xs] / size[ys, xs]
    steps = np.arange(RADIUS_MM[0] * unit, RADIUS_MM[1] * unit, 1.0, dtype=np.float32)
    steps = np.concatenate((steps, -steps))
    cx = (xs[:, None] + ux[:, None] * steps).astype(np.int32)
    cy = (ys[:, None] + uy[:, None] * steps).astype(np.int32)
    height, width = padded.shape
    fits = (cx >= 0) & (cy >= 0) & (cx < width) & (cy < height)
    flat = np.bincount((cy * width + cx)[fits], minlength=height * width).reshape(height, width)
    # Each speaks for those who were not asked: a red frame or emblem takes nothing from the seal's own votes.
    weight = counted / max(ys.size, 1)
    return np.asarray(cv2.blur(flat.astype(np.float32) * weight, (5, 5)), np.float32)


def _best_ring(mask: Mask, near: Mask, x: int, y: int, rim: int, unit: float) -> _Ring | None:
    """The outermost ring around a middle that is drawn on most of its way; the middle may be off by a little."""
    tried = [
        ring
        for oy in (-1.5, -0.5, 0.5, 1.5, 2.5)
        for ox in (-1.5, -0.5, 0.5, 1.5, 2.5)
        if (ring := _ring(near, x + ox, y + oy, rim, unit))
    ]
    if not tried:
        return None
    most = max(ring.drawn for ring in tried)
    good = [ring for ring in tried if ring.drawn > most - 0.03]
    middle = (float(np.mean([ring.x for ring in good])), float(np.mean([ring.y for ring in good])))
    best = _ring(near, *middle, rim, unit) or good[0]
    return best if _hollow(mask, best) else None


def _ring(near: Mask, x: float, y: float, rim: int, unit: float) -> _Ring | None:
    """The outermost drawn ring around just this middle. A radius is drawn where ink lies near it."""
    cos, sin = _DIRECTIONS
    radii = np.arange(RADIUS_MM[0] * unit, RADIUS_MM[1] * unit, 1.0, dtype=np.float32)[:, None]
    height, width = near.shape
    px, py = (x + radii * cos).astype(np.int32), (y + radii * sin).astype(np.int32)
    on = (px >= rim) & (py >= rim) & (px < width - rim) & (py < height - rim)
    hit = near[py.clip(0, height - 1), px.clip(0, width - 1)] > 0
    seen = on.mean(1)
    drawn = (hit & on).sum(1) / np.maximum(on.sum(1), 1)
    good = np.flatnonzero((drawn >= DRAWN) & (seen >= ON_PAPER))
    if good.size == 0:
        return None
    outer = int(good[-1])
    share = float(drawn[max(outer - 2, 0) : outer + 1].max())
    return _Ring(x, y, float(radii[outer, 0]), share, float(seen[outer]))


def _hollow(mask: Mask, ring: _Ring) -> bool:
    """Not a blot nor a mass of print: outside the ring, and on some circle inside it, most is paper."""
    height, width = mask.shape

    def inked(radius: float) -> float:
        px = (ring.x + radius * _DIRECTIONS[0]).clip(0, width - 1).astype(int)
        py = (ring.y + radius * _DIRECTIONS[1]).clip(0, height - 1).astype(int)
        return float((mask[py, px] > 0).mean())

    outside = min(inked(ring.radius + gap) for gap in (2, 3, 4))
    inside = min(inked(ring.radius * share) for share in (0.95, 0.9, 0.75, 0.65, 0.6, 0.4, 0.35))
    return outside < 0.45 and inside < 0.7
