"""The head of a paper by Decree 30/2020: whose it is, its number, where and when it was issued.

Found by structure: the national motto parts the head into two columns; under it stand the number (left) and the
place with the date (right). Source: Decree 30/2020/NĐ-CP, annex I, part II and IV.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from dossier.model import Box
from dossier.reading import PageReading, Word
from dossier.text.vietnamese import fold
from ocr.readers.segments import Segment, segments
from ocr.rows import union

_MOTTO = "cong hoa xa hoi chu nghia viet nam"
_HEAD_SHARE = 0.5
"""The head lies in the upper half of the first page."""


@dataclass(frozen=True)
class Letterhead:
    """The parts of the head, each None or () where it was not found.

    motto: box of the national title. issuer: lines of the left column above the number. number: the words of
    the number line. date: the words of the place-and-date line. bottom: lower edge of number and date lines.
    """

    motto: Box
    issuer: tuple[Segment, ...]
    number: Segment | None
    date: Segment | None

    @property
    def bottom(self) -> float:
        parts = [self.motto, *(part.box for part in (self.number, self.date) if part)]
        return max(box[3] for box in parts)


def letterhead(page: PageReading) -> Letterhead | None:
    """The head of this page, None if the national motto does not stand in its upper half."""
    pieces = [piece for piece in segments(page.words) if piece.box[1] < _HEAD_SHARE * page.height]
    motto = _motto(pieces)
    if motto is None:
        return None
    height = motto.height
    below = [word for piece in pieces for word in piece.words if word.box[3] > motto.box[1] - 0.6 * height]
    left = [word for word in below if (word.box[0] + word.box[2]) / 2 < motto.box[0] - 0.3 * height]
    under = [word for word in below if word.box[1] > motto.box[3] - 0.3 * height]
    date = _date_line(under)
    number = _number_line([word for word in left if not date or word not in date.words], motto, date)
    issuer: tuple[Segment, ...] = ()
    if number or date:
        end = (number or date).box[1] if (number or date) else page.height  # type: ignore[union-attr]
        issuer = _issuer_lines([word for word in left if word.box[3] < end + 0.35 * height], motto)
    return Letterhead(motto.box, issuer, number, date)


def _motto(pieces: list[Segment]) -> Segment | None:
    """The words of `CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM`, also where the other column runs into its line."""
    best: tuple[float, Segment] | None = None
    for piece in pieces:
        if fuzz.partial_ratio(_MOTTO, piece.folded) < 75:
            continue
        for start in range(len(piece.words)):
            part = Segment(piece.words[start : start + 8])
            score = fuzz.ratio(_MOTTO, part.folded)
            if best is None or score > best[0]:
                best = (score, part)
    return best[1] if best and best[0] >= 75 else None


def _rows(words: list[Word]) -> list[Segment]:
    """Words of one printed row together, though pen strokes make them differ in height."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda one: (one.box[1] + one.box[3]) / 2):
        middle = (word.box[1] + word.box[3]) / 2
        for row in rows:
            box = union(one.box for one in row)
            if box[1] + 0.2 * (box[3] - box[1]) < middle < box[3] - 0.2 * (box[3] - box[1]):
                row.append(word)
                break
        else:
            rows.append([word])
    return [Segment(tuple(sorted(row, key=lambda one: one.box[0]))) for row in rows]


def _hits(text: str) -> int:
    found = sum(bool(re.search(pattern, text)) for pattern in (r"ng[aà]|gay", r"th?ang|tha", r"n[aă]m"))
    return found + bool(re.search(r"(?:19|20)\d\d", text))


def _date_line(words: list[Word]) -> Segment | None:
    """`Nơi, ngày … tháng … năm …`: the line that has most of these words, from the place to the year."""
    best: tuple[int, Segment] | None = None
    for row in _rows(words):
        hits = _hits(row.folded)
        if hits >= 3 and (best is None or hits > best[0]):
            best = (hits, row)
    if best is None:
        return None
    row = best[1]
    at = next((i for i, word in enumerate(row.words) if re.match(r"ng[aà]|.?gay", fold(word.text))), None)
    if at is None:
        at = next((i for i, word in enumerate(row.words) if "," in word.text), 0)
    first = at
    while first > 0 and row.words[first].box[0] - row.words[first - 1].box[2] < 1.1 * row.height:
        first -= 1
    last = next((i for i, w in enumerate(row.words) if re.search(r"(?:19|20)\d\d", w.text) and i > at), None)
    return Segment(row.words[first : last + 1 if last is not None else len(row.words)])


def _number_line(words: list[Word], motto: Segment, date: Segment | None) -> Segment | None:
    """The row of `Số: …/…`: one that starts with `Số`, or has the slash and capitals of a notation."""
    best: tuple[float, Segment] | None = None
    for row in _rows([word for word in words if word.box[1] > motto.box[1] + 0.5 * motto.height]):
        score = 0.0
        if re.match(r"s[o0ó6]?\s?\W", row.folded) or re.match(r"s[oố]", row.folded):
            score += 1.0
        if re.search(r"/\s?\S*[A-ZĐ]{2}", row.text):
            score += 1.5
        if not _on_level(row, motto, date):
            continue
        if score >= 1.5 and (best is None or score > best[0]):
            best = (score, row)
    return best[1] if best else None


def _on_level(row: Segment, motto: Segment, date: Segment | None) -> bool:
    """The number stands on the level of the date, give or take a line; below the head is running text."""
    if date is not None:
        return abs(row.middle - date.middle) < 2.5 * motto.height
    return row.middle - motto.middle < 8.0 * motto.height


def _issuer_lines(words: list[Word], motto: Segment) -> tuple[Segment, ...]:
    """Lines in capitals from the motto's level down, without specks."""
    rows = []
    for row in _rows(words):
        letters = [letter for letter in row.text if letter.isalpha()]
        capitals = sum(letter.isupper() for letter in letters)
        if len(letters) >= 4 and capitals >= 0.8 * len(letters) and row.height > 0.5 * motto.height:
            rows.append(row)
    return tuple(sorted(rows, key=lambda row: row.box[1]))


_HEADS = (
    "bo", "so", "phong", "ban", "cuc", "tong cuc", "chi cuc", "vu", "vien", "truong", "benh vien", "trung tam",
    "van phong", "cong an", "toa an", "ubnd", "uy ban", "hoi dong", "hdnd", "thanh tra", "kho bac", "cong ty",
    "dai", "tram", "doan", "hoi", "dang uy", "tinh uy", "chinh phu", "quoc hoi", "chi nhanh", "quy", "bao hiem",
    "buu dien", "hat", "to", "hoc vien", "nha xuat ban", "tap chi", "bao", "mat tran", "chu tich",
)  # fmt: skip
_UNITS = ("tinh", "thanh pho", "tp", "huyen", "quan", "thi xa", "thi tran", "phuong", "xa", "dac khu", "nuoc")


def _starts(line: str, heads: tuple[str, ...]) -> bool:
    return any(re.match(rf"{head}\b", line) for head in heads)


def starts_body(line: str) -> bool:
    """Whether a line (small letters, no marks, no signs) begins as names of bodies do."""
    return _starts(line, _HEADS)


def issuing_agency(lines: list[str]) -> str:
    """The agency that issues, without the one above it: `UBND TỈNH X / SỞ TƯ PHÁP` gives `SỞ TƯ PHÁP`.

    A line that names a unit (TỈNH, XÃ, ...) or anything that no agency's name begins with goes on the line
    before it.
    """
    groups: list[list[str]] = []
    for line in lines:
        words = re.sub(r"[^a-z ]", "", fold(line)).strip()
        if groups and (_starts(words, _UNITS) or not _starts(words, _HEADS)):
            groups[-1].append(line)
        else:
            groups.append([line])
    return " ".join(groups[-1]) if groups else ""


_TWO_WORD_UNITS = {"thanh pho", "thi xa", "thi tran", "dac khu"}
_WITH_SPECIALTY = ("so", "bo", "phong", "ban", "cuc", "vu", "vien", "chi cuc", "tong cuc")


def agency_case(name: str) -> str:
    """`ỦY BAN NHÂN DÂN TỈNH SÔNG MƠ` -> `Ủy ban nhân dân tỉnh Sông Mơ`: small but for the first word and names.

    A specialty is written with a capital: `Sở Tư pháp`, `Sở Khoa học và Công nghệ`.
    """
    words = name.split()
    keys = [fold(word) for word in words]
    out: list[str] = []
    in_name = False
    for index, (word, key) in enumerate(zip(words, keys, strict=True)):
        second = index > 0 and f"{keys[index - 1]} {key}" in _TWO_WORD_UNITS
        unit = index > 0 and (key in _UNITS or second or " ".join(keys[index : index + 2]) in _TWO_WORD_UNITS)
        special = bool(keys) and keys[0] in _WITH_SPECIALTY and (index == 1 or keys[index - 1] == "va")
        if key in ("ubnd", "hdnd"):
            out.append(word.upper())
        elif unit:
            out.append(word.lower())
        else:
            out.append(word.lower().capitalize() if in_name or index == 0 or special else word.lower())
        in_name = in_name or unit
    return " ".join(out)
