"""Readers of values that stand without a label of their own: letterhead, place and date, signer."""

from __future__ import annotations

import re
from dataclasses import replace

from dossier.catalogue.documents import FieldSpec
from dossier.kinds import kind
from dossier.model import Box
from dossier.text.dates import bilingual
from dossier.text.vietnamese import fold
from ocr.layout import Layout, Region, layouts
from ocr.letters import letters
from ocr.readers.base import Candidate, View, reader
from ocr.readers.corner import name_candidates, read_corner
from ocr.readers.label import find_region, read_label, witnesses
from ocr.readers.letterhead import starts_body
from ocr.readers.numbering import filled_in_date
from ocr.readers.sealink import without_faint
from ocr.readers.segments import Segment, without_colour
from ocr.rows import Row, union

_DATE_LINE = re.compile(r"(?:ngay\b.{0,25}|\d\W{0,3})\bth[ae]ng\b.{0,25}\bnam\b")
_PLACED = re.compile(r"(?:^|.*\blam tai\b)\W*[^\W\d][^,:;\d]{1,40}\d{0,2}\s?[,.]\s*(?:ngay|n\w{2,3})\b")
"""`Cần Thơ, ngày …`: the date of the paper itself, not one that its text speaks of."""
_DATE_FIRST = re.compile(r"^(?:[^,:\d]{0,40},)?\W*(?:ngay\W*)?\d")
_BARE = re.compile(r"^\W*ngay\b(?!\s*,)")
_REST = re.compile(r"^\W*(?:thang\W*\d{1,2}\W*)?nam\W*(?:19|20)\d\d\b")
"""The rest of a date line in a narrow column: `năm 2026`."""
_PEN_GAP = 6.0  # heights: room left for figures to be written in
_MOTTO = ("conghoaxahoichunghiavietnam", "doclaptudohanhphuc")
# The superior agency of a letterhead; the paper's own issuer stands below it.
_SUPERIOR = re.compile(
    r"^(bo|so|uy ban nhan dan (tinh|thanh pho)|ubnd (tinh|tp|thanh pho)|cong an (tinh|thanh pho))\b"
)
_UNIT = re.compile(r"^(?:(tinh|thanh pho|tp)|(huyen|quan|thi xa)|(xa|phuong|thi tran|dac khu))\b")
_SIGNER_BELOW = 0.33
"""Share of the page's height above which nobody signs."""
_COLUMN, _SIGNED = 0.26, 0.26
"""Half the width of a signer's column, and its height, as shares of the page's."""


@reader("letterhead")
def read_letterhead(view: View, name: str, spec: FieldSpec) -> list[Candidate]:
    """The issuer: the lowest body named in the left half of the page's head. A printed label is taken first."""
    if found := [one for one in read_label(view, name, spec) if one.value]:
        return found
    layout = layouts(view)[0]
    heading = [one for one in (_head_row(layout, row) for row in _head(view, layout)) if one]
    own = _own(heading)
    if not own:
        return []
    lines = tuple(row.words for row in own)
    region = Region(layout.page, lines, union(row.box for row in own))
    return witnesses(view, region, kind(spec.kind), spec)


def _own(heading: list[Row]) -> list[Row]:
    """The lines that name the issuer itself: neither the body above it nor the wider units that it lies in.

    `TỈNH A / ỦY BAN NHÂN DÂN / XÃ B` and `ỦY BAN NHÂN DÂN / XÃ B / TỈNH A` both give the committee of the commune.
    """
    groups: list[list[Row]] = []
    for row in heading:
        level = _level(row)
        if level and not groups:
            continue  # a unit above its body
        if level and groups and any(_level(other) for other in groups[-1]):
            if level < max(_level(other) for other in groups[-1]):
                continue  # the wider unit, after the narrower one
            groups[-1].append(row)
        elif groups and not _SUPERIOR.match(fold(row.text)) and not _names_body(row):
            groups[-1].append(row)
        else:
            groups.append([row])
    own = [group for group in groups if not _is_superior(" ".join(row.text for row in group))]
    return (own or groups or [heading])[-1][:3] if len(groups) > 1 or own else heading[:3]


def _level(row: Row) -> int:
    """1 for a province, 2 for a district, 3 for a commune that the line begins with; 0 for any other line."""
    found = _UNIT.match(fold(row.text))
    return next((at for at in (1, 2, 3) if found and found[at]), 0)


def _names_body(row: Row) -> bool:
    return starts_body(re.sub(r"[^a-z ]", "", fold(row.text)).strip())


def _is_superior(text: str) -> bool:
    # Spaces are lost in small capitals: `SỞY TẾ`.
    return bool(_SUPERIOR.match(fold(text)) or re.match(r"(so|bo)(yte|tuphap|noivu|congan)", letters(text)))


def _head(view: View, layout: Layout) -> list[Row]:
    """Rows above the paper's number and title."""
    titles = [letters(title) for title in view.document.titles]
    rows = []
    for number, row in enumerate(layout.rows):
        text = letters(row.text)
        if row.middle > 0.3 * layout.reading.height or any(title in text for title in titles):
            break
        names = {name for found in layout.found if found.row == number for name in found.fields}
        if any(view.document.fields[name].reader != "signer" for name in names):
            break
        rows.append(row)
    return rows


def _head_row(layout: Layout, row: Row) -> Row | None:
    """The part of a row in the left half, if it is words and not the national motto."""
    left = [cell for cell in row.cells() if (cell.box[0] + cell.box[2]) / 2 < 0.48 * layout.reading.width]
    words = [word for cell in left for word in cell.words]
    while words and not letters(words[0].text):
        words = words[1:]
    while words and not letters(words[-1].text):
        words = words[:-1]
    text = letters(" ".join(word.text for word in words))
    if len(text) < 3 or any(motto in text or text in motto for motto in _MOTTO) or text.startswith("mau"):
        return None
    return Row(tuple(words))


@reader("place-date")
def read_place_date(view: View, name: str, spec: FieldSpec) -> list[Candidate]:
    """The date of a line `<place>, ngày … tháng … năm …`. Option `pick`: `last` (default) or `first` of the paper.

    A line that begins with a place is taken before one that does not, one that was filled in before an empty one.
    """
    wanted = kind(spec.kind)
    found, placed = [], []
    for layout in layouts(view):
        for number, row in enumerate(layout.rows):
            taken = [f for f in layout.found if f.row == number and f.fields and name not in f.fields]
            for cell in row.cells(_PEN_GAP):
                text = fold(cell.text)
                if _PLACED.match(text) and (dated := _dated(layout, number, cell)) is not None:
                    placed.append(dated)
                elif _BARE.match(text) and _DATE_LINE.search(text):
                    own = not any(row.words[f.first].box[0] <= cell.box[0] for f in taken)
                    found += [_from_day(layout, cell)] if own else []
    found = [one for one in placed if wanted.parse(one.text)] or placed or found
    found = [one for one in found if wanted.parse(one.text)] or found
    if not found:
        region = find_region(view, name, spec)
        if region is None or not region.lines or not _DATE_FIRST.match(fold(region.text)):
            return []
        return witnesses(view, region, wanted, spec)
    region = found[0 if spec.options.get("pick") == "first" else -1]
    plain = region.lines and not bilingual(region.text)
    if plain and (by_pen := filled_in_date(view, region.page, Segment(region.lines[0]))):
        return by_pen
    if not re.search(r"\d", region.text):
        return [Candidate("", None, region.page, region.box, "layout", 0.5)]
    return witnesses(view, region, wanted, spec)


def _dated(layout: Layout, number: int, cell: Row) -> Region | None:
    """The date of a cell that begins with place and day; its rest may stand in the cell below."""
    if _DATE_LINE.search(fold(cell.text)):
        return _from_day(layout, cell)
    for row in layout.rows[number + 1 : number + 3]:
        for below in row.cells(1.0):
            middle = (below.box[0] + below.box[2]) / 2
            near = below.box[1] - cell.box[3] < cell.height
            if near and cell.box[0] < middle < cell.box[2] and _REST.match(fold(below.text)):
                return _from_day(layout, cell, below)
    return None


def _from_day(layout: Layout, cell: Row, *below: Row) -> Region:
    """From the word `ngày` on."""
    starts = [at for at, word in enumerate(cell.words) if letters(word.text).startswith("ngay")]
    lines = (cell.words[starts[-1] if starts else 0 :], *(row.words for row in below))
    return Region(layout.page, lines, union(word.box for line in lines for word in line))


@reader("signer")
def read_signer(view: View, name: str, spec: FieldSpec) -> list[Candidate]:
    """The name under the signature, in the column below the label over the signer's title."""
    wanted = kind(spec.kind)
    for layout in reversed(layouts(view)):
        for found in reversed([one for one in layout.found if name in one.fields]):
            label = layout.box_of(found)
            if label[1] < _SIGNER_BELOW * layout.reading.height:
                continue  # the same body in the head
            grey = without_colour(view.pages[layout.page].image())
            clear = without_faint(grey, layout.reading)
            box, height = _under(layout, label), label[3] - label[1]
            _, line = read_corner(view, layout.page, (grey, clear), box, label[1], height)
            if line is not None:
                seen = name_candidates(view, layout.page, line, clear)
                return [replace(one, value=one.value and wanted.parse(one.value)) for one in seen]
            return [Candidate("", None, layout.page, label, "layout", 0.5)]
    return []


def _under(layout: Layout, label: Box) -> Box:
    """Where titles, seal, signature and name stand under a label, itself included."""
    page = layout.reading
    middle, above = (label[0] + label[2]) / 2, 0.4 * (label[3] - label[1])
    reach = min(_COLUMN * page.width, middle, page.width - middle)
    bottom = min(label[1] + _SIGNED * page.height, page.height)
    return (middle - reach, label[1] - above, middle + reach, bottom)
