"""The sheet of paper in a photograph: its outline on the desk, told from a scan by what lies around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from ocr.engines.base import Colour
from ocr.pixels import u8

LOOK_SIDE = 800
RIM = 0.012
"""Of the shorter side: the strip along the picture's edge that shows what lies around the sheet."""
PAPER_WHITE = 205.0
"""A rim as light as this is the paper itself, or a scanner's lid."""
BLACK = 45.0
"""A rim as dark is a scanner's open lid or a page turned in its frame."""
APART = 30.0
"""Distance in Lab from the rim's colour to the sheet's."""
AREA = (0.3, 0.96)
"""Of the picture, as a share, that a sheet covers."""
FILLED = 0.93
"""Of its four-cornered hull that a sheet fills; the rest is curl."""

Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Outline:
    """corners: 4 x 2 from the upper left clockwise; edges: top, right, bottom, left, N x 2 points each. In shares of
    the picture's width and height."""

    corners: Points
    edges: tuple[Points, ...]


def find_outline(picture: Colour) -> Outline | None:
    """The outline of the one sheet that lies wholly inside a picture with something else around it, else None.

    A scan has none: its rim is paper, white or black.
    """
    scale = min(LOOK_SIDE / max(picture.shape[:2]), 1.0)
    small = u8(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    rim = _rim(small)
    light = float(np.median(rim.mean(axis=1)))
    if not BLACK <= light <= PAPER_WHITE:
        return None
    mask = _paper(small, rim)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    height, width = small.shape[:2]
    if not AREA[0] <= cv2.contourArea(outline) / (width * height) <= AREA[1]:
        return None
    points = outline[:, 0].astype(np.float64)
    inside = (points >= 1).all() and (points[:, 0] < width - 2).all() and (points[:, 1] < height - 2).all()
    corners = _corners(outline)
    if not inside or corners is None:
        return None
    edges = _edges(points, corners)
    if edges is None:
        return None
    size = np.array([width, height], np.float64)
    return Outline(corners / size, tuple(edge / size for edge in edges))


def _rim(small: Colour) -> Colour:
    wide = max(round(RIM * min(small.shape[:2])), 2)
    parts = (small[:wide], small[-wide:], small[:, :wide], small[:, -wide:])
    return np.concatenate([part.reshape(-1, 3) for part in parts])


def _paper(small: Colour, rim: Colour) -> npt.NDArray[np.uint8]:
    """Mask of what is lighter and of another colour than the rim."""
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.float32)
    around = cv2.cvtColor(rim[None], cv2.COLOR_RGB2LAB)[0].astype(np.float32)
    middle = np.median(around, axis=0)
    difference = lab - middle
    lighter = np.clip(difference[..., 0], 0, None)
    distance = np.sqrt(lighter**2 + difference[..., 1] ** 2 + difference[..., 2] ** 2)
    distance[difference[..., 0] < 0] = 0
    level = max(cv2.threshold(u8(distance.clip(0, 255)), 0, 255, cv2.THRESH_OTSU)[0] * 0.8, APART)
    mask = u8((distance > level) * np.uint8(255))
    # Dark print touches the sheet's edge seldom: closing puts it back, opening takes the desk's lights away.
    mask = u8(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)))
    return u8(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8)))


def _corners(outline: npt.NDArray[Any]) -> Points | None:
    """The four corners, from the upper left clockwise; None if the outline is no four-cornered one."""
    hull = cv2.convexHull(outline)
    around = cv2.arcLength(hull, True)
    for slack in np.arange(0.01, 0.08, 0.005):
        four = cv2.approxPolyDP(hull, slack * around, True)
        if len(four) == 4:
            break
    else:
        return None
    if not FILLED <= cv2.contourArea(outline) / max(cv2.contourArea(four), 1.0) <= 2 - FILLED:
        return None
    points = four[:, 0].astype(np.float64)
    middle = points.mean(axis=0)
    turn = np.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0])
    points = points[np.argsort(turn)]
    start = int(points.sum(axis=1).argmin())
    return np.roll(points, -start, axis=0)


def _edges(points: Points, corners: Points) -> tuple[Points, ...] | None:
    """The outline between its corners: top, right, bottom, left, each in the order left to right or top to bottom."""
    at = [int(np.square(points - corner).sum(axis=1).argmin()) for corner in corners]
    if sum(at[k] > at[(k + 1) % 4] for k in range(4)) != 1:  # the outline may run the other way round
        points, at = points[::-1], [len(points) - 1 - one for one in at]
    edges = []
    for k in range(4):
        begin, end = at[k], at[(k + 1) % 4]
        edge = points[begin : end + 1] if begin < end else np.concatenate([points[begin:], points[: end + 1]])
        if len(edge) < 30:
            return None
        edges.append(edge if k < 2 else edge[::-1])
    return tuple(edges)
