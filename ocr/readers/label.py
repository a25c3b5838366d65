"""The reader `label`: a value that stands by its printed label, anywhere on the page.

Options of a field: `section` (the part of the form it belongs to), `opens` (its label opens that part), `outside`
(it may also be printed outside of all parts), `words` (labels after which the same value stands in words), `first`
(it stands by the first such label on the paper or nowhere), `last` (of several, the last that is filled in counts).
"""

from __future__ import annotations

import re
from dataclasses import replace

from dossier.catalogue.documents import FieldSpec
from dossier.kinds import Kind, kind
from dossier.text.vietnamese import fold
from ocr.layout import Region, groups, layouts, word_groups
from ocr.readers.base import Candidate, View, odd, reader
from ocr.readers.combline import comb_candidates
from ocr.regions import value_regions
from ocr.strokes import ink_beside, looks_written, with_lost_ink
from ocr.witnesses import candidate, enlarged_candidate, second_candidate, third_candidate

_PEN_BEFORE = 3.0  # heights
_UNFINISHED = re.compile(
    r"\b(?:tinh|thanh pho|tp|huyen|quan|thi xa|thi tran|xa|phuong|dac khu|duong|pho|so|va|cua|tai"
    r"|van phong|chi nhanh|phong|uy ban(?: nhan dan)?|ubnd|cong an)\W*$"
)
"""No address or text ends with such a word: its last line was not found."""
_DIGITS = 4
"""Digits from which a place is filled in with a number or a date."""
_OPEN_ENDED = ("name", "text", "id")
"""Groups of kinds whose values do not show by their form where they end."""


@reader("label")
def read_label(view: View, name: str, spec: FieldSpec) -> list[Candidate]:
    """Candidates of all witnesses for the field; an empty one if the label is there and its place is empty."""
    wanted = kind(spec.kind)
    region = find_region(view, name, spec)
    if region is None:
        return []
    if wanted.parse(region.text) is None and (boxed := comb_candidates(view, region, wanted)):
        return boxed
    if not region.lines:
        return [Candidate("", None, region.page, region.box, "layout", 0.5)]
    if wanted.parse(region.text) is None and wanted.group == "closed":
        region = ink_beside(view.pages[region.page].image(), region) or region
    if _filled_in(wanted):
        region = with_lost_ink(view.pages[region.page].image(), region)
    return witnesses(view, region, wanted, spec) + _in_words(view, name, region, wanted)


def find_region(view: View, name: str, spec: FieldSpec) -> Region | None:
    """The likeliest place of the field's value: the first that holds one of its kind, else the first not empty."""
    wanted = kind(spec.kind)
    region = _region(view, name, spec, wanted)
    if region is None or wanted.wraps or wanted.parse(region.text) is not None:
        return region
    # In a narrow column a date or a number goes on in the next line.
    longer = _region(view, name, spec, replace(wanted, wraps=True)) if wanted.secure else None
    return longer if longer is not None and wanted.parse(longer.text) is not None else region


def _region(view: View, name: str, spec: FieldSpec, wanted: Kind) -> Region | None:
    part = spec.options.get("section")
    seen: list[Region] = []
    standing = [(layout, group) for layout in layouts(view) for group in groups(layout, name)]
    standing.sort(key=lambda one: one[1][0].inner)
    if spec.options.get("last"):
        standing.reverse()
    for layout, group in standing[: 1 if spec.options.get("first") else None]:
        places = list(value_regions(layout, group, view.document, wanted, part))
        for region in places:
            if region.lines and wanted.parse(region.text) is not None:
                return region
        filled_in = (region for region in places if len(re.findall(r"\d", region.text)) >= _DIGITS)
        if (spec.identifier or spec.options.get("last")) and (unread := next(filled_in, None)) is not None:
            return unread  # filled in, and not read: no other label's value takes its place
        seen += places
    filled = [region for region in seen if region.lines and not wanted.empty(region.text)]
    return next(iter(filled or [region for region in seen if not region.lines] or seen), None)


def witnesses(view: View, region: Region, wanted: Kind, spec: FieldSpec) -> list[Candidate]:
    """The page's reading and the second reader's; where they differ, another look of each and the third reader's."""
    found = [candidate(view, region, wanted)]
    if second := second_candidate(view, region, wanted):
        found.append(second)
    values = [one.value for one in found if one.value is not None]
    agreed = len(values) == 2 and wanted.same(*values) and not odd(wanted, values[0])
    if not agreed or spec.identifier:
        third = enlarged_candidate(view, region, wanted)
        found += [third] if third else []
    if not agreed and not spec.identifier:
        more = second_candidate(view, region, wanted, wide=True), third_candidate(view, region, wanted)
        found += [one for one in more if one]
    written = _by_pen(view, region) or (
        _filled_in(wanted) and looks_written(view.pages[region.page].image(), region)
    )
    if spec.identifier and not _all_same(wanted, found):
        if written:  # of pen strokes in dispute the first reader's opinion is worse than none
            found = [one for one in found if one.by.startswith("aster")] or found
        elif fourth := enlarged_candidate(view, region, wanted, factor=3):
            found.append(fourth)  # yet other pixels
    unfinished = wanted.group == "text" and _UNFINISHED.search(fold(region.text)) is not None
    loose = (region.loose and wanted.group in _OPEN_ENDED) or unfinished
    return [replace(one, handwritten=written, loose=loose) for one in found]


def _filled_in(wanted: Kind) -> bool:
    """Numbers of registers are filled in by hand; a personal number has its structure and stands on cards' art."""
    return wanted.group == "id" and not wanted.secure


def _all_same(wanted: Kind, found: list[Candidate]) -> bool:
    values = [one.value for one in found if one.value is not None]
    return all(wanted.same(values[0], value) for value in values)


def _by_pen(view: View, region: Region) -> bool:
    """Whether strokes of a pen lie over the value, or before it where its first figures may have been filled in."""
    x0, y0, x1, y1 = region.box
    start = x0 - _PEN_BEFORE * (y1 - y0)
    return any(
        mark.kind == "handwriting"
        and mark.box[0] < x1
        and start < mark.box[2]
        and mark.box[1] < y1
        and y0 < mark.box[3]
        for mark in view.pages[region.page].reading.marks
    )


def _in_words(view: View, name: str, region: Region, wanted: Kind) -> list[Candidate]:
    """The same value written out in words, as a witness of its own."""
    if wanted.in_words is None:
        return []
    running = replace(wanted, wraps=True)
    for layout in layouts(view):
        for group in word_groups(layout, name):
            for place in value_regions(layout, group, view.document, running):
                if found := words_candidate(place, wanted):
                    return [found]
    found = words_candidate(region, wanted)
    return [found] if found else []


def words_candidate(region: Region, wanted: Kind) -> Candidate | None:
    value = wanted.in_words(region.text) if wanted.in_words else None
    if value is None:
        return None
    return Candidate(region.text, value, region.page, region.box, "words", region.confidence)
