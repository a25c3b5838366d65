"""Which paper a page goes on with, by its number, its size, its heading, its form and whom it speaks of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from dossier.catalogue.documents import DocumentType
from dossier.reading import PageReading
from ocr.classify import UNKNOWN, Guess
from ocr.letters import letters
from ocr.pagenumbers import PageNumber, page_number
from ocr.persons import NOBODY, Persons, persons_on, share_a_person
from ocr.rows import rows

_MOTTO = "conghoaxahoichunghiavietnam"
_NAME_WORDS = 2, 8
_NUMBERED = re.compile(r"Số\s*:?\s*\d|Ngày\s*:?\s*\d")
"""Below the name of a paper; an annex names the decision that it belongs to there (`Kèm theo Quyết định số ...`)."""

Place = tuple[str, PageReading]
"""Name of the file, page."""


@dataclass(frozen=True)
class Paper:
    """One paper as it grows.

    sheets: pages of the separator sheets that opened it, not its own. told: a sheet, that is a person, said where
    it ends. elsewhere: the other dossier that a sheet gave it to. numbers: of its pages, as printed. persons: whom
    its pages name.
    """

    type: str
    confidence: float
    pages: tuple[Place, ...]
    sheets: tuple[Place, ...] = ()
    told: bool = False
    elsewhere: str | None = None
    numbers: tuple[PageNumber | None, ...] = ()
    persons: Persons = NOBODY

    def with_page(self, name: str, page: PageReading) -> Paper:
        number = None if page.quality.blank else page_number(page)
        return replace(
            self,
            pages=(*self.pages, (name, page)),
            numbers=(*self.numbers, number),
            persons=self.persons | persons_on(page),
        )

    @property
    def written(self) -> int:
        """How many of its pages are not blank."""
        return sum(not page.quality.blank for _, page in self.pages)

    @property
    def total(self) -> int | None:
        """How many pages its pages say there are."""
        return next((number.of for number in self.numbers if number and number.of), None)

    @property
    def seen(self) -> set[int]:
        return {number.number for number in self.numbers if number}

    @property
    def last(self) -> int | None:
        """The number of its last written page, None if that page shows none."""
        written = [
            number
            for number, (_, page) in zip(self.numbers, self.pages, strict=True)
            if not page.quality.blank
        ]
        return written[-1].number if written and written[-1] else None

    @property
    def ended(self) -> bool:
        """Its pages say that all of them are there."""
        return self.total is not None and (self.written >= self.total or self.last == self.total)

    def lacks(self, number: PageNumber) -> bool:
        """Is it a page of this paper that is not here yet?"""
        if self.total is not None:
            return number.of == self.total and number.number not in self.seen
        # Many a first page bears no number.
        return not self.seen and number.number == self.written + 1

    def in_reading_order(self) -> Paper:
        """Pages that all say `n/m` in the order of n, each with the blank back behind it; others as they lay."""
        leaves: list[list[Place]] = []
        numbers: list[int] = []
        if self.total is None:
            return self
        for place, number in zip(self.pages, self.numbers, strict=True):
            if number is not None and number.of == self.total:
                leaves.append([place])
                numbers.append(number.number)
            elif place[1].quality.blank and leaves:
                leaves[-1].append(place)
            else:
                return self
        if len(set(numbers)) < len(numbers):
            return self
        order = sorted(range(len(numbers)), key=numbers.__getitem__)
        return replace(self, pages=tuple(place for at in order for place in leaves[at]))


def followed(
    papers: Sequence[Paper], page: PageReading, guess: Guess, types: Mapping[str, DocumentType]
) -> int | None:
    """Which of the papers of this run of pages the page goes on with; None if it begins one.

    The paper right before it is the first choice; an earlier one is taken only on evidence that speaks for it alone.
    """
    able = [
        at for at, paper in enumerate(papers) if not _card(paper, types) and _alike(paper.pages[-1][1], page)
    ]
    number = page_number(page)
    if number is not None and number.of is not None:
        return _by_total(papers, able, page, guess, types, number)
    beside = len(papers) - 1 if len(papers) - 1 in able else None
    if _titled(guess, page, types):
        return None
    if number is not None and number.number > 1:
        return _by_number(papers, able, beside, number)
    if number is not None and papers and papers[-1].last is not None:
        return None  # the numbers begin anew
    return _by_content(papers, able, beside, page, guess)


def _by_total(
    papers: Sequence[Paper],
    able: Sequence[int],
    page: PageReading,
    guess: Guess,
    types: Mapping[str, DocumentType],
    number: PageNumber,
) -> int | None:
    """A page `n/m`: the paper of m pages that lacks it, whatever the order they lie in."""
    if number.number == 1:
        # Behind its own later pages, in a stack that lies upside down; never behind an unnumbered page.
        able = [at for at in able if papers[at].seen and papers[at].type in (UNKNOWN, guess.type)]
    lacking = [at for at in able if papers[at].lacks(number)]
    if (found := _one_of(papers, lacking, page)) is not None:
        return found
    beside = len(papers) - 1
    goes_on = beside in able and papers[beside].last == number.number - 1 and not papers[beside].ended
    return beside if goes_on and not _titled(guess, page, types) else None  # its total was misread


def _by_number(
    papers: Sequence[Paper], able: Sequence[int], beside: int | None, number: PageNumber
) -> int | None:
    """A page that shows a number from 2 on, and no total."""
    # No paper has the same page twice.
    able = [at for at in able if not papers[at].ended and number.number not in papers[at].seen]
    if beside is not None and beside in able and (papers[beside].last or 0) < number.number:
        return beside
    before = [at for at in able if papers[at].last == number.number - 1]
    if len(before) == 1:
        return before[0]
    return beside if able == [beside] else None  # a figure can be misread


def _by_content(
    papers: Sequence[Paper], able: Sequence[int], beside: int | None, page: PageReading, guess: Guess
) -> int | None:
    """A page without a number: by its form, and where it could go to several by whom it speaks of."""
    able = [at for at in able if not papers[at].ended]
    if guess.type != UNKNOWN:
        able = [at for at in able if papers[at].type == guess.type]
    elif _begins(page):
        return None
    named = _naming_the_same(papers, able, page)
    if beside in named or (beside in able and len(named) != 1):
        return beside
    return named[0] if len(named) == 1 else None


def _one_of(papers: Sequence[Paper], able: Sequence[int], page: PageReading) -> int | None:
    """Of several papers the one that names the same person, else the nearest if it lies right before the page."""
    if len(able) < 2:
        return able[0] if able else None
    named = _naming_the_same(papers, able, page)
    if len(named) == 1:
        return named[0]
    return len(papers) - 1 if len(papers) - 1 in (named or able) else None


def _naming_the_same(papers: Sequence[Paper], able: Sequence[int], page: PageReading) -> list[int]:
    here = persons_on(page)
    return [at for at in able if share_a_person(papers[at].persons, here)]


def _card(paper: Paper, types: Mapping[str, DocumentType]) -> bool:
    """Faces of cards are joined afterwards, by what they say."""
    document = types.get(paper.type)
    return document is not None and bool(document.options.get("card"))


def _titled(guess: Guess, page: PageReading, types: Mapping[str, DocumentType]) -> bool:
    """Does the page carry the heading of a new paper?

    Types with the option `letterhead` begin under the national motto: `QUYẾT ĐỊNH:` stands again on later pages.
    """
    document = types.get(guess.type)
    return guess.titled and (document is None or not document.options.get("letterhead") or _begins(page))


def _alike(left: PageReading, right: PageReading) -> bool:
    """Of about the same size: paper does not change within one document."""
    sizes = [sorted((page.width / page.dpi, page.height / page.dpi)) for page in (left, right)]
    return all(abs(one - other) < 0.2 * max(one, other) for one, other in zip(*sizes, strict=True))


def _begins(page: PageReading) -> bool:
    """At the head of a paper's first page stands the national motto, as Decree 30/2020 has it, or, on what is no
    agency's paper, its own name in capitals and right below it its own number or day.
    """
    head = [row.text for row in rows(page) if row.middle < 0.3 * page.height]
    motto = any(_MOTTO in text or "doclaptudohanhphuc" in text for text in map(letters, head))
    return motto or any(
        name.isupper() and _NAME_WORDS[0] <= len(name.split()) <= _NAME_WORDS[1] and _NUMBERED.match(below)
        for name, below in pairwise(head)
    )
