"""Finding a document type's printed labels on a page, with tolerance for misread letters, and whose they are.

Labels are matched on folded letters only, in any place of the page. A label text that stands for several fields
(`Năm sinh` of mother and father) is told by the part of the form it stands in: parts are opened by their own texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from rapidfuzz import fuzz, process

from dossier.catalogue.documents import DocumentType, shared_labels
from dossier.model import Box
from dossier.reading import Word
from dossier.text.vietnamese import fold, tone_key
from ocr.parts import Opener, headed, part_of
from ocr.rows import Row, union

START = "start"
"""Name of the part of a form before any opener."""
_NEAR = 84.0  # similarity in percent: one letter in six may be misread
_CELL_GAP = 1.6  # heights of white that no label has between its words
_RULE = re.compile(r"[|¦│—]+")  # what recognisers make of a table's rules
_RULED_GAP = 0.7  # heights of white between words of two cells with a rule between them
_SHORT = 6  # letters under which a label must be exact


@dataclass
class _Label:
    """A label text: the fields it may stand for, the part it opens, whether it only ends a value or is a heading.

    foreign: a label of other papers. It ends a value, but only where a label is sure to stand.
    """

    key: str
    capitals: bool
    mixed: bool
    printed: set[str] = field(default_factory=set)
    fields: list[str] = field(default_factory=list)
    opens: str | None = None
    words_of: list[str] = field(default_factory=list)
    heading: bool = False
    foreign: bool = False


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


@dataclass(frozen=True)
class _Window:
    row: int
    first: int
    last: int
    text: str
    tail_row: int | None = None
    tail: tuple[int, int] = (0, -1)
    cell: bool = False


def letters(text: str) -> str:
    """Folded letters and digits only: what labels are compared by."""
    return re.sub(r"[^a-z0-9]", "", fold(text))


def find_labels(document: DocumentType, page_rows: tuple[Row, ...], section: str = START) -> list[Found]:
    """All labels of the document type on one page, in reading order. section: the part that the page goes on with."""
    table = _table(document)
    if not table or not page_rows:
        return []
    longest = max(len(key) for key in table)
    windows = [w for w in _windows(page_rows, longest + 4) if w.text]
    keys = list(table)
    scores = process.cdist(
        [w.text for w in windows], keys, scorer=fuzz.ratio, score_cutoff=_NEAR, dtype=np.float32
    )
    hits: list[tuple[float, _Window, str]] = []
    for at, label_at in zip(*np.nonzero(scores), strict=True):
        window, label = windows[at], table[keys[label_at]]
        weight = _weight(window, label, float(scores[at, label_at]), page_rows)
        if weight:
            hits.append((weight, window, label.key))
    return _assign(document, table, _without_values(_best(hits), table), page_rows, section)


def _table(document: DocumentType) -> dict[str, _Label]:
    table: dict[str, _Label] = {}

    def entry(text: str) -> _Label:
        key = letters(text)
        label = table.setdefault(key, _Label(key, text == text.upper(), _mixed_capitals(text.split())))
        label.printed.add(tone_key(text))
        return label

    for name, spec in document.fields.items():
        for text in spec.labels:
            label = entry(text)
            label.fields += [name] if name not in label.fields else []
        for text in spec.options.get("words", ()):
            entry(text).words_of.append(name)
    for section, texts in document.options.get("sections", {}).items():
        for text in texts:
            entry(text).opens = section
    shared = {letters(text) for texts in shared_labels().values() for text in texts}
    for text in document.options.get("stops", ()):
        known = letters(text) in table
        entry(text).foreign = not known and letters(text) in shared
    for text in document.titles:  # `TÌNH TRẠNG HÔN NHÂN` in a heading is no label
        if letters(text) not in table:
            entry(text).heading = True
    for texts in shared_labels().values():
        for text in texts:
            if letters(text) not in table:
                entry(text).foreign = True
    return table


def _windows(page_rows: tuple[Row, ...], longest: int) -> Iterable[_Window]:
    """Runs of words that could be a label: within a cell, or from a cell's end on into the cell below."""
    for number, row in enumerate(page_rows):
        for first in range(len(row.words)):
            text = ""
            for last in range(first, len(row.words)):
                word = row.words[last]
                if last > first:
                    before = row.words[last - 1]
                    if before.text.endswith(":"):
                        break
                    if parted(before, word, row.height):
                        yield from _over_the_edge(
                            page_rows, number, (first, last - 1), text, longest, cell=True
                        )
                        break
                text += letters(word.text)
                if len(text) > longest:
                    break
                if letters(word.text):
                    yield _Window(number, first, last, text)
            else:
                span = (first, len(row.words) - 1)
                yield from _over_the_edge(page_rows, number, span, text, longest, cell=False)


def parted(left: Word, right: Word, height: float) -> bool:
    """Whether two neighbouring words stand in different cells: a wide gap, or a rule that parted their lines."""
    gap = right.box[0] - left.box[2]
    if _RULE.fullmatch(left.text) or _RULE.fullmatch(right.text):
        return True
    return gap > _CELL_GAP * height or (left.line != right.line and gap > _RULED_GAP * height)


def _over_the_edge(
    page_rows: tuple[Row, ...], number: int, span: tuple[int, int], text: str, longest: int, *, cell: bool
) -> Iterable[_Window]:
    """A label that fills its cell to the end and goes on at the start of the line below.

    span: its words in the row. cell: other cells stand beside it, so it goes on under itself only.
    """
    row, (first, end) = page_rows[number], span
    if number + 1 >= len(page_rows) or row.words[end].text.endswith(":") or len(text) < (4 if cell else 8):
        return
    below = page_rows[number + 1]
    if below.box[1] - row.box[3] > 1.2 * row.height:
        return
    near = (0.8 if cell else 2) * row.height
    starts = [
        at
        for at, word in enumerate(below.words)
        if abs(word.box[0] - row.words[first].box[0]) < near or (at == 0 and not cell)
    ]
    for start in starts[:2]:
        grown = text
        for last in range(start, len(below.words)):
            word, before = below.words[last], below.words[last - 1]
            if cell and last > start and parted(before, word, row.height):
                break
            grown += letters(word.text)
            if len(grown) > longest:
                break
            yield _Window(number, first, end, grown, number + 1, (start, last), cell)
            if word.text.endswith(":"):
                break


def _weight(window: _Window, label: _Label, score: float, page_rows: tuple[Row, ...]) -> float:
    """How much speaks for it, 0 if it must not be taken. Longer labels weigh more: they say more."""
    row = page_rows[window.row]
    words = row.words[window.first : window.last + 1]
    if window.tail_row is not None:
        words += page_rows[window.tail_row].words[window.tail[0] : window.tail[1] + 1]
    starts = _starts_cell(row, window.first)
    exact = window.text == label.key
    after = _text_at(page_rows, window, 1)
    colon = words[-1].text.endswith(":") or after.startswith((":", "…", "..."))
    colon = colon or (exact and after.startswith("/"))  # its other language follows
    if label.heading and (not exact or window.tail_row is not None):
        return 0.0
    if len(label.key) < _SHORT and not (exact and (colon or (starts and _as_printed(label, words)))):
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
    if not label.capitals and not label.mixed and _mixed_capitals([word.text for word in words]):
        return 0.0
    return (score / 100.0) ** 3 * len(label.key) + (1.5 if colon else 0.0) + (0.5 if starts else 0.0)


def _as_printed(label: _Label, words: Iterable[Word]) -> bool:
    """With its marks: `SỞ` is no `Số`."""
    return tone_key(" ".join(word.text for word in words)) in label.printed


def _text_at(page_rows: tuple[Row, ...], window: _Window, step: int) -> str:
    row = page_rows[window.row if window.tail_row is None else window.tail_row]
    at = (window.last if window.tail_row is None else window.tail[1]) + step
    return row.words[at].text if 0 <= at < len(row.words) else ""


def _starts_cell(row: Row, at: int) -> bool:
    """At the row's start, after a gap, a number (`1.`, `(2)`), a slash, a leader or a sign that ends something."""
    while at > 0 and (
        not letters(row.words[at - 1].text) or re.fullmatch(r"\(?\d{1,2}[.)]+", row.words[at - 1].text)
    ):
        if re.search(r"[,(]$", row.words[at - 1].text):
            return False
        at -= 1
    if at == 0:
        return True
    before = row.words[at - 1]
    return row.words[at].box[0] - before.box[2] > 1.2 * row.height or before.text.endswith(
        (";", "/", "…", "...")
    )


def _mixed_capitals(texts: list[str]) -> bool:
    """Small words followed by words all in capitals: a label with the beginning of its value."""
    shouted = [len(letters(text)) > 1 and text == text.upper() and not text.isdigit() for text in texts]
    return any(shouted) and not all(shouted)


def _cells_of(window: _Window) -> set[tuple[int, int]]:
    taken = {(window.row, at) for at in range(window.first, window.last + 1)}
    if window.tail_row is not None:
        taken |= {(window.tail_row, at) for at in range(window.tail[0], window.tail[1] + 1)}
    return taken


def _best(hits: list[tuple[float, _Window, str]]) -> list[tuple[float, _Window, str]]:
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
    hits: list[tuple[float, _Window, str]], table: dict[str, _Label]
) -> list[tuple[float, _Window, str]]:
    """Without short or foreign ones right after another label: they begin its value (`Nơi cư trú | Số 62 đường …`)."""
    kept = hits[:1]
    for before, (weight, window, key) in pairwise(hits):
        plain = weight < len(key) + 1.5 and not table[key].opens  # no colon after it
        plain = plain and (len(key) < _SHORT or table[key].foreign)
        after = before[1].row == window.row and before[1].last + 1 == window.first
        if not (plain and after):
            kept.append((weight, window, key))
    return kept


def _assign(
    document: DocumentType,
    table: dict[str, _Label],
    hits: list[tuple[float, _Window, str]],
    page_rows: tuple[Row, ...],
    section: str,
) -> list[Found]:
    """Whose label each one is, walking down the page with the part of the form in mind."""
    openers: list[Opener] = []
    seen: set[tuple[str, str]] = set()
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
        owners = _owners(document, label, part, seen)
        if columns:
            heads = {column for column, _ in columns}
            owners = tuple(n for n in label.fields if document.fields[n].options.get("section") in heads)
            columns = columns if owners else ()
        opening = [name for name in owners if document.fields[name].options.get("opens")]
        if opening and not label.opens:
            part = document.fields[opening[0]].options["section"]
            openers.append(Opener(window.row, box, part))
        seen |= {(name, key) for name in owners}
        words_of = next((name for name in label.words_of if _in_part(document, name, part)), None)
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


def _inner(window: _Window, page_rows: tuple[Row, ...]) -> bool:
    """Within a sentence: in small letters amid a cell, or after a comma, also one that ends the line above."""
    words = page_rows[window.row].words
    if window.first == 0:
        return window.row > 0 and page_rows[window.row - 1].words[-1].text.endswith(",")
    if _starts_cell(page_rows[window.row], window.first):
        return False
    return words[window.first].text[:1].islower() or words[window.first - 1].text.endswith(",")


def _box(page_rows: tuple[Row, ...], row: int, first: int, last: int) -> Box:
    return union(word.box for word in page_rows[row].words[first : last + 1])


def _in_part(document: DocumentType, name: str, part: str) -> bool:
    return bool(document.fields[name].options.get("section", part) == part)


def _owners(document: DocumentType, label: _Label, part: str, seen: set[tuple[str, str]]) -> tuple[str, ...]:
    """The fields of this part that carry the label. Seen twice, it is that of the next part's first field."""
    here = tuple(name for name in label.fields if _in_part(document, name, part))
    if here and not all((name, label.key) in seen for name in here):
        return here
    options = {name: document.fields[name].options for name in label.fields}
    opening = [name for name in label.fields if options[name].get("opens") and (name, label.key) not in seen]
    if opening:
        return (opening[0],)
    if here:
        # A second `Dân tộc` in one part means that the opener of another part was not read: whose it is, is unknown.
        return here if len(here) == len(label.fields) else ()
    # Some boxes (the paper's number) are printed outside of every part.
    return tuple(name for name in label.fields if options[name].get("outside"))
