"""The reader `main-line`: the main entry of a printed table, as of a household's lines of business.

The table's heading names the column (`Tên ngành`); of its rows the one marked `(Chính)` or `X` is the main one, else
the first. Without a table the value stands by the label as any other.
"""

from __future__ import annotations

import re

from dossier.catalogue.documents import FieldSpec
from dossier.kinds import kind
from dossier.reading import Word
from dossier.text.vietnamese import fold
from ocr.labels import Found
from ocr.layout import Layout, Region, layouts
from ocr.letters import letters
from ocr.readers.base import Candidate, View, reader
from ocr.readers.label import read_label, witnesses
from ocr.rows import Row, union

_ORDINAL = re.compile(r"^\d{1,2}[.)]?$")
_CODE = re.compile(r"^[A-Z]?\d{4,5}$")
_MOST_ROWS = 24
_END = 3.5  # heights of white under a table


@reader("main-line")
def read_main_line(view: View, name: str, spec: FieldSpec) -> list[Candidate]:
    """The main entry's name."""
    for layout in layouts(view):
        for found in layout.found:
            if name in found.fields and (entries := _entries(layout, found)):
                main = next((lines for lines, marked in entries if marked), entries[0][0])
                return witnesses(view, _region(layout, main), kind(spec.kind), spec)
    return read_label(view, name, spec)


def _entries(layout: Layout, found: Found) -> list[tuple[list[list[Word]], bool]]:
    """The table's entries under a heading: the words of the column by line, and whether it is marked as main.

    An entry begins where an ordinal stands left of the column or a code right of it. No entries: no table.
    """
    head = layout.rows[found.row]
    if not _is_heading(head):
        return []
    left, right = _column(head, found)
    entries: list[tuple[list[list[Word]], bool]] = []
    above, coded = head, False
    for row in layout.rows[found.row + 1 : found.row + 1 + _MOST_ROWS]:
        if row.box[1] - above.box[3] > _END * head.height:
            break
        words = [
            word for word in row.words if left <= (word.box[0] + word.box[2]) / 2 < right and _said(word)
        ]
        ordinal = any(_ORDINAL.match(word.text) for word in row.words if word.box[2] < left + head.height)
        code = any(_CODE.match(word.text) for word in row.words if word.box[0] >= right - head.height)
        if not entries and not (ordinal or code):
            if words or not row.words:
                break
            continue
        if not ordinal and re.match(r"^\d{1,2}\.$", row.words[0].text):
            break  # the next part of the form
        marked = "chinh" in fold(row.text).split("(")[-1] or bool(
            re.search(r"\bx\b", fold(" ".join(word.text for word in row.words if word.box[0] >= right)))
        )
        if ordinal or (code and (not entries or coded)):
            entries.append(([], False))
            coded = False
        coded = coded or code
        lines, was = entries[-1]
        entries[-1] = ([*lines, words] if words else lines, was or marked)
        above = row
    return [(lines, marked) for lines, marked in entries if lines]


def _is_heading(row: Row) -> bool:
    text = letters(row.text)
    return "manganh" in text or "stt" in text


def _column(head: Row, found: Found) -> tuple[float, float]:
    """Left and right edge: half way to the headings beside it."""
    box = union(word.box for word in head.words[found.first : found.last + 1])
    before = max((word.box[2] for word in head.words[: found.first]), default=0.0)
    after = min((word.box[0] for word in head.words[found.last + 1 :]), default=box[2] * 10)
    return before + 0.4 * head.height, after - 0.4 * head.height


def _said(word: Word) -> bool:
    return bool(letters(word.text))


def _region(layout: Layout, lines: list[list[Word]]) -> Region:
    kept = tuple(tuple(line) for line in lines)
    return Region(layout.page, kept, union(word.box for line in kept for word in line))
