"""Finding a document type's printed labels on a page, with tolerance for misread letters, and whose they are.

Labels are matched on folded letters only, in any place of the page. A label text that stands for several fields
(`Năm sinh` of mother and father) is told by the part of the form it stands in: parts are opened by their own texts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from rapidfuzz import fuzz, process

from dossier.catalogue.documents import DocumentType
from dossier.model import Box
from ocr.labelowners import in_part, opened_by, others_opened, owners_of
from ocr.labeltable import Label, label_table
from ocr.labelwindows import Window, starts_cell, windows
from ocr.letters import letters, mixed_capitals
from ocr.parts import Opener, headed, part_of
from ocr.rows import Row, union

START = "start"
"""Name of the part of a form before any opener."""
_NEAR = 84.0  # similarity in percent: one letter in six may be misread
_LACKING = (
    0.2  # share of its letters that may be missing or too many: a text that lacks more is another label
)
_SHORT = 6  # letters under which a label must be exact


@dataclass(frozen=True)
class Found:
    """A label on the page: words [first, last] of row `row`, or on into [0, tail] of the row `tail_row`.

    fields: whose it is (date and time may share one); none: it only opens a part or ends a value. words_of: the
    field whose value stands in words after it. section: the part of the form it stands in. columns: where the label
    stands before a row of a table, the parts that head the table's columns and the boxes of these headings.
    cell: the label goes on below in a cell of its own; the value begins beside its first line. inner: it stands
    within a sentence (`…, nơi cư trú: …`), where it may be part of a value.
    """

    row: int
    first: int
    last: int
    key: str
    score: float
    fields: tuple[str, ...]
    words_of: str | None
    section: str
    tail_row: int | None = None
    tail: tuple[int, int] = (0, -1)
    columns: tuple[tuple[str, Box], ...] = ()
    cell: bool = False
    inner: bool = False


def find_labels(document: DocumentType, page_rows: tuple[Row, ...], section: str = START) -> list[Found]:
    """All labels of the document type on one page, in reading order. section: the part that the page goes on with."""
    table = label_table(document)
    if not table or not page_rows:
        return []
    longest = max(len(key) for key in table)
    runs = [run for run in windows(page_rows, longest + 4) if run.text]
    keys = list(table)
    scores = process.cdist(
        [run.text for run in runs], keys, scorer=fuzz.ratio, score_cutoff=_NEAR, dtype=np.float32
    )
    hits: list[tuple[float, Window, str]] = []
    for at, label_at in zip(*np.nonzero(scores), strict=True):
        window, label = runs[at], table[keys[label_at]]
        weight = _weight(window, label, float(scores[at, label_at]), page_rows)
        if weight:
            hits.append((weight, window, label.key))
    return _assign(document, table, _without_values(_best(hits), table, page_rows), page_rows, section)


def _weight(window: Window, label: Label, score: float, page_rows: tuple[Row, ...]) -> float:
    """How much speaks for it, 0 if it must not be taken. Longer labels weigh more: they say more."""
    row = page_rows[window.row]
    words = row.words[window.first : window.last + 1]
    if window.tail_row is not None:
        words += page_rows[window.tail_row].words[window.tail[0] : window.tail[1] + 1]
    starts = starts_cell(row, window.first)
    exact = window.text == label.key
    after = _text_at(page_rows, window, 1)
    colon = words[-1].text.endswith(":") or after.startswith((":", "…", "..."))
    colon = colon or (exact and after.startswith("/"))  # its other language follows
    if label.heading and (not exact or window.tail_row is not None):
        return 0.0
    if abs(len(window.text) - len(label.key)) > _LACKING * len(label.key):
        return 0.0
    if len(label.key) < _SHORT and not (exact and (colon or (starts and label.as_printed(words)))):
        return 0.0
    if not starts and not colon and not (exact and words[0].text[:1].isupper()):
        return 0.0
    if label.foreign and not (starts and (colon or exact)):
        return 0.0
    if not colon and window.first > 0 and row.words[window.first - 1].text.endswith(":"):
        return 0.0  # `Nơi chết: Tại nhà`: a value that begins like a label
    if window.cell and not (starts and exact):
        return 0.0
    if label.capitals and not starts and any(word.text != word.text.upper() for word in words):
        return 0.0  # `nước Cộng hòa xã hội chủ nghĩa Việt Nam` within an address is not the motto
    if not label.capitals and not label.mixed and mixed_capitals([word.text for word in words]):
        return 0.0
    return (score / 100.0) ** 3 * len(label.key) + (1.5 if colon else 0.0) + (0.5 if starts else 0.0)


def _text_at(page_rows: tuple[Row, ...], window: Window, step: int) -> str:
    row = page_rows[window.row if window.tail_row is None else window.tail_row]
    at = (window.last if window.tail_row is None else window.tail[1]) + step
    return row.words[at].text if 0 <= at < len(row.words) else ""


def _cells_of(window: Window) -> set[tuple[int, int]]:
    taken = {(window.row, at) for at in range(window.first, window.last + 1)}
    if window.tail_row is not None:
        taken |= {(window.tail_row, at) for at in range(window.tail[0], window.tail[1] + 1)}
    return taken


def _best(hits: list[tuple[float, Window, str]]) -> list[tuple[float, Window, str]]:
    """The weightiest labels that share no word, in reading order."""
    taken: set[tuple[int, int]] = set()
    chosen = []
    for hit in sorted(hits, key=lambda hit: -hit[0]):
        cells = _cells_of(hit[1])
        if not cells & taken:
            taken |= cells
            chosen.append(hit)
    return sorted(chosen, key=lambda hit: (hit[1].row, hit[1].first))


def _without_values(
    hits: list[tuple[float, Window, str]], table: dict[str, Label], page_rows: tuple[Row, ...]
) -> list[tuple[float, Window, str]]:
    """Without short or foreign ones right after another label: they begin its value (`Nơi cư trú | Số 62 đường …`)."""
    kept = hits[:1]
    for before, (weight, window, key) in pairwise(hits):
        plain = weight < len(key) + 1.5 and not table[key].opens  # no colon after it
        plain = plain and (len(key) < _SHORT or table[key].foreign)
        between = page_rows[window.row].words[before[1].last + 1 : window.first]
        after = before[1].row == window.row and not any(letters(word.text) for word in between)
        if not (plain and after):
            kept.append((weight, window, key))
    return kept


def _assign(
    document: DocumentType,
    table: dict[str, Label],
    hits: list[tuple[float, Window, str]],
    page_rows: tuple[Row, ...],
    section: str,
) -> list[Found]:
    """Whose label each one is, walking down the page with the part of the form in mind."""
    openers: list[Opener] = []
    seen: set[tuple[str, str]] = set()
    named: dict[tuple[str, ...], Window] = {}
    found = []
    for weight, window, key in hits:
        label = table[key]
        box = _box(page_rows, window.row, window.first, window.last)
        height = page_rows[window.row].height
        if label.opens:
            openers.append(Opener(window.row, box, label.opens))
        twins = [
            page_rows[w.row].words[w.first].box[0] for _, w, k in hits if k == key and w.row == window.row
        ]
        columns = () if label.opens or len(twins) > 1 else headed(openers, box, height)
        part = part_of(openers, box, height, twins.index(box[0]) if len(twins) > 1 else None) or section
        owners = owners_of(document, label, part, seen)
        if columns:
            heads = {column for column, _ in columns}
            owners = tuple(n for n in label.fields if document.fields[n].options.get("section") in heads)
            columns = columns if owners else ()
        if others := others_opened(document, owners, named.get(owners), window, page_rows):
            openers.append(Opener(window.row, box, others))
            part, owners = others, ()
        named[owners] = window
        opened = {own for name in owners if (own := opened_by(document, name, label, part))}
        if len(opened) == 1 and not label.opens and not columns:
            part = opened.pop()
            openers.append(Opener(window.row, box, part))
        seen |= {(name, key) for name in owners}
        words_of = next((name for name in label.words_of if in_part(document, name, part)), None)
        found.append(
            Found(
                window.row,
                window.first,
                window.last,
                key,
                weight,
                owners,
                words_of,
                part,
                tail_row=window.tail_row,
                tail=window.tail,
                columns=columns,
                cell=window.cell,
                inner=_inner(window, page_rows),
            )
        )
    return [replace(one, fields=()) if _heads(one, found, page_rows) else one for one in found]


def _heads(label: Found, found: list[Found], page_rows: tuple[Row, ...]) -> bool:
    """Whether the label heads a column of a table: what stands under it is told by the labels of the rows."""
    box = _box(page_rows, label.row, label.first, label.last)
    return any(box == heading for other in found for _, heading in other.columns)


def _inner(window: Window, page_rows: tuple[Row, ...]) -> bool:
    """Within a sentence: in small letters, or after a comma, also one that ends the line above."""
    words = page_rows[window.row].words
    if words[window.first].text[:1].islower():
        return True
    if window.first == 0:
        return window.row > 0 and page_rows[window.row - 1].words[-1].text.endswith(",")
    if starts_cell(page_rows[window.row], window.first):
        return False
    return words[window.first - 1].text.endswith(",")


def _box(page_rows: tuple[Row, ...], row: int, first: int, last: int) -> Box:
    return union(word.box for word in page_rows[row].words[first : last + 1])
