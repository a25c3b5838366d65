"""Where a label's value stands: beside it, below it, over leaders, wrapped over lines, up to the next label."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from dossier.catalogue.documents import DocumentType
from dossier.kinds import Kind
from dossier.reading import Word
from ocr.labels import Found
from ocr.layout import Layout, Region
from ocr.parts import cell_of
from ocr.rows import union
from ocr.trimming import after_the_labels_tail, before_leader, tidy, to_the_full_stop, unbroken
from ocr.wrapping import NEXT_ROW, Column, Wrapping, begins_anew, begins_cell, end_of

_ORDINAL = re.compile(r"^\(?(?:\d{1,2}|[a-zđ])[.)]+$")


def value_regions(
    layout: Layout, group: list[Found], document: DocumentType, wanted: Kind, part: str | None = None
) -> Iterable[Region]:
    """The places where the value of a label may stand, likeliest first.

    group: the label and its other parts next to it (`Số / No.:`, an English label below). An empty region at the
    label itself comes last. part: that of the field, for tables whose columns are parts.
    """
    loose = bool(document.options.get("loose_wrap"))
    for found in reversed(group):
        if found.columns:
            yield _cell(layout, found, part, wanted.wraps)
            return
        beside = _beside(layout, found, wanted.free)
        if beside:
            lines, cut = [beside], False
            if wanted.wraps:
                more, cut = Wrapping.of(layout, group, found, beside, loose, wanted.free).lines()
                lines += more
            lines = to_the_full_stop(lines) if wanted.wraps else lines
            yield replace(_region(layout, lines), label_end=_label_end(layout, found), cut=cut)
    if below := _below(layout, group, wanted.wraps):
        yield _region(layout, below)
    if (wanted.wraps or wanted.secure) and (
        next_line := _on_the_next_line(layout, group[-1], loose, wanted.free)
    ):
        yield _region(layout, next_line)
    yield Region(layout.page, (), layout.box_of(group[-1]))


def _cell(layout: Layout, found: Found, part: str | None, wraps: bool) -> Region:
    """The cell of a part's column in the row that the label heads; an empty one is a region without words."""
    height = layout.rows[found.row].height
    aligned = [
        other.row
        for other in layout.found
        if other.row > found.row and layout.box_of(other)[0] < layout.box_of(found)[0] + 2 * height
    ]
    last = min(aligned, default=len(layout.rows))
    lines = cell_of(layout.rows[:last], found.row, layout.box_of(found)[2], found.columns, part or "", wraps)
    lines = [line for line in map(tidy, lines) if line]
    return _region(layout, lines) if lines else Region(layout.page, (), layout.box_of(found))


def _region(layout: Layout, lines: list[list[Word]]) -> Region:
    kept = tuple(tuple(line) for line in lines if line)
    return Region(layout.page, kept, union(word.box for line in kept for word in line))


def _label_end(layout: Layout, found: Found) -> float:
    row, last = end_of(found)
    return layout.rows[row].words[last].box[2]


def _beside(layout: Layout, found: Found, free: bool) -> list[Word]:
    """The words right of the label, up to the next label or a gap that a value does not have."""
    number, last = end_of(found)
    row = layout.rows[number]
    ends = [first for first, _ in layout.labels_in(number, free) if first > last]
    words = list(row.words[last + 1 : min(ends, default=len(row.words))])
    if ends and words and _ORDINAL.match(words[-1].text):
        words.pop()  # the number of the next label
    if not row.words[last].text.endswith(":"):
        words = after_the_labels_tail(words)
    return tidy(unbroken(before_leader(words), row.height))


def _below(layout: Layout, group: list[Found], wraps: bool) -> list[list[Word]]:
    found = group[-1]
    number = found.row if found.tail_row is None else found.tail_row
    column = Column.below(layout, group, found)
    lines: list[list[Word]] = []
    above = layout.rows[number]
    for at in range(number + 1, min(number + 7, len(layout.rows))):
        row = layout.rows[at]
        if row.box[1] - above.box[3] > (1.8 if not lines else NEXT_ROW) * max(row.height, above.height):
            break
        words, met = column.words(layout, at)
        if not words and not met and column.beside(row):
            continue
        if words and not begins_cell(row, words[0]):
            break  # the end of a longer line that belongs to another label, or begins at the margin
        words = tidy(unbroken(words, row.height))
        if begins_anew(words):
            break
        if words:
            lines.append(words)
            above = row
        if met or (lines and not wraps):
            break
    return lines


def _on_the_next_line(layout: Layout, found: Found, loose: bool, free: bool) -> list[list[Word]]:
    """A value whose label ends a line of running text with its colon: it begins at the margin of the next line."""
    number, last = end_of(found)
    row = layout.rows[number]
    if not row.words[last].text.endswith(":") or last + 1 < len(row.words) or number + 1 >= len(layout.rows):
        return []
    below = layout.rows[number + 1]
    if below.box[1] - row.box[3] > NEXT_ROW * max(row.height, below.height):
        return []
    line = Column(0.0, layout.right_edge(number + 1) + 1, free)
    words, met = line.words(layout, number + 1)
    words = tidy(words)
    if not words or met:
        return [words] if words and not begins_anew(words) else []
    at_margin = replace(found, row=number + 1, first=0, last=-1, tail_row=None, cell=False)
    return [words, *Wrapping.of(layout, [at_margin], at_margin, words, loose, free).lines()[0]]
