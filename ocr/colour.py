"""Coloured ink apart from black ink: red seals and stamps, blue pens."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from dossier.model import Box
from ocr.engines.base import Colour, Grey
from ocr.pixels import u8

Mask = npt.NDArray[np.uint8]
"""H x W, 0 or 255."""

CHROMA = 48
"""Spread of the channels above which a pixel is coloured; JPEG and yellowed paper stay below."""
PAPER_CHROMA = 24
"""How much more coloured than the paper around it a pixel must be: forms are printed on tinted paper."""


@dataclass(frozen=True)
class Inks:
    """A page's ink by colour. red, blue: masks; share: of the page that is coloured ink, 0..1."""

    red: Mask
    blue: Mask
    share: float


def inks(page: Colour) -> Inks:
    """The coloured ink of a page: red of seals, blue of pens and stamps."""
    red, green, blue = (u8(channel) for channel in cv2.split(page))
    high = cv2.max(cv2.max(red, green), blue)
    low = cv2.min(cv2.min(red, green), blue)
    chroma = cv2.subtract(high, low)
    small = cv2.resize(chroma, None, fx=1 / 16, fy=1 / 16, interpolation=cv2.INTER_AREA)
    ground = cv2.resize(cv2.medianBlur(small, 5), (page.shape[1], page.shape[0]))
    coloured = u8(
        cv2.min(
            cv2.inRange(cv2.subtract(chroma, ground), PAPER_CHROMA, 255), cv2.inRange(chroma, CHROMA, 255)
        )
    )
    reddish = (
        coloured & u8(cv2.compare(red, high, cv2.CMP_GE)) & u8(cv2.inRange(cv2.subtract(red, green), 33, 255))
    )
    bluish = coloured & u8(cv2.compare(blue, high, cv2.CMP_GE))
    speck = np.ones((2, 2), np.uint8)
    reddish = u8(cv2.morphologyEx(reddish, cv2.MORPH_OPEN, speck))
    bluish = u8(cv2.morphologyEx(bluish, cv2.MORPH_OPEN, speck))
    share = (cv2.countNonZero(reddish) + cv2.countNonZero(bluish)) / float(red.size)
    return Inks(reddish, bluish, share)


def without_colour(page: Colour, found: Inks, keep: tuple[Box, ...] = ()) -> Grey:
    """Grey page in which coloured ink is pale and black ink below it stays: the lightest channel where coloured.

    keep: boxes of red print, which comes out dark. Red ink is white in the red channel and blue ink in the blue
    one; black is black in all.
    """
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    red, green, blue = cv2.split(page)
    high = cv2.max(cv2.max(red, green), blue)
    # Ink bleeds: the rim of a stroke is less coloured than its middle.
    near = cv2.dilate(found.red | found.blue, np.ones((3, 3), np.uint8))
    out = grey.copy()
    cv2.copyTo(high, near, out)
    # What is left of pure colour is still greyer than paper; lift it, but never what is as dark as black ink.
    lifted = cv2.LUT(out, _LIFT)
    cv2.copyTo(lifted, near, out)
    for box in keep:
        x0, y0, x1, y1 = max(int(box[0]) - 4, 0), max(int(box[1]) - 4, 0), int(box[2]) + 4, int(box[3]) + 4
        out[y0:y1, x0:x1] = green[y0:y1, x0:x1]
    return u8(out)


def _lift_table() -> Mask:
    levels = np.arange(256, dtype=np.float64)
    table = np.clip((levels - 60.0) * 255.0 / 80.0, 0, 255)
    return table.astype(np.uint8)


_LIFT = _lift_table()
