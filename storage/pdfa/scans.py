"""Whether a page of a PDF is one scan and nothing else, and how it lies there. Told by its drawing instructions.

Whatever is not understood makes the page no scan: then it is drawn, and looks as it does in a viewer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pikepdf
from pikepdf import Name

from storage.pdfa.geometry import SAME, after
from storage.pdfa.model import Affine

COVERS = 0.02
"""How far, as a share of the page's side, a scan may stop short of the page's edge and still be the page."""
ASKEW = 0.01
MOST_NOTES = 0.5
"""Of the page's area under annotations, above which it is drawn whole."""
_UNSEEN = 0b100010
"""Flags of an annotation: hidden, or not for viewing."""
PASSED = {
    *("/DCTDecode", "/DCT", "/CCITTFaxDecode", "/CCF", "/JBIG2Decode"),
    *("/FlateDecode", "/Fl", "/RunLengthDecode", "/RL", "/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx"),
}
"""Filters whose streams may stand in a PDF/A-2 as they are (ISO 19005-2, 6.1.7): LZW may not; JPEG 2000 has
conditions of its own, and is drawn."""
_LISTED = """
    BT ET Tf Tm Td TD T* Tc Tw Tz TL Ts BMC EMC MP DP g G rg RG k K cs CS sc SC scn SCN w J j M d ri i n
"""
_HARMLESS = frozenset(_LISTED.split())
"""Operators (ISO 32000-1, annex A) that by themselves show nothing and do not change how an image looks."""
_SHOWS_TEXT = frozenset(["Tj", "TJ", "'", '"'])
_INVISIBLE = 3
_STATE = "/Type /SA /OP /op /OPM /RI /SM /FL /LW /LC /LJ /ML /D /AIS /TK"
_OF_A_STATE = frozenset(_STATE.split())
_DEEP = 3

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Scan:
    """image: of the PDF it was found in. matrix: draws it in the page's own space.

    notes: where annotations are drawn over it, such as what an electronic signature shows; in the page's own space.
    """

    image: pikepdf.Object
    matrix: Affine
    notes: tuple[Box, ...] = ()


class _NoScan(Exception):
    pass


def scan_of(page: pikepdf.Page) -> Scan | None:
    """The one image that is this page; None if the page shows anything else."""
    try:
        box = page_box(page)
        notes = tuple(_notes(page))
        found = _Reader(box).read(page, page.resources, SAME, 0)
    except (_NoScan, pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return None
    if len(found) != 1 or not _covers(found[0].matrix, box) or not _may_pass(found[0].image):
        return None
    return replace(found[0], notes=notes) if _area(notes) <= MOST_NOTES * _area([box]) else None


def page_box(page: pikepdf.Page) -> Box:
    """What is shown of a page: left, bottom, right, top, in its own space."""
    x0, y0, x1, y1 = (float(side) for side in page.cropbox.as_list())
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


class _Reader:
    """Goes through drawing instructions. Raises _NoScan at the first that draws anything but an image."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._found: list[Scan] = []

    def read(self, content: Any, resources: Any, matrix: Affine, depth: int) -> list[Scan]:
        here, kept, mode, path = matrix, [], 0, False
        modes: list[int] = []
        for step in pikepdf.parse_content_stream(content):
            operands: Any = step.operands
            name = str(step.operator)
            if name == "q":
                kept.append(here)
                modes.append(mode)
            elif name == "Q":
                here, mode = (kept.pop(), modes.pop()) if kept else (here, mode)
            elif name == "cm":
                here = after(_affine(operands), here)
            elif name == "Tr":
                mode = int(operands[0])
            elif name == "Do":
                self._draw(resources, str(operands[0]), here, depth)
            elif name == "gs":
                _check_state(resources.ExtGState[str(operands[0])])
            elif name == "BDC":
                if str(operands[0]) == "/OC":
                    raise _NoScan
            elif name == "re":
                path = True
                self._check_clip([float(value) for value in operands], here)
            elif name in ("W", "W*"):
                if not path:
                    raise _NoScan
            elif name in _SHOWS_TEXT:
                if mode != _INVISIBLE:
                    raise _NoScan
            elif name not in _HARMLESS:
                raise _NoScan
        return self._found

    def _draw(self, resources: Any, name: str, matrix: Affine, depth: int) -> None:
        thing = resources.XObject[name]
        if "/OC" in thing:
            raise _NoScan
        if thing.Subtype == Name.Image:
            self._found.append(Scan(thing, matrix))
        elif thing.Subtype == Name.Form and depth < _DEEP and "/Group" not in thing:
            inside = after(_affine(thing.get("/Matrix", SAME)), matrix)
            x0, y0, x1, y1 = (float(side) for side in thing.BBox)
            self._check_clip([x0, y0, x1 - x0, y1 - y0], inside)
            self.read(thing, thing.get("/Resources", resources), inside, depth + 1)
        else:
            raise _NoScan
        if len(self._found) > 1:
            raise _NoScan

    def _check_clip(self, rectangle: list[float], matrix: Affine) -> None:
        """A clip that leaves the whole page is none."""
        x, y, wide, high = rectangle
        if not _covers(after((wide, 0, 0, high, x, y), matrix), self._box, either_way=True):
            raise _NoScan


def _affine(values: Any) -> Affine:
    a, b, c, d, e, f = (float(value) for value in values)
    return a, b, c, d, e, f


def _covers(matrix: Affine, box: Box, *, either_way: bool = False) -> bool:
    """Whether the unit square lies over the box, upright. either_way: also where it reaches beyond it."""
    a, b, c, d, e, f = matrix
    if a <= 0 or d <= 0 or abs(b) > ASKEW * a or abs(c) > ASKEW * d:
        return False
    left, bottom, right, top = box
    wide, high = right - left, top - bottom
    if wide <= 0 or high <= 0:
        return False
    short = ((e - left) / wide, (f - bottom) / high, (right - e - a) / wide, (top - f - d) / high)
    return max(short) <= COVERS and (either_way or min(short) >= -COVERS)


def _notes(page: pikepdf.Page) -> Iterator[Box]:
    """Where annotations are seen: a drawn one may be a signature, a stamp, a remark."""
    for note in page.obj.get("/Annots", []):
        if (
            "/AP" in note
            and note.get("/Subtype") not in ("/Link", "/Popup")
            and not int(note.get("/F", 0)) & _UNSEEN
        ):
            x0, y0, x1, y1 = (float(side) for side in note.get("/Rect", (0, 0, 0, 0)))
            if abs(x1 - x0) > 1 and abs(y1 - y0) > 1:
                yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _area(boxes: Iterable[Box]) -> float:
    return sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in boxes)


def _check_state(state: pikepdf.Object) -> None:
    """A graphics state that changes nothing of how an image looks."""
    for key, value in state.as_dict().items():
        seen_through = key in ("/ca", "/CA") and float(value) != 1
        blended = key == "/BM" and value not in ("/Normal", "/Compatible")
        masked = key == "/SMask" and value != "/None"
        known = key in _OF_A_STATE or key in ("/ca", "/CA", "/BM", "/SMask")
        if seen_through or blended or masked or not known:
            raise _NoScan


def filters_of(image: pikepdf.Object) -> list[str]:
    named: Any = image.get("/Filter", [])
    return [str(named)] if isinstance(named, pikepdf.Name) else [str(one) for one in named]


def _may_pass(image: pikepdf.Object) -> bool:
    if any(key in image for key in ("/SMask", "/Mask", "/SMaskInData")) or bool(
        image.get("/ImageMask", False)
    ):
        return False
    filters = filters_of(image)
    lossless = all(one in ("/LZWDecode", "/LZW") or one in PASSED for one in filters)
    return lossless and colours_of(image.get("/ColorSpace")) in (1, 3)


def colours_of(space: Any) -> int | None:
    """How many colours an image has whose space may stand in the copy: grey, RGB, or a table of them; else None."""
    if space in ("/DeviceGray", "/G", "/DeviceRGB", "/RGB"):
        return 1 if space in ("/DeviceGray", "/G") else 3
    if not isinstance(space, pikepdf.Array) or len(space) < 2:
        return None
    if space[0] == "/ICCBased":
        colours = int(space[1].get("/N", 0))
        return colours if colours in (1, 3) else None
    if space[0] in ("/Indexed", "/I"):
        return 1 if colours_of(space[1]) else None
    return {"/CalGray": 1, "/CalRGB": 3}.get(str(space[0]))
