"""The contract of a text recogniser. Adding an engine is one module beside this one and its line in `registry`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dossier.reading import Word

Grey = npt.NDArray[np.uint8]
"""H x W, 0 black to 255 white."""
Colour = npt.NDArray[np.uint8]
"""H x W x 3, RGB."""


@dataclass(frozen=True)
class Line:
    """One recognised line. confidence: the engine's own, 0..1, not calibrated."""

    text: str
    confidence: float


class PageEngine(Protocol):
    """Reads whole pages. Lives in one process, loaded once; not thread-safe."""

    name: str
    version: str

    def words(self, page: Grey, dpi: float, *, psm: int = 4) -> tuple[Word, ...]:
        """Words with boxes in pixels of `page`, in reading order. Raises ReadingCrashed."""

    def line(self, crop: Grey, dpi: float, *, alphabet: str | None = None) -> Line:
        """One line of text from a crop, optionally with a restricted alphabet."""

    def close(self) -> None:
        """Give the engine's memory back."""


class LineEngine(Protocol):
    """Reads single text lines: the second reader."""

    name: str
    version: str

    def lines(self, crops: list[Grey]) -> list[Line]:
        """The text of each crop (one line each, any height)."""
