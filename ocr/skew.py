"""How much a page stands askew, by the sharpness of its row profile."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.engines.base import Grey

WORST = 6.0
"""Degrees; a page that stands more askew is measured as far as this."""
LEAST = 0.1
"""Degrees; a smaller skew costs more in resampling than it brings."""
MEASURED_SIDE = 900
FEWEST_DOTS = 1200
"""Dark pixels at that size; a line or two of text has more, dirt and a seal from the other side fewer."""


def measure_skew(grey: Grey) -> float:
    """Degrees by which the lines of text fall to the right (clockwise positive); 0.0 when there are none."""
    scale = MEASURED_SIDE / max(grey.shape)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    dark = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15)
    dark[: dark.shape[0] // 40] = dark[-dark.shape[0] // 40 :] = 0
    dark[:, : dark.shape[1] // 40] = dark[:, -dark.shape[1] // 40 :] = 0
    rows, columns = np.nonzero(dark)
    if rows.size < FEWEST_DOTS:
        return 0.0
    if rows.size > 30000:
        pick = np.random.default_rng(0).choice(rows.size, 30000, replace=False)
        rows, columns = rows[pick], columns[pick]
    y, x = rows.astype(np.float32), columns.astype(np.float32) - dark.shape[1] / 2

    def sharpness(angle: float) -> float:
        profile = np.bincount(
            (y - x * np.float32(np.tan(np.radians(angle))) + 200).astype(np.int32), minlength=10
        )
        steps = np.diff(profile.astype(np.float64))
        return float(steps @ steps)

    level = sharpness(0.0)
    coarse = max(np.arange(-WORST, WORST + 0.01, 0.4), key=lambda angle: sharpness(float(angle)))
    best = max(np.arange(coarse - 0.4, coarse + 0.41, 0.05), key=lambda angle: sharpness(float(angle)))
    # Without text the profile has no favourite angle; then the page is left as it is.
    return round(float(best), 2) if sharpness(float(best)) > 1.05 * level else 0.0


def deskew(page: Grey, skew: float) -> Grey:
    """The page (grey or RGB) turned back by `skew` degrees about its middle; same size, corners filled as paper."""
    if abs(skew) < LEAST:
        return page
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    return np.asarray(
        cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        dtype=np.uint8,
    )
