"""The list of recipients (`Nơi nhận`): where it stands, its words, its lines.

It marks the foot of a paper: the signer's block stands right of it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from rapidfuzz import fuzz

from dossier.reading import PageReading, Word
from ocr.engines.base import Grey
from ocr.readers.base import View
from ocr.readers.segments import Segment, crop, moved, segments

_COLUMN, _DEEP = 0.5, 0.22
"""The list's right edge as a share of the page's width, its height as a share of the page's."""
_LEGIBLE = 0.4
"""Confidence under which a line counts against a reading rather than for it."""


def recipients_anchor(page: PageReading) -> Segment | None:
    """`Nơi nhận:` in the left half of the page, the lowest one; a misread first word is forgiven."""
    best: tuple[float, float, Segment] | None = None
    for piece in segments(page.words):
        if piece.box[0] > 0.4 * page.width or len(piece.words) > 3:
            continue
        text = re.sub(r"[^a-z]", "", piece.folded)
        score = fuzz.ratio("noinhan", text)
        if len(piece.words) == 2 and text.endswith("nhan") and piece.text.rstrip().endswith(":"):
            score = max(score, 75.0)
        if score >= 75 and (best is None or (score, piece.box[1]) > best[:2]):
            best = (score, piece.box[1], piece)
    return best[2] if best else _above_list(page)


def _above_list(page: PageReading) -> Segment | None:
    """The first of at least three short lines that start with a dash, low in the left half: the recipients.

    Stands in for `Nơi nhận`, right above it, where that was misread.
    """
    run: list[Segment] = []
    best: list[Segment] = []
    for piece in segments(page.words):
        if piece.centre > 0.5 * page.width or piece.box[2] > 0.62 * page.width:
            continue
        dashed = re.match(r"^[-–—_~]{1,2}\s?\w", piece.text) is not None
        if dashed and (not run or piece.middle - run[-1].middle < 3.5 * piece.height):
            run.append(piece)
        elif dashed:
            run = [piece]
        best = list(run) if len(run) >= 3 else best
    if not best:
        return None
    first = best[0]
    rise = 1.4 * first.height
    words = (replace(w, box=(w.box[0], w.box[1] - rise, w.box[2], w.box[3] - rise)) for w in first.words)
    return Segment(tuple(words))


def left_column(page: PageReading, anchor: Segment) -> list[Word]:
    """Words of the list of recipients: pieces that start at its left edge, from `Nơi nhận` down."""
    found: list[Word] = []
    for piece in segments(page.words):
        if (
            piece.middle > anchor.box[1]
            and piece.box[0] < 0.3 * page.width
            and piece.centre < 0.5 * page.width
        ):
            found.extend(piece.words)
    return found


def recipient_lines(left: list[Word], anchor: Segment) -> tuple[Segment, ...]:
    """Lines under `Nơi nhận:` in the left column, down to the first wide gap."""
    found: list[Segment] = []
    before = anchor
    for piece in segments([word for word in left if word.box[1] > anchor.middle]):
        if piece.middle - before.middle > 3.0 * anchor.height:
            break
        if not re.search(r"[^\W\d_]", piece.text):
            continue
        found.append(piece)
        before = piece
    return tuple(found)


def read_again(view: View, index: int, anchor: Segment, clear: Grey) -> tuple[Segment, ...]:
    """The list's lines read on their own. clear: the page's pixels, seal and pen taken out.

    On the whole page a seal beside the list throws its last lines into disorder. Each line is taken from the
    reading that is surer of it; where one has lost lines, from the one that says more.
    """
    page = view.pages[index].reading
    known = recipient_lines(left_column(page, anchor), anchor)
    if page.text_layer == "trusted":
        return known
    (x0, y0, _, _), em = anchor.box, anchor.height
    box = (x0 - em, y0 - 0.4 * em, _COLUMN * page.width, min(y0 + _DEEP * page.height, page.height))
    words = moved(view.toolbox.first.words(crop(clear, box), page.dpi, psm=6), box)
    lines = [
        line
        for line in segments(words)
        if abs(line.box[0] - x0) < 2 * em and line.middle > anchor.box[3] and line.confidence > _LEGIBLE
    ]
    anew = recipient_lines([word for line in lines for word in line.words], anchor)
    pairs = list(zip(known, anew, strict=False))
    if len(anew) == len(known) and all(abs(a.middle - b.middle) < 0.5 * em for a, b in pairs):
        return tuple(max(pair, key=lambda line: line.confidence) for pair in pairs)
    return anew if _said(anew) > _said(known) else known


def _said(lines: tuple[Segment, ...]) -> float:
    return sum((line.confidence - _LEGIBLE) * len(line.text) for line in lines)
