"""One page of a file, from its bytes to words."""

from __future__ import annotations

from pathlib import Path

from dossier.reading import FileInfo, PageReading
from ocr.engines.base import Colour
from ocr.toolbox import Toolbox


def read_page(path: Path, info: FileInfo, page: int, toolbox: Toolbox) -> tuple[PageReading, bytes]:
    """Read one page (`page` counts from 1, as in PageReading.page and FileInfo.pages[page - 1]). Second: a JPEG of the upright page at about 100 dpi."""
    raise NotImplementedError


def page_image(path: Path, info: FileInfo, reading: PageReading) -> Colour:
    """The upright, deskewed RGB page whose pixels the reading's boxes refer to (same width and height)."""
    raise NotImplementedError
