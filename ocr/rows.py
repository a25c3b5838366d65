"""Words in rows and cells, whatever order the recogniser gave them in.

A row is what stands on one height of the page; a cell is a run of a row's words without a wide gap. Recognisers
split and join columns as they like, so rows are built anew from the boxes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median

from dossier.model import Box
from dossier.reading import PageReading, Word

CELL_GAP = 2.2  # times the row's height: wider than any space of justified text
_TWO_LANGUAGES = re.compile(r"^(\D*[^\W\d_]{2}/)([A-Z][a-z]+\W*(?:\D.*)?)$")  # `tên/Full`, `Hạng/Class:`
_LABEL_COLON = re.compile(r"^(\D*[^\W\d_]\D*:)(?=[^\s:])(.+)$")  # `tính:Nam`, never `08:30`


@dataclass(frozen=True)
class Row:
    """Words of one height, left to right."""

    words: tuple[Word, ...]

    @cached_property
    def box(self) -> Box:
        return union(word.box for word in self.words)

    @cached_property
    def height(self) -> float:
        """Median height of its words, in pixels."""
        return float(median(word.box[3] - word.box[1] for word in self.words))

    @cached_property
    def middle(self) -> float:
        return float(median((word.box[1] + word.box[3]) / 2 for word in self.words))

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    def cells(self, gap: float = CELL_GAP) -> list[Row]:
        """The row split at its wide gaps, `gap` in heights."""
        found: list[list[Word]] = []
        for word in self.words:
            if found and word.box[0] - found[-1][-1].box[2] <= gap * self.height:
                found[-1].append(word)
            else:
                found.append([word])
        return [Row(tuple(words)) for words in found]


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


def rows(page: PageReading) -> tuple[Row, ...]:
    """The page's rows, top to bottom. Words glued at a colon (`tính:Nam`) are taken apart."""
    pieces: list[list[Word]] = []
    lines: dict[int, list[Word]] = {}
    for word in page.words:
        lines.setdefault(word.line, []).extend(_unglued(word))
    for words in lines.values():
        pieces += [list(cell.words) for cell in Row(tuple(sorted(words, key=_left))).cells()]
    return tuple(Row(tuple(sorted(words, key=_left))) for words in _by_height(pieces))


def _left(word: Word) -> float:
    return word.box[0]


def _by_height(pieces: list[list[Word]]) -> list[list[Word]]:
    """Join the pieces whose heights overlap by half of the lower one's, and that stand beside one another."""
    found: list[list[Word]] = []
    for row in sorted((Row(tuple(piece)) for piece in pieces), key=lambda row: row.middle):
        for words in reversed(found[-4:]):
            other = Row(tuple(words))
            overlap = min(row.middle + row.height / 2, other.middle + other.height / 2) - max(
                row.middle - row.height / 2, other.middle - other.height / 2
            )
            beside = all(word.box[2] <= row.box[0] + 2 or word.box[0] >= row.box[2] - 2 for word in words)
            if overlap >= 0.5 * min(row.height, other.height) and beside:
                words.extend(row.words)
                break
        else:
            found.append(list(row.words))
    return found


def _unglued(word: Word) -> list[Word]:
    """A word taken apart after a label's colon and between its two languages."""
    found = _LABEL_COLON.match(word.text) or _TWO_LANGUAGES.match(word.text)
    if not found:
        return [word]
    x0, y0, x1, y1 = word.box
    cut = x0 + (x1 - x0) * len(found[1]) / len(word.text)
    left = replace(word, text=found[1], box=(x0, y0, cut, y1))
    right = replace(word, text=found[2], box=(cut, y0, x1, y1))
    return [*_unglued(left), *_unglued(right)]
