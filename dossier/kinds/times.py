"""Kinds of time: dates, times of day, years."""

from __future__ import annotations

import re

from dossier.kinds.base import Kind, equal, register
from dossier.text.dates import date_in_words, parse_date
from dossier.text.vietnamese import fold

UNLIMITED = "unlimited"
"""The value of an expiry date that says `Không thời hạn`."""

_FIGURES = "0123456789/-."


def _date(printed: str) -> str | None:
    """ISO 8601, from figures or from words."""
    value = parse_date(printed) or date_in_words(printed)
    return value.isoformat() if value else None


def _date_in_words(text: str) -> str | None:
    value = date_in_words(text)
    return value.isoformat() if value else None


def _expiry(printed: str) -> str | None:
    """A date, or `unlimited` for cards of those who were 58 or older when it was issued."""
    if "khong thoi han" in re.sub(r"\s+", " ", fold(printed)):
        return UNLIMITED
    return _date(printed)


def _time(printed: str) -> str | None:
    """`08 giờ 30 phút`, `8h30`, `08:30` -> `08:30`."""
    found = re.search(r"(?<!\d)(\d{1,2})\s*(?:gio|h|:|g)\s*(?:(\d{1,2})(?!\d))?", fold(printed))
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    return f"{int(found[1]):02d}:{int(found[2] or 0):02d}"


def _year(printed: str) -> str | None:
    """Four digits, or the year of a whole date."""
    if value := parse_date(printed):
        return str(value.year)
    found = set(re.findall(r"(?<![\d/])(1[89]\d\d|20\d\d)(?![\d/])", printed))
    return found.pop() if len(found) == 1 else None


register(Kind("date", "date", _date, equal, alphabet=_FIGURES, secure=True, in_words=_date_in_words))
register(Kind("date-of-birth", "date", _date, equal, alphabet=_FIGURES, secure=True, in_words=_date_in_words))
register(Kind("expiry-date", "date", _expiry, equal, secure=True, placeholders=False))
register(Kind("time", "number", _time, equal))
register(Kind("year", "number", _year, equal, alphabet="0123456789"))
