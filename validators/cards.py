"""What the law and ICAO say of the ID card: how long it holds, and its machine-readable lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_WEIGHTS = (7, 3, 1)
_AGES = (14, 25, 40, 60)
_LINE = re.compile(r"^[A-Z0-9<]{30}$")


def birthday(birth: date, age: int) -> date:
    """The day someone reaches an age; born on 29 February: on 1 March of other years."""
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return date(birth.year + age, 3, 1)


def computed_expiry(birth: date, issue: date) -> date | None:
    """When a card issued on a day expires; None: never (Luật Căn cước 2023, arts 21 and 24).

    At 14, 25, 40 and 60 a new card is due; one issued within the two years before holds to the next of them.
    """
    return next((birthday(birth, age) for age in _AGES if issue < birthday(birth, age - 2)), None)


@dataclass(frozen=True)
class Mrz:
    """Three lines TD1. valid: each check digit is right. personal_id: in the optional data of line 1."""

    personal_id: str
    document_number: str
    wrong: tuple[str, ...]

    @property
    def valid(self) -> bool:
        return not self.wrong and self.personal_id.endswith(self.document_number)

    @property
    def only_composite_wrong(self) -> bool:
        return self.wrong == ("composite",) and self.personal_id.endswith(self.document_number)


def read_mrz(text: str) -> Mrz | None:
    """The machine-readable zone in a page's text, None if there are no three lines of its form."""
    lines = [re.sub(r"\s", "", line.replace("«", "<<")) for line in text.splitlines()]
    for first, second, third in zip(lines, lines[1:], lines[2:], strict=False):
        if first.startswith("IDVNM") and all(_LINE.match(line) for line in (first, second, third)):
            return _checked(first, second)
    return None


def check_digit(text: str) -> str:
    """ICAO 9303-3: values of digits and letters (A is 10, `<` is 0), weighted 7, 3, 1, modulo 10."""
    return str(sum(_worth(char) * _WEIGHTS[i % 3] for i, char in enumerate(text)) % 10)


def _checked(first: str, second: str) -> Mrz:
    sums = {
        "document number": (first[5:14], first[14]),
        "personal number": (first[15:27], first[29]),
        "birth": (second[0:6], second[6]),
        "expiry": (second[8:14], second[14]),
        "composite": (first[5:30] + second[0:7] + second[8:15] + second[18:29], second[29]),
    }
    wrong = tuple(name for name, (data, digit) in sums.items() if check_digit(data) != digit)
    return Mrz(personal_id=first[15:27], document_number=first[5:14], wrong=wrong)


def _worth(char: str) -> int:
    return 0 if char == "<" else int(char, 36)
