"""What a face of an ID card says of itself: which side it is, whose card it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from dossier.reading import PageReading
from dossier.text.vietnamese import fold
from ocr.letters import letters
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


@dataclass(frozen=True)
class Face:
    """side: `both` when one picture shows both. numbers: personal numbers seen on it; names: folded, from codes."""

    side: Literal["front", "back", "both"]
    numbers: frozenset[str]
    names: frozenset[str]
    text: str


def face_of(pages: Sequence[PageReading]) -> Face:
    """The face or faces on the pages of one card."""
    lines = [row.text for page in pages for row in rows(page)]
    text = letters(" ".join(lines))
    back = sum(_holds(text, mark) for mark in _BACK) + 2 * bool(re.search(r"idvn[mn]", text))
    front = sum(_holds(text, mark) for mark in _FRONT)
    side: Literal["front", "back", "both"] = "front"
    if back >= 2 and front >= 3:
        side = "both"
    elif back > front:
        side = "back"
    numbers, names = set(), set()
    for page in pages:
        if seen := payload(page):
            numbers.add(seen[0][0])
            names.add(fold(seen[0][2]))
    for line in lines:
        packed = line.replace(" ", "")
        numbers |= set(re.findall(r"(?<!\d)\d{12}(?!\d)", packed))
        if zone := re.search(r"IDVN[MN]\d{10}(\d{12})", packed.upper()):
            numbers.add(zone[1])
        if re.fullmatch(r"[A-Z]{2,}(?:<[A-Z]+|<<[A-Z]+)+<*", packed):
            names.add(" ".join(part for part in packed.casefold().split("<") if part))
    return Face(side, frozenset(numbers), frozenset(names), fold(" ".join(lines)))


def same_card(left: Face, right: Face) -> bool | None:
    """Whether two faces are of one card; None if they share nothing that could tell."""
    if left.numbers and right.numbers:
        # One misread digit in twelve is a misreading; two people differ in more.
        return any(Levenshtein.distance(one, other) <= 1 for one in left.numbers for other in right.numbers)
    names = [(name, other.text) for face, other in ((left, right), (right, left)) for name in face.names]
    if names:
        if any(fuzz.partial_ratio(name, text) >= 92 for name, text in names):
            return True
        return False if len(left.names) and len(right.names) else None
    return None


def _holds(text: str, mark: str) -> bool:
    return mark in text or (len(mark) > 8 and fuzz.partial_ratio(mark, text) >= 88)
