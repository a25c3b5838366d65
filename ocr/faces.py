"""What a face of an ID card says of itself: which side it is, whose card it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from dossier.reading import PageReading
from dossier.text.vietnamese import fold
from ocr.letters import letters
from ocr.mrz import checked_date, personal_number
from ocr.mrzlines import LENGTH
from ocr.readers.card import payload
from ocr.rows import rows

_BACK = (
    "dacdiemnhandang",
    "personalidentification",
    "cuctruong",
    "noicap",
    "indexfinger",
    "placeofbirth",
    "hethan",
    "ngontro",
)
_FRONT = ("fullname", "hovaten", "hochudemvaten", "gioitinh", "dateofbirth", "quoctich")


_ZONE = re.compile(r"[ITL1]DVN[MNH]\d*(\d{12})<{1,3}\d?")
"""The number is taken from the end: a figure lost or won before it moves none of its own."""
_SECOND_LINE = re.compile(r"(?<![A-Z0-9])(\d{7})[MF<]\d{7}VN[MN]")
_DAY = re.compile(r"(?<!\d)(\d{2})[/.-](\d{2})[/.-](\d{4})(?!\d)")
_SLIPS = 3
"""Misread digits of twelve up to which name and birthday may still say that two numbers are one."""
_SAME_NAME, _OTHER_NAME = 92, 75  # likeness of a folded name, 0..100


@dataclass(frozen=True)
class Face:
    """side: `both` when one picture shows both. names: folded, from codes. text: folded.

    numbers: personal numbers seen on it; proven: those of a QR code or with right check digits.
    births: birthdays by QR code or checked zone. days: all dates printed on it.
    """

    side: Literal["front", "back", "both"]
    numbers: frozenset[str]
    names: frozenset[str]
    text: str
    proven: frozenset[str] = frozenset()
    births: frozenset[date] = frozenset()
    days: frozenset[date] = frozenset()


def face_of(pages: Sequence[PageReading]) -> Face:
    """The face or faces on the pages of one card."""
    lines = [row.text for page in pages for row in rows(page)]
    numbers, names, proven, births = set(), set(), set(), set()
    for page in pages:
        if seen := payload(page):
            numbers.add(seen[0][0])
            proven.add(seen[0][0])
            names.add(fold(seen[0][2]))
            births |= _days(re.sub(r"^(\d\d)(\d\d)(\d{4})$", r"\1/\2/\3", seen[0][3]))
    for line in lines:
        packed = line.replace(" ", "")
        numbers |= set(re.findall(r"(?<!\d)\d{12}(?!\d)", packed))
        if zone := _ZONE.search(packed.upper()):
            numbers.add(zone[1])
            proven |= _proven(zone[0])
        if second := _SECOND_LINE.search(packed.upper()):
            born = checked_date(second[1], past=True, today=date.today())
            births |= {born} if born else set()
        if re.fullmatch(r"[A-Z]{2,}(?:<[A-Z]+|<<[A-Z]+)+<*", packed):
            names.add(" ".join(part for part in packed.casefold().split("<") if part))
    text = " ".join(lines)
    return Face(
        _side(letters(text)),
        frozenset(numbers),
        frozenset(names),
        fold(text),
        frozenset(proven),
        frozenset(births),
        frozenset(_days(text)),
    )


def same_card(left: Face, right: Face) -> bool | None:
    """Whether two faces are of one card; None if they share nothing that could tell.

    Numbers that a code proves are equal or of two people: brothers and sisters may differ in one digit. A number
    that was only read may have slips; then name and birthday say whether it is the same.
    """
    if left.proven and right.proven:
        return bool(left.proven & right.proven)
    if left.numbers & right.numbers:
        return True
    name, birth = _same_name(left, right), _same_birth(left, right)
    if left.numbers and right.numbers:
        slips = min(Levenshtein.distance(one, other) for one in left.numbers for other in right.numbers)
        if slips > _SLIPS or False in (name, birth):
            return False
        if birth and (name or slips <= 1):
            return True
        return False if slips > 1 else None
    if False in (name, birth):
        return False
    return True if name or birth else None


def _side(text: str) -> Literal["front", "back", "both"]:
    back = sum(_holds(text, mark) for mark in _BACK) + 2 * bool(re.search(r"idvn[mn]", text))
    front = sum(_holds(text, mark) for mark in _FRONT)
    if back >= 2 and front >= 3:
        return "both"
    return "back" if back > front else "front"


def _same_name(left: Face, right: Face) -> bool | None:
    """By a code's name on one of them: on the other too, another one there, or not to be told."""
    names = [(name, other.text) for face, other in ((left, right), (right, left)) for name in face.names]
    if any(fuzz.partial_ratio(name, text) >= _SAME_NAME for name, text in names):
        return True
    if left.names and right.names:
        likeness = max(fuzz.ratio(one, other) for one in left.names for other in right.names)
        return True if likeness >= _SAME_NAME else False if likeness < _OTHER_NAME else None
    return None


def _same_birth(left: Face, right: Face) -> bool | None:
    """By a code's birthday on one of them, and a code's or a printed date on the other."""
    if left.births and right.births:
        return bool(left.births & right.births)
    if left.births & right.days or right.births & left.days:
        return True
    return None


def _proven(line: str) -> set[str]:
    """The number of a zone's first line whose check digits hold."""
    number = personal_number(f"IDVNM{line[5:]}") if len(line) == LENGTH else None
    return {number} if number else set()


def _days(text: str) -> set[date]:
    found = set()
    for day, month, year in _DAY.findall(text):
        try:
            found.add(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found


def _holds(text: str, mark: str) -> bool:
    return mark in text or (len(mark) > 8 and fuzz.partial_ratio(mark, text) >= 88)
