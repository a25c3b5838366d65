"""The image in a JPEG, PNG or TIFF file: its own stream where PDF takes it, else packed without loss."""

from __future__ import annotations

import struct
import warnings
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageFile, ImageOps

from storage.pdfa.geometry import exif
from storage.pdfa.pictures import Picture, flate_entries, packed
from storage.pdfa.tiff_jpeg import NotJoined, joined

ORIENTATION = 0x0112
_PNG_COLOURS = {0: 1, 2: 3, 3: 1}
_DEEP = ("I", "F")
_WIDTH, _HEIGHT, _COMPRESSION, _MEANING, _STARTS, _ROWS, _LENGTHS = 256, 257, 259, 262, 273, 278, 279
_TABLES, _PROFILE = 347, 34675
_JPEG_IN_TIFF, _YCBCR = 7, 6
"""Tags and values of TIFF 6.0 and its Technical Note 2."""


def picture_of(path: Path, media_type: str, page: int, *, anew: bool = False) -> Picture:
    """The image of a page (from 1). anew: no stream is passed through.

    Raises what Pillow raises on damaged data: files were read before.
    """
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # a library beside us may have set it: half a page must not pass
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of large images: the sizes were checked when the file was taken in
        if media_type == "image/jpeg" and not anew:
            return _jpeg(path)
        if media_type == "image/png" and not anew:
            return _png(path)
        with Image.open(path, formats=[media_type.removeprefix("image/").upper()]) as image:
            if page > 1:
                image.seek(page - 1)
            return (None if anew or image.format != "TIFF" else _tiff_jpeg(image, path)) or _pixels(image)


def _jpeg(path: Path) -> Picture:
    """The file's bytes as they are. Four inks are turned into three colours: their stream needs a press's profile."""
    data = path.read_bytes()
    with Image.open(BytesIO(data), formats=["JPEG"]) as image:
        if image.mode not in ("L", "RGB"):
            return _pixels(image)
        lies = exif(image.getexif().get(ORIENTATION, 1))
        colours, profile = len(image.getbands()), image.info.get("icc_profile")
        entries = {"Filter": Name.DCTDecode}
        return Picture(data, image.width, image.height, 8, colours, entries, profile, lies)


def _png(path: Path) -> Picture:
    """The file's own packed rows, unless they are interlaced or see-through."""
    png = path.read_bytes()
    width, height, bits, kind, _, _, interlaced = struct.unpack(">IIBBBBB", png[16:29])
    parts: dict[bytes, list[bytes]] = {}
    at = 8
    while at + 8 <= len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        parts.setdefault(name, []).append(png[at + 8 : at + 8 + length])
        at += 12 + length
    if interlaced or kind not in _PNG_COLOURS or b"tRNS" in parts:
        with Image.open(path, formats=["PNG"]) as image:
            return _pixels(image)
    colours = _PNG_COLOURS[kind]
    entries: dict[str, Any] = flate_entries(width, bits, colours)
    if kind == 3:
        [palette] = parts[b"PLTE"]
        entries["ColorSpace"] = Array([Name.Indexed, Name.DeviceRGB, len(palette) // 3 - 1, palette])
    return Picture(b"".join(parts[b"IDAT"]), width, height, bits, colours, entries)


def _tiff_jpeg(image: Image.Image, path: Path) -> Picture | None:
    """The JPEG that a page of a TIFF holds in strips; None for any other page."""
    tags = image.tag_v2  # type: ignore[attr-defined]
    if tags.get(_COMPRESSION) != _JPEG_IN_TIFF or image.mode not in ("L", "RGB") or _STARTS not in tags:
        return None
    lies = exif(int(tags.get(ORIENTATION, 1)))
    width, height = int(tags[_WIDTH]), int(tags[_HEIGHT])
    rows = min(int(tags.get(_ROWS, height)), height)
    with path.open("rb") as file:
        strips = []
        for start, length in zip(tags[_STARTS], tags[_LENGTHS], strict=True):
            file.seek(start)
            strips.append(file.read(length))
    try:
        data = joined(tags.get(_TABLES, b""), strips, width, height, rows)
        with Image.open(BytesIO(data), formats=["JPEG"]) as whole:
            whole.load()
    except (NotJoined, OSError, SyntaxError, IndexError, struct.error):
        return None
    entries: dict[str, Any] = {"Filter": Name.DCTDecode}
    if image.mode == "RGB":
        entries["DecodeParms"] = Dictionary(ColorTransform=int(tags.get(_MEANING) == _YCBCR))
    profile = tags.get(_PROFILE)
    return Picture(data, width, height, 8, len(image.getbands()), entries, profile, lies)


def _pixels(image: Image.Image) -> Picture:
    """Decoded, as it is read: upright, what is see-through on white paper, deep grey made shallow."""
    profile = image.info.get("icc_profile")
    image.load()  # turns a TIFF upright
    if image.format == "JPEG":
        image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, "white")
        return packed(Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB"))
    if image.mode.startswith(_DEEP):
        deep = np.asarray(image, dtype=np.float64)
        return packed(
            Image.fromarray((deep * (255.0 / max(float(deep.max()), 1.0))).clip(0, 255).astype(np.uint8))
        )
    found = packed(image)
    if profile and image.mode in ("L", "RGB"):
        return Picture(
            found.data, found.width, found.height, found.bits, found.colours, found.entries, profile
        )
    return found
