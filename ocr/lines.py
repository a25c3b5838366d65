"""Words to lines: what the engine calls one line is split at gaps that no space between words is wide enough for.

Two columns of a letterhead, or a label and a value far to the right of it, come as separate lines with
consecutive numbers: left part first.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from statistics import median

import numpy as np

from dossier.reading import Word
from ocr.engines.base import Grey

GAP = 2.2
"""In heights of the line's words; the widest space of justified text is about one."""


def rows(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Words numbered by the row in which they stand, top to bottom, for sources that know no lines."""
    open_rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.box[1] + word.box[3]) / 2):
        middle = (word.box[1] + word.box[3]) / 2
        # A row is as tall as its tallest word, so that a dash or a full stop finds its place.
        row = next((row for row in open_rows[-4:] if _spans(row, middle, word)), None)
        if row is None:
            open_rows.append([word])
        else:
            row.append(word)
    return tuple(replace(word, line=n) for n, row in enumerate(open_rows) for word in row)


def _spans(row: list[Word], middle: float, word: Word) -> bool:
    tallest = max(row, key=lambda other: other.box[3] - other.box[1])
    return tallest.box[1] <= middle <= tallest.box[3] or (
        word.box[1] <= (tallest.box[1] + tallest.box[3]) / 2 <= word.box[3]
    )


def split_lines(words: tuple[Word, ...], upright_rules: Grey | None = None) -> tuple[Word, ...]:
    """Words with new line numbers, from 0, in reading order; nothing is dropped.

    upright_rules: mask of the page's vertical rules; one between two words parts two cells of a table.
    """
    out: list[Word] = []
    number = -1
    for _, members in groupby(words, key=lambda word: word.line):
        line = sorted(members, key=lambda word: word.box[0])
        height = median(word.box[3] - word.box[1] for word in line)
        edge: float | None = None
        for word in line:
            if edge is None or word.box[0] - edge > GAP * height or _ruled(upright_rules, edge, word):
                number += 1
            out.append(replace(word, line=number))
            edge = max(word.box[2], edge or 0.0)
    return tuple(out)


def _ruled(upright_rules: Grey | None, edge: float, word: Word) -> bool:
    """Whether a rule runs down beside the word, over most of its height, between it and what stands left of it."""
    if upright_rules is None:
        return False
    left, top, _, bottom = (max(int(side), 0) for side in word.box)
    between = upright_rules[top : bottom + 1, max(int(edge) - 2, 0) : left + 3]
    return bool(between.size and np.count_nonzero(between.any(axis=1)) >= 0.7 * between.shape[0])
