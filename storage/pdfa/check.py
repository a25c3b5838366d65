"""A second reader of sealed copies: what ISO 19005-2 (PDF/A-2b) asks and we can break, looked at in the file itself.

It knows nothing of how the file was made, and is stricter than the standard where a scan under text needs no more
(no form, no group, no font but one without a glyph). veraPDF looks at all of the standard; it is no part of the
product, the tests and `python -m bench sealed` call it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from storage.pdfa.check_xmp import xmp_problems
from storage.pdfa.icc import is_usable

_FILTERS = {
    "/FlateDecode",
    "/DCTDecode",
    "/CCITTFaxDecode",
    "/JBIG2Decode",
    "/RunLengthDecode",
    "/ASCII85Decode",
}
_FILTERS |= {"/ASCIIHexDecode"}
_CATALOGUE = {"/Type", "/Pages", "/Metadata", "/OutputIntents", "/Lang", "/ViewerPreferences", "/MarkInfo"}
_ACTIVE = ("/JS", "/JavaScript", "/AA", "/OpenAction", "/Launch", "/EmbeddedFile", "/XFA")
_PAGE = {"/Type", "/Parent", "/MediaBox", "/CropBox", "/Resources", "/Contents", "/Rotate"}
_IMAGE = {"/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Decode", "/Filter"}
_IMAGE |= {"/DecodeParms", "/Length"}
_SIDE = (3.0, 14400.0)


def stream_problems(path: Path) -> tuple[str, ...]:
    """What is wrong with the objects and data of a piece; every stream is decoded. Never raises for what it holds."""
    try:
        with pikepdf.open(path) as pdf:
            return tuple(f"6.1: {text}" for text in pdf.check_pdf_syntax())
    except Exception as error:  # noqa: BLE001
        return (f"not readable: {type(error).__name__}",)


def problems(path: Path, *, streams: bool = True) -> tuple[str, ...]:
    """What is wrong with a sealed copy that is not signed yet, with the clause of ISO 19005-2; empty if nothing is.

    streams: decode every stream too, which takes longest; not needed where its pieces were looked at
    (`stream_problems`). Never raises for what the file holds.
    """
    try:
        found = [*_of_bytes(path)]
        with pikepdf.open(path) as pdf:
            found += [f"6.1: {text}" for text in (pdf.check_pdf_syntax() if streams else ())]
            found += [*_of_file(pdf), *_of_objects(pdf), *xmp_problems(pdf)]
            for number, page in enumerate(pdf.pages, 1):
                found += [f"page {number}: {text}" for text in _of_page(page)]
        return tuple(found)
    except Exception as error:  # noqa: BLE001  (a reader of damaged files: whatever stops it is what is wrong)
        return (f"not readable: {type(error).__name__}",)


def _of_bytes(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        head = file.read(16)
        file.seek(max(path.stat().st_size - 8, 0))
        tail = file.read()
    if not (head.startswith(b"%PDF-1.") and head[7:8] in b"01234567" and head[8:9] in b"\r\n"):
        yield "6.1.2: the header is not that of a PDF 1.0 to 1.7"
    comment = head[9:15].lstrip(b"\n")
    if not (comment.startswith(b"%") and len(comment) >= 5 and all(byte > 127 for byte in comment[1:5])):
        yield "6.1.2: no comment of four high bytes behind the header"
    if not tail.rstrip(b"\r\n").endswith(b"%%EOF"):
        yield "6.1.3: data behind the end"


def _of_file(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/ID" not in pdf.trailer or not all(bytes(part) for part in pdf.trailer.ID):
        yield "6.1.3: no file identifier"
    if pdf.is_encrypted:
        yield "6.1.3: encrypted"
    if strange := set(pdf.Root.keys()) - _CATALOGUE:
        yield f"6.1, 6.5: the catalogue has {', '.join(sorted(strange))}"
    intents = list(pdf.Root.get("/OutputIntents", []))
    if len(intents) != 1 or intents[0].get("/S") != "/GTS_PDFA1":
        yield "6.2.3: not one output intent of PDF/A"
    elif not is_usable(intents[0].DestOutputProfile.read_bytes(), 3):
        yield "6.2.3: the output intent's profile is no RGB profile of version 2 or 4"


def _of_objects(pdf: pikepdf.Pdf) -> Iterator[str]:
    for thing in pdf.objects:
        if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
            for key in _ACTIVE:
                if key in thing or thing.get("/S") == key or thing.get("/Type") == key:
                    yield f"6.5: an object has {key}"
        if isinstance(thing, pikepdf.Stream):
            if "/F" in thing or "/FFilter" in thing:
                yield "6.1.7: a stream lies in another file"
            for name in _filters(thing):
                if name not in _FILTERS:
                    yield f"6.1.7: the filter {name}"


def _filters(stream: pikepdf.Object) -> list[str]:
    named: Any = stream.get("/Filter", [])
    return [str(named)] if isinstance(named, pikepdf.Name) else [str(one) for one in named]


def _of_page(page: pikepdf.Page) -> Iterator[str]:
    if strange := set(page.obj.keys()) - _PAGE:
        yield f"6.2, 6.3: the page has {', '.join(sorted(strange))}"
    x0, y0, x1, y1 = (float(side) for side in page.mediabox.as_list())
    if not all(_SIDE[0] <= side <= _SIDE[1] for side in (x1 - x0, y1 - y0)):
        yield "6.1.13: a page of such a size"
    if strange := set(page.resources.keys()) - {"/XObject", "/Font"}:
        yield f"6.2: resources have {', '.join(sorted(strange))}"
    images: Any = page.resources.get("/XObject", {})
    for _, image in images.items():
        yield from _of_image(image)
    for _, font in page.resources.get("/Font", {}).items():
        yield from _of_font(font)
    steps = [(str(step.operator), list(step.operands)) for step in pikepdf.parse_content_stream(page)]
    drawn = [str(operands[0]) for name, operands in steps if name == "Do"]
    if sorted(drawn) != sorted(images.keys()) or not drawn:
        yield "the page does not draw each of its images once"
    if any(name == "Tr" and operands[0] != 3 for name, operands in steps):
        yield "text that would be seen"


def _of_image(image: pikepdf.Object) -> Iterator[str]:
    if image.get("/Subtype") != "/Image":
        yield "something drawn that is no image"
        return
    if strange := set(image.keys()) - _IMAGE:
        yield f"6.2.8: an image has {', '.join(sorted(strange))}"
    if int(image.get("/BitsPerComponent", 0)) not in (1, 2, 4, 8, 16):
        yield "6.2.8: bits of an image"
    if int(image.get("/Width", 0)) < 1 or int(image.get("/Height", 0)) < 1:
        yield "an image without size"
    yield from _of_space(image.get("/ColorSpace"))


def _of_space(space: Any) -> Iterator[str]:
    if space in ("/DeviceGray", "/DeviceRGB"):
        return
    if isinstance(space, pikepdf.Array) and space[0] in ("/CalGray", "/CalRGB"):
        return
    if isinstance(space, pikepdf.Array) and space[0] == "/Indexed":
        yield from _of_space(space[1])
    elif isinstance(space, pikepdf.Array) and space[0] == "/ICCBased":
        if not is_usable(space[1].read_bytes(), int(space[1].N)):
            yield "6.2.4.2: a profile that is no ICC profile of version 2 or 4"
    else:
        yield "6.2.4: a colour space beside grey and RGB"


def _of_font(font: pikepdf.Object) -> Iterator[str]:
    if font.get("/Subtype") != "/Type0" or "/ToUnicode" not in font:
        yield "6.2.11: a font whose text says nothing"
        return
    [below] = font.DescendantFonts
    if "/FontFile2" not in below.FontDescriptor:
        yield "6.2.11.4: a font that is not embedded"
    if "/CIDToGIDMap" not in below:
        yield "6.2.11.3: a font without CIDToGIDMap"
    if str(font.get("/Encoding")) not in ("/Identity-H", "/Identity-V"):
        yield "6.2.11.3: an encoding that is not embedded"
