"""Sizes of the pages of TIFF, JPEG and PNG files from their headers; truncation from their structure."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from PIL import Image, UnidentifiedImageError
from PIL.TiffImagePlugin import STRIPBYTECOUNTS, STRIPOFFSETS, TILEBYTECOUNTS, TILEOFFSETS

from dossier.reading import PageSize
from dossier.settings import ReadingSettings
from ocr.papersize import true_dpi
from ocr.refusals import broken, too_many_pages, too_many_pixels, truncated

PILLOW_ERRORS = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    KeyError,
    TypeError,
    struct.error,
    zlib.error,
    EOFError,
)
"""What Pillow raises on damaged headers."""
SIDEWAYS = (5, 6, 7, 8)  # EXIF and TIFF orientations that lie on their side
ORIENTATION = 0x0112
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of PNG's colour types
_PIECE = 2**20


def image_pages(
    path: Path, media_type: Literal["image/tiff", "image/jpeg", "image/png"], limits: ReadingSettings
) -> tuple[PageSize, ...]:
    """Page sizes as delivered, after EXIF or TIFF orientation. Raises FileRefused; decodes no pixels."""
    sizes: list[PageSize] = []
    try:
        with warnings.catch_warnings():
            # Pillow warns and raises by limits of its own; ours is checked below, before anything is decoded.
            warnings.simplefilter("ignore")
            with Image.open(path, formats=[media_type.removeprefix("image/").upper()]) as image:
                if media_type == "image/jpeg":
                    _check_jpeg(path)
                elif media_type == "image/png":
                    _check_png(path)
                while True:
                    if len(sizes) >= limits.max_pages:
                        raise too_many_pages(limits)
                    sizes.append(_size(image, len(sizes) + 1, limits))
                    if media_type == "image/tiff":
                        _check_tiff_page(image, path)
                    if media_type != "image/tiff" or not _next(image):
                        break
    except Image.DecompressionBombError:
        width, height = _bomb_size(path)
        raise too_many_pixels(len(sizes) + 1, width, height, limits) from None
    except PILLOW_ERRORS as error:
        raise broken(f"the header cannot be read: {type(error).__name__}") from None
    return tuple(sizes)


def _size(image: Image.Image, page: int, limits: ReadingSettings) -> PageSize:
    width, height = image.size
    if width * height > limits.max_megapixels * 1e6:
        raise too_many_pixels(page, width, height, limits)
    # Pillow has turned a TIFF's size already; asking a PNG for EXIF would decode it, and scanners write none.
    if image.format == "JPEG" and image.getexif().get(ORIENTATION) in SIDEWAYS:
        width, height = height, width
    stated = image.info.get("dpi", (0.0, 0.0))
    return PageSize(width=width, height=height, dpi=true_dpi(width, height, float(stated[0])))


def _next(image: Image.Image) -> bool:
    try:
        image.seek(image.tell() + 1)
    except EOFError:
        return False
    return True


def _bomb_size(path: Path) -> tuple[int, int]:
    """Width and height of an image that Pillow does not even open; 0 x 0 if the header hides them."""
    head = path.read_bytes()[:64]
    if head.startswith(b"\x89PNG"):
        width, height = struct.unpack(">II", head[16:24])
        return width, height
    return 0, 0


def _check_jpeg(path: Path) -> None:
    data = path.read_bytes()
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF and data[place + 1] != 0xDA:
        if data[place + 1] == 0xFF:  # fill byte
            place += 1
            continue
        place += 2 + int(struct.unpack(">H", data[place + 2 : place + 4])[0])
    if data[place : place + 2] != b"\xff\xda" or data.rfind(b"\xff\xd9") < place:
        raise truncated("a JPEG without its end marker")


def _check_png(path: Path) -> None:
    for _ in _png_chunks(path):
        pass


def _png_chunks(path: Path) -> Iterator[tuple[bytes, int, int]]:
    """Kind, place of the data and length of every chunk. Raises FileRefused where the file ends before the last."""
    size = path.stat().st_size
    with path.open("rb") as file:
        place = 8
        while True:
            file.seek(place)
            head = file.read(8)
            if len(head) < 8:
                raise truncated("a PNG without its last chunk")
            length, kind = struct.unpack(">I4s", head)
            if place + 12 + length > size:
                raise truncated("a PNG that ends inside a chunk")
            yield kind, place + 8, length
            if kind == b"IEND":
                return
            place += 12 + length


def check_png_rows(path: Path) -> None:
    """Raise FileRefused if there are pixels for fewer rows than the header says: decoders leave the rest black.

    The rows of an interlaced PNG are not counted.
    """
    with path.open("rb") as file:
        unpack, expected, seen = zlib.decompressobj(), 0, 0
        for kind, place, length in _png_chunks(path):
            file.seek(place)
            if kind == b"IHDR":
                width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", file.read(13))
                if interlaced:
                    return
                expected = height * (1 + (width * depth * _CHANNELS.get(colour, 1) + 7) // 8)
            elif kind == b"IDAT":
                data = file.read(length)
                while data and seen < expected:
                    seen += len(unpack.decompress(data, _PIECE))
                    data = unpack.unconsumed_tail
    if seen < expected:
        raise truncated(f"a PNG with {seen} of {expected} bytes of pixels")


def _check_tiff_page(image: Image.Image, path: Path) -> None:
    size = path.stat().st_size
    tags = image.tag_v2  # type: ignore[attr-defined]
    for offsets, counts in ((STRIPOFFSETS, STRIPBYTECOUNTS), (TILEOFFSETS, TILEBYTECOUNTS)):
        for offset, count in zip(_numbers(tags.get(offsets)), _numbers(tags.get(counts)), strict=False):
            if offset + count > size:
                raise truncated("a TIFF whose pixels lie beyond its end")


def _numbers(value: int | tuple[int, ...] | None) -> tuple[int, ...]:
    return () if value is None else value if isinstance(value, tuple) else (value,)
