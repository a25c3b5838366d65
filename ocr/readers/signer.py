"""Who signed: authority, title and name, on the signed page, beside the seal. And who gets the paper.

The block stands right of `Nơi nhận`: lines in capitals (TM., KT., TL., TUQ. and the title), room for pen and seal,
the name. Drafts and annexes follow the signed page, so the first page with such a block is taken, and one with a
seal before one without. Source: Decree 30/2020/NĐ-CP, annex I, part II, 7 and 9.
"""

from __future__ import annotations

from dataclasses import dataclass

from ocr.engines.base import Colour, Grey
from ocr.readers.base import View
from ocr.readers.corner import read_corner
from ocr.readers.recipientlist import left_column, read_again, recipients_anchor
from ocr.readers.sealink import has_seal, obscured, without_faint
from ocr.readers.segments import Segment, without_colour

_BLOCK_SHARE = 0.30
"""Height of the signer's block, as a share of the page's height, from the level of `Nơi nhận` down."""


@dataclass(frozen=True)
class SignerBlock:
    """page: index into View.pages. titles: lines in capitals; none if not read. name: the name's line.

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
    """The block of the first page that is signed and sealed, else of the first that has one.

    Where no page shows who signed, the first list of recipients stands alone.
    """
    found: list[SignerBlock] = []
    for index, page in enumerate(view.pages):
        anchor = recipients_anchor(page.reading)
        if anchor is None:
            continue
        block = _block(view, index, anchor, page.image())
        if block.sealed:
            return block
        found.append(block)
    return next((block for block in found if block.titles), found[0] if found else None)


def _block(view: View, index: int, anchor: Segment, image: Colour) -> SignerBlock:
    page = view.pages[index].reading
    grey = without_colour(image)
    clear = without_faint(grey, page)
    recipients = read_again(view, index, anchor, clear)
    for word in left_column(page, anchor):
        x0, y0, x1, y1 = (int(edge) for edge in word.box)
        for pixels in (grey, clear):
            pixels[y0 : y1 + 1, x0 : x1 + 1] = 255
    top = max(anchor.box[1] - 4.0 * anchor.height, 0)
    box = (0.38 * page.width, top, float(page.width), min(top + _BLOCK_SHARE * page.height, page.height))
    lowest = anchor.box[1] - 2.5 * anchor.height
    titles, name = read_corner(view, index, (grey, clear), box, lowest, anchor.height)
    if not titles:
        return SignerBlock(index, (), None, recipients, clear, sealed=False, obscured=False)
    sealed = has_seal(image, titles[0].box, name.box if name else None, page)
    return SignerBlock(index, titles, name, recipients, clear, sealed, obscured(clear, titles))
