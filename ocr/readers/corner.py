"""The signer's corner of a page, read on its own: lines in capitals, room for pen and seal, the name.

On the whole page pen and seal throw the lines into disorder, so the corner is read anew from pixels that they are
taken out of, in several ways; titles and name are each taken from the way that shows them best. Papers by
Decree 30/2020 and certificates of civil status end alike.
"""

from __future__ import annotations

import re
from dataclasses import replace

from dossier.model import Box
from dossier.reading import Word
from ocr.engines.base import Grey
from ocr.readers.base import Candidate, View
from ocr.readers.heading import is_capitals
from ocr.readers.sealink import grown, ink_beside, without_strokes
from ocr.readers.segments import Segment, crop, moved, segments
from ocr.readers.witnesses import read_block

_AUTHORITY = re.compile(r"^(?:tm|kt|tl|tuq|q)\s?[.,:]")
_MOST_TITLES = 4
_AS_IT_IS, _NO_STROKES, _PALE_TOO = range(3)
_CLEAR = 0.8
"""Confidence of a name from which on no other way of reading the corner is tried."""


def read_corner(
    view: View, page: int, looks: tuple[Grey, Grey], box: Box, top: float, height: float
) -> tuple[tuple[Segment, ...], Segment | None]:
    """Titles (lines in capitals, none if not read) and the name's line (None if not read) within `box` of a page.

    looks: the page without coloured ink, and that without pale ink. top: where the first title may end at the
    earliest, in pixels. height: of a printed line, in pixels.
    """
    reading = view.pages[page].reading
    grey, clear = looks
    middle = (box[0] + box[2]) / 2
    titles: list[Segment] = []
    name: Segment | None = None
    for way, psm in ((_AS_IT_IS, 6), (_NO_STROKES, 6), (_PALE_TOO, 6), (_AS_IT_IS, 4)):
        if way == _PALE_TOO and clear is grey:
            continue
        pixels = grey if way == _PALE_TOO else clear
        part = crop(without_strokes(pixels, height) if way == _NO_STROKES else pixels, box)
        words = moved(view.toolbox.first.words(part, reading.dpi, psm=psm), box)
        lines = [
            line for line in segments(words, gap=2.2) if abs(line.centre - middle) < 0.36 * (box[2] - box[0])
        ]
        seen = _titles(lines, top)
        if _rank(seen) > _rank(titles):
            titles = seen
        person = _name(lines, titles) if titles else None
        if person is not None and (name is None or _worth(person) > _worth(name)):
            name = person
        if titles and not is_authority(titles[-1]) and name is not None and name.confidence > _CLEAR:
            break
    whole = tuple(grown(clear, title) for title in titles)
    return whole, grown(clear, name) if name else None


def is_authority(line: Segment) -> bool:
    """`KT. CHỦ TỊCH` says by whose authority somebody signs; his own title stands below."""
    return _AUTHORITY.match(line.folded) is not None


def name_candidates(view: View, page: int, name: Segment, grey: Grey) -> list[Candidate]:
    """What the witnesses read in the name's line. Ink beside it that may be a lost syllable leaves one opinion."""
    seen = [_renamed(one) for one in read_block(view, page, [name], grey, 1.0).candidates()]
    return seen[:1] if ink_beside(grey, name) else seen


def _renamed(one: Candidate) -> Candidate:
    """A name without the specks that the look beside it may have brought in."""
    syllables = [letters(word) for word in one.printed.split()]
    kept = [word for word in syllables if len(word) > 1 or word.isupper()]
    value = " ".join(kept) if 2 <= len(kept) <= 6 else None
    return replace(one, value=value)


def _rank(titles: list[Segment]) -> tuple[bool, int, float]:
    """The better reading of the titles: it ends with a title, has more lines, more letters."""
    if not titles:
        return False, 0, 0.0
    weight = sum(line.confidence * len(line.text) for line in titles)
    return not is_authority(titles[-1]), len(titles), weight


def _worth(name: Segment) -> float:
    return name.confidence * len(name.text)


def _titles(lines: list[Segment], top: float) -> list[Segment]:
    """Capital lines one under the other; the first ends below `top`."""
    found: list[Segment] = []
    for line in lines:
        line = _trimmed(line)
        capitals = is_capitals(line.text) or (is_authority(line) and is_capitals(line.text[3:]))
        if not found:
            if capitals and line.box[3] > top:
                found.append(line)
            continue
        if line.middle - found[-1].middle > 2.4 * found[0].height or not capitals:
            if line.middle - found[-1].middle > 2.4 * found[0].height or len(found) >= _MOST_TITLES:
                break
            continue
        if abs(line.centre - found[0].centre) < 2.5 * found[0].height:
            found.append(line)
    return found


def _trimmed(line: Segment) -> Segment:
    """Without specks of pen and seal at its ends."""
    words = list(line.words)
    while len(words) > 1 and not re.search(r"[^\W\d_]{2}", words[0].text):
        words.pop(0)
    while len(words) > 1 and not re.search(r"[^\W\d_]{2}", words[-1].text):
        words.pop()
    return Segment(tuple(words))


def letters(text: str) -> str:
    """The text without signs around it."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)


_SYLLABLE = re.compile(r"[A-ZÀ-ỸĐ][a-zà-ỹđ]{0,7}$")


def _name(lines: list[Segment], titles: list[Segment]) -> Segment | None:
    """The line under the titles that reads as a person's name: two to six capitalised syllables, centred."""
    centre = sum(line.centre for line in titles) / len(titles)
    best: tuple[float, Segment] | None = None
    for line in lines:
        if line.box[1] < titles[-1].box[3]:
            continue
        words = [word for word in line.words if _SYLLABLE.match(letters(word.text))]
        if not 2 <= len(words) <= 6:
            continue
        part = _whole(line, words[0], words[-1])
        off = abs(part.centre - centre)
        if off > 6 * titles[0].height:
            continue
        score = part.confidence * len(words) - off / (4 * titles[0].height)
        if best is None or score > best[0]:
            best = (score, part)
    return best[1] if best else None


def _whole(line: Segment, first: Word, last: Word) -> Segment:
    """The words from first to last and what hangs on them: a misread syllable belongs to the name too."""
    start, end = line.words.index(first), line.words.index(last)
    while start > 0 and _near(line.words[start - 1], line.words[start], line.height):
        start -= 1
    while end + 1 < len(line.words) and _near(line.words[end], line.words[end + 1], line.height):
        end += 1
    return Segment(line.words[start : end + 1])


def _near(left: Word, right: Word, height: float) -> bool:
    return right.box[0] - left.box[2] < 0.9 * height and all(
        len(letters(word.text)) >= 2 for word in (left, right)
    )
