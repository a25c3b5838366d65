"""Pages of a PDF through pdfium: the embedded scan as it is, or a rendering."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pypdfium2
import pypdfium2.raw as raw
from PIL import Image, ImageFile

from ocr.engines.base import Colour
from ocr.inspection_image import PILLOW_ERRORS
from ocr.refusals import broken, truncated

COVERS = 0.02
"""How far, as a share of the page's side, an image may stop short of the page's edge and still cover it."""
DARK = 96
"""A scan whose median is darker is likely an inverted image, whose /Decode pdfium knows and we do not."""


@contextmanager
def pdfium(path: Path, page: int, *, forms: bool = False) -> Iterator[pypdfium2.PdfPage]:
    """Page `page` (from 1) opened in pdfium. Raises FileRefused (broken-file)."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise broken(f"pdfium cannot open the file: {error}") from None
    try:
        if forms:
            document.init_forms()
        try:
            opened = document[page - 1]
        except (pypdfium2.PdfiumError, IndexError) as error:
            raise broken(f"pdfium cannot open page {page}: {error}") from None
        yield opened
    finally:
        document.close()


def pdfium_page(path: Path, page: int, width: int, height: int) -> Colour:
    """The page drawn into width x height pixels, annotations and form fields with it. Raises FileRefused."""
    with pdfium(path, page, forms=True) as opened:
        wide, high = opened.get_size()
        if wide <= 0 or high <= 0:
            raise broken(f"page {page} has no area")
        scale = max(width / wide, height / high)
        try:
            bitmap = opened.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        except (pypdfium2.PdfiumError, ValueError) as error:
            raise broken(f"pdfium cannot draw page {page}: {error}") from None
        pixels = bitmap.to_numpy()
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        pixels = np.repeat(pixels.reshape(*pixels.shape[:2], 1), 3, axis=2)
    return np.array(pixels[:, :, :3], dtype=np.uint8)


def embedded_scan(path: Path, page: int) -> Colour | None:
    """The JPEG that is the whole page, taken out without resampling; None if the page is anything else.

    Raises FileRefused (broken-file, truncated).
    """
    with pdfium(path, page) as opened:
        image = _only_image(opened)
        if image is None or not _is_jpeg(image):
            return None
        data = bytes(image.get_data(decode_simple=False))
        turn = opened.get_rotation()
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # a library beside us may have set it: half a page must not pass
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            if picture.mode not in ("L", "RGB"):
                return None  # CMYK and its inversions are pdfium's business
            pixels = np.asarray(picture.convert("RGB"), dtype=np.uint8)
    except PILLOW_ERRORS as error:
        raise truncated(f"the scan of page {page} cannot be decoded: {type(error).__name__}") from None
    if float(np.median(pixels[::8, ::8])) < DARK:
        return None
    return np.ascontiguousarray(np.rot90(pixels, -(turn // 90))) if turn else pixels


def _is_jpeg(image: pypdfium2.PdfImage) -> bool:
    try:
        return bool(image.get_filters() == ["DCTDecode"])
    except UnicodeDecodeError:  # drawn, it would be a blank page
        raise broken("the name of an image's filter is no text") from None


def _only_image(page: pypdfium2.PdfPage) -> pypdfium2.PdfImage | None:
    """The one image that covers the page upright and unclipped, with no annotation drawn over it."""
    if raw.FPDFPage_GetAnnotCount(page) > 0 and _shown_annotations(page):
        return None
    things = list(page.get_objects(max_depth=1))
    if len(things) != 1 or not isinstance(things[0], pypdfium2.PdfImage):
        return None
    image = things[0]
    a, b, c, d, _, _ = image.get_matrix().get()
    if a <= 0 or d <= 0 or abs(b) > 0.01 * a or abs(c) > 0.01 * d:
        return None
    if raw.FPDFPageObj_HasTransparency(image):
        return None
    left, bottom, right, top = page.get_cropbox()
    wide, high = right - left, top - bottom
    if wide <= 0 or high <= 0:
        return None
    x0, y0, x1, y1 = image.get_bounds()
    off = max(abs(x0 - left) / wide, abs(x1 - right) / wide, abs(y0 - bottom) / high, abs(y1 - top) / high)
    return image if off <= COVERS else None


def _shown_annotations(page: pypdfium2.PdfPage) -> bool:
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        try:
            box = raw.FS_RECTF()
            shown = raw.FPDFAnnot_GetRect(annotation, ctypes.byref(box))
            if shown and abs(box.right - box.left) > 1 and abs(box.top - box.bottom) > 1:
                return True
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return False
