"""A page of a paper with its rows and labels, and the place of a value on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from dossier.model import Box
from dossier.reading import PageReading, Word
from ocr.columns import Columns, in_columns
from ocr.labels import START, Found, find_labels
from ocr.labelwindows import parted
from ocr.letters import letters
from ocr.readers.base import View
from ocr.rows import Row, rows, union

BREAK = 4.5  # heights of white that end a value once it has begun
INDENT = 4.0  # heights by which a further line may begin right of the first


@dataclass(frozen=True)
class Region:
    """The place of a value: its words by printed line, page (index into View.pages) and box. No words: empty.

    label_end: where the label beside it ends on the first line, in pixels from the left; None if it stands elsewhere.
    cut: a further line stands below, that would have had room on the line above: it was taken for something else.
    """

    page: int
    lines: tuple[tuple[Word, ...], ...]
    box: Box
    label_end: float | None = None
    cut: bool = False

    @property
    def text(self) -> str:
        return " ".join(word.text for line in self.lines for word in line if word.text)

    @property
    def loose(self) -> bool:
        """Whether the value may end elsewhere: at a comma, across the border of a cell, above one more line."""
        if self.cut or not self.lines or self.lines[-1][-1].text.endswith(","):
            return bool(self.lines)
        return any(
            left.line != right.line and parted(left, right, right.box[3] - right.box[1])
            for line in self.lines
            for left, right in pairwise(line)
        )

    @property
    def confidence(self) -> float:
        """The engine's mean word confidence, 0 when empty."""
        words = [word for line in self.lines for word in line]
        return sum(word.confidence for word in words) / len(words) if words else 0.0


@dataclass(frozen=True)
class Layout:
    """One page's rows and the labels found on it."""

    page: int
    reading: PageReading
    rows: tuple[Row, ...]
    found: tuple[Found, ...]
    columns: Columns | None = None

    def right_edge(self, row: int) -> float:
        """Where text ends on the right at this row, in pixels: of the lines that begin where it begins."""
        if self.columns is not None and row in self.columns.left:
            return max(self.rows[at].box[2] for at in self.columns.left)
        start, reach = self._blocks[row][0], INDENT * self.rows[row].height
        return max(right for left, right in self._blocks if abs(left - start) <= reach)

    @cached_property
    def _blocks(self) -> list[tuple[float, float]]:
        """Left and right edge of what each row begins with, up to a gap that no line of text has."""
        first = [row.cells(BREAK)[0] for row in self.rows]
        return [(cell.box[0], cell.box[2]) for cell in first]

    def labels_in(self, row: int, free: bool = False) -> list[tuple[int, int]]:
        """First and last word of every label part in a row, left to right; without those in sentences if `free`."""
        ending = [f for f in self.found if not (free and f.inner)]
        spans = [(f.first, f.last) for f in ending if f.row == row]
        spans += [f.tail for f in ending if f.tail_row == row]
        return sorted(spans)

    def box_of(self, found: Found) -> Box:
        return union(word.box for word in self.rows[found.row].words[found.first : found.last + 1])


def layouts(view: View) -> tuple[Layout, ...]:
    """Rows and labels of every page of the paper, found once. A part of a form may go on over the page's end."""
    kept = view.memo.get("layouts")
    if isinstance(kept, tuple):
        return kept
    made = []
    section = START
    for number, page in enumerate(view.pages):
        page_rows = rows(page.reading)
        found = tuple(find_labels(view.document, page_rows, section))
        if (columns := in_columns(page_rows, found)) is not None:
            page_rows = columns.rows
            found = tuple(find_labels(view.document, page_rows, section))
        made.append(Layout(number, page.reading, page_rows, found, columns))
        section = found[-1].section if found else section
    view.memo["layouts"] = tuple(made)
    return tuple(made)


def groups(layout: Layout, name: str) -> list[list[Found]]:
    """The labels of a field on one page, those within sentences last; those that stand together are one group."""
    made = _grouped(layout, [found for found in layout.found if name in found.fields])
    return sorted(made, key=lambda group: group[0].inner)


def word_groups(layout: Layout, name: str) -> list[list[Found]]:
    """The labels after which the field's value stands in words."""
    return _grouped(layout, [found for found in layout.found if found.words_of == name])


def _grouped(layout: Layout, found: list[Found]) -> list[list[Found]]:
    made: list[list[Found]] = []
    for one in found:
        if made and _together(layout, made[-1][-1], one):
            made[-1].append(one)
        else:
            made.append([one])
    return made


def _together(layout: Layout, left: Found, right: Found) -> bool:
    if right.key == left.key:
        return False
    if left.row == right.row:
        between = layout.rows[left.row].words[left.last + 1 : right.first]
        return not any(letters(word.text) for word in between)
    height = layout.rows[left.row].height
    one, other = layout.box_of(left), layout.box_of(right)
    return right.row == left.row + 1 and abs(one[0] - other[0]) < 2 * height and other[1] - one[3] < height
