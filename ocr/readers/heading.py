"""The kind of a paper and its subject: the heading under the letterhead, down to the short rule.

`QUYẾT ĐỊNH / Về việc ... / ───`. An official letter (công văn) has no heading: its subject stands under the
number, in the left column. Source: Decree 30/2020/NĐ-CP, annex I, part II, 5.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np
from rapidfuzz import fuzz, process

from dossier.reading import PageReading
from dossier.text.vietnamese import clean, fold
from ocr.engines.base import Grey
from ocr.readers.letterhead import Letterhead
from ocr.readers.segments import Segment, segments

_BODY = re.compile(r"kinh gui|can cu|theo de nghi|thuc hien\b|xet de nghi|dieu 1\b|noi nhan|phan i\b|i\. ")
_RULE_SHARE = (0.04, 0.45)
"""Width of the rule under a subject, as a share of the page's width."""
_CLEAR_OF_LETTERS = 0.003
"""Share of the page's width above and below a rule that has no ink; feet of bold letters run into rows too."""
_MOST_LINES = 7
_STAMP = re.compile(r"(?:den\s+)?(?:so|ngay|gio|chuyen)\s?:|den$")
"""Lines of the mail desk's stamp: `ĐẾN Số: 344`, `Ngày: 08/5`."""
_ABSTRACT = re.compile(r"[vw]\S{0,3}\s|ve viec")
"""How a letter's subject begins: `V/v`, in whatever way its stroke was read."""


@dataclass(frozen=True)
class Heading:
    """kind: line of the kind's name, None for a letter. subject: the lines of the abstract, top to bottom."""

    kind: Segment | None
    subject: tuple[Segment, ...]


def known_kind(text: str, kinds: list[str]) -> str | None:
    """The kind of paper that a heading spells, tolerant of misread marks; None if it is none of `kinds`."""
    letters = re.sub(r"[^a-z ]", "", fold(text)).strip()
    table = {fold(kind): kind for kind in kinds}
    found = process.extractOne(letters, table.keys(), scorer=fuzz.ratio, score_cutoff=82)
    return table[found[0]] if found else None


def is_capitals(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) >= 4 and sum(letter.isupper() for letter in letters) >= 0.85 * len(letters)


def heading(page: PageReading, head: Letterhead, kinds: list[str], grey: Grey | None = None) -> Heading:
    """Kind and subject under the letterhead of this page. grey: its image, to see the short rule."""
    under = [
        piece for piece in segments(page.words, gap=1.3) if piece.middle > head.bottom - 0.2 * _row(head)
    ]
    under = [_bare(piece) for piece in under if re.search(r"[^\W\d_]{2}|^\W*\d{2,4}\W*$", piece.text)]
    left, right = _body_span(under, page)
    limit = head.bottom + 0.3 * page.height
    for index, piece in enumerate(under):
        if piece.box[1] > limit or _BODY.match(piece.folded):
            break
        if is_capitals(piece.text) and known_kind(piece.text, kinds) and _centred(piece, left, right):
            return Heading(piece, _subject(piece, under[index + 1 :], left, right, grey))
    return Heading(None, _letter_subject(page, head))


def _bare(piece: Segment) -> Segment:
    """Without dashes and specks that were read at its ends."""
    said = [at for at, word in enumerate(piece.words) if re.search(r"\w", word.text)]
    return Segment(piece.words[said[0] : said[-1] + 1])


def _row(head: Letterhead) -> float:
    return head.motto[3] - head.motto[1]


def _body_span(pieces: list[Segment], page: PageReading) -> tuple[float, float]:
    """Left and right edge of the running text: its long lines tell the margins better than the page does."""
    long = [piece for piece in pieces if piece.box[2] - piece.box[0] > 0.55 * page.width]
    if len(long) < 3:
        return 0.13 * page.width, 0.93 * page.width
    return float(median(piece.box[0] for piece in long)), float(median(piece.box[2] for piece in long))


def _centred(piece: Segment, left: float, right: float) -> bool:
    return abs(piece.centre - (left + right) / 2) < 0.07 * (right - left)


def _subject(
    kind: Segment, below: list[Segment], left: float, right: float, grey: Grey | None
) -> tuple[Segment, ...]:
    lines: list[Segment] = []
    pitch = 0.0
    before = kind
    for one in below:
        piece = _without_stamp(one, kind.centre, left)
        step = piece.middle - before.middle
        if step < 0.5 * kind.height or _STAMP.match(piece.folded):
            continue  # a stamp's line beside the heading
        if not re.search(r"[^\W\d_]", piece.text) and (
            not lines or abs(piece.centre - kind.centre) > kind.height
        ):
            continue  # figures alone: the year that a subject ends with stands in the middle
        if _BODY.match(piece.folded) and (lines or not _centred(piece, left, right)):
            break
        if not _centred(piece, left, right):
            if piece.box[2] - piece.box[0] > 0.6 * (right - left):
                break
            continue
        if lines and (is_capitals(piece.text) or len(lines) >= _MOST_LINES):
            break
        if step > (1.55 * pitch if pitch else 3.2 * kind.height):
            break
        if lines and grey is not None and has_rule(grey, before, piece):
            break
        pitch = max(pitch, step) if lines else 0.0
        lines.append(piece)
        before = piece
    return tuple(lines)


def _without_stamp(piece: Segment, centre: float, left: float) -> Segment:
    """A line that reaches out into the margin has a stamp's text before it: what is centred stays."""
    if piece.box[0] > left - 1.5 * piece.height or abs(piece.centre - centre) < piece.height:
        return piece
    start = 2 * centre - piece.box[2] - piece.height
    kept = tuple(word for word in piece.words if word.box[0] >= start)
    part = _bare(Segment(kept)) if len(kept) >= 2 else piece
    return part if abs(part.centre - centre) < 1.5 * part.height else piece


def has_rule(grey: Grey, above: Segment, below: Segment) -> bool:
    """Is there a short horizontal rule, clear of letters, between these two lines?"""
    height, width = grey.shape
    y0 = int(max(above.middle + 0.35 * above.height, 0))
    y1 = int(min(below.middle - 0.35 * below.height, height))
    x0, x1 = int(max(above.box[0], 0)), int(min(above.box[2], width))
    if y1 - y0 < 3 or x1 - x0 < 10:
        return False
    ink = (grey[:, x0:x1] < 150).astype(np.uint8)
    # a slightly turned rule steps from row to row
    closed = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), dtype=np.uint8)
    clear = int(_CLEAR_OF_LETTERS * width) + 1
    for row in range(y0, y1):
        start, end = _longest_run(closed[row])
        if not _RULE_SHARE[0] * width <= end - start <= _RULE_SHARE[1] * width:
            continue
        around = ink[[max(row - clear, 0), min(row + clear, height - 1)], start:end]
        if float(around.mean(axis=1).max()) < 0.2:
            return True
    return False


def _longest_run(row: Grey) -> tuple[int, int]:
    """Where the longest stretch of ink in a row starts and ends."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], row, [0]))))
    if not len(edges):
        return 0, 0
    longest = int((edges[1::2] - edges[::2]).argmax())
    return int(edges[2 * longest]), int(edges[2 * longest + 1])


def _letter_subject(page: PageReading, head: Letterhead) -> tuple[Segment, ...]:
    """Lines under the number in the left column: `V/v ...`."""
    column = head.motto[0]
    if head.number is not None:
        height, above = head.number.height, head.number.middle
    else:  # written by hand and not read: the subject stands about the head's lower edge
        height = 0.75 * _row(head)
        above = head.bottom - 1.5 * height
    lines: list[Segment] = []
    below = [word for word in page.words if word.box[1] > above + 0.2 * height]
    for piece in segments(below):
        if piece.box[0] > column or piece.centre > column or not re.search(r"[^\W\d_]", piece.text):
            continue
        if piece.middle - above > 2.6 * height or _BODY.match(piece.folded):
            break
        if not lines and not _ABSTRACT.match(piece.folded):
            continue
        if lines and (is_capitals(piece.text) or _STAMP.match(piece.folded)):
            break  # the mail desk's stamp
        lines.append(piece)
        above = piece.middle
    return tuple(lines)


def kind_of_notation(number: str, abbreviations: dict[str, str]) -> str | None:
    """The kind that the notation names: `12/QĐ-UBND` is a QUYẾT ĐỊNH; `29/UBND-TTHC` a letter, `CÔNG VĂN`.

    None if there is no notation, or if it is misread so that it could be either.
    """
    found = re.search(r"/\s*(?:\d{4}/)?([A-ZĐa-zđ]{1,4})\s*-\s*([A-ZĐa-zđ]{2,})", clean(number))
    if not found:
        return None
    for short, kind in abbreviations.items():
        if short.casefold() == found[1].casefold():
            return kind
    return None
