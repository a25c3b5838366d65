"""A span of days that figures speak of: a month, a quarter, a year, or from one day to another."""

from __future__ import annotations

import re
from datetime import date, timedelta

from dossier.errors import TerminalError
from dossier.model import Frozen

_FORM = re.compile(r"(?P<year>20\d\d)(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")
_SPAN = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")


class Period(Frozen):
    """name: as it was asked for. first, last: days in Vietnam, both belong to it."""

    name: str
    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last


def parse_period(text: str) -> Period:
    """`2026-11`, `2026-Q4`, `2026` or `2026-11-01..2026-11-15`. Raises TerminalError `period-invalid`."""
    if found := _FORM.fullmatch(text):
        first, last = _months(found)
        return _made(text, date(int(found["year"]), first, 1), _end(int(found["year"]), last))
    if found := _SPAN.fullmatch(text):
        try:
            return _made(text, date.fromisoformat(found[1]), date.fromisoformat(found[2]))
        except ValueError:
            pass
    raise _wrong(text)


def month_before(day: date) -> Period:
    """The whole month before the one that a day lies in."""
    return parse_period(f"{day.replace(day=1) - timedelta(days=1):%Y-%m}")


def _months(found: re.Match[str]) -> tuple[int, int]:
    if found["month"]:
        return int(found["month"]), int(found["month"])
    if found["quarter"]:
        return 3 * int(found["quarter"]) - 2, 3 * int(found["quarter"])
    return 1, 12


def _end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _made(text: str, first: date, last: date) -> Period:
    if first > last:
        raise _wrong(text)
    return Period(name=text, first=first, last=last)


def _wrong(text: str) -> TerminalError:
    return TerminalError(
        "period-invalid",
        f"no period: {text[:40]!r}; write 2026-11, 2026-Q4, 2026 or 2026-11-01..2026-11-15",
        "Kỳ báo cáo ghi dạng 2026-11, 2026-Q4, 2026 hoặc 2026-11-01..2026-11-15.",
    )
