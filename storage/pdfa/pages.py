"""A page of a sealed copy: the image as it was scanned, turned upright by the matrix that draws it, under its text.

Turning is done by the matrix and not by pixels, nor by /Rotate: so a page's own space is that in which it is read, and
whatever is put on it later, such as a signature at the upper right, comes where it should.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from math import ceil, floor
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name

from storage.pdfa.font import add_font
from storage.pdfa.geometry import SAME, after, drawn_at, turned
from storage.pdfa.icc import is_usable
from storage.pdfa.image_files import picture_of
from storage.pdfa.model import Affine, Render, SealedPage
from storage.pdfa.pictures import drawn
from storage.pdfa.scans import Scan, filters_of, page_box, scan_of
from storage.pdfa.text import FONT, invisible_text

PDF = "application/pdf"
DRAWN_DPI = 300.0
MOST_PIXELS = 40e6
POINTS = 72.0
LONGEST, SHORTEST = 14400.0, 3.0
"""Sides of a page in points (ISO 19005-2, 6.1.13)."""
_KEPT = ("/Width", "/Height", "/BitsPerComponent", "/ColorSpace", "/Decode", "/DecodeParms", "/Filter")


def write_piece(pages: list[SealedPage], render: Render, to: Path) -> None:
    """Some pages as a PDF that is no PDF/A yet. Streams of a PDF go through without being held in memory."""
    with pikepdf.new() as piece, ExitStack() as opened:
        font = add_font(piece)
        files: dict[Path, pikepdf.Pdf] = {}
        for page in pages:
            if page.media_type == PDF and page.path not in files:
                files[page.path] = opened.enter_context(pikepdf.open(page.path))
            _add_page(piece, font, page, files, render)
        piece.save(to, deterministic_id=True)


@dataclass(frozen=True)
class _Drawn:
    """An image object and how it lies, from its shares to shares of the page as delivered."""

    image: pikepdf.Object
    lies: Affine


def _add_page(
    piece: pikepdf.Pdf,
    font: pikepdf.Object,
    page: SealedPage,
    files: Mapping[Path, pikepdf.Pdf],
    render: Render,
) -> None:
    source = files[page.path].pages[page.number - 1] if page.media_type == PDF else None
    images = _of_pdf(piece, source, page, render) if source else [_of_file(piece, page)]
    wide, high = _size(page)
    if page.turn % 180:
        wide, high = high, wide
    shown = []
    for number, one in enumerate(images):
        matrix = drawn_at(after(one.lies, turned(page.turn)), wide, high)
        shown.append(f"q {' '.join(f'{value:.4f}' for value in matrix)} cm /Im{number} Do Q\n")
    content = "".join(shown).encode("ascii") + invisible_text(page.words, wide, high)
    drawable = Dictionary({f"/Im{number}": one.image for number, one in enumerate(images)})
    piece.pages.append(
        pikepdf.Page(
            Dictionary(
                Type=Name.Page,
                MediaBox=Array([0, 0, round(wide, 3), round(high, 3)]),
                Resources=Dictionary(XObject=drawable, Font=Dictionary({FONT: font})),
                Contents=piece.make_stream(content),
            )
        )
    )


def _of_file(piece: pikepdf.Pdf, page: SealedPage) -> _Drawn:
    picture = picture_of(page.path, page.media_type, page.number, anew=page.anew)
    return _Drawn(picture.add_to(piece), picture.lies)


def _of_pdf(piece: pikepdf.Pdf, source: pikepdf.Page, page: SealedPage, render: Render) -> list[_Drawn]:
    """The scan that the page is, under what annotations draw over it; for any other page its drawing."""
    scan = None if page.anew else scan_of(source)
    if scan is not None and not scan.notes:
        return [_Drawn(_passed(piece, scan), _lies(source, scan.matrix))]
    pixels = render(page, _drawn_dpi(page))
    if scan is None:
        return [_Drawn(drawn(pixels).add_to(piece), SAME)]
    images = [_Drawn(_passed(piece, scan), _lies(source, scan.matrix))]
    high, wide = pixels.shape[:2]
    for x0, y0, x1, y1 in scan.notes:
        a, b, c, d, e, f = _lies(source, (x1 - x0, 0, 0, y1 - y0, x0, y0))
        left, right = sorted((e, a + c + e))
        top, bottom = sorted((f, b + d + f))
        columns = slice(max(floor(left * wide), 0), min(ceil(right * wide), wide))
        rows = slice(max(floor(top * high), 0), min(ceil(bottom * high), high))
        patch = np.ascontiguousarray(pixels[rows, columns])
        if patch.size:
            share = (
                patch.shape[1] / wide,
                0,
                0,
                patch.shape[0] / high,
                columns.start / wide,
                rows.start / high,
            )
            images.append(_Drawn(drawn(patch).add_to(piece), share))
    return images


def _size(page: SealedPage) -> tuple[float, float]:
    """Of the page as delivered, in points, within what PDF/A allows."""
    wide, high = (side / page.dpi * POINTS for side in (page.width, page.height))
    scale = min(1.0, LONGEST / max(wide, high))
    return max(wide * scale, SHORTEST), max(high * scale, SHORTEST)


def _drawn_dpi(page: SealedPage) -> float:
    area = page.width / page.dpi * page.height / page.dpi
    return float(min(max(page.dpi, DRAWN_DPI), (MOST_PIXELS / area) ** 0.5))


def _lies(source: pikepdf.Page, matrix: Affine) -> Affine:
    """From shares of an image to shares of the page as delivered. matrix: draws the image in the page's own space."""
    left, bottom, right, top = page_box(source)
    wide, high = right - left, top - bottom
    into_page: Affine = (1 / wide, 0, 0, -1 / high, -left / wide, top / high)
    from_image: Affine = (1, 0, 0, -1, 0, 1)
    turn = turned(int(source.obj.get("/Rotate", 0)))
    return after(after(after(from_image, matrix), into_page), turn)


def _passed(piece: pikepdf.Pdf, scan: Scan) -> pikepdf.Object:
    """The scan's own stream with what its pixels mean, and nothing else that its file said of it."""
    image = scan.image
    copied = piece.copy_foreign(image)
    # LZW may not stand in an archive: the same pixels, packed otherwise when the piece is saved.
    unpacked = any("LZW" in one for one in filters_of(image))
    stream: Any = piece.make_stream(image.read_bytes()) if unpacked else copied
    for key in list(stream.keys()):
        if key not in _KEPT and key != "/Length":
            del stream[key]
    if unpacked:
        for key in _KEPT[:-2]:
            if key in copied:
                stream[key] = copied[key]
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.ColorSpace = _plain(stream.ColorSpace)
    return stream  # type: ignore[no-any-return]


def _plain(space: Any) -> Any:
    """A colour space with a profile that may not stand in a PDF/A becomes the device's own."""
    if not isinstance(space, pikepdf.Array):
        return {"/G": Name.DeviceGray, "/RGB": Name.DeviceRGB}.get(str(space), space)
    if space[0] == "/ICCBased":
        colours = int(space[1].N)
        if not is_usable(space[1].read_bytes(), colours):
            return Name.DeviceGray if colours == 1 else Name.DeviceRGB
    if space[0] in ("/Indexed", "/I"):
        space[0], space[1] = Name.Indexed, _plain(space[1])
    return space
