"""The further lines of a value: which rows below it still belong to it, and which words of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dossier.reading import Word
from dossier.text.vietnamese import fold
from ocr.labels import Found
from ocr.layout import INDENT, Layout
from ocr.letters import letters
from ocr.rows import Row
from ocr.trimming import tidy, unbroken

NEXT_ROW = 1.5  # heights of white up to a row that still belongs to the one above
_ROWS, _FREE_ROWS = 5, 8  # further lines of an address, of free text
_LABEL_WORDS = 10  # of the longest label
_DATED = re.compile(r"^\D{0,40}\bngay\b.{0,16}\bthang\b|\d\W{0,3}\bthang\b.{0,20}\bnam\b.{0,8}\d{4}")
_BILINGUAL_DATE = re.compile(r"/ ?month\b|/ ?year\b")
_PLACED = re.compile(r"^\W*[^\W\d][^,\d]{1,30},\s*ngay\b")


@dataclass(frozen=True)
class Column:
    """The stretch of the page from `left` to `right`, in pixels, in which a value stands.

    free: the value is running text, so labels within its sentences belong to it.
    """

    left: float
    right: float
    free: bool = False

    @classmethod
    def below(cls, layout: Layout, group: list[Found], found: Found, free: bool = False) -> Column:
        """Below a label with its other parts: up to the next label beside it."""
        row = layout.rows[found.row]
        left = min(row.words[one.first].box[0] for one in group if one.row == found.row) - 1.5 * row.height
        ends = [first for first, _ in layout.labels_in(found.row, free) if first > found.last]
        beside = row.words[min(ends)].box[0] if ends else float(layout.reading.width)
        return cls(left, beside - 0.3 * row.height, free)

    def words(self, layout: Layout, number: int) -> tuple[list[Word], bool]:
        """Words of a row within the column up to the first label in it; whether a label was met."""
        row = layout.rows[number]
        labels = {at for span in layout.labels_in(number, self.free) for at in range(span[0], span[1] + 1)}
        words: list[Word] = []
        for at, word in enumerate(row.words):
            if (word.box[0] + word.box[2]) / 2 < self.left or word.box[0] >= self.right:
                continue
            if at in labels:
                return words, True
            words.append(word)
        return words, False

    def beside(self, row: Row, right: float | None = None) -> bool:
        """Whether all of the row stands beside the column. right: its right edge, if it is another one here."""
        return row.box[2] < self.left or row.box[0] > (self.right if right is None else right)


@dataclass(frozen=True)
class Wrapping:
    """How a value that began with `first` in row `number`, beside its label, may go on below.

    column: where its lines stand. margin: the same from the page's left margin on, for the last label of a row,
    whose value may go on there; None if it may not. edge: where its lines end on the right, block: where those of
    the page do. loose: lines of this type may end early.
    """

    layout: Layout
    number: int
    first: list[Word]
    column: Column
    margin: Column | None
    edge: float
    block: float
    loose: bool

    @classmethod
    def of(
        cls, layout: Layout, group: list[Found], found: Found, first: list[Word], loose: bool, free: bool
    ) -> Wrapping:
        """first: the value's words beside its label. group: the label with its other parts."""
        number, _ = end_of(found)
        column = Column.below(layout, group, found, free)
        if found.cell:
            left = first[0].box[0] - 0.5 * layout.rows[number].height
            column = Column(left, column.right, free)
        block = layout.right_edge(number)
        alone = column.right > block
        others = any(last < found.first for _, last in layout.labels_in(number))
        margin = Column(0.0, column.right, free) if alone and others else None
        edge = min(column.right, block) if alone else column.right
        return cls(layout, number, first, column, margin, edge, block, loose)

    def lines(self) -> tuple[list[list[Word]], bool]:
        """The value's further lines; whether one more may belong to it."""
        rows, lines = self.layout.rows, [self.first]
        above = rows[self.number]
        below = range(self.number + 1, min(self.number + 1 + self._most, len(rows)))
        for at in below:
            row = rows[at]
            if row.box[1] - above.box[3] > NEXT_ROW * max(row.height, above.height):
                break
            words, met, whole = self._words(at)
            if not words and not met and self.column.beside(row, self.block):
                continue  # of another column, or of the other half of an open book
            if not (whole and self._goes_on(lines[-1], words, row, met)) or beside_next_label(
                self.layout, at
            ):
                break
            if not self.loose and self._had_room(lines[-1], words[0], row):
                return lines[1:], not met
            lines.append(words)
            above = row
            if met:
                break
        return lines[1:], False

    @property
    def _most(self) -> int:
        return _FREE_ROWS if self.column.free else _ROWS

    def _words(self, at: int) -> tuple[list[Word], bool, bool]:
        """The row's words that may be the value's, whether a label ends them, whether they begin a cell."""
        row = self.layout.rows[at]
        words, met = self.column.words(self.layout, at)
        if self.margin and not (words and begins_cell(row, words[0])):
            words, met = self.margin.words(self.layout, at)
        whole = not words or begins_cell(row, words[0])
        return tidy(unbroken(words, row.height)), met, whole

    def _goes_on(self, before: list[Word], words: list[Word], row: Row, met: bool) -> bool:
        """Whether the words are no other value, label or block, as of those who sign."""
        free = self.column.free
        flowing = before[-1].text.endswith(",") or (free and _sentence(words))
        if not words or (met and not _flows(words, row)) or begins_anew(words, flowing, free):
            return False
        return words[0].box[0] <= self.first[0].box[0] + INDENT * row.height

    def _had_room(self, before: list[Word], word: Word, row: Row) -> bool:
        """Whether the word would have fitted on the line above."""
        return self.edge - before[-1].box[2] > word.box[2] - word.box[0] + 3 * row.height


def end_of(found: Found) -> tuple[int, int]:
    """Row and number of the label's last word before its value."""
    if found.tail_row is None or found.cell:
        return found.row, found.last
    return found.tail_row, found.tail[1]


def begins_anew(words: list[Word], flowing: bool = False, free: bool = False) -> bool:
    """A number of a part (`3. Cha, mẹ`), place and date, or a few words and a colon, a label that the type does not
    know: the value above does not go on here. flowing: the line above ended with a comma, so it does.
    """
    if words and re.fullmatch(r"\(?(?:\d{1,2}|[IVX]{1,4})[.)]+", words[0].text):
        return True
    if flowing:
        return False
    text = fold(" ".join(word.text for word in words))
    if (_PLACED if free else _DATED).search(text) or _BILINGUAL_DATE.search(text):
        return True
    if any(re.search(r"[^\W\d_]{3}/$", word.text) for word in words[:_LABEL_WORDS]):
        return True  # `Hạng/`: a label of two languages
    if free and words and words[0].text[:1].islower():
        return False  # `…, nơi cư | trú: Số 5`: the rest of a label within the sentence
    return any(re.search(r"[^\W\d_]\W*:$", word.text) for word in words[:_LABEL_WORDS])


def _sentence(words: list[Word]) -> bool:
    """A comma before the first colon: the colon belongs to a label within a sentence."""
    text = " ".join(word.text for word in words)
    return 0 < text.find(",") < text.find(":")


def beside_next_label(layout: Layout, number: int) -> bool:
    """Whether the row's words are the value of a label that begins a little lower, left of them: where a leader or
    a pen made their boxes high, label and value are not one row.
    """
    if number + 1 >= len(layout.rows):
        return False
    row, below = layout.rows[number], layout.rows[number + 1]
    spans = layout.labels_in(number + 1)
    if not spans or spans[0][0] > 0 or below.box[2] > row.box[0]:
        return False
    return min(row.box[3], below.box[3]) - max(row.box[1], below.box[1]) > 0.3 * below.height


def begins_cell(row: Row, word: Word) -> bool:
    """Whether the word stands at the row's left or after a wide gap."""
    return any(cell.words[0] is word for cell in row.cells())


def _flows(words: list[Word], row: Row) -> bool:
    """The row's words before a label are the end of the value above, not a stray sign."""
    return words[0] is row.words[0] and any(len(letters(word.text)) > 1 for word in words)
