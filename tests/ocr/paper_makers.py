"""Small papers made on the spot for the tests of this room."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pikepdf
from PIL import Image, ImageChops, ImageDraw, ImageFont

LINES = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Căn cứ Luật Hộ tịch ngày 20 tháng 11 năm 2014;",
    "Điều 1. Quyết định này có hiệu lực kể từ ngày ký.",
    "Họ và tên: Nguyễn Thị Minh Khai",
    "Nơi thường trú: Ấp 7, xã Vĩnh Tường, Hậu Giang",
)
A4_200 = (1654, 2339)
_FONTS = (
    "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
)


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for path in _FONTS:
        if Path(path).exists():
            return ImageFont.truetype(path, size)
    return ImageFont.load_default(size)


def page(lines: tuple[str, ...] = LINES, size: tuple[int, int] = A4_200, height: int = 40) -> Image.Image:
    """A white page with lines of print, RGB."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((180, 220 + number * 2 * height), line, fill="black", font=font(height))
    return image


def with_seal(image: Image.Image, centre: tuple[int, int], colour: str = "#d02030") -> Image.Image:
    """The page under a round red seal 36 mm wide, ring and star; black shows through it as through ink."""
    ink = Image.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(ink)
    x, y = centre
    for radius, width in ((142, 6), (95, 4)):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=colour, width=width)
    draw.regular_polygon((x, y, 40), 5, fill=colour)
    for angle in range(0, 360, 12):
        dx, dy = 118 * np.cos(np.radians(angle)), 118 * np.sin(np.radians(angle))
        draw.rectangle((x + dx - 6, y + dy - 8, x + dx + 6, y + dy + 8), fill=colour)
    return ImageChops.multiply(image, ink)


def jpeg_pdf(path: Path, image: Image.Image, *, rotate: int = 0, dpi: float = 200.0) -> Path:
    """A PDF whose page is one JPEG."""
    jpeg = path.with_suffix(".page.jpg")
    image.save(jpeg, quality=90)
    with pikepdf.new() as pdf:
        wide, high = image.width * 72 / dpi, image.height * 72 / dpi
        pdf.add_blank_page(page_size=(wide, high))
        made = pdf.pages[0]
        made.obj.Resources = pikepdf.Dictionary(
            XObject=pikepdf.Dictionary(
                Im=pikepdf.Stream(
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
            )
        )
        made.obj.Contents = pdf.make_stream(f"q {wide} 0 0 {high} 0 0 cm /Im Do Q".encode())
        if rotate:
            made.rotate(rotate, relative=False)
        pdf.save(path)
    jpeg.unlink()
    return path


def text_pdf(path: Path, lines: tuple[str, ...], *, hidden: tuple[str, ...] = ()) -> Path:
    """A born-digital PDF in Helvetica (Latin letters only); hidden: lines in invisible ink below."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        made = pdf.pages[0]
        made.obj.Resources = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(
                F=pikepdf.Dictionary(
                    Type=pikepdf.Name.Font,
                    Subtype=pikepdf.Name.Type1,
                    BaseFont=pikepdf.Name.Helvetica,
                    Encoding=pikepdf.Name.WinAnsiEncoding,
                )
            )
        )
        shown = [f"BT /F 14 Tf 0 Tr 60 {760 - 26 * n} Td ({line}) Tj ET" for n, line in enumerate(lines)]
        unseen = [f"BT /F 14 Tf 3 Tr 60 {300 - 26 * n} Td ({line}) Tj ET" for n, line in enumerate(hidden)]
        made.obj.Contents = pdf.make_stream("\n".join(shown + unseen).encode("latin-1"))
        pdf.save(path)
    return path


def array(image: Image.Image) -> npt.NDArray[np.uint8]:
    return np.asarray(image.convert("RGB"), dtype=np.uint8)


def tilted(image: Image.Image, degrees: float) -> Image.Image:
    """The page turned clockwise by a few degrees."""
    pixels = array(image)
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return Image.fromarray(
        np.asarray(cv2.warpAffine(pixels, turn, (width, height), borderValue=(255, 255, 255)), dtype=np.uint8)
    )
