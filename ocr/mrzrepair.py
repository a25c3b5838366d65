"""A single doubtful character of a zone, mended where its check digits leave exactly one way.

A check digit that has been used to choose is used up: what was mended says so (`Mrz.repaired`), is no witness with
a proof of its own, and only confirms what others saw too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from ocr.mrz import checked_date, composite_holds, personal_number

LOOKALIKES = {
    "0": "86",
    "1": "74",
    "2": "7",
    "3": "8",
    "4": "1",
    "5": "68",
    "6": "508",
    "7": "12",
    "8": "0365",
    "9": "0",
    "A": "4",
    "B": "8",
    "C": "0",
    "D": "0",
    "E": "8",
    "G": "6",
    "I": "1",
    "J": "1",
    "K": "",
    "L": "1",
    "O": "0",
    "Q": "0",
    "S": "5",
    "T": "71",
    "U": "0",
    "Z": "2",
}
"""Figures that a character at a figure's place may have been."""
TWINS = frozenset(range(10)) | frozenset(range(13, 22))
"""Places of the number whose figures stand twice, or check what does: a change there is proven by the other."""
NUMBER, BIRTH, EXPIRY = slice(5, 30), slice(0, 7), slice(8, 15)
_SEEN = Sequence[frozenset[str]]


@dataclass(frozen=True)
class Repair:
    """The first two lines, and the names of the parts of which a character was changed."""

    lines: tuple[str, str]
    parts: frozenset[str]


def repair(lines: tuple[str, str], seen: tuple[_SEEN, _SEEN], today: date) -> Repair:
    """Lines of 30 characters -> the same with at most one character changed in each part that did not hold.

    seen: by place, the characters that any look had there; with LOOKALIKES they are all that a place may become.
    A part that holds stays; so does one that no change, or more than one, would make hold. One check digit lets one
    wrong change in ten pass: but for figures that stand twice, the check over all parts must hold as well.
    """
    one, two = lines
    parts: set[str] = set()

    def mended(line: str, at: slice, looks: _SEEN, holds: Callable[[str], bool], name: str) -> str:
        part = line[at]
        if holds(part):
            return line
        fits = [other for other in _changes(part, _options(part, looks[at], name)) if holds(other)]
        if len(fits) != 1:
            return line
        parts.add(name)
        return line[: at.start] + fits[0] + line[at.stop :]

    one = mended(
        one, NUMBER, seen[0], lambda part: personal_number("IDVNM" + part) is not None, "personal_id"
    )
    two = mended(
        two, BIRTH, seen[1], lambda part: checked_date(part, True, today) is not None, "date_of_birth"
    )
    two = mended(
        two, EXPIRY, seen[1], lambda part: checked_date(part, False, today) is not None, "expiry_date"
    )
    if parts and not composite_holds(one, two):
        proven = parts & {"personal_id"} if _changed(lines[0][NUMBER], one[NUMBER]) <= TWINS else set()
        return Repair((one if proven else lines[0], lines[1]), frozenset(proven))
    return Repair((one, two), frozenset(parts))


def _changed(before: str, after: str) -> frozenset[int]:
    return frozenset(at for at, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1])


def _options(part: str, looks: _SEEN, name: str) -> list[str]:
    """By place, the figures that it may become."""
    found = [LOOKALIKES.get(char, "") + "".join(look) for char, look in zip(part, looks, strict=True)]
    if name == "personal_id":  # its last nine figures stand twice
        for at in range(9):
            found[at] += part[at + 13]
            found[at + 13] += part[at]
    return ["".join(sorted({char for char in one if char.isdecimal()})) for one in found]


def _changes(part: str, options: Sequence[str]) -> list[str]:
    return [
        part[:at] + char + part[at + 1 :]
        for at, chars in enumerate(options)
        for char in chars
        if char != part[at]
    ]
