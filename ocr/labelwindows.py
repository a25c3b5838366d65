"""Runs of words on a page that could be a label, and the cells they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dossier.reading import Word
from ocr.letters import letters
from ocr.rows import Row

_CELL_GAP = 1.6  # heights of white that no label has between its words
_RULE = re.compile(r"[|¦│—]+")  # what recognisers make of a table's rules
_RULED_GAP = 0.7  # heights of white between words of two cells with a rule between them


@dataclass(frozen=True)
class Window:
    """Words [first, last] of a row, or on into `tail` of `tail_row`. text: their letters. cell: of a table."""

    row: int
    first: int
    last: int
    text: str
    tail_row: int | None = None
    tail: tuple[int, int] = (0, -1)
    cell: bool = False


def windows(page_rows: tuple[Row, ...], longest: int) -> Iterable[Window]:
    """Runs of words that could be a label: within a cell, or from a cell's end on into the cell below."""
    for number, row in enumerate(page_rows):
        for first in range(len(row.words)):
            text = ""
            for last in range(first, len(row.words)):
                word = row.words[last]
                if last > first:
                    before = row.words[last - 1]
                    if before.text.endswith(":"):
                        break
                    if parted(before, word, row.height):
                        yield from _over_the_edge(
                            page_rows, number, (first, last - 1), text, longest, cell=True
                        )
                        break
                text += letters(word.text)
                if len(text) > longest:
                    break
                if letters(word.text):
                    yield Window(number, first, last, text)
            else:
                span = (first, len(row.words) - 1)
                yield from _over_the_edge(page_rows, number, span, text, longest, cell=False)


def parted(left: Word, right: Word, height: float) -> bool:
    """Whether two neighbouring words stand in different cells: a wide gap, or a rule that parted their lines."""
    gap = right.box[0] - left.box[2]
    if _RULE.fullmatch(left.text) or _RULE.fullmatch(right.text):
        return True
    return gap > _CELL_GAP * height or (left.line != right.line and gap > _RULED_GAP * height)


def _over_the_edge(
    page_rows: tuple[Row, ...], number: int, span: tuple[int, int], text: str, longest: int, *, cell: bool
) -> Iterable[Window]:
    """A label that fills its cell to the end and goes on at the start of the line below.

    span: its words in the row. cell: other cells stand beside it, so it goes on under itself only.
    """
    row, (first, end) = page_rows[number], span
    if number + 1 >= len(page_rows) or row.words[end].text.endswith(":") or len(text) < (4 if cell else 8):
        return
    below = page_rows[number + 1]
    if below.box[1] - row.box[3] > 1.2 * row.height:
        return
    near = (0.8 if cell else 2) * row.height
    starts = [
        at
        for at, word in enumerate(below.words)
        if abs(word.box[0] - row.words[first].box[0]) < near or (at == 0 and not cell)
    ]
    for start in starts[:2]:
        grown = text
        for last in range(start, len(below.words)):
            word, before = below.words[last], below.words[last - 1]
            if cell and last > start and parted(before, word, row.height):
                break
            grown += letters(word.text)
            if len(grown) > longest:
                break
            yield Window(number, first, end, grown, number + 1, (start, last), cell)
            if word.text.endswith(":"):
                break


def starts_cell(row: Row, at: int) -> bool:
    """At the row's start, after a gap, a number (`1.`, `(2)`), a slash, a leader or a sign that ends something."""
    while at > 0 and (
        not letters(row.words[at - 1].text) or re.fullmatch(r"\(?\d{1,2}[.)]+", row.words[at - 1].text)
    ):
        if re.search(r"[,(]$", row.words[at - 1].text):
            return False
        at -= 1
    if at == 0:
        return True
    before = row.words[at - 1]
    return row.words[at].box[0] - before.box[2] > 1.2 * row.height or before.text.endswith(
        (";", "/", "…", "...")
    )
