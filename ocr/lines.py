"""Words to lines: what the engine calls one line is split at gaps that no space between words is wide enough for.

Two columns of a letterhead, or a label and a value far to the right of it, come as separate lines with
consecutive numbers: left part first.
"""

from __future__ import annotations

from itertools import groupby
from statistics import median

from dossier.reading import Word

GAP = 2.2
"""In heights of the line's words; the widest space of justified text is about one."""


def split_lines(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Words with new line numbers, from 0, in reading order; nothing is dropped or moved."""
    out: list[Word] = []
    number = -1
    for _, members in groupby(words, key=lambda word: word.line):
        line = sorted(members, key=lambda word: word.box[0])
        height = median(word.box[3] - word.box[1] for word in line)
        edge: float | None = None
        for word in line:
            if edge is None or word.box[0] - edge > GAP * height:
                number += 1
            out.append(word.model_copy(update={"line": number}))
            edge = max(word.box[2], edge or 0.0)
    return tuple(out)
