"""Scans into files as scanners write them. Same pages, same bytes: no time of day gets into a file."""

from __future__ import annotations

import io
import time
from collections.abc import Sequence

import numpy as np
import PIL.Image
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
_WHEN = time.gmtime(1_789_000_000)  # fixed, so that bytes are too


def _pictures(pages: Sequence[Pixels]) -> list[PIL.Image.Image]:
    return [PIL.Image.fromarray(page) for page in pages]


def jpeg(page: Pixels, dpi: int, quality: int) -> bytes:
    out = io.BytesIO()
    PIL.Image.fromarray(page).save(out, "JPEG", quality=quality, dpi=(dpi, dpi), optimize=True)
    return out.getvalue()


def png(page: Pixels, dpi: int) -> bytes:
    out = io.BytesIO()
    PIL.Image.fromarray(page).save(out, "PNG", dpi=(dpi, dpi), optimize=True)
    return out.getvalue()


def tiff(pages: Sequence[Pixels], dpi: int, quality: int) -> bytes:
    """Multi-page, JPEG inside."""
    out = io.BytesIO()
    first, *rest = _pictures(pages)
    first.save(
        out, "TIFF", save_all=True, append_images=rest, compression="jpeg", quality=quality, dpi=(dpi, dpi)
    )
    return out.getvalue()


def pdf(pages: Sequence[Pixels], dpi: int, quality: int) -> bytes:
    """One JPEG a page, as a scanner's PDF."""
    out = io.BytesIO()
    first, *rest = _pictures(pages)
    first.save(
        out,
        "PDF",
        save_all=True,
        append_images=rest,
        resolution=dpi,
        quality=quality,
        creationDate=_WHEN,
        modDate=_WHEN,
        producer="Office scanner",
    )
    return out.getvalue()
