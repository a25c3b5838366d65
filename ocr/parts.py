"""The parts of a form: which one a label stands in, and tables whose columns are parts.

A part is opened by a text of its own (`Họ, chữ đệm, tên người mẹ`) and goes on to the next opener. Parts may stand
side by side: in columns that repeat their labels, or as the columns of a table with the labels before its rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dossier.model import Box
from dossier.reading import Word
from ocr.rows import Row

_CELL = 1.1  # heights of white between the cells of a table without rules
_NEXT_ROW = 1.6  # heights of white up to a row that still belongs to the cell above


@dataclass(frozen=True)
class Opener:
    """A text that opens a part, in row `row`."""

    row: int
    box: Box
    part: str


def part_of(openers: Sequence[Opener], box: Box, height: float, turn: int | None) -> str | None:
    """The part that a label stands in: the one opened last above; None before any opener.

    Of several opened side by side, the one whose column it stands in. turn: if the same label stands several times
    in its row, which of them it is, from 0.
    """
    beside = _beside(openers)
    if not beside:
        return None
    if turn is not None and turn < len(beside) > 1:
        return beside[turn].part
    within = [opener for opener in beside if opener.box[0] <= box[0] + 2 * height]
    return (within[-1] if within else beside[0]).part


def headed(openers: Sequence[Opener], box: Box, height: float) -> tuple[tuple[str, Box], ...]:
    """The columns of a table, if a label stands before all of them: (part, box of its heading), left to right."""
    beside = _beside(openers)
    if len(beside) < 2 or any(box[2] > opener.box[0] - 0.5 * height for opener in beside):
        return ()
    return tuple((opener.part, opener.box) for opener in beside)


def cell_of(
    rows: Sequence[Row], start: int, after: float, columns: Sequence[tuple[str, Box]], part: str, wraps: bool
) -> list[list[Word]]:
    """The words by line of a part's cell, in the row `start` right of `after` and, if it wraps, in those below.

    rows: of the page, from top to bottom; those that begin with another label must not be among them.
    """
    lines: list[list[Word]] = []
    above = rows[start]
    for number, row in enumerate(rows[start:]):
        if number and row.box[1] - above.box[3] > _NEXT_ROW * max(row.height, above.height):
            break
        words = [word for cell in _cells(row, after) if _nearest(cell, columns) == part for word in cell]
        if words:
            lines.append(words)
        if not wraps:
            break
        above = row
    return lines


def _beside(openers: Sequence[Opener]) -> list[Opener]:
    last = openers[-1].row if openers else -1
    return sorted((one for one in openers if one.row == last), key=lambda one: one.box[0])


def _cells(row: Row, after: float) -> list[list[Word]]:
    """What stands right of `after`, split at gaps and at the rules that parted the recogniser's lines."""
    cells: list[list[Word]] = []
    for word in row.words:
        if word.box[0] < after:
            continue
        last = cells[-1][-1] if cells else None
        if last is not None and word.line == last.line and word.box[0] - last.box[2] <= _CELL * row.height:
            cells[-1].append(word)
        else:
            cells.append([word])
    return cells


def _nearest(cell: list[Word], columns: Sequence[tuple[str, Box]]) -> str:
    """The column whose heading stands over the cell, be it centred or set to the left."""
    left, right = cell[0].box[0], cell[-1].box[2]

    def away(heading: Box) -> float:
        middles = abs((left + right) / 2 - (heading[0] + heading[2]) / 2)
        return min(middles, abs(left - heading[0]))

    return min(columns, key=lambda column: away(column[1]))[0]
