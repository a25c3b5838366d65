"""A photographed sheet made flat: perspective by its corners, curl by its edges.

Asked for by a measurement: is there a sheet's outline inside the picture, with something else around it
(ocr/sheet.py)? A scan has none and is left as it is. How a picture was flattened is kept with the reading, so that its
pixels can be made again.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from dossier.reading import Flattening
from ocr.engines.base import Colour
from ocr.papersize import MM, SIZES
from ocr.resolution import SMALL_DPI, TEXT_DPI
from ocr.sheet import Outline, Points, find_outline

RATIOS = {name: SIZES[name][1] / SIZES[name][0] for name in ("A4", "ID-1")}
"""Long over short side. A5 has A4's: of a photograph that shows nothing else, A4 is the guess."""
INSET = 0.004
"""Of its sides that is cut off: the rim of a sheet is shadow and desk."""
MOST_CURL = 0.08
"""Most that an edge bends from straight, in lengths of the edges beside it."""
DEGREE = 4
STEPS = 33
"""Points along each side at which the warp is computed; between them it is interpolated."""


def measure_flattening(picture: Colour, dpi: float, full_dpi: float) -> Flattening | None:
    """How to make a photograph flat; None for anything that is not a sheet lying in a picture.

    dpi: of the picture; full_dpi: the resolution from which it is to be made flat, the picture's own.
    """
    outline = find_outline(picture)
    if outline is None:
        return None
    bends = _bends(outline)
    if max(abs(np.polyval(bend, x)) for bend in bends for x in np.linspace(-1, 1, 21)) > MOST_CURL:
        return None
    height, width = picture.shape[:2]
    wide, high = _sides(outline, width, height)
    ratio = max(wide, high) / min(wide, high)
    name = min(RATIOS, key=lambda one: abs(np.log(ratio / RATIOS[one])))
    short, long = (side / MM for side in SIZES[name])
    wanted = SMALL_DPI if name == "ID-1" else TEXT_DPI
    across, down = (long, short) if wide > high else (short, long)
    return Flattening(
        corners=tuple((float(x), float(y)) for x, y in outline.corners),
        bends=tuple(tuple(map(float, bend)) for bend in bends),
        delivered_dpi=full_dpi,
        scan_dpi=max(wide, high) / long * full_dpi / dpi,
        width=round(across * wanted),
        height=round(down * wanted),
        dpi=wanted,
    )


def flatten(picture: Colour, how: Flattening) -> Colour:
    """The sheet alone, flat, how.width x how.height. picture: the one measured, or a rendering of it at any size."""
    places = _places(how, picture.shape[1], picture.shape[0]).astype(np.float32)
    size = (how.width, how.height)
    x, y = (_grown(places[..., axis], size) for axis in (0, 1))
    return np.asarray(cv2.remap(picture, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _grown(grid: npt.NDArray[np.float32], size: tuple[int, int]) -> npt.NDArray[np.float32]:
    """A grid of STEPS x STEPS whose outer points are the outer pixels' middles, for every pixel between."""
    scale = ((STEPS - 1) / (size[0] - 1), (STEPS - 1) / (size[1] - 1))
    matrix = np.array([[scale[0], 0, 0], [0, scale[1], 0]], np.float64)
    return np.asarray(
        cv2.warpAffine(
            grid, matrix, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
        ),
        np.float32,
    )


def _places(how: Flattening, width: int, height: int) -> Points:
    """STEPS x STEPS x 2: where in the picture, in pixels, the points of the flat sheet lie."""
    steps = np.linspace(INSET, 1 - INSET, STEPS)
    u, v = np.meshgrid(steps, steps)
    x, y = _in_square(how, u, v)
    square = np.stack([x, y], axis=-1).reshape(-1, 1, 2)
    corners = (np.array(how.corners) * (width, height)).astype(np.float32)
    back = cv2.getPerspectiveTransform(_unit(), corners)
    return np.asarray(cv2.perspectiveTransform(square, back).reshape(STEPS, STEPS, 2), np.float64)


def _in_square(how: Flattening, u: Points, v: Points) -> tuple[Points, Points]:
    """Points of the flat sheet, in shares of its sides, in the square that the corners in the picture make."""
    top, right, bottom, left = (np.array(bend) for bend in how.bends)
    # An edge's bend is told in the square that the corners make; between opposite edges it fades from one to the other.
    y = v + (1 - v) * np.polyval(top, 2 * u - 1) + v * np.polyval(bottom, 2 * u - 1)
    x = u + (1 - u) * np.polyval(left, 2 * v - 1) + u * np.polyval(right, 2 * v - 1)
    return x, y


def picture_shares(how: Flattening, x: Points, y: Points) -> tuple[Points, Points]:
    """Where in the picture points of the flat image lie, both in shares of the sides (the image is cut by INSET)."""
    square = np.stack(_in_square(how, *(INSET + (1 - 2 * INSET) * side for side in (x, y))), axis=-1)
    back = cv2.getPerspectiveTransform(_unit(), np.array(how.corners, np.float32))
    seen = cv2.perspectiveTransform(square.reshape(-1, 1, 2), back).reshape(-1, 2)
    return np.asarray(seen[:, 0], np.float64), np.asarray(seen[:, 1], np.float64)


def _bends(outline: Outline) -> list[npt.NDArray[np.float64]]:
    """How far each edge lies from straight in the square of the corners: a polynomial of -1..1 along it."""
    into = cv2.getPerspectiveTransform(outline.corners.astype(np.float32), _unit())
    bends = []
    for number, edge in enumerate(outline.edges):
        square = cv2.perspectiveTransform(edge.reshape(-1, 1, 2), into).reshape(-1, 2)
        along, across = (square[:, 0], square[:, 1]) if number in (0, 2) else (square[:, 1], square[:, 0])
        straight = 0.0 if number in (0, 3) else 1.0
        bends.append(np.polyfit(2 * along - 1, across - straight, DEGREE))
    return bends


def _sides(outline: Outline, width: int, height: int) -> tuple[float, float]:
    """Width and height of the sheet in pixels of the picture, the longer of each pair of sides."""
    a, b, c, d = outline.corners * (width, height)

    def far(one: Points, other: Points) -> float:
        return float(np.hypot(*(one - other)))

    return (far(a, b) + far(d, c)) / 2, (far(a, d) + far(b, c)) / 2


def _unit() -> npt.NDArray[np.float32]:
    return np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
