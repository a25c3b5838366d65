"""Scans of every kind, made on the spot, and the sealed copies of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
from PIL import Image, ImageDraw

from storage.pdfa.binding import bind
from storage.pdfa.model import Colour, Facts, PlacedWord, SealedPage
from storage.pdfa.pages import write_piece

SIZE = (620, 877)
DPI = 75.0
FACTS = Facts(
    title="Giấy khai sinh",
    made=datetime(2026, 10, 17, 2, 0, tzinfo=UTC),
    program="sohoa 0.1.0",
    dossier="H13.96.31-261017-0001",
    component="c1",
    originals=("a" * 64, "b" * 64),
    pages=1,
    dpi=75,
    elements={"TypeName": "Giấy khai sinh", "Subject": "Về việc <đặt tên> & họ", "Language": "Tiếng Việt"},
)


def scan(size: tuple[int, int] = SIZE) -> Image.Image:
    """A page with bars for lines, a red spot and a corner that tells which way is up."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    wide, high = size
    for line in range(5):
        top = high * (0.2 + 0.1 * line)
        draw.rectangle((wide * 0.15, top, wide * 0.8, top + high * 0.02), fill="black")
    draw.ellipse((wide * 0.6, high * 0.7, wide * 0.8, high * 0.85), fill="#c02030")
    draw.rectangle((0, 0, wide * 0.1, high * 0.05), fill="#2040a0")
    return image


def word(text: str, box: tuple[float, float, float, float], line: int = 0) -> PlacedWord:
    """A word that stands straight, its box in shares of the page."""
    x0, y0, x1, y1 = box
    return PlacedWord(text, line, ((x0, y0), (x1, y0), (x1, y1), (x0, y1)))


WORDS = (
    word("GIẤY", (0.3, 0.05, 0.4, 0.08)),
    word("KHAI", (0.42, 0.05, 0.5, 0.08)),
    word("SINH", (0.52, 0.05, 0.6, 0.08)),
    word("Họ,", (0.15, 0.2, 0.2, 0.22), 1),
    word("chữ", (0.21, 0.2, 0.26, 0.22), 1),
    word("đệm", (0.27, 0.2, 0.33, 0.22), 1),
)


def page_of(path: Path, media_type: str, number: int = 1, **changes: Any) -> SealedPage:
    said = {"width": SIZE[0], "height": SIZE[1], "dpi": DPI, "turn": 0, "words": WORDS} | changes
    return SealedPage(path=path, media_type=media_type, number=number, **said)


def drawn_by_pdfium(page: SealedPage, dpi: float) -> Colour:
    """A page of a PDF as pixels: what the flows hand in as the way of drawing."""
    with pypdfium2.PdfDocument(page.path) as document:
        bitmap = document[page.number - 1].render(scale=dpi / 72, rev_byteorder=True, prefer_bgrx=False)
        return np.array(bitmap.to_numpy()[:, :, :3], dtype=np.uint8)


def never_drawn(_page: SealedPage, _dpi: float) -> Colour:
    raise AssertionError("a page was drawn that could be passed through")


def sealed(
    pages: Sequence[SealedPage], folder: Path, facts: Facts = FACTS, render: Any = drawn_by_pdfium
) -> Path:
    """The sealed copy of these pages."""
    write_piece(list(pages), render, folder / "one.piece")
    bind([folder / "one.piece"], facts, folder / "sealed.pdf")
    return folder / "sealed.pdf"


def image_pdf(path: Path, image: Image.Image, content: bytes = b"", **page: Any) -> Path:
    """A PDF of one JPEG over the whole page. content: instead of drawing it alone."""
    jpeg = path.with_suffix(".inside.jpg")
    image.save(jpeg, quality=85)
    wide, high = (side * 72 / DPI for side in image.size)
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(wide, high))
        picture = pikepdf.Stream(
            pdf,
            jpeg.read_bytes(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=image.width,
            Height=image.height,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        made = pdf.pages[0]
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        made.obj.Resources = pikepdf.Dictionary(
            XObject=pikepdf.Dictionary(Im=picture), Font=pikepdf.Dictionary(F=font)
        )
        draw = f"q {wide} 0 0 {high} 0 0 cm /Im Do Q\n".encode()
        made.obj.Contents = pdf.make_stream(content.replace(b"SCAN", draw) or draw)
        for key, value in page.items():
            made.obj[f"/{key}"] = value
        pdf.save(path)
    return path


def images_of(path: Path, page: int = 0) -> list[tuple[str, bytes]]:
    """Filter and data of the images of a page, as they are stored."""
    with pikepdf.open(path) as pdf:
        images = sorted(pdf.pages[page].resources.XObject.items())
        return [(str(image.Filter), image.read_raw_bytes()) for _, image in images]


def shown(path: Path, page: int = 0, size: tuple[int, int] = SIZE) -> Colour:
    """A page as pdfium shows it, at this size."""
    with pypdfium2.PdfDocument(path) as document:
        opened = document[page]
        wide, _ = opened.get_size()
        bitmap = opened.render(scale=size[0] / wide, rev_byteorder=True, prefer_bgrx=False).to_numpy()
        image = Image.fromarray(np.ascontiguousarray(bitmap[:, :, :3]))
        return np.asarray(image.resize(size), dtype=np.uint8)


def like(one: Colour, other: Colour) -> float:
    """Mean difference in grey levels."""
    return float(np.abs(one.astype(np.int16) - other.astype(np.int16)).mean())
