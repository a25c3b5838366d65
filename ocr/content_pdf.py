"""What a page's drawing instructions call for. Viewers skip in silence what they do not understand."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf

from ocr.inspection_pdf import PIKEPDF_ERRORS
from ocr.jbig2 import hangs_together
from ocr.refusals import picture_unreadable

_LISTED = """
    b B b* B* BDC BMC BT BX c cm cs CS d d0 d1 Do DP EMC ET EX f F f* g G gs h i j J k K l m M MP n q Q re rg RG ri
    s S sc SC scn SCN sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' "
"""
_OPERATORS = frozenset(_LISTED.split()) | {"INLINE IMAGE"}
"""ISO 32000-2, annex A; an inline image is one operator to pikepdf."""
_MASKS = ("/SMask", "/Mask")
_DEEP = 12
_PIECE = 2**20


def bits_per_component(path: Path, page: int, width: int, height: int) -> int:
    """Of the images of that size which the page lists, the least; 1 if there is none or none says."""
    with pikepdf.open(path) as pdf:
        listed = pdf.pages[page - 1].resources.get("/XObject", pikepdf.Dictionary()).as_dict().values()
        return min(
            (
                int(thing.get("/BitsPerComponent", 1))
                for thing in listed
                if isinstance(thing, pikepdf.Stream)
                and thing.get("/Width") == width
                and thing.get("/Height") == height
            ),
            default=1,
        )


def check_content(path: Path, page: int, *, empty: bool, images: bool) -> None:
    """For a page (from 1) that shows next to nothing: raise FileRefused (picture-unreadable) if it was meant to.

    That is where its instructions make no sense, call for something that is not there or draw an image whose data
    are damaged. Where it shows nothing at all (`empty`), nothing may have had to be repaired to read them, a file
    that was repaired has to have some, and no image that belongs to this page alone may be left undrawn.
    images: whether the renderer found any.
    """
    try:
        with pikepdf.open(path) as pdf:
            mended = bool(pdf.get_warnings())
            drawn = _drawn(pdf, page, empty)
            if empty and drawn and not images:
                raise picture_unreadable(page, "the renderers do not find its image")
            if empty and mended and not pikepdf.parse_content_stream(pdf.pages[page - 1]):
                raise picture_unreadable(page, "the file is damaged and may have lost what it showed")
            if empty and _forgotten(pdf, page, drawn):
                raise picture_unreadable(page, "what it lists is not drawn")
    except (*PIKEPDF_ERRORS, UnicodeDecodeError) as error:
        raise picture_unreadable(page, f"its content cannot be parsed: {type(error).__name__}") from None


def _drawn(pdf: pikepdf.Pdf, number: int, empty: bool) -> list[pikepdf.Object]:
    page = pdf.pages[number - 1]
    drawn = list(_images(page, page.resources, number, 0, set()))
    if empty and pdf.get_warnings():
        raise picture_unreadable(number, "its content is damaged")
    for image in drawn:
        if not _sound(image):
            raise picture_unreadable(number, "the data of an image are damaged")
    return drawn


def _forgotten(pdf: pikepdf.Pdf, number: int, drawn: list[pikepdf.Object]) -> bool:
    """Whether the page lists an image that it does not draw or one that is not there, or fonts without any content.

    Many programs give all pages of a file the same list: what other pages list as well does not count.
    """
    known = {thing.objgen for thing in drawn}
    listed = pdf.pages[number - 1].resources
    if "/Contents" not in pdf.pages[number - 1].obj and "/Font" in listed:
        return True
    own = listed.get("/XObject", pikepdf.Dictionary())
    left = set()
    for name in own.keys():  # noqa: SIM118  (iterating gives no names)
        thing = own.get(name)
        if not isinstance(thing, pikepdf.Stream):
            return True
        if thing.get("/Subtype") != "/Form" and thing.objgen not in known:
            left.add(thing.objgen)
    return bool(left) and not any(
        isinstance(thing, pikepdf.Stream) and thing.objgen in left
        for other, page in enumerate(pdf.pages, 1)
        if other != number
        for thing in page.resources.get("/XObject", pikepdf.Dictionary()).as_dict().values()
    )


def _images(
    content: pikepdf.Page | pikepdf.Object,
    resources: pikepdf.Object,
    number: int,
    depth: int,
    seen: set[tuple[int, int]],
) -> Iterator[pikepdf.Object]:
    """Images that the content draws, and their masks. seen: forms gone through."""
    things = resources.get("/XObject", pikepdf.Dictionary())
    for step in pikepdf.parse_content_stream(content):
        if str(step.operator) not in _OPERATORS:
            raise picture_unreadable(number, "its content has an operator that does not exist")
        if str(step.operator) != "Do":
            continue
        thing = things.get(str(step.operands[0])) if step.operands else None
        kind = thing.get("/Subtype") if isinstance(thing, pikepdf.Stream) else None
        if thing is None or kind not in ("/Image", "/Form"):
            raise picture_unreadable(number, "its content draws what is neither an image nor a form")
        if kind == "/Image":
            yield thing
            yield from (mask for key in _MASKS if isinstance(mask := thing.get(key), pikepdf.Stream))
        elif depth < _DEEP and thing.objgen not in seen:
            seen.add(thing.objgen)
            yield from _images(thing, thing.get("/Resources", resources), number, depth + 1, seen)


def _sound(image: pikepdf.Object) -> bool:
    """Whether the data hang together; of JPEG, JPEG 2000 and CCITT nothing is said."""
    filters = image.get("/Filter")
    if filters == "/FlateDecode":
        return _unpacks(image.read_raw_bytes())
    if filters != "/JBIG2Decode":  # behind another filter it has not been seen
        return True
    parms = image.get("/DecodeParms", pikepdf.Dictionary())
    shared = parms.get("/JBIG2Globals") if isinstance(parms, pikepdf.Dictionary) else None
    if shared is not None and not isinstance(shared, pikepdf.Stream):
        return False
    return hangs_together(image.read_raw_bytes(), shared.read_bytes() if shared is not None else b"")


def _unpacks(data: bytes) -> bool:
    """Whether Flate data are free of errors to the checksum, for which no renderer asks."""
    unpack = zlib.decompressobj()
    try:
        while data and not unpack.eof:
            unpack.decompress(data, _PIECE)
            data = unpack.unconsumed_tail
    except zlib.error:
        return False
    return True
