"""Stacks of several dossiers: where their separator sheets lie, and parts of them as files of their own.

Each function is a task for the reading processes: a stack is a file like any other, and may be hostile.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pikepdf
from PIL import Image, ImageFile, TiffImagePlugin

from dossier.reading import FileInfo
from dossier.separators import Damaged, Sheet, sheet_of
from ocr.codes import find_codes
from ocr.colour import inks
from ocr.inspection_image import PILLOW_ERRORS
from ocr.inspection_pdf import PIKEPDF_ERRORS
from ocr.pixels import grey_of
from ocr.quality import measure
from ocr.refusals import broken, truncated
from ocr.render import render_page
from ocr.resolution import first_dpi
from ocr.toolbox import Toolbox

STACK, PAGES = "/SohoaStack", "/SohoaPages"
"""Keys of a part's document information: the hash of the stack, and which of its pages these are."""
RESOLUTION_TAGS = (282, 283, 296)


def sheet_at(_toolbox: Toolbox, path: Path, info: FileInfo, page: int) -> Sheet | Damaged | None:
    """The separator sheet that a page is, by its codes alone. Raises FileRefused where the page cannot be shown."""
    dpi = first_dpi(info.pages[page - 1])
    return sheet_of(code.text for code in find_codes(render_page(path, info, page, dpi), dpi))


def is_blank_at(_toolbox: Toolbox, path: Path, info: FileInfo, page: int) -> bool:
    """Whether nothing stands on a page. Raises FileRefused where the page cannot be shown."""
    size = info.pages[page - 1]
    dpi = first_dpi(size)
    pixels = render_page(path, info, page, dpi)
    seen = measure(grey_of(pixels), inks(pixels), number=page, scan_dpi=size.dpi, dpi=dpi, skew=0.0)
    return seen.blank


def write_part(_toolbox: Toolbox, path: Path, info: FileInfo, pages: Sequence[int], to: Path) -> None:
    """Some pages (from 1) of a PDF or TIFF as a file of the same kind; the same pages give the same bytes.

    A PDF's images are carried over as they are, a TIFF's pixels are packed anew without loss. Electronic signatures
    are of the whole file and end with it. Raises FileRefused (broken-file, truncated).
    """
    if info.media_type == "application/pdf":
        _pdf_part(path, info, pages, to)
    else:
        _tiff_part(path, pages, to)


def _pdf_part(path: Path, info: FileInfo, pages: Sequence[int], to: Path) -> None:
    try:
        with pikepdf.open(path) as stack, pikepdf.new() as part:
            part.pages.extend([stack.pages[page - 1] for page in pages])
            part.docinfo[STACK] = info.sha256
            part.docinfo[PAGES] = f"{pages[0]}-{pages[-1]}"
            part.save(to, deterministic_id=True)
    except PIKEPDF_ERRORS as error:
        raise broken(f"pages cannot be taken out of the PDF: {type(error).__name__}") from None


def _tiff_part(path: Path, pages: Sequence[int], to: Path) -> None:
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # a library beside us may have set it: half a page must not pass
    try:
        with (
            Image.open(path, formats=["TIFF"]) as stack,
            TiffImagePlugin.AppendingTiffWriter(to, new=True) as part,
        ):
            for page in pages:
                stack.seek(page - 1)
                stack.load()
                tags = TiffImagePlugin.ImageFileDirectory_v2()
                for tag in RESOLUTION_TAGS:
                    if tag in stack.tag_v2:  # type: ignore[attr-defined]
                        tags[tag] = stack.tag_v2[tag]  # type: ignore[attr-defined]
                packing = "group4" if stack.mode == "1" else "tiff_adobe_deflate"
                stack.copy().save(part, format="TIFF", compression=packing, tiffinfo=tags)
                part.newFrame()
    except PILLOW_ERRORS as error:
        raise truncated(f"the pixels cannot be decoded: {type(error).__name__}") from None
