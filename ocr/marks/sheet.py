"""A page made small and taken apart once, for all who look for marks on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from dossier.model import Box
from ocr.colour import Inks, Mask
from ocr.engines.base import Colour, Grey
from ocr.pixels import u8

MM = 25.4
LOOK_DPI = 115.0
"""About this the page is made small, by a whole number: a printed box's line of 0.25 mm is still one pixel."""
COARSE_DPI = 50.0
INK_DEPTH = 45
"""Grey levels below the paper from which a pixel is ink: lines thinner than a pixel are pale."""
BLACK_DEPTH = 165
"""No coloured ink is so dark."""

Labels = npt.NDArray[np.int32]
Bits = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Sheet:
    """A page at 75 to 150 dpi. red, blue: coloured ink; full: the page itself, of which `factor` pixels are one here.

    Lengths inside are pixels of the sheet (`px`); boxes leave by `box` in pixels of the page.
    """

    colour: Colour
    red: Mask
    blue: Mask
    full: Colour
    dpi: float
    factor: int
    page: int

    @cached_property
    def grey(self) -> Grey:
        return u8(cv2.cvtColor(self.colour, cv2.COLOR_RGB2GRAY))

    @cached_property
    def depth(self) -> Grey:
        """How much darker than the paper around it each pixel is."""
        tiny = reduced(self.grey, 4)
        ground = cv2.medianBlur(cv2.dilate(tiny, np.ones((7, 7), np.uint8)), 5)
        return u8(cv2.subtract(cv2.resize(ground, self.grey.shape[::-1]), self.grey))

    @cached_property
    def ink(self) -> Mask:
        """Ink of every colour."""
        return u8(cv2.inRange(self.depth, INK_DEPTH, 255))

    @cached_property
    def inked(self) -> bool:
        """Whether there is coloured ink."""
        return cv2.countNonZero(self.red) + cv2.countNonZero(self.blue) > 0

    @cached_property
    def black(self) -> Mask:
        """Ink without what is coloured. Where black crosses colour it stays."""
        if not self.inked:
            return self.ink
        coloured = u8(cv2.dilate(self.red | self.blue, np.ones((3, 3), np.uint8)))
        return u8(cv2.subtract(self.ink, cv2.subtract(coloured, cv2.inRange(self.depth, BLACK_DEPTH, 255))))

    @cached_property
    def pieces(self) -> tuple[Labels, Labels]:
        """Connected pieces of ink of every colour, as `components` gives them."""
        return components(self.ink)

    @cached_property
    def coarse(self) -> Colour:
        """The page at about `coarse_dpi`."""
        return reduced(self.colour, self.coarse_factor)

    @cached_property
    def bare(self) -> Colour:
        """The coarse page without its print: strokes thinner than 2 mm are closed over."""
        return u8(cv2.morphologyEx(self.coarse, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)))

    @property
    def coarse_factor(self) -> int:
        return max(round(self.dpi / COARSE_DPI), 1)

    @property
    def coarse_dpi(self) -> float:
        return self.dpi / self.coarse_factor

    def px(self, millimetres: float) -> float:
        return millimetres * self.dpi / MM

    def mm(self, pixels: float) -> float:
        return pixels * MM / self.dpi

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A box of the sheet in pixels of the page."""
        height, width = self.grey.shape
        f = self.factor
        return (max(x0, 0) * f, max(y0, 0) * f, min(x1, width) * f, min(y1, height) * f)

    def inside(self, box: Box) -> tuple[int, int, int, int]:
        """A box of the page in whole pixels of the sheet."""
        x0, y0, x1, y1 = (edge / self.factor for edge in box)
        return max(int(x0), 0), max(int(y0), 0), int(np.ceil(x1)), int(np.ceil(y1))


def sheet_of(pixels: Colour, found: Inks, page: int, dpi: float) -> Sheet:
    """pixels: the upright page, RGB, at `dpi`; found: its coloured ink."""
    factor = max(round(dpi / LOOK_DPI), 1)
    red, blue = (u8(cv2.inRange(reduced(mask, factor), 40, 255)) for mask in (found.red, found.blue))
    return Sheet(reduced(pixels, factor), red, blue, pixels, dpi / factor, factor, page)


def reduced(picture: npt.NDArray[np.uint8], factor: int) -> npt.NDArray[np.uint8]:
    """A picture made small by a whole number, the mean of each square; what is over at the rims is cut off."""
    if factor == 1:
        return picture
    wide, high = picture.shape[1] // factor, picture.shape[0] // factor
    whole = picture[: high * factor, : wide * factor]
    return u8(cv2.resize(whole, (wide, high), interpolation=cv2.INTER_AREA))


def components(mask: Mask) -> tuple[Labels, Labels]:
    """Labels, and per component (its label minus one) left, top, width, height, area."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return np.asarray(labels, np.int32), np.asarray(stats[1:], np.int32)


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def covered(inner: Box, outer: Box) -> float:
    """Share of `inner` that lies in `outer`."""
    wide = min(inner[2], outer[2]) - max(inner[0], outer[0])
    high = min(inner[3], outer[3]) - max(inner[1], outer[1])
    area = (inner[2] - inner[0]) * (inner[3] - inner[1])
    return max(wide, 0.0) * max(high, 0.0) / area if area > 0 else 0.0
