"""Separator sheets to print: A4, with words for people and the same payload in two codes at two places each.

A QR code stands in the upper left corner and one, turned, in the lower right; a Code 128 runs along either long side.
Whichever way the sheet is fed, and if a corner or an edge of it is cut off, one of them is left to read.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image, ImageDraw, ImageFont

from dossier.catalogue.documents import DocumentType
from dossier.errors import ConfigurationError
from dossier.separators import Sheet, payload
from ocr.codes import draw_code

DPI = 300
SIDE, TOP = 2480, 3508  # A4 at 300 dpi
MARGIN = 130  # 11 mm: what office printers leave white
QR_SIDE = 640
BAR_LENGTH, BAR_HEIGHT = 3000, 170
TEXT = (430, SIDE - 430)
"""Left and right end of the text, clear of the bars and their quiet zones."""
FONTS = Path("/usr/share/fonts/truetype/dejavu")  # Debian's fonts-dejavu-core
ADVICE = (
    "Đặt tờ này trước giấy tờ rồi quét cả tập, mặt chữ cùng chiều với giấy.",
    "Không viết, không đóng dấu lên các mã. Dùng lại được nếu còn nguyên.",
)


def print_sheets(sheets: Iterable[Sheet], types: Mapping[str, DocumentType]) -> bytes:
    """A PDF with one page a sheet; equal sheets give equal bytes.

    Raises ConfigurationError: font-missing, dossier-code-invalid, component-invalid.
    """
    made: dict[Sheet, bytes] = {}
    stream = io.BytesIO()
    with pikepdf.new() as book:
        for sheet in sheets:
            if sheet not in made:
                made[sheet] = _pdf(draw_sheet(sheet, types))
            with pikepdf.open(io.BytesIO(made[sheet])) as one:
                book.pages.extend(one.pages)
        book.save(stream, deterministic_id=True)
    return stream.getvalue()


def draw_sheet(sheet: Sheet, types: Mapping[str, DocumentType]) -> Image.Image:
    """One sheet, A4 at 300 dpi, black on white. Raises as `print_sheets`."""
    text = payload(sheet)
    page = Image.new("L", (SIDE, TOP), 255)
    _put_codes(page, text)
    draw = ImageDraw.Draw(page)
    y = MARGIN + QR_SIDE + 140
    for line, size, bold in _lines(sheet, types):
        y = _write(draw, line, y, size, bold)
    y = TOP - MARGIN - QR_SIDE + 60
    for line in (*ADVICE, text):
        y = _write(draw, line, y, 44, False, TEXT[0], SIDE - MARGIN - QR_SIDE - 320)
    return page


def _lines(sheet: Sheet, types: Mapping[str, DocumentType]) -> list[tuple[str, int, bool]]:
    """Text, size in pixels and weight."""
    lines = [("TỜ PHÂN CÁCH", 190, True), ("", 60, False)]
    if sheet.dossier is not None:
        lines += [("MÃ HỒ SƠ", 80, False), (sheet.dossier, 150, True), ("", 60, False)]
    if sheet.component is not None:
        known = types.get(sheet.component)
        lines += [("THÀNH PHẦN", 80, False), (known.title if known else sheet.component, 130, True)]
    elif sheet.dossier is None:
        lines += [("GIẤY TỜ TIẾP THEO", 130, True)]
    return lines


def _put_codes(page: Image.Image, text: str) -> None:
    square = draw_code("QRCode", text, 1)
    qr = Image.fromarray(draw_code("QRCode", text, QR_SIDE // square.shape[0]))
    left, right = TEXT[0], SIDE - TEXT[0] - qr.width
    page.paste(qr, (left, MARGIN))
    page.paste(qr.rotate(180), (right, TOP - MARGIN - qr.height))
    bars = draw_code("Code128", text, 1)[:1]
    module = max(1, BAR_LENGTH // bars.shape[1])
    strip = Image.fromarray(np.tile(np.repeat(bars, module, axis=1), (BAR_HEIGHT, 1))).rotate(90, expand=True)
    y = (TOP - strip.height) // 2
    page.paste(strip, (MARGIN, y))
    page.paste(strip.rotate(180), (SIDE - MARGIN - strip.width, y))


def _write(
    draw: ImageDraw.ImageDraw,
    text: str,
    y: int,
    size: int,
    bold: bool,
    left: int = TEXT[0],
    right: int = TEXT[1],
) -> int:
    """Write a text centred between two ends, wrapped and then smaller if it is too wide; where the next begins."""
    font = _font(size, bold)
    lines = _wrapped(text.split(" "), font, right - left)
    while any(font.getlength(line) > right - left for line in lines):
        font = _font(int(font.size) - 2, bold)
    for line in lines:
        draw.text(((left + right) / 2, y), line, fill=0, font=font, anchor="ma")
        y += int(font.size * 1.4)
    return y


def _wrapped(words: Sequence[str], font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"), size)
    except OSError:
        raise ConfigurationError(
            "font-missing",
            "the font DejaVu Sans is not installed (Debian: fonts-dejavu-core)",
            "Thiếu phông chữ DejaVu Sans. Chạy lại scripts/setup, hoặc cài gói fonts-dejavu-core.",
        ) from None


def _pdf(page: Image.Image) -> bytes:
    stream = io.BytesIO()
    # Black and white only: Pillow then writes it as fax (CCITT), which no printer smears.
    page.convert("1", dither=Image.Dither.NONE).save(stream, "PDF", resolution=DPI)
    return stream.getvalue()
