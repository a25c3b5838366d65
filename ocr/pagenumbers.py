"""Which page of how many a page says it is: `2`, `- 2 -`, `2/3`, `Trang 2/3`, at its head or foot."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dossier.reading import PageReading
from dossier.text.vietnamese import fold
from ocr.rows import Row, rows

HEAD, FOOT = 0.12, 0.9
_ALONE = re.compile(r"\W*(\d{1,2})\W*")
_OF = re.compile(r"\W*(\d{1,3}) ?/ ?(\d{1,3})\W*")
# A slash between figures is often read as I, l or |: behind the word `Trang` it can be nothing else.
_WORD = re.compile(r"\W*(?:trang|page) ?(?:so)?\W*(\d{1,3})(?: ?(?:[/|\\il]|tren|of) ?(\d{1,3}))?\W*")


@dataclass(frozen=True)
class PageNumber:
    """number: from 1. of: how many pages the paper has, None if that is not said."""

    number: int
    of: int | None = None


def page_number(page: PageReading) -> PageNumber | None:
    """The page's number, None if it shows none. A figure without `Trang` or total has to stand alone on its row."""
    page_rows = rows(page)
    edge = [row for row in page_rows if not HEAD * page.height < row.middle < FOOT * page.height]
    for row in edge:
        for cell in (row, *row.cells()):
            if said := _said(_WORD, cell) or _said(_OF, cell):
                return said
    for row in edge:
        if row in (page_rows[0], page_rows[-1]) and (alone := _said(_ALONE, row)):
            return alone
    return None


def _said(pattern: re.Pattern[str], row: Row) -> PageNumber | None:
    found = pattern.fullmatch(fold(row.text))
    if found is None:
        return None
    number, *rest = (int(part) for part in found.groups() if part)
    total = rest[0] if rest else None
    return PageNumber(number, total) if 1 <= number <= (total or number) else None
