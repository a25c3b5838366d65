"""One block of printed lines, told by several readers: the page's words, the second reader, a second look.

Where two readers agree on a line it is right in 99.3 to 99.5 % of cases; where they do not, the line is looked at
again: by each of them from other pixels, and by a third reader. Lines that nobody disputes are not read again, so a
further witness's text of the whole block is made of the lines it read and of those that the first two agree on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from dossier.errors import ReadingCrashed
from dossier.model import Box
from dossier.text.familiar import misspelt
from dossier.text.vietnamese import same_text
from ocr.engines.base import Grey, Line, LineEngine, PageEngine
from ocr.readers.base import Candidate, View
from ocr.readers.segments import Segment, crop, pieces, tidy, without_red
from ocr.rows import union

_ENLARGED = 2.0
_CLOSE, _WIDE = 0.12, 0.3  # heights of the line shown above and below it: two looks of the second reader


@dataclass(frozen=True)
class Block:
    """The same lines as each witness reads them. page: index into View.pages."""

    page: int
    lines: tuple[Segment, ...]
    texts: dict[str, tuple[str, ...]]
    confidences: dict[str, float]

    def rewritten(self, change: Callable[[str], str]) -> Block:
        """The same block with every line of every witness put through `change`."""
        texts = {by: tuple(change(line) for line in lines) for by, lines in self.texts.items()}
        return replace(self, texts=texts)

    def candidates(self) -> list[Candidate]:
        """One candidate a witness: its lines joined by spaces, value as printed."""
        box = union(line.box for line in self.lines)
        found = []
        for by, lines in self.texts.items():
            text = tidy(" ".join(line for line in lines if line))
            whole = all(line.strip() for line in lines)  # a lost line would make another value
            value = (text or None) if whole else None
            found.append(Candidate(text, value, self.page, box, by, self.confidences[by]))
        return found


def read_block(
    view: View, page: int, lines: list[Segment], image: Grey | None = None, aside: float = 0.12
) -> Block:
    """Read the lines by all witnesses. image: grey page to read from; the red channel unless given.
    aside: how far beyond the words to look left and right, in line heights: where pen or seal touches the print,
    the first reader's boxes may end too early.
    """
    reading = view.pages[page].reading
    first = "text-layer" if reading.text_layer == "trusted" else "tesseract"
    texts = {first: tuple(line.text for line in lines)}
    confidences = {first: _mean([line.confidence for line in lines])}
    second = view.toolbox.second
    if not lines or second is None:
        return Block(page, tuple(lines), texts, confidences)
    grey = without_red(view.pages[page].image()) if image is None else image
    cut = [[_look(grey, line, box, aside) for box in pieces(line)] for line in lines]
    read = iter(second.lines([part for parts in cut for part in parts]))
    aster = [_joined([next(read) for _ in parts]) for parts in cut]
    texts["aster"] = tuple(line.text for line in aster)
    confidences["aster"] = _mean([line.confidence for line in aster])
    disputed = [
        not same_text(line.text, other.text) or misspelt(line.text)
        for line, other in zip(lines, aster, strict=True)
    ]
    if any(disputed):
        for by, look in _more_looks(view, second, grey, reading.dpi, aside).items():
            again = [
                look(line) if doubt else Line(line.text, line.confidence)
                for line, doubt in zip(lines, disputed, strict=True)
            ]
            texts[by] = tuple(line.text for line in again)
            confidences[by] = _mean([line.confidence for line in again])
    return Block(page, tuple(lines), texts, confidences)


def _more_looks(
    view: View, second: LineEngine, grey: Grey, dpi: float, aside: float
) -> dict[str, Callable[[Segment], Line]]:
    """What else can be asked about a line in dispute, by the name of the witness."""
    looks: dict[str, Callable[[Segment], Line]] = {
        "tesseract@2x": lambda line: reread(view, grey, line, dpi, aside),
        "aster@wide": lambda line: _joined(
            second.lines([_look(grey, line, box, aside, _WIDE) for box in pieces(line)])
        ),
    }
    if (third := view.toolbox.third) is not None:
        looks["script"] = lambda line: reread(view, grey, line, dpi, aside, third)
    return looks


def reread(
    view: View, grey: Grey, line: Segment, dpi: float, aside: float = 0.25, engine: PageEngine | None = None
) -> Line:
    """The line's pixels at twice the size, through the first reader unless told."""
    part = _look(grey, line, line.box, max(aside, 0.25), 0.25)
    big = cv2.resize(part, None, fx=_ENLARGED, fy=_ENLARGED, interpolation=cv2.INTER_CUBIC)
    framed = cv2.copyMakeBorder(big, 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=(255,))
    try:
        return (engine or view.toolbox.first).line(np.asarray(framed, dtype=np.uint8), dpi * _ENLARGED)
    except ReadingCrashed:  # nothing to read in these pixels
        return Line("", 0.0)


def _look(grey: Grey, line: Segment, box: Box, aside: float, above: float = _CLOSE) -> Grey:
    across, up = aside * line.height, above * line.height
    return crop(grey, (box[0] - across, box[1] - up, box[2] + across, box[3] + up))


def _joined(parts: list[Line]) -> Line:
    return Line(" ".join(part.text.strip() for part in parts), _mean([part.confidence for part in parts]))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
