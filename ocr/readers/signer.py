"""Who signed: authority, title and name, on the signed page, beside the seal. And who gets the paper.

The block stands right of `Nơi nhận`: lines in capitals (TM., KT., TL., TUQ. and the title), room for pen and seal,
the name. Drafts and annexes follow the signed page, so the first page with such a block is taken, and one with a
seal before one without. Source: Decree 30/2020/NĐ-CP, annex I, part II, 7 and 9.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import cv2
import numpy as np
from rapidfuzz import fuzz

from dossier.model import Box
from dossier.reading import PageReading, Word
from ocr.engines.base import Colour, Grey
from ocr.readers.base import View
from ocr.readers.heading import is_capitals
from ocr.readers.segments import Segment, crop, segments, without_colour

_AUTHORITY = re.compile(r"^(?:tm|kt|tl|tuq|q)\s?[.,:]")
_BLOCK_SHARE = 0.30
"""Height of the signer's block, as a share of the page's height, from the level of `Nơi nhận` down."""
_SEAL_SHARE = 0.0008
"""Red pixels, as a share of the block's, from which on there is a seal (a seal has 36 to 44 mm)."""


@dataclass(frozen=True)
class SignerBlock:
    """page: index into View.pages. titles: lines in capitals. name: the name's line, None if not read.

    grey: the page's pixels that the block was read from. sealed: red ink lies over the block.
    obscured: dark ink that is no letter (a black seal, thick strokes) lies beside or under the titles, where
    more of them may stand: what was read is not sure to be all.
    """

    page: int
    titles: tuple[Segment, ...]
    name: Segment | None
    recipients: tuple[Segment, ...]
    grey: Grey
    sealed: bool
    obscured: bool


def signer_block(view: View) -> SignerBlock | None:
    """The block of the first page that is signed and sealed, else of the first that has one."""
    first: SignerBlock | None = None
    for index, page in enumerate(view.pages):
        anchor = recipients_anchor(page.reading)
        if anchor is None:
            continue
        image = page.image()
        block = _block(view, index, anchor, image)
        if block is None:
            continue
        if block.sealed:
            return block
        first = first or block
    return first


def recipients_anchor(page: PageReading) -> Segment | None:
    """`Nơi nhận:` in the left half of the page, the lowest one; a misread first word is forgiven."""
    best: tuple[float, float, Segment] | None = None
    for piece in segments(page.words):
        if piece.box[0] > 0.4 * page.width or len(piece.words) > 3:
            continue
        text = re.sub(r"[^a-z]", "", piece.folded)
        score = fuzz.ratio("noinhan", text)
        if len(piece.words) == 2 and text.endswith("nhan") and piece.text.rstrip().endswith(":"):
            score = max(score, 75.0)
        if score >= 75 and (best is None or (score, piece.box[1]) > best[:2]):
            best = (score, piece.box[1], piece)
    return best[2] if best else _above_list(page)


def _above_list(page: PageReading) -> Segment | None:
    """The first of at least three short lines that start with a dash, low in the left half: the recipients.

    Stands in for `Nơi nhận`, right above it, where that was misread.
    """
    run: list[Segment] = []
    best: list[Segment] = []
    for piece in segments(page.words):
        if piece.centre > 0.5 * page.width or piece.box[2] > 0.62 * page.width:
            continue
        dashed = re.match(r"^[-–—_~]{1,2}\s?\w", piece.text) is not None
        if dashed and (not run or piece.middle - run[-1].middle < 3.5 * piece.height):
            run.append(piece)
        elif dashed:
            run = [piece]
        best = list(run) if len(run) >= 3 else best
    if not best:
        return None
    first = best[0]
    rise = 1.4 * first.height
    words = (
        w.model_copy(update={"box": (w.box[0], w.box[1] - rise, w.box[2], w.box[3] - rise)})
        for w in first.words
    )
    return Segment(tuple(words))


def _block(view: View, index: int, anchor: Segment, image: Colour) -> SignerBlock | None:
    page = view.pages[index].reading
    left = _left_column(page, anchor)
    grey = without_colour(image)
    for word in left:
        x0, y0, x1, y1 = (int(edge) for edge in word.box)
        grey[y0 : y1 + 1, x0 : x1 + 1] = 255
    top = max(anchor.box[1] - 4.0 * anchor.height, 0)
    box = (0.38 * page.width, top, float(page.width), min(top + _BLOCK_SHARE * page.height, page.height))
    best: tuple[int, list[Segment], Segment | None] = (0, [], None)
    for pixels, psm in ((grey, 6), (without_strokes(grey, anchor.height), 6), (grey, 4)):
        words = _words(view, pixels, box, page.dpi, psm)
        lines = [line for line in segments(words, gap=2.2) if line.centre > 0.5 * page.width]
        titles = _titles(lines, anchor)
        name = _name(lines, titles) if titles else None
        if bool(titles) + bool(name) > best[0]:
            best = (bool(titles) + bool(name), titles, name)
        if best[0] == 2:
            break
    _, titles, name = best
    if not titles:
        return None
    sealed = _has_seal(image, titles[0].box, name.box if name else None, page)
    whole = tuple(grown(grey, title) for title in titles)
    name = grown(grey, name) if name else None
    return SignerBlock(
        index, whole, name, recipient_lines(left, anchor), grey, sealed, _obscured(grey, whole)
    )


def without_strokes(grey: Grey, height: float) -> Grey:
    """The page without ink in pieces far larger than a letter: the pen strokes of a signature."""
    ink = (grey < 140).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    large = (stats[:, cv2.CC_STAT_HEIGHT] > 3.0 * height) | (stats[:, cv2.CC_STAT_WIDTH] > 6.0 * height)
    large[0] = False
    out = grey.copy()
    strokes = cv2.dilate(large[labels].astype(np.uint8), np.ones((3, 3), np.uint8))
    out[strokes > 0] = 255
    return out


def _left_column(page: PageReading, anchor: Segment) -> list[Word]:
    """Words of the list of recipients: pieces that start at its left edge, from `Nơi nhận` down."""
    found: list[Word] = []
    for piece in segments(page.words):
        if (
            piece.middle > anchor.box[1]
            and piece.box[0] < 0.3 * page.width
            and piece.centre < 0.5 * page.width
        ):
            found.extend(piece.words)
    return found


def _words(view: View, grey: Grey, box: Box, dpi: float, psm: int) -> tuple[Word, ...]:
    """The block read on its own, seal taken out: on the whole page pen and seal throw the lines into disorder."""
    part = crop(grey, box)
    left, top = int(box[0]), int(box[1])
    return tuple(
        word.model_copy(
            update={"box": (word.box[0] + left, word.box[1] + top, word.box[2] + left, word.box[3] + top)}
        )
        for word in view.toolbox.first.words(part, dpi, psm=psm)
    )


def _titles(lines: list[Segment], anchor: Segment) -> list[Segment]:
    """Capital lines one under the other, starting about the level of `Nơi nhận`."""
    found: list[Segment] = []
    for line in lines:
        line = _trimmed(line)
        capitals = is_capitals(line.text) or bool(
            _AUTHORITY.match(line.folded) and is_capitals(line.text[3:])
        )
        if not found:
            if capitals and line.box[3] > anchor.box[1] - 2.5 * anchor.height:
                found.append(line)
            continue
        if line.middle - found[-1].middle > 2.4 * found[0].height or not capitals:
            if line.middle - found[-1].middle > 2.4 * found[0].height or len(found) >= 4:
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


def grown(grey: Grey, line: Segment) -> Segment:
    """The line with the letters that stand right beside its box: where pen or seal touch them they get lost.

    Ink as high as a letter within a word space is one; long strokes and specks are none.
    """
    height, width = grey.shape
    em = line.height
    y0, y1 = int(max(line.box[1], 0)), int(min(line.box[3] + 1, height))
    edges = [line.box[0], line.box[2]]
    for side, step in ((0, -1), (1, 1)):
        for _ in range(8):
            near, far = sorted((edges[side], edges[side] + step * 0.7 * em))
            x0, x1 = int(max(near, 0)), int(min(far, width))
            strip = grey[y0:y1, x0:x1] < 140
            columns = np.flatnonzero(strip.sum(0) > 0.25 * (y1 - y0))
            if x1 - x0 < 2 or len(columns) < 2:
                break
            edges[side] = x0 + int(columns[0]) if side == 0 else x0 + int(columns[-1]) + 1
    if edges == [line.box[0], line.box[2]]:
        return line
    first, last = line.words[0], line.words[-1]
    words = list(line.words)
    words[0] = first.model_copy(update={"box": (min(edges[0], first.box[0]), *first.box[1:])})
    last = words[-1]
    words[-1] = last.model_copy(update={"box": (*last.box[:2], max(edges[1], last.box[2]), last.box[3])})
    return Segment(tuple(words))


_BESIDE, _UNDER = 0.13, 0.12
"""Share of dark pixels from which on print may be hidden; thin pen strokes leave at most 0.10 and 0.04."""


def _obscured(grey: Grey, titles: tuple[Segment, ...]) -> bool:
    """Is there a mass of dark ink beside the titles, or right under the last one?"""

    def dark(x0: float, y0: float, x1: float, y1: float) -> float:
        part = grey[int(max(y0, 0)) : int(max(y1, 0)), int(max(x0, 0)) : int(max(x1, 0))]
        return float((part < 140).mean()) if part.size else 0.0

    for line in titles:
        (x0, y0, x1, y1), em = line.box, line.height
        if (
            max(dark(x0 - 2.5 * em, y0, x0 - 0.3 * em, y1), dark(x1 + 0.3 * em, y0, x1 + 2.5 * em, y1))
            > _BESIDE
        ):
            return True
    (x0, _, x1, y1), em = titles[-1].box, titles[-1].height
    return dark(x0, y1 + 0.3 * em, x1, y1 + 1.3 * em) > _UNDER


def _has_seal(image: Colour, title: Box, name: Box | None, page: PageReading) -> bool:
    bottom = name[3] if name else title[3] + 0.15 * page.height
    left = title[0] - 0.12 * page.width
    part = image[int(max(title[1], 0)) : int(bottom), int(max(left, 0)) :].astype(np.int16)
    if part.size == 0:
        return False
    red = (part[:, :, 0] - np.maximum(part[:, :, 1], part[:, :, 2])) > 50
    mask = cv2.morphologyEx(red.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    return float(mask.sum()) > _SEAL_SHARE * page.width * page.height / 4


def recipient_lines(left: list[Word], anchor: Segment) -> tuple[Segment, ...]:
    """Lines under `Nơi nhận:` in the left column, down to the first wide gap."""
    found: list[Segment] = []
    before = anchor
    for piece in segments([word for word in left if word.box[1] > anchor.middle]):
        if piece.middle - before.middle > 3.0 * anchor.height:
            break
        if not re.search(r"[^\W\d_]", piece.text):
            continue
        found.append(piece)
        before = piece
    return tuple(found)
