"""Separator sheets among the pages of a file, and the runs of pages between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from dossier.reading import PageReading
from dossier.separators import Damaged, Sheet, sheet_of
from ocr.letters import letters
from ocr.rows import rows

HEADING = "tophancach"
_HEADING_INCHES = 0.2
"""Height of the sheet's heading: no running text is as tall."""
_MOST_WORDS = 80


@dataclass(frozen=True)
class Section:
    """Pages from one separator sheet to the next.

    sheet: what is said of the pages, None before the first sheet and behind a damaged one. sheets: the pages of
    the sheet itself, with its blank back. dossier: what the sheets up to here said, None if nothing.
    """

    sheet: Sheet | Damaged | None
    dossier: str | None
    sheets: tuple[PageReading, ...] = ()
    pages: tuple[PageReading, ...] = ()


def sheet_on(page: PageReading) -> Sheet | Damaged | None:
    """The separator sheet that a page is. One that can be seen to be a sheet but not be read is damaged."""
    found = sheet_of(code.text for code in page.codes)
    return Damaged() if found is None and _looks_like_one(page) else found


def sections(pages: Sequence[PageReading]) -> list[Section]:
    """The pages of a file, cut at its sheets. Every page is in exactly one section, as a sheet or as a page.

    The blank back of a sheet belongs to it. Sheets right behind one another are one where the earlier says nothing
    that the later does not; a damaged sheet stands alone: what lies behind it is a section of its own.
    """
    found = [Section(None, None)]
    for page in pages:
        here = found[-1]
        sheet = sheet_on(page)
        if isinstance(sheet, Sheet):
            if _is_heard(here, sheet):
                found[-1] = replace(
                    here, sheet=sheet, dossier=sheet.dossier or here.dossier, sheets=(*here.sheets, page)
                )
            else:
                found.append(Section(sheet, sheet.dossier or here.dossier, (page,)))
        elif sheet is not None:
            found.append(Section(sheet, here.dossier, (page,)))
        elif page.quality.blank and here.sheets and not (here.pages or here.sheets[-1].quality.blank):
            found[-1] = replace(here, sheets=(*here.sheets, page))
        elif isinstance(here.sheet, Damaged):
            found.append(Section(None, here.dossier, (), (page,)))
        else:
            found[-1] = replace(here, pages=(*here.pages, page))
    return [section for section in found if section.sheets or section.pages]


def _is_heard(here: Section, later: Sheet) -> bool:
    """Does the sheet that was opened last say nothing that this one would drown?"""
    sheet = here.sheet
    return (
        isinstance(sheet, Sheet)
        and not here.pages
        and sheet.component in (None, later.component)
        and (sheet.dossier is None or later.dossier in (None, sheet.dossier))
    )


def _looks_like_one(page: PageReading) -> bool:
    """The heading of a sheet, as tall as only a sheet has it."""
    if not 0 < len(page.words) <= _MOST_WORDS:
        return False
    return any(
        row.height >= _HEADING_INCHES * page.dpi and fuzz.partial_ratio(HEADING, letters(row.text)) >= 88
        for row in rows(page)
        if len(letters(row.text)) >= len(HEADING) - 1
    )
