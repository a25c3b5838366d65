"""The reader `issuing-body`: who issued a paper whose head names nobody, from the line over the signature."""

from __future__ import annotations

import re

from dossier.catalogue.documents import FieldSpec
from dossier.kinds import kind
from dossier.text.vietnamese import fold
from ocr.layout import Layout, Region, layouts
from ocr.letters import letters
from ocr.readers.base import Candidate, View, reader
from ocr.readers.heading import is_capitals
from ocr.readers.label import read_label, witnesses
from ocr.rows import Row, union

_FOR = re.compile(r"^(?:tm|kt|tl|tuq|q)\s?[.,:]\s*")
_BODY = re.compile(
    r"(?:(?:pho )?giam doc )?"
    r"(?=(?:uy ban nhan dan|ubnd|so |cong an|chi nhanh|van phong dang ky|phong canh sat|cuc ))"
)
_SIGNS = re.compile(
    r"^(?:(?:tm|kt|tl|tuq|q)\s?[.,:]|(?:pho )?(?:chu tich|giam doc|truong|cuc truong|chi cuc truong)\b)"
)
"""Whoever signs for the body stands under its name."""
_MOST_LINES = 4
_HEAD = 0.35
"""Share of a page's lines in which its head stands, with the ministry over the issuer."""


@reader("issuing-body")
def read_body(view: View, name: str, spec: FieldSpec) -> list[Candidate]:
    """The last line in capitals that names a body, with the lines that go on with its name. A label comes first.

    Option `page`: `last` (default) or `first` of the pages that name one.
    """
    if found := [one for one in read_label(view, name, spec) if one.value]:
        return found
    pages = layouts(view)
    for layout in pages if spec.options.get("page") == "first" else reversed(pages):
        below = layout.rows[int(_HEAD * len(layout.rows)) :]
        cells = [cell for row in below for cell in row.cells() if cell.text == cell.text.upper()]
        for at in reversed(range(len(cells))):
            if is_capitals(cells[at].text) and (own := _named(cells[at])) is not None:
                lines = [own, *_more(cells[at], cells[at + 1 :])]
                return witnesses(view, _region(layout, lines), kind(spec.kind), spec)
    return []


def _named(cell: Row) -> Row | None:
    """The words of a body's name in a cell, without the signer's authority before it; None if it names none."""
    text = fold(cell.text)
    skip = len((_FOR.match(text) or [""])[0])
    body = _BODY.match(text, skip)
    if body is None:
        return None
    gone = len(text[: body.end()].split())
    return Row(cell.words[gone:])


def _more(first: Row, below: list[Row]) -> list[Row]:
    found: list[Row] = []
    above = first
    for cell in below:
        near = cell.box[1] - above.box[3] < 1.2 * above.height
        centred = abs((cell.box[0] + cell.box[2]) - (first.box[0] + first.box[2])) < 6 * first.height
        if not near or len(found) + 1 >= _MOST_LINES:
            break
        if centred and letters(cell.text) and not _SIGNS.match(fold(cell.text)):
            found.append(cell)
            above = cell
    return found


def _region(layout: Layout, lines: list[Row]) -> Region:
    return Region(layout.page, tuple(row.words for row in lines), union(row.box for row in lines))
