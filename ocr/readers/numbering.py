"""Field readers for what a pen fills in: the number of a paper, and the day (or month) it was issued.

`Số: 23 /BC-UBND` and `Sông Mơ, ngày 23 tháng 01 năm 2025`. Print and pen are read apart: the printed rest by the
line recognisers, the digits by the second reader and by our own reader of pen digits, which must agree.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from dossier.catalogue.documents import FieldSpec
from dossier.model import Box
from dossier.text.vietnamese import clean, fold
from ocr.engines.base import Grey
from ocr.pen import PenReading, read_digits
from ocr.readers.base import Candidate, View, reader
from ocr.readers.decree30 import grey_of, head_of, kinds_of, signed_near
from ocr.readers.penline import Zone, date_zones, number_zone
from ocr.readers.segments import Segment, crop, tidy
from ocr.readers.witnesses import reread

_NUMBER = re.compile(
    r"^\W*S[^\d/\s]{0,3}[.:\s]*([^/]*?)[\s,.]*/\s*((?:(?:19|20)\d\d\s*/\s*)?[A-ZĐa-zđ0-9&-]+.*)$"
)
_NOTATION = re.compile(r"^(?:(?:19|20)\d\d/)?[A-ZĐ][A-ZĐa-zđ&]*(?:-[A-ZĐ][A-ZĐa-zđ0-9&]*)+$")
_SHORT_NOTATION = re.compile(r"^(?:(?:19|20)\d\d/)?[A-ZĐ]{2,8}(?:-[A-ZĐ]{2,8})?$")
"""`15/TLKT`: on papers of civil status and residence the notation may lack the issuer's letters."""
_DATE = re.compile(r"ng[aà]y?(.*?)th?[aá]?ng(.*?)n[aă]m\W*((?:19|20)\d\d)", re.IGNORECASE)
_ON_STROKES = 0.3
"""What the second reader's opinion of pen strokes is worth: right in about seven of ten."""
_PRINTED = 0.6
"""Confidence of the page's own word from which digits that look printed are taken for printed."""


@dataclass(frozen=True)
class Numbering:
    """digits and notation as each witness reads them. pen: the digits are written, not printed."""

    digits: dict[str, str]
    notation: str | None
    pen: bool
    confidences: dict[str, float]


@reader("paper-number")
def paper_number(view: View, _name: str, _spec: FieldSpec) -> list[Candidate]:
    """The number with its notation: `23/BC-UBND`. No candidate has a value if the notation is in doubt."""
    head = head_of(view)
    if head is None or head[1].number is None:
        return []
    page, line = head[0], head[1].number
    seen = _numbering(view, page, line)
    out = []
    for by, digits in seen.digits.items():
        value = f"{digits}/{seen.notation}" if digits and seen.notation else None
        out.append(Candidate(line.text, value, page, line.box, by, seen.confidences[by], seen.pen))
    return out or [Candidate(line.text, None, page, line.box, "tesseract", line.confidence, seen.pen)]


def _numbering(view: View, page: int, line: Segment) -> Numbering:
    grey = grey_of(view, page)
    texts = _texts(view, page, grey, line)
    parts = {by: _NUMBER.match(text) for by, (text, _) in texts.items()}
    short = bool(view.document.options.get("short_notation"))
    notation = _vote(_known(view, [_notation(found[2], short) for found in parts.values() if found]))
    digits = {by: _digits(found[1]) for by, found in parts.items() if found}
    zone = number_zone(grey, line)
    pen = _by_pen(grey, zone)
    confidences = {by: confidence for by, (_, confidence) in texts.items()}
    written = pen is None or _written(pen, digits, line, zone)
    if pen is not None and pen.digits:
        digits["pen-digits"] = pen.digits
        confidences["pen-digits"] = pen.confidence
    if written:  # the first reader's opinion of pen strokes is worse than none
        digits.pop("tesseract", None)
        digits.pop("tesseract@2x", None)
        confidences["aster"] = min(confidences.get("aster", 0.0), _ON_STROKES)
    return Numbering({by: value for by, value in digits.items() if value}, notation, written, confidences)


def _texts(view: View, page: int, grey: Grey, line: Segment) -> dict[str, tuple[str, float]]:
    """The line as the page's words, the second reader and a second look tell it, each with its confidence."""
    dpi = view.pages[page].reading.dpi
    again = reread(view, grey, line, dpi, 0.3)
    texts = {"tesseract": (line.text, line.confidence), "tesseract@2x": (again.text, again.confidence)}
    if view.toolbox.second is not None:
        (second,) = view.toolbox.second.lines([crop(grey, line.box, 0.15 * line.height)])
        texts["aster"] = (second.text, second.confidence)
    return texts


def _notation(text: str, short: bool) -> str | None:
    packed = re.sub(r"\s+", "", clean(text)).strip(".,:;_'\"")
    packed = packed.replace("Đ", "Đ").replace("–", "-").replace("—", "-")
    if short and _SHORT_NOTATION.match(packed.upper()):
        return packed.upper()  # small type makes small letters of them
    return packed if _NOTATION.match(packed) else None


def _known(view: View, notations: list[str | None]) -> list[str | None]:
    """Those that start with the abbreviation of a kind of paper, if any does: `QĐĐ-UBND` is a misread `QĐ-UBND`."""
    kinds = kinds_of(view)
    known = [one for one in notations if one and re.sub(r"^\d{4}/", "", one).split("-")[0] in kinds]
    return list(known) or notations


def _vote(values: list[str | None]) -> str | None:
    """What at least two say, or all that say anything."""
    counts = Counter(value for value in values if value)
    if not counts:
        return None
    (best, count), *rest = counts.most_common()
    return best if count >= 2 or not rest else None


def _digits(text: str) -> str:
    packed = re.sub(r"[\s.,:_'\"-]", "", text)
    return packed if re.fullmatch(r"\d{1,5}", packed) else ""


def _by_pen(grey: Grey, zone: Zone | None) -> PenReading | None:
    return read_digits(grey, zone.box, zone.em, zone.baseline) if zone else None


def _written(pen: PenReading, digits: dict[str, str], line: Segment, zone: Zone | None) -> bool:
    """Pen or print? Print has the type's height, stands on the line, and the page's reader reads it well."""
    if pen.pen or zone is None:
        return True
    own = min((word.confidence for word in zone.words), default=line.confidence)
    return digits.get("tesseract") != digits.get("aster") or not digits.get("tesseract") or own < _PRINTED


@reader("place-and-date")
def place_and_date(view: View, _name: str, spec: FieldSpec) -> list[Candidate]:
    """Option `part`: `place` (before the comma) or `date`."""
    head = head_of(view)
    if head is None or head[1].date is None:
        return []
    page, line = head[0], head[1].date
    texts = _texts(view, page, grey_of(view, page), line)
    if spec.options.get("part") == "place":
        return _places(page, line, texts)
    return _dates(view, page, line, texts)


def filled_in_date(view: View, page: int, line: Segment) -> list[Candidate]:
    """The candidates of a date line whose day or month a pen filled in; none if it looks printed throughout."""
    grey = grey_of(view, page)
    marked = any(
        mark.kind == "handwriting" and _meet(mark.box, line.box) for mark in view.pages[page].reading.marks
    )
    pens = [_by_pen(grey, zone) for zone in date_zones(grey, line)]
    if not marked and not any(pen is not None and pen.pen for pen in pens):
        return []
    found = _dates(view, page, line, _texts(view, page, grey, line))
    return [replace(one, handwritten=True) for one in found]


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _places(page: int, line: Segment, texts: dict[str, tuple[str, float]]) -> list[Candidate]:
    out = []
    for by, (text, confidence) in texts.items():
        printed = tidy(re.split(r",|\bng[aà]y", text, maxsplit=1)[0])
        value = printed if re.search(r"[^\W\d_]{2}", printed) and len(printed) <= 40 else None
        out.append(Candidate(printed, value, page, line.box, by, confidence))
    return out


def _dates(view: View, page: int, line: Segment, texts: dict[str, tuple[str, float]]) -> list[Candidate]:
    grey = grey_of(view, page)
    parts = {by: _DATE.search(text) for by, (text, _) in texts.items()}
    day_zone, month_zone = date_zones(grey, line)
    day, day_pen = _place(grey, day_zone, {by: _digits(m[1]) for by, m in parts.items() if m}, line)
    month, month_pen = _place(grey, month_zone, {by: _digits(m[2]) for by, m in parts.items() if m}, line)
    year = _vote([found[3] for found in parts.values() if found] + [_year(line.text)])
    written = day_pen or month_pen
    printed = tidy(line.text)
    out = []
    for by in dict.fromkeys((*day, *month)):
        # A printed month is told by whoever reads it; only what the pen wrote must come from this witness.
        own_month = month.get(by) if month_pen else month.get(by) or _vote(list(month.values()))
        own_day = day.get(by) if day_pen else day.get(by) or _vote(list(day.values()))
        value = _iso(own_day, own_month, year)
        confidence = _ON_STROKES if written and by in texts else texts[by][1] if by in texts else 0.9
        out.append(Candidate(printed, value, page, line.box, by, confidence, written))
    agreed = {one.value for one in out if one.value}
    counted = Counter(one.value for one in out if one.value)
    if len(agreed) == 1 and max(counted.values()) >= 2:
        value = agreed.pop()
        if signed_near(view, date.fromisoformat(value)):
            out.append(Candidate(printed, value, page, line.box, "signature", 1.0, written))
    return out or [Candidate(printed, None, page, line.box, "tesseract", line.confidence, written)]


def _place(
    grey: Grey, zone: Zone | None, digits: dict[str, str], line: Segment
) -> tuple[dict[str, str], bool]:
    """Digits of one place by witness, and whether a pen wrote them."""
    pen = _by_pen(grey, zone)
    written = pen is None or _written(pen, digits, line, zone)
    found = {by: value for by, value in digits.items() if value}
    if pen is not None and pen.digits:
        found["pen-digits"] = pen.digits
    if written:
        found.pop("tesseract", None)
        found.pop("tesseract@2x", None)
    return found, written


def _year(text: str) -> str | None:
    years = re.findall(r"(?:19|20)\d\d", fold(text))
    return years[-1] if years else None


def _iso(day: str | None, month: str | None, year: str | None) -> str | None:
    if not (day and month and year):
        return None
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
