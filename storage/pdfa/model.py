"""What goes into a sealed copy: words where they are seen, and what the paper is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

Colour = npt.NDArray[np.uint8]
"""RGB, height x width x 3."""
Point = tuple[float, float]
Affine = tuple[float, float, float, float, float, float]
"""a b c d e f as in PDF: x' = a x + c y + e, y' = b x + d y + f."""


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word where it is seen. line: words that share it stand on one line, in reading order.

    corners: upper left, upper right, lower right, lower left of the word as it is read, in shares of the width and
    height of the page as it is shown upright, from its upper left corner.
    """

    text: str
    line: int
    corners: tuple[Point, ...]


@dataclass(frozen=True)
class SealedPage:
    """One page to be sealed. number: of the file, from 1. turn: degrees clockwise that turn it upright.

    width, height, dpi: of the page as delivered, as its file says (dossier.reading.PageSize).
    anew: its pixels are packed anew, whatever could be passed through.
    """

    path: Path
    media_type: str
    number: int
    width: int
    height: int
    dpi: float
    turn: int
    words: tuple[PlacedWord, ...] = ()
    anew: bool = False


Render = Callable[[SealedPage, float], Colour]
"""Draws a page as delivered, at so many dpi: for pages of a PDF that are more than one scan."""


@dataclass(frozen=True)
class Facts:
    """What the file says of itself. Of people it says nothing: a subject or a number may stand in `elements` only
    where the paper bears it as its own.

    title: what the paper is called. made: the one time in the file, so that equal input gives equal bytes.
    elements: of CV 7197/BKHCN-CĐSQG and Decree 30/2020, Annex VI, by name, those that are known. originals: SHA-256 of
    the scans. dpi: of the pages, the lowest.
    """

    title: str
    made: datetime
    program: str
    dossier: str
    component: str
    originals: tuple[str, ...]
    pages: int
    dpi: int
    elements: dict[str, str] = field(default_factory=dict)
