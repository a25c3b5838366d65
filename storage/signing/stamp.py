"""What a sealed copy says of its signature on its first page: form of copy; organisation; time.

Decree 30/2020/NĐ-CP, Annex I, part II (electronic copies of paper) asks for the organisation's signature in the upper
right corner of the first page, without picture, with the form of copy, the organisation's name and the time of signing
(date, clock, Vietnamese zone, by ISO 8601), in Times New Roman 10, black. Circular 05/2025/TT-BNV, article 8, asks the
same of digitised papers without the form of copy, in upright lower case (known here from a restatement only). How the
three are parted and on how many lines is not in what was seen of them: one line, parted by semicolons, wrapped where
it is long, so that it stays above the national title. Liberation Serif has the measures of Times New Roman.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import AppearanceContent, ResourceType
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.stamp import TextStampStyle

from dossier.calendar import VIETNAM
from storage.signing.font import EmbeddedFont, embed_font

SIZE, LEADING = 10.0, 12.0  # points
WIDEST = 300.0  # points, 106 mm: half of an A4 sheet
FROM_TOP, FROM_RIGHT = 11.0, 17.0  # points, 4 and 6 mm: a paper's print begins at 20 mm from the top
PARTED = "; "
_SECONDS = "%Y-%m-%dT%H:%M:%S%z"
_TIME_LETTERS = "0123456789-:T+"
_TIME_LIKE = "2026-12-31T23:59:59+07:00"


@dataclass(frozen=True)
class CopyStampStyle(TextStampStyle):
    """pyHanko's style, with its text replaced by ours; from it only the moment of signing is taken.

    lines: already wrapped, with `_TIME_LIKE` at the end of the last. turn: /Rotate of the page, degrees clockwise.
    """

    timestamp_format: str = _SECONDS
    lines: tuple[str, ...] = ()
    font: EmbeddedFont | None = None
    turn: int = 0

    def create_stamp(self, writer: Any, box: Any, text_params: dict[str, str]) -> Any:
        moment = datetime.strptime(text_params["ts"], _SECONDS)
        lines = tuple(line.replace(_TIME_LIKE, written(moment)) for line in self.lines)
        return CopyStamp(writer, box, self, lines)


class CopyStamp(AppearanceContent):
    """Black text on nothing: the scan below stays visible."""

    def __init__(self, writer: Any, box: Any, style: CopyStampStyle, lines: tuple[str, ...]) -> None:
        super().__init__(box=box, writer=writer)
        self._style, self._lines = style, lines

    def render(self) -> bytes:
        font = self._style.font
        assert font is not None
        self.set_resource(ResourceType.FONT, pdf_name("/F1"), font.reference)
        top = self._upright[1] - SIZE
        shown = b" T* ".join(font.codes(line) + b" Tj" for line in self._lines)
        return b"q 0 g BT /F1 %g Tf %g TL 0 %g Td %s ET Q" % (SIZE, LEADING, top, shown)

    def as_form_xobject(self) -> Any:
        form = super().as_form_xobject()
        width, height = self._upright
        form["/BBox"] = generic.ArrayObject([generic.FloatObject(side) for side in (0, 0, width, height)])
        if matrix := _MATRICES.get(self._style.turn):
            form["/Matrix"] = generic.ArrayObject([generic.NumberObject(part) for part in matrix])
        return form

    @property
    def _upright(self) -> tuple[float, float]:
        width, height = float(self.box.width), float(self.box.height)
        return (height, width) if self._style.turn in (90, 270) else (width, height)


# Turns the text against /Rotate; the viewer moves the turned box into the annotation's rectangle by itself.
_MATRICES = {90: (0, 1, -1, 0, 0, 0), 180: (-1, 0, 0, -1, 0, 0), 270: (0, -1, 1, 0, 0, 0)}


def written(moment: datetime) -> str:
    """ISO 8601 in the Vietnamese zone, to the second: 2026-11-25T10:12:13+07:00."""
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds")


def stamp_for(
    writer: Any, kind: str, organisation: str, font: Path | None
) -> tuple[CopyStampStyle, tuple[int, int, int, int]]:
    """The style, and the box on the first page (points, in the page's own directions, not as it is turned).

    Raises ConfigurationError (the font).
    """
    page = writer.find_page_for_modification(0)[0].get_object()
    turn = int(_inherited(page, "/Rotate") or 0) % 360
    left, bottom, right, top = _corners(_inherited(page, "/CropBox") or _inherited(page, "/MediaBox"))
    sides = (top - bottom, right - left) if turn in (90, 270) else (right - left, top - bottom)
    embedded = embed_font(writer, font, letters_of(kind, organisation))
    text = PARTED.join(part for part in (kind, organisation, _TIME_LIKE) if part)
    space = min(WIDEST, sides[0] - 2 * FROM_RIGHT)
    lines = tuple(wrapped(text, space, lambda part: embedded.width(part, SIZE)))
    wide = max(embedded.width(line, SIZE) for line in lines) + 2
    high = LEADING * len(lines)
    x, y = sides[0] - FROM_RIGHT - wide, sides[1] - FROM_TOP - high
    seen = (x, y, x + wide, y + high)
    box = _unturned(seen, turn, sides)
    placed = (round(box[0] + left), round(box[1] + bottom), round(box[2] + left), round(box[3] + bottom))
    return CopyStampStyle(lines=lines, font=embedded, turn=turn), placed


def letters_of(kind: str, organisation: str) -> str:
    """Every letter that the text of a seal may need."""
    return f"{kind}{PARTED}{organisation}{_TIME_LETTERS}"


def wrapped(text: str, space: float, width: Callable[[str], float]) -> list[str]:
    """The words of `text` on as few lines as fit into `space`; a word that is too long stands alone."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer) <= space:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _unturned(box: tuple[float, ...], turn: int, sides: tuple[float, float]) -> tuple[float, ...]:
    """A box on the page as seen -> the same box on the page before it is turned clockwise."""
    (x0, y0, x1, y1), (wide, high) = box, sides
    if turn == 90:
        return (high - y1, x0, high - y0, x1)
    if turn == 180:
        return (wide - x1, high - y1, wide - x0, high - y0)
    if turn == 270:
        return (y0, wide - x1, y1, wide - x0)
    return box


def _inherited(page: Any, key: str) -> Any:
    """A page's attribute, its own or of a node above it; None where nobody has it."""
    for _ in range(50):
        if key in page:
            return page[key]
        if "/Parent" not in page:
            return None
        page = page["/Parent"]
    return None


def _corners(box: Any) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(side) for side in box) if box else (0.0, 0.0, 595.0, 842.0)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
