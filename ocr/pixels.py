"""OpenCV's loose types narrowed to ours."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


def u8(array: npt.NDArray[Any]) -> Pixels:
    """The same array as bytes; no copy when it already is."""
    return np.asarray(array, dtype=np.uint8)


def grey_of(page: Pixels) -> Pixels:
    """An RGB page as grey."""
    return u8(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY))
