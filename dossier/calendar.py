"""Working days of Vietnamese offices: Monday to Friday but for public holidays (Labour Code 2019, arts 111, 112).

The lunar holidays and the yearly exchanges of days stand in holidays.yaml. In a year that is not in it only the
holidays of the solar calendar count, so that a term there may end some days too early: `covers` tells.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from dossier.model import Frozen

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_DAY = timedelta(days=1)
_WEEKEND = (5, 6)
_EVERY_YEAR = ((1, 1), (4, 30), (5, 1), (9, 2))


class Year(Frozen):
    """closed: days off among Monday to Friday. open: days of a weekend on which offices work."""

    settled: bool
    closed: frozenset[date]
    open: frozenset[date]


@cache
def years() -> dict[int, Year]:
    raw = yaml.safe_load(Path(__file__).with_name("holidays.yaml").read_text(encoding="utf-8"))
    return {int(year): Year.model_validate(entry) for year, entry in raw.items()}


def covers(*days: date) -> bool:
    """Whether the years from the first of these days to the last are all known and settled."""
    span = range(min(days).year, max(days).year + 1) if days else ()
    return all(year in years() and years()[year].settled for year in span)


def is_working_day(day: date) -> bool:
    known = years().get(day.year)
    if known is None:
        return day.weekday() not in _WEEKEND and (day.month, day.day) not in _EVERY_YEAR
    return day in known.open or (day.weekday() not in _WEEKEND and day not in known.closed)


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start`, up to and with `end`; negative if `end` comes first.

    The first day does not count, as in a term of days (Civil Code 2015, art. 147): Monday to Tuesday is 1, Friday to
    Monday is 1, a day to itself 0.
    """
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + n * _DAY) for n in range(1, (end - start).days + 1))


def add_working_days(day: date, count: int) -> date:
    """The day on which a term of `count` working days that began on `day` ends: the count-th working day after it.

    Zero: the day itself. Negative: so many working days before it. Raises OverflowError outside the calendar.
    """
    step = _DAY if count >= 0 else -_DAY
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day
