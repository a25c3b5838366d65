"""Two columns of a form, each with the same labels: they are read one after the other, not line by line across.

Twin labels (`Ngày, tháng, năm sinh` of wife and husband on one height) show where the right column begins. Values
wrap within their own column, so lines of the two columns need not stand on the same heights: below a name of two
lines every further label of that column stands lower than its twin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ocr.labels import Found
from ocr.rows import Row

_ALIGNED = 1.5  # heights by which the right column's labels may be off their common edge
_GUTTER = 0.75  # heights of white between the columns; spaces between words are half as wide
_LEAST = 2  # twins
_SHIFT = 2.2  # heights by which a label may stand lower than its twin: one or two lines of a value
_APART = 10.0  # heights between the left edges of twins: no column is narrower


@dataclass(frozen=True)
class Columns:
    """rows: of the page, the band of two columns column by column. left: which of them are of the left column."""

    rows: tuple[Row, ...]
    left: range


def in_columns(rows: Sequence[Row], found: Sequence[Found]) -> Columns | None:
    """The page's rows with a band of two columns read one after the other; None if there is no such band."""
    height = median(row.height for row in rows) if rows else 0.0
    twins = _twins(rows, found, height)
    if len(twins) < _LEAST:
        return None
    edge = median(left for _, _, left in twins)
    aligned = [twin for twin in twins if abs(twin[2] - edge) <= _ALIGNED * height]
    if len(aligned) < _LEAST:
        return None
    gutter = edge - 0.3 * height
    first = min(min(one, other) for one, other, _ in aligned)
    last = max(max(one, other) for one, other, _ in aligned)
    while first > 0 and _both(rows[first - 1], gutter, edge, height):
        first -= 1
    while last + 1 < len(rows) and _parted(rows[last + 1], gutter):
        last += 1
    if not all(_parted(row, gutter) for row in rows[first : last + 1]):
        return None
    left, right = [], []
    for row in rows[first : last + 1]:
        near = tuple(word for word in row.words if word.box[0] < gutter)
        far = tuple(word for word in row.words if word.box[0] >= gutter)
        left += [Row(near)] if near else []
        right += [Row(far)] if far else []
    ordered = (*rows[:first], *left, *right, *rows[last + 1 :])
    return Columns(ordered, range(first, first + len(left)))


def _twins(rows: Sequence[Row], found: Sequence[Found], height: float) -> list[tuple[int, int, float]]:
    """Rows of a label's left and right twin, and where the right one begins. No label is the twin of two."""
    places: dict[str, list[tuple[int, float]]] = {}
    for one in found:
        places.setdefault(one.key, []).append((one.row, rows[one.row].words[one.first].box[0]))
    twins = []
    for standing in places.values():
        pairs = sorted(
            (abs(rows[row].middle - rows[other].middle), (row, left), (other, right))
            for row, left in standing
            for other, right in standing
            if right - left > _APART * height
        )
        taken: set[tuple[int, float]] = set()
        for shift, near, far in pairs:
            if shift <= _SHIFT * height and not taken & {near, far}:
                taken |= {near, far}
                twins.append((near[0], far[0], far[1]))
    return twins


def _parted(row: Row, gutter: float) -> bool:
    """Nothing stands across the gutter, and words left and right of it are further apart than words of a line."""
    before = max((word.box[2] for word in row.words if word.box[0] < gutter), default=0.0)
    after = min((word.box[0] for word in row.words if word.box[0] >= gutter), default=before * 10 + 1e6)
    return before <= gutter + 0.3 * row.height and after - before > _GUTTER * row.height


def _both(row: Row, gutter: float, edge: float, height: float) -> bool:
    """A row above the twins that belongs to both columns: something begins at the right column's edge."""
    return _parted(row, gutter) and any(abs(word.box[0] - edge) <= _ALIGNED * height for word in row.words)
