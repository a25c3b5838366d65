"""Whom a page speaks of: personal numbers and labelled names, to tell which of two papers it goes on with."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from dossier.reading import PageReading
from dossier.text.vietnamese import fold
from ocr.readers.card import payload
from ocr.rows import rows

_NUMBER = re.compile(r"(?<!\d)\d{12}(?!\d)")
_NAME = re.compile(r"\bho\b[^:]{0,24}\bten\b[^:]{0,40}: *([a-z][a-z' ]{4,40})")


@dataclass(frozen=True)
class Persons:
    """numbers: twelve digits; names: folded."""

    numbers: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def __or__(self, other: Persons) -> Persons:
        return Persons(self.numbers | other.numbers, self.names | other.names)


NOBODY = Persons()


def persons_on(page: PageReading) -> Persons:
    """Who is named on a page. Names count where a label `Họ … tên …:` stands before them."""
    numbers, names = set(), set()
    for row in rows(page):
        numbers |= set(_NUMBER.findall(row.text.replace(" ", "").replace(".", "")))
        for cell in row.cells():
            if found := _NAME.search(fold(cell.text)):
                names.add(" ".join(found[1].split()))
    if seen := payload(page):
        numbers.add(seen[0][0])
        names.add(fold(seen[0][2]))
    return Persons(frozenset(numbers), frozenset(name for name in names if " " in name))


def share_a_person(left: Persons, right: Persons) -> bool:
    """Whether both speak of one person: the same number (one digit may be misread) or the same whole name."""
    return bool(left.names & right.names) or any(
        Levenshtein.distance(one, other) <= 1 for one in left.numbers for other in right.numbers
    )
