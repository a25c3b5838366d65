"""How an image lies on a page: affine maps over shares of sides, x to the right and y down."""

from __future__ import annotations

from storage.pdfa.model import Affine

SAME: Affine = (1, 0, 0, 1, 0, 0)
_QUARTER: Affine = (0, 1, -1, 0, 1, 0)
"""A quarter turn clockwise: what was at (x, y) is at (1 - y, x)."""
_EXIF: dict[int, Affine] = {
    1: SAME,
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, 1, 1, 0, 0, 0),
    6: _QUARTER,
    7: (0, -1, -1, 0, 1, 1),
    8: (0, -1, 1, 0, 0, 1),
}


def after(first: Affine, second: Affine) -> Affine:
    """One map and then another."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def turned(degrees: int) -> Affine:
    """Clockwise, by quarters."""
    whole = SAME
    for _ in range(degrees // 90 % 4):
        whole = after(whole, _QUARTER)
    return whole


def exif(orientation: int) -> Affine:
    """From an image as stored to the image as shown (EXIF 2.3, tag 0x0112); an unknown one changes nothing."""
    return _EXIF.get(orientation, SAME)


def drawn_at(lies: Affine, width: float, height: float) -> Affine:
    """The matrix that draws an image's unit square. lies: from shares of the image to shares of a page of this size."""
    # A PDF's image begins at the lower left of its unit square, its page at the lower left corner.
    upright: Affine = (1, 0, 0, -1, 0, 1)
    page: Affine = (width, 0, 0, -height, 0, height)
    return after(after(upright, lies), page)
