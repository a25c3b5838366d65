"""True resolution from known sizes of paper: what a file states of its dpi is often a lie."""

from __future__ import annotations

MM = 25.4
SIZES = {
    "A5": (148.0, 210.0),
    "A4": (210.0, 297.0),
    "A3": (297.0, 420.0),
    "letter": (215.9, 279.4),
    "legal": (215.9, 355.6),
    "ID-1": (53.98, 85.60),
}
"""Short and long side in millimetres (ISO 216, ISO/IEC 7810)."""
TOLERANCE = 0.04
"""Scanners cut a few millimetres off or add a rim."""
PLAUSIBLE_DPI = (60.0, 1250.0)
PLAUSIBLE_SIDE_MM = (40.0, 900.0)


def paper(width: float, height: float) -> str | None:
    """The known paper of a size in millimetres, either way round; None if there is none."""
    short, long = sorted((width, height))
    for name, (s, t) in SIZES.items():
        if abs(short - s) <= TOLERANCE * s and abs(long - t) <= TOLERANCE * t:
            return name
    return None


def true_dpi(width: int, height: int, stated: float) -> float:
    """The likely resolution of a page of so many pixels. stated: as the file says, 0 if it does not.

    A stated one is believed if it makes the page a known paper, or at least a paper that fits a desk; else the
    shape decides: ID-1 for a card's, A4 for all others.
    """
    low, high = PLAUSIBLE_DPI
    if low <= stated <= high:
        sides = (width / stated * MM, height / stated * MM)
        if paper(*sides):
            return stated
        # 72 and 96 are what programs write that know nothing; anything else was meant.
        if (
            stated not in (72.0, 96.0)
            and min(sides) >= PLAUSIBLE_SIDE_MM[0]
            and max(sides) <= PLAUSIBLE_SIDE_MM[1]
        ):
            return stated
    short, long = sorted((width, height))
    card = abs(long / max(short, 1) - 85.60 / 53.98) < 0.05
    return min(max(long / ((85.60 if card else 297.0) / MM), low), high)
