"""The same page scanned twice, told by what it says.

A perceptual hash of the whole picture takes two filled-in copies of one form for the same page; their words and
above all their numbers tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from rapidfuzz.fuzz import ratio

from dossier.reading import FileReading, PageReading
from dossier.text.vietnamese import fold
from ocr.sheets import sheet_on

MIN_WORDS = 12
SAME_TEXT = 88.0  # rapidfuzz ratio of the folded texts; two scans of one page at 200 dpi lie above 93
SAME_NUMBERS = 0.75  # Jaccard of the numbers of three and more digits

PageKey = tuple[str, int]


def near_duplicates(files: Sequence[FileReading]) -> tuple[tuple[PageKey, PageKey], ...]:
    """Pairs of (file name, page) that show the same page, in the order of the files. Blank pages and
    separator sheets are no pair.

    Equal bytes under two names are the business of another rule (S01) and are left out.
    """
    pages = [
        ((file.name, page.page), page, fold(page.text))
        for file in files
        for page in file.pages
        if len(page.words) >= MIN_WORDS and sheet_on(page) is None
    ]
    return tuple(
        (left[0], right[0])
        for left, right in combinations(pages, 2)
        if not _same_bytes(left[1], right[1]) and _same_page(left[2], right[2])
    )


def _same_bytes(left: PageReading, right: PageReading) -> bool:
    return left.sha256 == right.sha256 and left.page == right.page


def _same_page(left: str, right: str) -> bool:
    if ratio(left, right, score_cutoff=SAME_TEXT) == 0:
        return False
    numbers = [set(re.findall(r"\d{3,}", text)) for text in (left, right)]
    union = numbers[0] | numbers[1]
    return not union or len(numbers[0] & numbers[1]) / len(union) >= SAME_NUMBERS
