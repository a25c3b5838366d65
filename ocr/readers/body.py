"""The reader `issuing-body`: who issued a paper whose head names nobody, from the line over the signature."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from dossier.catalogue.documents import FieldSpec
from dossier.kinds import kind
from dossier.model import Box
from dossier.text.vietnamese import fold
from ocr.layout import Layout, Region, layouts
from ocr.letters import letters
from ocr.readers.base import Candidate, View, reader
from ocr.readers.heading import is_capitals
from ocr.readers.label import read_label, witnesses
from ocr.rows import Row, union
from ocr.witnesses import crop

_STRAY = re.compile(r"^[^a-z]+")
_FOR = re.compile(r"^(?:tm|kt|tl|tuq|q)\s?[.,:]\s*")
_HEAD_OF = re.compile(r"(?:pho )?giam doc (?=so |cong an)")
_BODIES = ("uybannhandan", "congan", "chinhanh", "vanphongdangky", "phongcanhsat", "ubnd")
"""How names of bodies begin, without blanks: under a seal these are lost, and a letter is misread."""
_SHORT = re.compile(r"(?:so|cuc) ")
_ONE_MISREAD = 6  # letters from which on a beginning may have one that is misread
_SIGNS = re.compile(
    r"^(?:(?:tm|kt|tl|tuq|q)\s?[.,:]|(?:pho )?(?:chu tich|giam doc|truong|cuc truong|chi cuc truong)\b)"
)
_SIGNERS = (
    "kt giam doc",
    "kt chu tich",
    "pho giam doc",
    "pho chu tich",
    "giam doc",
    "chu tich",
    "pho truong",
)
_LIKE = 80.0  # per cent of a signer's title that is enough under a seal
"""Whoever signs for the body stands under its name, and so does nothing that belongs to it."""
_MOST_LINES = 4
_PITCH = 1.45  # heights from one line to the next
_INK = 0.04  # share of dark pixels in the middle of a line from which on something stands there
_FEWEST, _MOSTLY = 3, 0.8  # letters of a line, and their share of it, from which on it is print
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
                region = replace(_region(layout, lines), cut=_unread_below(view, layout, lines))
                return witnesses(view, region, kind(spec.kind), spec)
    return []


def _unread_below(view: View, layout: Layout, lines: list[Row]) -> bool:
    """Whether print as dark as the name's stands where its next line would, and no row was read there.

    Beside a seal on a grey scan the first reader passes over whole lines: the name may go on.
    """
    last = lines[-1]
    pitch = last.box[1] - lines[-2].box[1] if len(lines) > 1 else _PITCH * last.height
    left, right = min(row.box[0] for row in lines), max(row.box[2] for row in lines)
    third = (right - left) / 3
    below = (left + third, last.box[1] + pitch, right - third, last.box[3] + pitch)
    if any(row.box[1] < below[3] and below[1] < row.box[3] for row in layout.rows if _meets(row, below)):
        return False
    image = view.pages[layout.page].image()
    ink, paper = np.percentile(crop(image, last.box, 0.0), (5, 90))
    strip = crop(image, below, 0.0)
    return bool(strip.size) and float((strip < (ink + paper) / 2).mean()) > _INK


def _meets(row: Row, box: Box) -> bool:
    return row.box[0] < box[2] and box[0] < row.box[2]


def _named(cell: Row) -> Row | None:
    """The words of a body's name in a cell, without the signer's authority before it; None if it names none."""
    words = cell.words
    while words and not letters(words[0].text):
        words = words[1:]
    text = _STRAY.sub("", fold(" ".join(word.text for word in words)))
    skip = len((_FOR.match(text) or [""])[0])
    skip += len((_HEAD_OF.match(text, skip) or [""])[0])
    if not _begins_a_body(text[skip:]):
        return None
    return Row(words[len(text[:skip].split()) :])


def _begins_a_body(text: str) -> bool:
    if _SHORT.match(text):
        return True
    squeezed = re.sub(r"[^a-z]", "", text)
    return any(
        squeezed.startswith(body)
        or (len(body) >= _ONE_MISREAD and Levenshtein.distance(squeezed[: len(body)], body) <= 1)
        for body in _BODIES
    )


def _more(first: Row, below: list[Row]) -> list[Row]:
    found: list[Row] = []
    above = first
    for cell in below:
        near = cell.box[1] - above.box[3] < 1.2 * above.height
        centred = abs((cell.box[0] + cell.box[2]) - (first.box[0] + first.box[2])) < 6 * first.height
        if not near or len(found) + 1 >= _MOST_LINES or (centred and _signs(cell.text)):
            break
        if centred and _speaks(cell.text):
            found.append(cell)
            above = cell
    return found


def _speaks(text: str) -> bool:
    """Whether a line is print and not what pen and seal look like: nearly all of it letters, and some of them."""
    count = len(letters(text))
    return count >= _FEWEST and count >= _MOSTLY * len("".join(text.split()))


def _signs(text: str) -> bool:
    """Whether a line is the authority or the title of who signs, be it misread in part."""
    plain = " ".join(re.sub(r"[^a-z ]", " ", fold(text)).split())
    return bool(_SIGNS.match(fold(text))) or any(
        fuzz.ratio(plain, title) >= _LIKE or (len(plain) >= _FEWEST and title.startswith(plain))
        for title in _SIGNERS
    )


def _region(layout: Layout, lines: list[Row]) -> Region:
    return Region(layout.page, tuple(row.words for row in lines), union(row.box for row in lines))
