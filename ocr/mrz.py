"""The machine-readable zone of an ID card, format TD1 (ICAO 9303 part 5); its check digits are the judge.

L1 `IDVNM` + 9-digit document number + check + 12-digit personal number + `<<` + check; L2 birth date + check, sex,
expiry + check, `VNM`, filler, composite check; L3 name without marks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_TO_DIGIT = str.maketrans("OQDIZSGBT", "000125687")


@dataclass(frozen=True)
class Mrz:
    """What checked parts say; None for a part whose check digit fails. composite: the check over all parts.

    repaired: names of the parts in which a character was changed to make their check digits hold (ocr/mrzrepair.py).
    """

    personal_id: str | None
    date_of_birth: date | None
    sex: str | None
    expiry_date: date | str | None
    full_name: str | None
    composite: bool
    repaired: frozenset[str] = frozenset()


def check_digit(text: str) -> int:
    """Weights 7, 3, 1 over digits, letters (A = 10) and fillers (0)."""
    values = (0 if char == "<" else int(char, 36) for char in text)
    return sum(value * (7, 3, 1)[at % 3] for at, value in enumerate(values)) % 10


def parse_td1(lines: list[str], today: date) -> Mrz | None:
    """Three lines as read -> what their check digits confirm; None if they are no Vietnamese TD1 zone.

    today: decides the century of a birth date.
    """
    rows = [re.sub(r"[^A-Z0-9<]", "", line.upper().replace("«", "<<").replace("‹", "<")) for line in lines]
    first = next((row for row in rows if re.match(r"[I1L]DVN[MN]", row)), None)
    second = next((row for row in rows if re.match(r"[0-9OQDIZSGBT]{7}[MF<][0-9OQDIZSGBT<]{7}", row)), None)
    if first is None and second is None:
        return None
    one = first.ljust(30, "<")[:30] if first else ""
    two = second.ljust(30, "<")[:30] if second else ""
    personal = personal_number(one) if one else None
    born = checked_date(two[0:7], past=True, today=today) if two else None
    unlimited = two[8:14] in ("991231", "<<<<<<") if two else False
    expiry = None if not two or unlimited else checked_date(two[8:15], past=False, today=today)
    third = (
        rows[-1]
        if len(rows) >= 3 and re.match(r"[A-Z]+<", rows[-1]) and rows[-1] not in (first, second)
        else ""
    )
    return Mrz(
        personal_id=personal,
        date_of_birth=born,
        sex={"M": "Nam", "F": "Nữ"}.get(two[7:8]) if born else None,
        expiry_date=expiry,
        full_name=" ".join(part for part in third.split("<") if part) or None,
        composite=composite_holds(one, two),
    )


def composite_holds(one: str, two: str) -> bool:
    """Whether the check digit over all parts of two lines of 30 characters holds."""
    if len(one) != 30 or len(two) != 30 or not two[29].isdecimal():
        return False
    return check_digit(one[5:30] + two[0:7] + two[8:15] + two[18:29]) == int(two[29])


def _digits(text: str) -> str:
    return text.translate(_TO_DIGIT)


def personal_number(one: str) -> str | None:
    """The 12 digits of a first line, if their check digit and that of the document number, their last nine, hold."""
    number, check = _digits(one[15:27]), _digits(one[29:30])
    document, document_check = _digits(one[5:14]), _digits(one[14:15])
    if not (number.isdecimal() and len(number) == 12 and check.isdecimal()):
        return None
    if check_digit(number) != int(check):
        return None
    whole = (
        document.isdecimal() and document_check.isdecimal() and check_digit(document) == int(document_check)
    )
    return number if whole and number.endswith(document) else None


def checked_date(part: str, past: bool, today: date) -> date | None:
    """The day of `yymmdd` and its check digit, None unless that holds. past: no day to come, of two centuries."""
    digits = _digits(part)
    if not (digits.isdecimal() and len(digits) == 7) or check_digit(digits[:6]) != int(digits[6]):
        return None
    year = 2000 + int(digits[:2])
    if past and year > today.year:
        year -= 100
    try:
        return date(year, int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return None
