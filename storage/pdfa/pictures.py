"""Pixels as PDF knows them: streams passed through, or packed without loss; and how they lie on the page."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

from storage.pdfa.icc import is_usable
from storage.pdfa.model import Affine, Colour

LOSSLESS_PER_MEGAPIXEL = 150_000
"""Bytes up to which a drawn page is packed without loss; above it shows a photograph, and is kept as a fine JPEG."""
JPEG_QUALITY = 92


@dataclass(frozen=True)
class Picture:
    """An image of a page. data: as its filter wants it. entries: the further keys of its dictionary.

    lies: from shares of the stored image (right, down) to shares of the page as delivered. icc: its own profile.
    """

    data: bytes
    width: int
    height: int
    bits: int
    colours: int
    entries: dict[str, Any] = field(default_factory=dict)
    icc: bytes | None = None
    lies: Affine = (1, 0, 0, 1, 0, 0)

    def add_to(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """The image as an object of this PDF."""
        space: Any = Name.DeviceGray if self.colours == 1 else Name.DeviceRGB
        if self.icc and is_usable(self.icc, self.colours):
            profile = pdf.make_stream(self.icc, Dictionary(N=self.colours, Alternate=space))
            space = Array([Name.ICCBased, profile])
        stream = pikepdf.Stream(pdf, self.data)
        about = {"ColorSpace": space, **self.entries}
        for key, value in about.items():
            stream[f"/{key}"] = value
        stream.Type, stream.Subtype = Name.XObject, Name.Image
        stream.Width, stream.Height, stream.BitsPerComponent = self.width, self.height, self.bits
        return pdf.make_indirect(stream)


def packed(image: Image.Image) -> Picture:
    """A picture packed without loss: black and white as CCITT G4, all else as Flate. Modes 1, L, P, RGB."""
    if image.mode == "1":
        return _fax(image)
    if image.mode == "P" and image.getpalette("RGB"):
        table = bytes(image.getpalette("RGB") or ())
        exact = _flate(image)
        space = Array([Name.Indexed, Name.DeviceRGB, len(table) // 3 - 1, table])
        return replace(exact, entries={**exact.entries, "ColorSpace": space})
    return _flate(image if image.mode in ("L", "RGB") else image.convert("RGB"))


def drawn(pixels: Colour) -> Picture:
    """A page that was drawn: as few colours as it has, without loss unless it is full of photographs."""
    image = Image.fromarray(pixels)
    if bool((pixels[..., 0] == pixels[..., 1]).all() and (pixels[..., 1] == pixels[..., 2]).all()):
        grey = pixels[..., 0]
        two = bool(((grey == 0) | (grey == 255)).all())
        image = Image.fromarray(np.ascontiguousarray(grey))
        if two:
            return _fax(image.convert("1", dither=Image.Dither.NONE))
    exact = _flate(image)
    if len(exact.data) <= LOSSLESS_PER_MEGAPIXEL * image.width * image.height / 1e6:
        return exact
    return min((exact, _jpeg(image)), key=lambda one: len(one.data))


def _jpeg(image: Image.Image) -> Picture:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=JPEG_QUALITY, subsampling=0, optimize=True)
    colours = 1 if image.mode == "L" else 3
    return Picture(target.getvalue(), image.width, image.height, 8, colours, {"Filter": Name.DCTDecode})


def _flate(image: Image.Image) -> Picture:
    """Through Pillow's PNG, whose rows are filtered before they are packed."""
    target = io.BytesIO()
    image.save(target, "PNG", compress_level=6, **({"bits": 8} if image.mode == "P" else {}))
    data, at, png = b"", 8, target.getvalue()
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += 12 + length
    colours = 1 if image.mode in ("L", "P") else 3
    return Picture(data, image.width, image.height, 8, colours, flate_entries(image.width, 8, colours))


def flate_entries(width: int, bits: int, colours: int) -> dict[str, Any]:
    """The keys of an image whose data are those of a PNG."""
    rows = Dictionary(Predictor=15, Colors=colours, BitsPerComponent=bits, Columns=width)
    return {"Filter": Name.FlateDecode, "DecodeParms": rows}


def _fax(image: Image.Image) -> Picture:
    """CCITT group 4 in one strip."""
    target = io.BytesIO()
    whole = (image.width + 7) // 8 * image.height
    image.save(target, "TIFF", compression="group4", strip_size=whole)
    with Image.open(io.BytesIO(target.getvalue()), formats=["TIFF"]) as tiff:
        tags = tiff.tag_v2  # type: ignore[attr-defined]
        [start], [length], white_is_0 = tags[273], tags[279], tags[262] == 0
    rows = Dictionary(K=-1, Columns=image.width, Rows=image.height, BlackIs1=not white_is_0)
    entries = {"Filter": Name.CCITTFaxDecode, "DecodeParms": rows}
    return Picture(target.getvalue()[start : start + length], image.width, image.height, 1, 1, entries)
