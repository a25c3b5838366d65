"""Whether the images of a PDF page were decoded, and whole: pdfium leaves out in silence what it cannot read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2
import pypdfium2.raw as raw

from ocr.content_pdf import bits_per_component, check_content
from ocr.engines.base import Colour
from ocr.refusals import not_trusted, picture_unreadable, truncated
from ocr.render_pdf import COVERS, pdfium

COVERING = 0.25
"""Of the page: an image so large is what the page is about."""
NEARLY_EMPTY = 0.02
"""Share of pixels unlike the paper, up to which a page may be a stamp or a page number over a scan not decoded."""
UNLIKE = 40
"""Grey levels."""
WHOLE = 0.99
"""Of an image's rows: without the last few nothing is missing that a person would see."""
_SIMPLE = {
    "FlateDecode",
    "LZWDecode",
    "RunLengthDecode",
    "ASCII85Decode",
    "ASCIIHexDecode",
    "Fl",
    "LZW",
    "RL",
}
_JPEG = {"DCTDecode", "DCT"}
_DEEP = 12


def check_pictures(path: Path, page: int, shown: Colour, *, empty: bool) -> None:
    """Hold a rendering of the page (from 1) against the images that it should show.

    empty: it shows nothing at all. Raises FileRefused: truncated (a large image lacks its end), picture-unreadable,
    page-not-trusted (an image is whole and yet not seen). Images are decoded anew only for pages that are (nearly)
    empty.
    """
    suspect = empty or _nearly_empty(shown)
    with pdfium(path, page) as opened:
        images = list(_images(opened))
        for image in images:
            covering = _covering(opened, image)
            if covering and not _whole(image, path, page):
                raise truncated(f"an image of page {page} lacks its end")
            if suspect and (empty or covering):
                _check_decoded(opened, image, page, shown if empty else None)
    if suspect:
        check_content(path, page, empty=empty, images=bool(images))


def _nearly_empty(shown: Colour) -> bool:
    grey = shown[::3, ::3].max(axis=2).astype(np.int16)
    return float(np.mean(np.abs(grey - np.median(grey)) > UNLIKE)) < NEARLY_EMPTY


def _images(page: pypdfium2.PdfPage) -> Iterator[pypdfium2.PdfImage]:
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEP):
        if isinstance(thing, pypdfium2.PdfImage):
            yield thing


def _covering(page: pypdfium2.PdfPage, image: pypdfium2.PdfImage) -> bool:
    """Whether the image takes a good part of the page. Inside a form its place is not told: then it may."""
    if image.level:
        return True
    left, bottom, right, top = page.get_cropbox()
    if right <= left or top <= bottom:
        return True
    x0, y0, x1, y1 = image.get_bounds()
    wide, high = min(x1, right) - max(x0, left), min(y1, top) - max(y0, bottom)
    return bool(wide > 0 and high > 0 and wide * high >= COVERING * (right - left) * (top - bottom))


def large_jpegs(path: Path, page: int) -> list[bytes]:
    """The data of the JPEG images that take a good part of the page."""
    with pdfium(path, page) as opened:
        return [
            bytes(image.get_data(decode_simple=True))
            for image in _images(opened)
            if _is_jpeg(_filters(image)) and _covering(opened, image)
        ]


def _is_jpeg(filters: list[str]) -> bool:
    return bool(filters) and filters[-1] in _JPEG and _SIMPLE.issuperset(filters[:-1])


def _whole(image: pypdfium2.PdfImage, path: Path, page: int) -> bool:
    """Whether there are data for all rows, as far as that is cheap to tell: JPEG and what is packed without loss."""
    filters = _filters(image)
    if _is_jpeg(filters):
        return bytes(image.get_data(decode_simple=True)).rfind(b"\xff\xd9") > 0
    about = image.get_metadata()
    if not about.bits_per_pixel or not _SIMPLE.issuperset(filters):
        return True
    width, height, bits = int(about.width), int(about.height), int(about.bits_per_pixel)
    there = int(raw.FPDFImageObj_GetImageDataDecoded(image, None, 0))
    if there >= _expected(width, height, bits):
        return True
    # pdfium tells the bits of its own bitmap, in which less than eight for a component have become eight.
    own = bits_per_component(path, page, width, height)
    return there >= WHOLE * _expected(width, height, own * max(bits // 8, 1))


def _expected(width: int, height: int, bits: int) -> int:
    """Bytes of so many rows."""
    return height * ((width * bits + 7) // 8)


def _filters(image: pypdfium2.PdfImage) -> list[str]:
    try:
        return list(image.get_filters())
    except UnicodeDecodeError:
        return ["damaged"]


def _check_decoded(
    page: pypdfium2.PdfPage, image: pypdfium2.PdfImage, number: int, empty: Colour | None
) -> None:
    """empty: the rendering, where the whole page shows nothing."""
    try:
        image.get_bitmap()
        painted = image.get_bitmap(render=True).to_numpy()
    except pypdfium2.PdfiumError:
        raise picture_unreadable(number, "an image cannot be decoded") from None
    except ZeroDivisionError:  # pypdfium2 scales by the size at which it is drawn
        if empty is None:
            return
        raise picture_unreadable(number, "an image is drawn without width or height") from None
    if painted.ndim < 3 or painted.shape[2] < 4:
        return
    if not image.get_metadata().colorspace and not painted[:, :, 3].any():
        raise picture_unreadable(number, "an image has no colour space")
    if empty is not None and _inside(page, image) and _would_show(painted, empty):
        raise not_trusted(number, f"an image of page {number} is not seen on it")


def _would_show(painted: Colour, empty: Colour) -> bool:
    tone = float(empty[::8, ::8].mean())
    alpha = painted[:, :, 3:4].astype(np.float32) / 255.0
    seen = painted[:, :, :3].astype(np.float32) * alpha + tone * (1.0 - alpha)
    return bool(np.mean(np.abs(seen - tone).max(axis=2) > UNLIKE) > 0.0005)


def _inside(page: pypdfium2.PdfPage, image: pypdfium2.PdfImage) -> bool:
    """Whether all of the image lies on the page, so that what it bears would have to be seen."""
    if image.level:
        return False
    left, bottom, right, top = page.get_cropbox()
    wide, high = COVERS * (right - left), COVERS * (top - bottom)
    x0, y0, x1, y1 = image.get_bounds()
    return bool(x0 >= left - wide and x1 <= right + wide and y0 >= bottom - high and y1 <= top + high)
