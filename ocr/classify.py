"""Which document a page is: its heading, the labels that belong to its form, the codes of a card.

A type is named only when its printed heading stands where headings stand. A text that merely speaks of a birth
certificate is none; what cannot be told is `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from rapidfuzz import fuzz

from dossier.catalogue.documents import DocumentType
from dossier.reading import PageReading
from ocr.letters import letters
from ocr.readers.card import payload
from ocr.rows import Row, rows

UNKNOWN = "unknown"
_TITLE_NEAR = 82.0
_TITLE_SURE = 0.92  # a heading that is only like a title needs a label of the type beside it
_MANY = 4.99  # labels of a type that tell it without its heading, however many more it has
_CLOSE = 0.02
"""Guesses that are no further apart say nothing by their confidence."""
_ANCHOR_NEAR = 86.0
_REQUESTS = ("tokhaidangky", "tokhai", "dondangky", "dondenghi", "donxin", "giaydenghi", "phieudenghi")
"""How headings of applications begin, as `letters`, the longer one first."""
_OPENING_NEAR = 90.0
_UPPER = 0.55
"""Share of a page's height in which headings stand."""


@dataclass(frozen=True)
class Guess:
    """A type with its confidence, 0..1. titled: a heading of it stands on the page, which begins a paper."""

    type: str
    confidence: float
    titled: bool


def classify(page: PageReading, types: Mapping[str, DocumentType]) -> tuple[str, float]:
    """The page's document type and how sure, 0..1; (`unknown`, 0.0) rather than a forced guess."""
    guess = guess_type(page, types)
    return guess.type, guess.confidence


def guess_type(page: PageReading, types: Mapping[str, DocumentType]) -> Guess:
    """As `classify`, and whether the page carries a heading."""
    if payload(page) is not None and "citizen-id-card" in types:
        return Guess("citizen-id-card", 0.99, True)
    page_rows = rows(page)
    text = letters(" ".join(row.text for row in page_rows))
    guesses = [_guess(document, page, page_rows, text) for document in types.values()]
    ranked = sorted((guess for guess in guesses if guess), key=lambda guess: -guess.confidence)
    if not ranked:
        return Guess(UNKNOWN, 0.0, False)
    close = [guess for guess in ranked if ranked[0].confidence - guess.confidence < _CLOSE]
    titled = [guess for guess in close if guess.titled]
    if len(close) > 1:  # a heading says more than labels that papers share
        return titled[0] if len(titled) == 1 else Guess(UNKNOWN, 0.0, ranked[0].titled)
    return ranked[0]


@dataclass(frozen=True)
class Reasons:
    """Why a page was or was not taken for a type. title_score: 0..1, of the heading nearest to one of its titles.

    confidence: as in Guess, 0 if the type does not come into question. Anchors as the catalogue has them.
    """

    type: str
    confidence: float
    title_score: float
    anchors_found: tuple[str, ...]
    anchors_missing: tuple[str, ...]


def explain(page: PageReading, types: Mapping[str, DocumentType]) -> tuple[Reasons, ...]:
    """What spoke for each type on this page, the likeliest first. For people: `guess_type` decides."""
    page_rows = rows(page)
    text = letters(" ".join(row.text for row in page_rows))
    decided = guess_type(page, types)
    found = []
    for document in types.values():
        guess = decided if decided.type == document.id else _guess(document, page, page_rows, text)
        held = [anchor for anchor in document.anchors if _holds(text, _anchor_parts(anchor))]
        found.append(
            Reasons(
                document.id,
                guess.confidence if guess else 0.0,
                round(_title_score(document, page, page_rows), 3),
                tuple(held),
                tuple(anchor for anchor in document.anchors if anchor not in held),
            )
        )
    return tuple(
        sorted(found, key=lambda one: (-one.confidence, -one.title_score, -len(one.anchors_found), one.type))
    )


def _guess(document: DocumentType, page: PageReading, page_rows: tuple[Row, ...], text: str) -> Guess | None:
    title = _title_score(document, page, page_rows)
    anchors = _anchor_share(document, text)
    if document.options.get("card"):
        # Each face carries only its own labels, so they are counted, not taken as a share of all.
        strong = (
            (title >= 0.9 and anchors > 0)
            or anchors * len(document.anchors) >= 2.5
            or bool(re.search(r"idvn[mn]\d{9}", text))
        )
        return Guess(document.id, round(min(0.98, 0.75 + anchors), 3), title > 0) if strong else None
    if title >= _TITLE_SURE or (title and anchors):
        # The longer heading says more: `TỜ KHAI ĐĂNG KÝ KHAI SINH` also holds `KHAI SINH`.
        return Guess(document.id, round(min(0.99, 0.55 + 0.3 * title + 0.5 * min(anchors, 0.28)), 3), True)
    if _applies_for_it(document, page, page_rows):
        return None
    if len(document.anchors) >= 5 and (anchors >= 0.5 or anchors * len(document.anchors) >= _MANY):
        return Guess(document.id, round(0.5 + 0.3 * anchors, 3), False)
    return None


def _title_score(document: DocumentType, page: PageReading, page_rows: tuple[Row, ...]) -> float:
    """How well a row (or two joined) of the page's upper part is one of the titles, 0..1; 0 if none is near."""
    body = median([row.height for row in page_rows]) if page_rows else 0.0
    limit = 0.75 if document.size == "ID-1" else _UPPER
    best = 0.0
    for at, row in enumerate(page_rows):
        if row.middle > limit * page.height:
            break
        if at and _heads_application(page_rows[at - 1]) and row.text == row.text.upper():
            continue  # the heading of the application goes on: it was held against the titles with its first row
        below = page_rows[at + 1] if at + 1 < len(page_rows) else None
        for cell in [row, *row.cells()]:
            best = max(best, _one_title(document, cell.text, cell.height, body))
        best = max(best, _one_title(document, _shouted(row.text), row.height, body))
        if below is not None and below.box[1] - row.box[3] < 1.5 * row.height:
            best = max(best, _one_title(document, f"{row.text} {below.text}", row.height, body))
    return best


def _applies_for_it(document: DocumentType, page: PageReading, page_rows: tuple[Row, ...]) -> bool:
    """Is the page headed as an application, and the type none: it then shares the labels of what it asks for."""
    if any(_request(letters(title))[0] for title in document.titles):
        return False
    upper = (row for row in page_rows if row.middle <= _UPPER * page.height)
    return any(map(_heads_application, upper))


def _heads_application(row: Row) -> bool:
    return row.text == row.text.upper() and _request(letters(row.text))[0]


def _shouted(text: str) -> str:
    """The words in capitals that a row begins with: what stands beside a heading may be in another language."""
    words = text.split()
    end = next((at for at, word in enumerate(words) if word != word.upper()), len(words))
    return " ".join(words[:end])


def _one_title(document: DocumentType, text: str, height: float, body: float) -> float:
    """Headings are printed in capitals, and not smaller than the text."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 1]
    shouted = sum(word == word.upper() for word in words)
    if not words or shouted < 0.7 * len(words) or height < 0.75 * body:
        return 0.0
    key = letters(text)
    best = 0.0
    for title in document.titles:
        wanted = letters(title)
        if not _same_request(key, wanted):
            continue
        score = fuzz.ratio(key, wanted)
        if score < _TITLE_NEAR and len(key) <= len(wanted) * 1.6 + 6 and len(wanted) >= 10:
            score = fuzz.partial_ratio(wanted, key) - 6 if len(key) >= len(wanted) else 0.0
        if score >= _TITLE_NEAR:
            best = max(best, score / 100.0)
    return best


def _same_request(key: str, wanted: str) -> bool:
    """Not an application for a paper where the title is the paper's own, nor an application for another one.

    `TỜ KHAI CẤP GIẤY XÁC NHẬN …` holds the title of the paper that it asks for, and all declarations of civil
    status begin alike: what follows those words decides. A heading that asks for nothing is left to its likeness.
    """
    asks, what = _request(key)
    if not asks:
        return True
    asked, title = _request(wanted)
    near = fuzz.partial_ratio(title, what) - 6 if len(what) >= len(title) else 0.0
    return asked and max(fuzz.ratio(what, title), near) >= _TITLE_NEAR


def _request(key: str) -> tuple[bool, str]:
    """Whether a heading begins as applications do, and what follows."""
    for opening in _REQUESTS:
        if fuzz.ratio(key[: len(opening)], opening) >= _OPENING_NEAR:
            return True, key[len(opening) :]
    return False, key


def _anchor_share(document: DocumentType, text: str) -> float:
    """Share of the type's anchors that the page's text holds, 0..1."""
    if not document.anchors or not text:
        return 0.0
    found = sum(_holds(text, part) for part in map(_anchor_parts, document.anchors))
    return found / len(document.anchors)


def _anchor_parts(anchor: str) -> list[str]:
    return [letters(part) for part in anchor.split(" / ")]


def _holds(text: str, parts: list[str]) -> bool:
    """Both languages of a label in two: forms share the Vietnamese half with cards, none has the English one."""
    return bool(parts) and all(
        part and (part in text or fuzz.partial_ratio(part, text) >= _ANCHOR_NEAR) for part in parts
    )
