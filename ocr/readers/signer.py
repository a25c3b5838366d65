"""Who signed: authority, title and name, on the signed page, beside the seal. And who gets the paper.

The block stands right of `Nơi nhận`: lines in capitals (TM., KT., TL., TUQ. and the title), room for pen and seal,
the name. Drafts and annexes follow the signed page, so the first page with such a block is taken, and one with a
seal before one without. Source: Decree 30/2020/NĐ-CP, annex I, part II, 7 and 9.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dossier.model import Box
from dossier.reading import Word
from ocr.engines.base import Colour, Grey
from ocr.readers.base import View
from ocr.readers.heading import is_capitals
from ocr.readers.recipientlist import left_column, recipient_lines, recipients_anchor
from ocr.readers.sealink import grown, has_seal, obscured, without_strokes
from ocr.readers.segments import Segment, crop, segments, without_colour

_AUTHORITY = re.compile(r"^(?:tm|kt|tl|tuq|q)\s?[.,:]")
_BLOCK_SHARE = 0.30
"""Height of the signer's block, as a share of the page's height, from the level of `Nơi nhận` down."""


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


def _block(view: View, index: int, anchor: Segment, image: Colour) -> SignerBlock | None:
    page = view.pages[index].reading
    left = left_column(page, anchor)
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
    sealed = has_seal(image, titles[0].box, name.box if name else None, page)
    whole = tuple(grown(grey, title) for title in titles)
    name = grown(grey, name) if name else None
    return SignerBlock(index, whole, name, recipient_lines(left, anchor), grey, sealed, obscured(grey, whole))


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
