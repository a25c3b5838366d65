"""Where a label's value stands: beside it, below it, over leaders, wrapped over lines, up to the next label."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from dossier.catalogue.documents import DocumentType
from dossier.kinds import Kind
from dossier.reading import Word
from dossier.text.vietnamese import fold
from ocr.labels import Found
from ocr.layout import BREAK, INDENT, Layout, Region
from ocr.letters import letters
from ocr.parts import cell_of
from ocr.rows import Row, union

_STOP = re.compile(r"[a-zà-ỹđ]{2}[.]$")
"""A word that ends a sentence; `TP.` and `Q.` are capitals."""
_NEXT_ROW = 1.5  # heights of white up to a row that still belongs to the one above
_LABEL_WORDS = 10  # of the longest label
_ORDINAL = re.compile(r"^\(?(?:\d{1,2}|[a-zđ])[.)]+$")
_DATED = re.compile(r"^\D{0,40}\bngay\b.{0,16}\bthang\b|\d\W{0,3}\bthang\b.{0,20}\bnam\b.{0,8}\d{4}")
_PLACED = re.compile(r"^\W*[^\W\d][^,\d]{1,30},\s*ngay\b")
_LEADER = re.compile(r"[.…·]{4,}|…")


def value_regions(
    layout: Layout, group: list[Found], document: DocumentType, wanted: Kind, part: str | None = None
) -> Iterable[Region]:
    """The places where the value of a label may stand, likeliest first.

    group: the label and its other parts next to it (`Số / No.:`, an English label below). An empty region at the
    label itself comes last. part: that of the field, for tables whose columns are parts.
    """
    loose = bool(document.options.get("loose_wrap"))
    for found in reversed(group):
        if found.columns:
            yield _cell(layout, found, part, wanted.wraps)
            return
        beside = _beside(layout, found, wanted.free)
        if beside:
            lines, cut = [beside], False
            if wanted.wraps:
                more, cut = _wrapped(layout, group, found, beside, loose, wanted.free)
                lines += more
            lines = _to_the_full_stop(lines) if wanted.wraps else lines
            yield replace(_region(layout, lines), label_end=_label_end(layout, found), cut=cut)
    if below := _below(layout, group, wanted.wraps):
        yield _region(layout, below)
    if (wanted.wraps or wanted.secure) and (
        next_line := _on_the_next_line(layout, group[-1], loose, wanted.free)
    ):
        yield _region(layout, next_line)
    yield Region(layout.page, (), layout.box_of(group[-1]))


def _cell(layout: Layout, found: Found, part: str | None, wraps: bool) -> Region:
    """The cell of a part's column in the row that the label heads; an empty one is a region without words."""
    height = layout.rows[found.row].height
    aligned = [
        other.row
        for other in layout.found
        if other.row > found.row and layout.box_of(other)[0] < layout.box_of(found)[0] + 2 * height
    ]
    last = min(aligned, default=len(layout.rows))
    lines = cell_of(layout.rows[:last], found.row, layout.box_of(found)[2], found.columns, part or "", wraps)
    lines = [line for line in map(_tidy, lines) if line]
    return _region(layout, lines) if lines else Region(layout.page, (), layout.box_of(found))


def _region(layout: Layout, lines: list[list[Word]]) -> Region:
    kept = tuple(tuple(line) for line in lines if line)
    return Region(layout.page, kept, union(word.box for line in kept for word in line))


def _end_of(found: Found) -> tuple[int, int]:
    """Row and number of the label's last word before its value."""
    if found.tail_row is None or found.cell:
        return found.row, found.last
    return found.tail_row, found.tail[1]


def _label_end(layout: Layout, found: Found) -> float:
    row, last = _end_of(found)
    return layout.rows[row].words[last].box[2]


def _beside(layout: Layout, found: Found, free: bool) -> list[Word]:
    """The words right of the label, up to the next label or a gap that a value does not have."""
    number, last = _end_of(found)
    row = layout.rows[number]
    ends = [first for first, _ in layout.labels_in(number, free) if first > last]
    words = list(row.words[last + 1 : min(ends, default=len(row.words))])
    if ends and words and _ORDINAL.match(words[-1].text):
        words.pop()  # the number of the next label
    if not row.words[last].text.endswith(":"):
        words = _after_the_labels_tail(words)
    return _tidy(_unbroken(_before_leader(words), row.height))


def _before_leader(words: list[Word]) -> list[Word]:
    """Up to the dotted leader that fills the rest of the line; what is read out of its dots is nothing."""
    for at, word in enumerate(words):
        leader = _LEADER.search(word.text)
        if leader and any(letters(one.text) for one in [*words[:at], _cut(word, leader.start())]):
            return [*words[:at], _cut(word, leader.start())]
    return words


def _cut(word: Word, length: int) -> Word:
    """The word's first characters, with their share of its box."""
    x0, y0, x1, y1 = word.box
    share = length / len(word.text)
    return word.model_copy(update={"text": word.text[:length], "box": (x0, y0, x0 + (x1 - x0) * share, y1)})


def _after_the_labels_tail(words: list[Word]) -> list[Word]:
    """Without footnote marks, hints in brackets and unread ends of the label, up to its colon."""
    for at, word in enumerate(words[:9]):
        if word.text.endswith(":") and not re.search(r"\d{3}", "".join(w.text for w in words[: at + 1])):
            return words[at + 1 :]
    while words and re.fullmatch(r"\(\d{1,2}\)", words[0].text):
        words = words[1:]
    return words


def _unbroken(words: list[Word], height: float) -> list[Word]:
    """Up to a gap too wide for one value. Leaders, pen gaps and tabs before it begins do not count."""
    for at in range(1, len(words)):
        if not any(letters(word.text) for word in words[:at]):
            continue
        if words[at].box[0] - words[at - 1].box[2] > BREAK * height:
            return words[:at]
    return words


def _tidy(words: list[Word]) -> list[Word]:
    """Without leaders and strokes at both ends; a lone placeholder (`/`, `-`) is no value."""
    while words and not letters(words[0].text):
        words = words[1:]
    while words and not letters(words[-1].text):
        words = words[:-1]
    return words


def _column(layout: Layout, group: list[Found], found: Found) -> tuple[float, float]:
    """Left and right edge of the column below a label with its other parts: up to the next label beside it."""
    row = layout.rows[found.row]
    left = min(row.words[one.first].box[0] for one in group if one.row == found.row) - 1.5 * row.height
    ends = [first for first, _ in layout.labels_in(found.row) if first > found.last]
    beside = row.words[min(ends)].box[0] if ends else float(layout.reading.width)
    return left, beside - 0.3 * row.height


def _in_column(
    layout: Layout, number: int, left: float, right: float, free: bool = False
) -> tuple[list[Word], bool]:
    """Words of a row within a column up to the first label in it; whether a label was met."""
    row = layout.rows[number]
    labels = {at for first, last in layout.labels_in(number, free) for at in range(first, last + 1)}
    words: list[Word] = []
    for at, word in enumerate(row.words):
        if (word.box[0] + word.box[2]) / 2 < left or word.box[0] >= right:
            continue
        if at in labels:
            return words, True
        words.append(word)
    return words, False


def _below(layout: Layout, group: list[Found], wraps: bool) -> list[list[Word]]:
    found = group[-1]
    number = found.row if found.tail_row is None else found.tail_row
    left, right = _column(layout, group, found)
    lines: list[list[Word]] = []
    above = layout.rows[number]
    for at in range(number + 1, min(number + 7, len(layout.rows))):
        row = layout.rows[at]
        if row.box[1] - above.box[3] > (1.8 if not lines else _NEXT_ROW) * max(row.height, above.height):
            break
        words, met = _in_column(layout, at, left, right)
        if not words and not met and _beside_the_block(row, left, right):
            continue
        words = _tidy(_unbroken(words, row.height))
        if _begins_anew(words):
            break
        if words:
            lines.append(words)
            above = row
        if met or (lines and not wraps):
            break
    return lines


def _on_the_next_line(layout: Layout, found: Found, loose: bool, free: bool) -> list[list[Word]]:
    """A value whose label ends a line of running text with its colon: it begins at the margin of the next line."""
    number, last = _end_of(found)
    row = layout.rows[number]
    if not row.words[last].text.endswith(":") or last + 1 < len(row.words) or number + 1 >= len(layout.rows):
        return []
    below = layout.rows[number + 1]
    if below.box[1] - row.box[3] > _NEXT_ROW * max(row.height, below.height):
        return []
    words, met = _in_column(layout, number + 1, 0.0, layout.right_edge(number + 1) + 1, free)
    words = _tidy(words)
    if not words or met:
        return [words] if words and not _begins_anew(words) else []
    at_margin = replace(found, row=number + 1, first=0, last=-1, tail_row=None, cell=False)
    return [words, *_wrapped(layout, [at_margin], at_margin, words, loose, free)[0]]


def _wrapped(
    layout: Layout, group: list[Found], found: Found, first: list[Word], loose: bool, free: bool
) -> tuple[list[list[Word]], bool]:
    """The following lines of a value that began beside its label; whether one more may belong to it."""
    number, _ = _end_of(found)
    left, right = _column(layout, group, found)
    if found.cell:
        left = first[0].box[0] - 0.5 * layout.rows[number].height
    right_edge = layout.right_edge(number)
    alone = right > right_edge
    others = [last for _, last in layout.labels_in(number) if last < found.first]
    lines: list[list[Word]] = []
    above, end = layout.rows[number], first[-1].box[2]
    edge = min(right, right_edge) if alone else right
    for at in range(number + 1, min(number + (9 if free else 6), len(layout.rows))):
        row = layout.rows[at]
        if row.box[1] - above.box[3] > _NEXT_ROW * max(row.height, above.height):
            break
        # The last label of a row wraps to the page's left margin, unless its own column goes on below.
        words, met = _in_column(layout, at, left, right, free)
        if alone and others and not (words and _begins_cell(row, words[0])):
            words, met = _in_column(layout, at, 0.0, right, free)
        whole = not words or _begins_cell(row, words[0])
        words = _tidy(_unbroken(words, row.height))
        if not words and not met and _beside_the_block(row, left, right_edge):
            continue  # of another column, or of the other half of an open book
        flowing = (lines[-1] if lines else first)[-1].text.endswith(",") or (free and _sentence(words))
        if not words or (met and not _flows(words, row)) or _begins_anew(words, flowing, free):
            break
        if not whole or words[0].box[0] > first[0].box[0] + INDENT * row.height:
            break  # the end of another line, or a block of its own, as of those who sign
        width = words[0].box[2] - words[0].box[0]
        if not loose and edge - end > width + 3 * row.height:
            return lines, not met  # the first word would have fitted on the line above
        lines.append(words)
        above, end = row, words[-1].box[2]
        if met:
            break
    return lines, False


def _to_the_full_stop(lines: list[list[Word]]) -> list[list[Word]]:
    """Up to the end of a sentence that another one follows: `…, tỉnh Lào Cai. Về tình trạng …`."""
    kept: list[list[Word]] = []
    for line in lines:
        kept.append([])
        for at, word in enumerate(line):
            kept[-1].append(word)
            if _STOP.search(word.text) and at + 1 < len(line) and line[at + 1].text[:1].isupper():
                return kept
    return kept


def _begins_anew(words: list[Word], flowing: bool = False, free: bool = False) -> bool:
    """A number of a part (`3. Cha, mẹ`), place and date, or a few words and a colon, a label that the type does not
    know: the value above does not go on here. flowing: the line above ended with a comma, so it does.
    """
    if words and re.fullmatch(r"\(?(?:\d{1,2}|[IVX]{1,4})[.)]+", words[0].text):
        return True
    if flowing:
        return False
    if (_PLACED if free else _DATED).search(fold(" ".join(word.text for word in words))):
        return True
    return any(re.search(r"[^\W\d_]\W*:$", word.text) for word in words[:_LABEL_WORDS])


def _beside_the_block(row: Row, left: float, right: float) -> bool:
    return row.box[2] < left or row.box[0] > right


def _sentence(words: list[Word]) -> bool:
    """A comma before the first colon: the colon belongs to a label within a sentence."""
    text = " ".join(word.text for word in words)
    return 0 < text.find(",") < text.find(":")


def _begins_cell(row: Row, word: Word) -> bool:
    return any(cell.words[0] is word for cell in row.cells())


def _flows(words: list[Word], row: Row) -> bool:
    """The row's words before a label are the end of the value above, not a stray sign."""
    return words[0] is row.words[0] and any(len(letters(word.text)) > 1 for word in words)
