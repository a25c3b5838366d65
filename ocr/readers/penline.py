"""Where in a printed line the digits stand that a pen may have filled in, measured from the print around them.

`Số: 23 /BC-UBND`: between the colon and the slash. `ngày 23 tháng 01 năm 2025`: between these words. A
recogniser's word boxes end wrongly where a pen stroke touches the print, so the places are measured in ems of
Times New Roman (Decree 30/2020: the only type allowed) from print that is read well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np

from dossier.model import Box
from dossier.reading import Word
from dossier.text.vietnamese import fold
from ocr.engines.base import Grey
from ocr.pen import ink_threshold
from ocr.readers.segments import Segment

_CAPITALS = 0.662
_LABEL = 1.30  # `Số:` in ems, up to the colon's right edge
_DAY, _MONTH, _YEAR = 1.944, 2.25, 1.72  # `ngày`, `tháng`, `năm`


@dataclass(frozen=True)
class Zone:
    """box: where digits may stand. em and baseline: of the print around, in pixels. words: read there."""

    box: Box
    em: float
    baseline: float
    words: tuple[Word, ...]


def number_zone(grey: Grey, line: Segment) -> Zone | None:
    """The place of the number before the slash, None if the notation cannot be made out."""
    at = next((i for i, w in enumerate(line.words) if re.search(r"/\s?[A-ZĐa-zđ]{2}|/$", w.text)), None)
    if at is None:
        return None
    tail = line.words[at].text.split("/", 1)[1] + "".join(word.text for word in line.words[at + 1 :])
    letters = re.findall(r"[^\W_]|-", tail)
    if len(letters) < 3:
        return None
    marks = [box for box in ink_boxes(grey, line.box) if box[2] <= line.box[2] + 2]
    tall = [box[3] - box[1] for box in marks[-len(letters) :] if box[3] - box[1] > 0.4 * line.height]
    if len(marks) <= len(letters) or not tall:
        return None
    em = float(median(tall)) / _CAPITALS
    baseline = float(median(box[3] for box in marks[-len(letters) :] if box[3] - box[1] > 0.4 * em))
    word = line.words[at]
    slash = word.box[0] if word.text.startswith("/") else marks[-len(letters) - 1][0]
    start = line.words[0].box[0] + _LABEL * em
    if line.words[0].text.rstrip().endswith(":") and line.words[0].box[2] < start + 0.2 * em:
        start = line.words[0].box[2]
    if slash - start < 0.3 * em:
        return None
    between = tuple(w for w in line.words if start < (w.box[0] + w.box[2]) / 2 < slash)
    return Zone((start, baseline - em, slash, baseline + 0.3 * em), em, baseline, between)


def date_zones(grey: Grey, line: Segment) -> tuple[Zone | None, Zone | None]:
    """The places of day and month, each None if the words around cannot be made out."""
    year = next((word for word in reversed(line.words) if re.search(r"(?:19|20)\d\d", word.text)), None)
    if year is None or not re.fullmatch(r"\W*(?:19|20)\d\d\W*", year.text):
        return None, None
    digits = [box for box in ink_boxes(grey, year.box) if box[3] - box[1] > 0.5 * (year.box[3] - year.box[1])]
    if not digits:
        return None, None
    em = float(median(box[3] - box[1] for box in digits)) / 0.676
    baseline = float(median(box[3] for box in digits))
    comma = next((i for i, word in enumerate(line.words) if "," in word.text and word is not year), -1)
    line = Segment(line.words[comma + (line.words[comma].text.rstrip().endswith(",") or comma < 0) :])
    day = _edges(line, r"\W*ng[a-z]", r".*gay\W*$", _DAY, em)
    month = _edges(line, r"\W*th[a-z]", r".*(?:hang|ang)\W*$", _MONTH, em)
    last = _edges(line, r"\W*na[mn]", r".*na[mn]\W*$", _YEAR, em, before=year)
    if day is None or month is None:
        return None, None
    zone = _zone(line, day[1], month[0], em, baseline)
    return zone, _zone(line, month[1], last[0], em, baseline) if last else None


def _edges(
    line: Segment, opening: str, closing: str, width: float, em: float, before: Word | None = None
) -> tuple[float, float] | None:
    """Left and right edge of a printed word that pen strokes may be stuck to on either side."""
    for word in line.words:
        if before is not None and word.box[0] >= before.box[0]:
            return None
        text = fold(word.text)
        opens, closes = bool(re.match(opening, text)), bool(re.match(closing, text))
        if opens and (closes or abs(word.box[2] - word.box[0] - width * em) < 0.25 * em):
            fits = word.box[2] - word.box[0] < (width + 0.35) * em
            return (word.box[0], word.box[2] if fits else word.box[0] + width * em)
        if opens:
            return word.box[0], word.box[0] + width * em
        if closes:
            return word.box[2] - width * em, word.box[2]
    return None


def _zone(line: Segment, left: float, right: float, em: float, baseline: float) -> Zone | None:
    if right - left < 0.4 * em:
        return None
    words = tuple(word for word in line.words if left - 0.2 * em < (word.box[0] + word.box[2]) / 2 < right)
    return Zone((left, baseline - em, right, baseline + 0.3 * em), em, baseline, words)


def ink_boxes(grey: Grey, box: Box) -> list[Box]:
    """Boxes of the pieces of ink of a printed line, left to right, marks above letters joined to them."""
    height, width = grey.shape
    x0, y0 = int(max(box[0] - 2, 0)), int(max(box[1] - 2, 0))
    x1, y1 = int(min(box[2] + 3, width)), int(min(box[3] + 3, height))
    part = np.ascontiguousarray(grey[y0:y1, x0:x1])
    if part.size == 0:
        return []
    ink = (part < ink_threshold(part)).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    found: list[Box] = []
    for label in range(1, count):
        x, y, w, h, area = (int(value) for value in stats[label])
        if area < 6:
            continue
        found.append((x + x0, y + y0, x + w + x0, y + h + y0))
    found.sort(key=lambda one: one[0])
    out: list[Box] = []
    for one in found:
        if out and min(out[-1][2], one[2]) - max(out[-1][0], one[0]) > 0.6 * min(
            out[-1][2] - out[-1][0], one[2] - one[0]
        ):
            last = out[-1]
            out[-1] = (min(last[0], one[0]), min(last[1], one[1]), max(last[2], one[2]), max(last[3], one[3]))
            continue
        out.append(one)
    return out
