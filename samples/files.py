"""Scans into files as scanners write them. Same pages, same bytes: no time of day gets into a file."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pikepdf
import PIL.Image
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""Grey (height x width) or RGB (height x width x 3)."""

# What a scanner's compact mode keeps: paper, greys, black, and the two inks with their pale edges.
_INKS = (
    (255, 255, 255), (196, 196, 196), (112, 112, 112), (20, 20, 20),
    (200, 34, 46), (238, 158, 160), (36, 66, 172), (158, 170, 222),
)  # fmt: skip
_GREYS = tuple((v, v, v) for v in (255, 180, 95, 15))


@dataclass(frozen=True)
class Sheet:
    """One scanned page. compact: few colours and no loss by JPEG, as the small-file mode of office scanners."""

    pixels: Pixels
    dpi: int
    quality: int
    compact: bool = False


def _indexed(pixels: Pixels) -> tuple[Pixels, tuple[tuple[int, int, int], ...]]:
    """The nearest ink of each pixel, after the paper was made white."""
    palette = _INKS if pixels.ndim == 3 else _GREYS
    light = np.percentile(pixels, 70)
    levelled = ((pixels.astype(np.float32) - 20) * (255 / max(light - 32, 60))).clip(0, 255)
    if pixels.ndim == 2:
        levelled = np.repeat(levelled[..., None], 3, axis=2)
    # A table over 32 steps a channel is much faster than measuring each pixel.
    steps = np.stack(np.meshgrid(*[np.arange(32) * 8 + 4] * 3, indexing="ij"), axis=-1).astype(np.float32)
    table = np.square(steps[..., None, :] - np.asarray(palette, np.float32)).sum(axis=-1).argmin(axis=-1)
    index = levelled.astype(np.uint8) >> 3
    nearest = table.astype(np.uint8)[index[..., 0], index[..., 1], index[..., 2]]
    return nearest, palette


def _palette_picture(pixels: Pixels) -> tuple[PIL.Image.Image, int]:
    """A palette image and its bits a pixel."""
    numbers, palette = _indexed(pixels)
    picture = PIL.Image.fromarray(numbers).convert("L")
    picture.putpalette([v for colour in palette for v in colour])
    return picture, 2 if len(palette) == 4 else 4


def jpeg(sheet: Sheet) -> bytes:
    out = io.BytesIO()
    PIL.Image.fromarray(sheet.pixels).save(
        out, "JPEG", quality=sheet.quality, dpi=(sheet.dpi, sheet.dpi), optimize=True
    )
    return out.getvalue()


def png(sheet: Sheet) -> bytes:
    out = io.BytesIO()
    picture, bits = _palette_picture(sheet.pixels)
    picture.save(out, "PNG", dpi=(sheet.dpi, sheet.dpi), optimize=True, bits=bits)
    return out.getvalue()


def tiff(sheets: Sequence[Sheet]) -> bytes:
    """Multi-page; JPEG inside, or a deflated palette if compact. All pages bear the first one's dpi."""
    out = io.BytesIO()
    head = sheets[0]
    if head.compact:
        pictures = [_palette_picture(sheet.pixels)[0] for sheet in sheets]
        extra = {"compression": "tiff_adobe_deflate"}
    else:
        # YCbCr, so that colour is kept at half the resolution as scanners do.
        pictures = [
            picture if picture.mode == "L" else picture.convert("YCbCr")
            for picture in (PIL.Image.fromarray(sheet.pixels) for sheet in sheets)
        ]
        extra = {"compression": "jpeg"}
    first, *rest = pictures
    quality = {} if head.compact else {"quality": head.quality}
    first.save(out, "TIFF", save_all=True, append_images=rest, dpi=(head.dpi, head.dpi), **extra, **quality)
    return out.getvalue()


def pdf(sheets: Sequence[Sheet]) -> bytes:
    """One image a page, each page as large as its pixels at its dpi."""
    document = pikepdf.new()
    for sheet in sheets:
        height, width = sheet.pixels.shape[:2]
        points = (width * 72 / sheet.dpi, height * 72 / sheet.dpi)
        page = document.add_blank_page(page_size=points)
        image = _image(document, sheet)
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height = width, height
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
        page.obj.Contents = document.make_stream(
            f"q {points[0]:.3f} 0 0 {points[1]:.3f} 0 0 cm /Im0 Do Q".encode()
        )
    out = io.BytesIO()
    document.save(out, static_id=True)
    return out.getvalue()


def _image(document: pikepdf.Pdf, sheet: Sheet) -> pikepdf.Stream:
    if not sheet.compact:
        image = document.make_stream(jpeg(sheet))
        image.Filter = pikepdf.Name.DCTDecode
        image.ColorSpace = pikepdf.Name.DeviceRGB if sheet.pixels.ndim == 3 else pikepdf.Name.DeviceGray
        image.BitsPerComponent = 8
        return image
    numbers, palette = _indexed(sheet.pixels)
    bits = 2 if len(palette) == 4 else 4
    per_byte = 8 // bits
    padded = np.pad(numbers, ((0, 0), (0, -numbers.shape[1] % per_byte)))
    packed = np.zeros((padded.shape[0], padded.shape[1] // per_byte), np.uint8)
    for k in range(per_byte):
        packed |= padded[:, k::per_byte] << (8 - bits * (k + 1))
    image = document.make_stream(zlib.compress(packed.tobytes(), 7))
    image.Filter = pikepdf.Name.FlateDecode
    image.BitsPerComponent = bits
    table = bytes(v for colour in palette for v in colour)
    image.ColorSpace = pikepdf.Array(
        [pikepdf.Name.Indexed, pikepdf.Name.DeviceRGB, len(palette) - 1, pikepdf.String(table)]
    )
    return image
