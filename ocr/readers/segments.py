"""Printed lines of a page as pieces that belong together, and their text read once more by other eyes.

A recogniser's line may run across two columns; a segment ends where the gap is wider than any word space.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median

import numpy as np

from dossier.model import Box
from dossier.reading import Word
from dossier.text.vietnamese import clean, fold
from ocr.engines.base import Colour, Grey
from ocr.rows import union

COLUMN_GAP = 1.5
"""Gap between two words, in line heights, beyond which they belong to different columns."""
LONGEST = 28.0
"""Width to height beyond which the second reader gets a line in pieces (its own limit is about 32)."""


@dataclass(frozen=True)
class Segment:
    """Neighbouring words of one line, left to right; at least one."""

    words: tuple[Word, ...]

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @cached_property
    def box(self) -> Box:
        return union(word.box for word in self.words)

    @cached_property
    def height(self) -> float:
        """The median height of its words, less moved by one tall stroke than the box."""
        return float(median(word.box[3] - word.box[1] for word in self.words))

    @property
    def centre(self) -> float:
        return (self.box[0] + self.box[2]) / 2

    @property
    def middle(self) -> float:
        return (self.box[1] + self.box[3]) / 2

    @property
    def confidence(self) -> float:
        letters = sum(len(word.text) for word in self.words)
        return sum(word.confidence * len(word.text) for word in self.words) / max(letters, 1)


def segments(words: Sequence[Word], gap: float = COLUMN_GAP) -> list[Segment]:
    """The segments of a page, by their upper edge. gap: in line heights."""
    lines: dict[int, list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    found: list[Segment] = []
    for line in lines.values():
        line.sort(key=lambda word: word.box[0])
        wide = gap * median(word.box[3] - word.box[1] for word in line)
        piece = [line[0]]
        for word in line[1:]:
            if word.box[0] - max(one.box[2] for one in piece) > wide:
                found.append(Segment(tuple(piece)))
                piece = []
            piece.append(word)
        found.append(Segment(tuple(piece)))
    return sorted(found, key=lambda segment: segment.box[1])


def without_red(image: Colour) -> Grey:
    """The red channel: a red seal is white in it, blue and black ink stay dark."""
    return np.ascontiguousarray(image[:, :, 0])


def without_colour(image: Colour) -> Grey:
    """The page without coloured ink: seal, stamp and blue pen go white, black print stays, also under them.

    The brightest channel, raised by the spread between the channels: red is bright in one, blue in another.
    """
    bright = image.max(axis=2).astype(np.int16)
    raised = 2 * bright - image.min(axis=2)
    return np.ascontiguousarray(np.minimum(raised, 255).astype(np.uint8))


def crop(grey: Grey, box: Box, margin: float = 0.0) -> Grey:
    """The part of the page inside `box`, with `margin` pixels around; at least one pixel."""
    height, width = grey.shape
    x0 = int(min(max(box[0] - margin, 0), width - 1))
    y0 = int(min(max(box[1] - margin, 0), height - 1))
    x1 = int(max(min(box[2] + margin + 1, width), x0 + 1))
    y1 = int(max(min(box[3] + margin + 1, height), y0 + 1))
    return np.ascontiguousarray(grey[y0:y1, x0:x1])


def moved(words: Iterable[Word], box: Box) -> tuple[Word, ...]:
    """Words read in a crop of `box`, with the boxes that they have on the page."""
    left, top = int(max(box[0], 0)), int(max(box[1], 0))

    def on_page(edges: Box) -> Box:
        return (edges[0] + left, edges[1] + top, edges[2] + left, edges[3] + top)

    return tuple(replace(word, box=on_page(word.box)) for word in words)


def apart(lines: Sequence[Segment]) -> list[Segment]:
    """Lines one below the other, none reaching down into the next: boxes drawn too tall show a reader two lines."""
    found = []
    for line, below in zip(lines, [*lines[1:], None], strict=True):
        floor = below.box[1] if below is not None and below.box[1] > line.middle else line.box[3]
        found.append(Segment(tuple(_cut_off(word, floor) for word in line.words)))
    return found


def _cut_off(word: Word, floor: float) -> Word:
    x0, y0, x1, y1 = word.box
    return word if y1 <= floor else replace(word, box=(x0, min(y0, floor), x1, floor))


def pieces(segment: Segment) -> list[Box]:
    """The segment's box, cut between words into pieces that the second reader can take."""
    wide = LONGEST * max(segment.height * 1.3, 1.0)
    parts: list[list[Word]] = [[]]
    for word in segment.words:
        if parts[-1] and word.box[2] - parts[-1][0].box[0] > wide:
            parts.append([])
        parts[-1].append(word)
    top, bottom = segment.box[1], segment.box[3]
    return [(part[0].box[0], top, part[-1].box[2], bottom) for part in parts]


def tidy(text: str) -> str:
    return clean(text).strip(" _—–-~'`\"|.,;:")
