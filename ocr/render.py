"""A page of a file as pixels: the scan itself where a page is one image, else a rendering.

Orientation that the file states (EXIF, TIFF tag, /Rotate) is applied here, once. What the page's content says
about being upright is another matter (ocr/orientation.py).
"""

from __future__ import annotations

import warnings
from pathlib import Path

import cv2
import numpy as np
import pdf2image
from pdf2image.exceptions import PDFPageCountError, PDFPopplerTimeoutError, PDFSyntaxError
from PIL import Image, ImageFile, ImageOps

from dossier.errors import FileRefused
from dossier.reading import FileInfo, PageSize
from ocr.engines.base import Colour
from ocr.inspection_image import PILLOW_ERRORS, check_png_rows
from ocr.jpeg_data import is_damaged
from ocr.pictures_pdf import UNLIKE, check_pictures, large_jpegs
from ocr.refusals import broken, not_trusted, picture_unreadable, truncated
from ocr.render_pdf import embedded_scan, pdfium_page

EMPTY_SPREAD = 3.0
"""Grey levels between the darkest and the lightest part of a page that shows nothing at all."""
POPPLER_TIMEOUT_S = 60


def render_page(path: Path, info: FileInfo, page: int, dpi: float) -> Colour:
    """Page `page` (from 1) at `dpi`, RGB, the sides those of FileInfo scaled. Deterministic.

    Raises FileRefused: broken-file, truncated, picture-unreadable (it is white because an image cannot be decoded),
    page-not-trusted (two renderers see different things).
    """
    size = info.pages[page - 1]
    pixels = _pdf_page(path, page, size, dpi) if info.media_type == "application/pdf" else _image(path, page)
    return _fit(pixels, target(size, dpi))


def check_blank(path: Path, info: FileInfo, page: int) -> None:
    """Raise FileRefused (picture-unreadable) if the page, found blank, comes from a JPEG with damaged data.

    What follows the damage decodes to even grey or white. A JPEG that has something on it is not asked: many have
    a few stray bytes and are sound.
    """
    if info.media_type == "application/pdf":
        scans = large_jpegs(path, page)
    else:
        scans = [path.read_bytes()] if info.media_type == "image/jpeg" else []
    if any(is_damaged(scan) for scan in scans):
        raise picture_unreadable(page, "its JPEG data are damaged")


def target(size: PageSize, dpi: float) -> tuple[int, int]:
    """Width and height of a page at `dpi`, in pixels."""
    return max(1, round(size.width * dpi / size.dpi)), max(1, round(size.height * dpi / size.dpi))


def _fit(pixels: Colour, size: tuple[int, int]) -> Colour:
    height, width = pixels.shape[:2]
    if (width, height) == size:
        return pixels
    way = cv2.INTER_AREA if size[0] < width else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=way), dtype=np.uint8)


def _image(path: Path, page: int) -> Colour:
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # a library beside us may have set it: half a page must not pass
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large images: the sizes were checked against our own limit
            with Image.open(path, formats=["TIFF", "JPEG", "PNG"]) as image:
                if image.format == "PNG":
                    check_png_rows(path)
                if page > 1:
                    image.seek(page - 1)
                return _rgb(image)
    except Image.DecompressionBombError:
        raise broken("the image is larger than its header said") from None
    except PILLOW_ERRORS as error:
        raise truncated(f"the pixels cannot be decoded: {type(error).__name__}") from None


def _rgb(image: Image.Image) -> Colour:
    image.load()  # turns a TIFF upright, after which its tag is gone
    upright = ImageOps.exif_transpose(image) if image.format != "PNG" else image
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        paper = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(paper, upright.convert("RGBA"))
    elif upright.mode.startswith("I") or upright.mode == "F":
        deep = np.asarray(upright, dtype=np.float64)
        upright = Image.fromarray(
            (deep * (255.0 / max(float(deep.max()), 1.0))).clip(0, 255).astype(np.uint8)
        )
    return np.asarray(upright.convert("RGB"), dtype=np.uint8)


def _pdf_page(path: Path, page: int, size: PageSize, dpi: float) -> Colour:
    scan = embedded_scan(path, page)
    if scan is not None and not is_empty(scan):
        return scan
    width, height = target(size, dpi)
    try:
        first: Colour | None = pdfium_page(path, page, width, height)
    except FileRefused:
        first = None
    if first is not None and not is_empty(first):
        check_pictures(path, page, first, empty=False)
        return first
    second = poppler_page(path, page, width, height)
    if second is None and first is None:
        raise broken(f"page {page} cannot be rendered")
    if first is None or second is None or not _equally_empty(first, second):
        raise not_trusted(page, f"two renderers see different things on page {page}")
    # What none of them could decode is white in both.
    check_pictures(path, page, first, empty=True)
    return first


def _equally_empty(first: Colour, second: Colour) -> bool:
    return is_empty(second) and abs(float(first.mean()) - float(second.mean())) < UNLIKE


def is_empty(pixels: Colour) -> bool:
    """Whether a page image shows nothing: one even tone from rim to rim."""
    height, width = pixels.shape[:2]
    if height < 8 or width < 8:
        return True
    return float(pixels.max()) - float(pixels.min()) < EMPTY_SPREAD


def poppler_page(path: Path, page: int, width: int, height: int) -> Colour | None:
    """The page by the second renderer (pdf2image, poppler); None if poppler cannot show it.

    Poppler ends with 0 even when it could not draw, and gives an image of 12 bytes; its size is checked.
    """
    try:
        images = pdf2image.convert_from_path(
            path, first_page=page, last_page=page, size=(width, height), timeout=POPPLER_TIMEOUT_S
        )
    except (PDFPageCountError, PDFSyntaxError, PDFPopplerTimeoutError, *PILLOW_ERRORS):
        return None
    if not images or images[0].size != (width, height):
        return None
    return np.asarray(images[0].convert("RGB"), dtype=np.uint8)
