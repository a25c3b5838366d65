"""Dates as Vietnamese papers print them: in figures, with `ngày … tháng … năm …`, and wholly in words.

A reading is taken only where it is unambiguous; everything else is None, never a guess.
"""

from __future__ import annotations

import re
from datetime import date

from dossier.text.numbers import number_from_tokens, number_tokens
from dossier.text.vietnamese import clean, fold

_YEARS = range(1870, 2101)  # what living papers can speak of; anything else is a misreading

_BAR = r"[/.\-\\|Il!]"  # printed separators, and what recognisers make of a slash
_FIGURES = re.compile(rf"(?<![\d/])(\d{{1,2}})\s?{_BAR}\s?(\d{{1,2}})\s?{_BAR}\s?(\d{{4}})(?!\d)")
# A slash read as 1: only with two-digit day and month, where no other split of the digits exists.
_SLASH_AS_ONE = re.compile(
    rf"(?<![\d/])(?:(\d\d)1(\d\d)1(\d{{4}})|(\d\d){_BAR}(\d\d)1(\d{{4}})|(\d\d)1(\d\d){_BAR}(\d{{4}}))(?!\d)"
)
_GAP = r"[\s.…,:_]*"
_OTHER = rf"{_GAP}(?:/\s?[a-z]{{2,6}}|yea[a-z]{{0,2}})?{_GAP}"
"""The word of the second language, be it misread: `ngày/dae 27`, `năm /yea 2026`."""
_NAMED = re.compile(
    rf"(?:ngay|^|[^\d/.-]){_OTHER}(?<!\d)(\d{{1,2}}){_GAP}th[ae]ng{_OTHER}(\d{{1,2}}){_GAP}nam{_OTHER}(\d{{4}})(?!\d)",
)
_ENGLISH = re.compile(
    r"(?:\s?/\s?|\()(?:date|day|month|year)\b\)?|(?<=[yàgm])\s?/\s?(?:da\w|mon\w|yea\w)\w?(?=\W|\d)",
    re.IGNORECASE,
)
"""The second language of a card: `ngày/date 05 tháng/month 02 năm/year 2025`."""
_DATE_WORDS = frozenset({"ngay", "thang", "nam", "mung", "mong", "gieng", "chap"})


def _date(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def bilingual(text: str) -> bool:
    """Whether a date's words stand in two languages: `ngày/date 05 tháng/month 02`."""
    return _ENGLISH.search(clean(text)) is not None


def parse_date(text: str) -> date | None:
    """The first date in figures within `text`: `05/02/2025`, `5-2-2025`, `ngày 05 tháng 02 năm 2025`.

    A slash misread as I, l, | or 1 is put right where only one reading is possible.
    """
    text = re.sub(r"(?<=[\d/.\-])[oO]|[oO](?=[\d/.\-])", "0", clean(text))
    text = _ENGLISH.sub(" ", text)
    if named := _NAMED.search(fold(text)):
        return _date(int(named[3]), int(named[2]), int(named[1]))
    for pattern in (_FIGURES, _SLASH_AS_ONE):
        for found in pattern.finditer(text):
            day, month, year = (int(part) for part in found.groups() if part is not None)
            if value := _date(year, month, day):
                return value
    return None


def date_in_words(text: str) -> date | None:
    """The date that words say, with or without their tones: `ngày mười lăm tháng chín năm hai nghìn …`.

    `năm` is both `year` and `five`: every split is tried, and two different readings give None. Any word
    that is no number gives None too: a date cut short (`… hai mươi sáu` to `… hai mươi`) would be another date.
    """
    tokens = number_tokens(text.split(")")[0], _DATE_WORDS)
    if "ngay" in tokens:
        tokens = tokens[tokens.index("ngay") + 1 :]
    if "thang" not in tokens:
        return None
    at = tokens.index("thang")
    day = number_from_tokens([token for token in tokens[:at] if token not in ("mung", "mong")])
    rest = tokens[at + 1 :]
    found = set()
    for split in (i for i, token in enumerate(rest) if token == "nam" and i > 0):
        month = _month(rest[:split])
        year = _year(rest[split + 1 :])
        if day and month and year and (value := _date(year, month, day)):
            found.add(value)
    return found.pop() if len(found) == 1 else None


def _month(tokens: list[str]) -> int | None:
    named: dict[tuple[str, ...], int] = {("gieng",): 1, ("chap",): 12}
    return named.get(tuple(tokens)) or number_from_tokens(tokens)


def _year(tokens: list[str]) -> int | None:
    value = number_from_tokens(tokens)
    return value if value in _YEARS else None
