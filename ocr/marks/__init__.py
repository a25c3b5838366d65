"""What stands on a page beside print: seals, signatures, handwriting, stamps, boxes, photographs, strikes, notes.

One module a kind; the kinds and what they mean are listed in dossier/marks.py. All look at one reduced picture.
"""

from __future__ import annotations

from dossier.reading import Mark
from ocr.colour import Inks
from ocr.engines.base import Colour
from ocr.marks.boxes import boxes
from ocr.marks.notes import notes
from ocr.marks.pen import blue_pen
from ocr.marks.photographs import photographs
from ocr.marks.scrawls import black_signatures
from ocr.marks.seals import seals
from ocr.marks.sheet import covered, sheet_of
from ocr.marks.stamps import stamps
from ocr.marks.strikes import strikes

HIDDEN = 0.7
"""Share of a mark in a photograph or under a note from which on it is part of that."""

SCRAWL_IN = 0.28
"""Inches; a lower signature may be a strike with the letters that it joins."""


def find_marks(pixels: Colour, found: Inks, page: int, dpi: float) -> tuple[Mark, ...]:
    """All marks of a page, boxes in its pixels. pixels: upright, RGB, at `dpi`; found: its coloured ink."""
    sheet = sheet_of(pixels, found, page, dpi)
    areas = (*notes(sheet), *photographs(sheet))
    rings = _outside(seals(sheet), areas)
    marks = (*areas, *rings, *_outside(stamps(sheet, (*areas, *rings)), areas))
    marks = (*marks, *_outside((*boxes(sheet), *_outside(strikes(sheet), rings)), areas))
    pens = (*blue_pen(sheet, marks), *_outside(black_signatures(sheet, marks), areas))
    scrawls = tuple(
        mark for mark in pens if mark.kind == "signature" and mark.box[3] - mark.box[1] > SCRAWL_IN * dpi
    )
    # The last stroke of a scrawl often goes through the name below it.
    return (*(mark for mark in marks if mark.kind != "strike" or _outside((mark,), scrawls)), *pens)


def _outside(marks: tuple[Mark, ...], areas: tuple[Mark, ...]) -> tuple[Mark, ...]:
    return tuple(mark for mark in marks if not any(covered(mark.box, area.box) > HIDDEN for area in areas))
