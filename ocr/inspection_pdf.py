"""Pages of a PDF from its structure: sizes, pixels of its images, and what has no place in a paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pikepdf

from dossier.errors import FileRefused
from dossier.reading import PageSize
from dossier.settings import ReadingSettings
from ocr.papersize import true_dpi
from ocr.refusals import broken, too_many_pages, too_many_pixels, truncated

WORKING_DPI = 200.0
"""The resolution at which a page without a scan is read."""
PIKEPDF_ERRORS = (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, TypeError, OverflowError)
_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/GoToE"}
_PROGRAMS = (
    ".exe",
    ".com",
    ".bat",
    ".cmd",
    ".scr",
    ".msi",
    ".dll",
    ".js",
    ".jse",
    ".vbs",
    ".vbe",
    ".ps1",
    ".jar",
    ".hta",
    ".lnk",
    ".sh",
)
_PROGRAM_MAGIC = (b"MZ", b"\x7fELF", b"#!", b"PK\x03\x04\x14\x00\x08\x00\x08\x00META")
_TAIL = 2048
_DEEP = 12


def pdf_pages(path: Path, limits: ReadingSettings) -> tuple[tuple[PageSize, ...], str]:
    """Page sizes as shown (after /Rotate), of the scan where a page is one image, else at 200 dpi; the PDF version.

    Raises FileRefused: encrypted, truncated, broken-file, too-many-pages, too-many-pixels, active-content.
    """
    _check_end(path)
    try:
        with pikepdf.open(path) as pdf:
            if len(pdf.pages) == 0:
                raise broken("a PDF without pages")
            if len(pdf.pages) > limits.max_pages:
                raise too_many_pages(limits)
            _check_active(pdf)
            sizes = tuple(_size(page, number, limits) for number, page in enumerate(pdf.pages, 1))
            return sizes, pdf.pdf_version
    except pikepdf.PasswordError:
        raise FileRefused(
            "encrypted", "a password is needed", "Tệp PDF có mật khẩu. Hãy gỡ mật khẩu rồi nộp lại."
        ) from None
    except PIKEPDF_ERRORS as error:
        raise broken(f"the PDF's structure cannot be read: {type(error).__name__}") from None


def _check_end(path: Path) -> None:
    """The last %%EOF must stand near the end, or the file was cut off while it was copied."""
    data = path.read_bytes()
    end = data.rfind(b"%%EOF")
    rest = data[end + 5 :] if end >= 0 else data
    if end < 0 or (len(rest) > _TAIL and b" obj" in rest):
        raise truncated("a PDF without its end")


def _size(page: pikepdf.Page, number: int, limits: ReadingSettings) -> PageSize:
    box = [float(value) for value in page.cropbox]
    unit = float(page.obj.get("/UserUnit", 1))
    wide, high = abs(box[2] - box[0]) * unit / 72, abs(box[3] - box[1]) * unit / 72
    if wide <= 0 or high <= 0:
        raise broken(f"page {number} has no area")
    dpi = WORKING_DPI
    width, height = round(wide * dpi), round(high * dpi)
    images = list(_images(page.obj.get("/Resources"), 0, set()))
    for image_width, image_height in images:
        if image_width * image_height > limits.max_megapixels * 1e6:
            raise too_many_pixels(number, image_width, image_height, limits)
    if len(images) == 1 and _same_shape(images[0], (wide, high)):
        width, height = images[0]
        dpi = true_dpi(width, height, width / wide)
    if int(page.obj.get("/Rotate", 0)) % 180:
        width, height = height, width
    if width * height > limits.max_megapixels * 1e6:
        raise too_many_pixels(number, width, height, limits)
    return PageSize(width=width, height=height, dpi=dpi)


def _same_shape(pixels: tuple[int, int], page: tuple[float, float]) -> bool:
    return abs(pixels[0] * page[1] / (pixels[1] * page[0]) - 1) < 0.03 if pixels[1] else False


def _images(resources: object, depth: int, seen: set[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Width and height of every image that a page can draw, those inside forms too. seen: forms gone through."""
    if depth > _DEEP or not isinstance(resources, pikepdf.Dictionary):
        return
    drawn = resources.get("/XObject")
    if not isinstance(drawn, pikepdf.Dictionary):
        return
    for thing in drawn.as_dict().values():
        if not isinstance(thing, pikepdf.Stream):
            continue
        kind = thing.get("/Subtype")
        if kind == "/Image":
            yield int(thing.get("/Width", 0)), int(thing.get("/Height", 0))
        elif kind == "/Form" and thing.objgen not in seen:
            # Forms that draw forms ten times each are ten to the power of their depth.
            seen.add(thing.objgen)
            yield from _images(thing.get("/Resources"), depth + 1, seen)


def _check_active(pdf: pikepdf.Pdf) -> None:
    """A paper does nothing when it is opened (rule S14)."""
    for thing in pdf.objects:
        found = _active(thing, 0)
        if found:
            raise FileRefused(
                "active-content",
                f"the PDF carries {found}",
                "Tệp PDF chứa mã lệnh hoặc tệp chương trình nhúng. Hãy in lại ra PDF hoặc quét lại bản giấy.",
            )


def _active(thing: object, depth: int) -> str | None:
    if depth > _DEEP:
        return None
    if isinstance(thing, pikepdf.Array):
        return next(filter(None, (_active(part, depth + 1) for part in thing if not _indirect(part))), None)
    if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        return None
    if thing.get("/S") in _ACTIONS or "/JS" in thing:
        return "a script or a launch action"
    if thing.get("/Type") == "/Filespec" and _program_name(thing):
        return "an embedded program"
    if isinstance(thing, pikepdf.Stream) and thing.get("/Type") == "/EmbeddedFile":
        return "an embedded program" if thing.read_bytes().startswith(_PROGRAM_MAGIC) else None
    parts = (thing[key] for key in thing.keys())  # noqa: SIM118  (iterating a stream gives its bytes)
    return next(filter(None, (_active(part, depth + 1) for part in parts if not _indirect(part))), None)


def _indirect(thing: object) -> bool:
    return isinstance(thing, pikepdf.Object) and thing.is_indirect


def _program_name(spec: pikepdf.Object) -> bool:
    names = (str(spec.get(key, "")) for key in ("/UF", "/F"))
    return any(name.casefold().endswith(_PROGRAMS) for name in names)
