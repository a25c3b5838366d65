"""Page images: the scan as it is, upright once, and nothing shown that two renderers do not agree on."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import paper_makers
import pikepdf
import pytest
from PIL import Image, ImageFile

from dossier.errors import FileRefused
from dossier.settings import ReadingSettings
from ocr import render
from ocr.inspection import inspect_file
from ocr.render import render_page
from ocr.render_pdf import embedded_scan

LIMITS = ReadingSettings()


def shown(path: Path, dpi: float = 200, page: int = 1) -> np.ndarray:
    return render_page(path, inspect_file(path, path.name, LIMITS), page, dpi)


def corner(pixels: np.ndarray) -> str:
    """Where the black corner of `marked` stands."""
    height, width = pixels.shape[:2]
    parts = {
        "top left": pixels[: height // 8, : width // 8],
        "top right": pixels[: height // 8, -(width // 8) :],
        "bottom left": pixels[-(height // 8) :, : width // 8],
        "bottom right": pixels[-(height // 8) :, -(width // 8) :],
    }
    return min(parts, key=lambda name: float(parts[name].mean()))


def marked() -> Image.Image:
    image = Image.new("RGB", (800, 1200), "white")
    image.paste("black", (0, 0, 100, 150))
    return image


def test_the_scan_is_taken_out_of_a_pdf_without_resampling(tmp_path: Path) -> None:
    path = paper_makers.jpeg_pdf(tmp_path / "a.pdf", paper_makers.page())
    scan = embedded_scan(path, 1)
    assert scan is not None
    assert np.array_equal(shown(path), scan)


@pytest.mark.parametrize(
    ("rotate", "where"), [(0, "top left"), (90, "top right"), (180, "bottom right"), (270, "bottom left")]
)
def test_rotation_of_a_pdf_page_is_applied_once(tmp_path: Path, rotate: int, where: str) -> None:
    path = paper_makers.jpeg_pdf(tmp_path / "a.pdf", marked(), rotate=rotate)
    pixels = shown(path)
    assert corner(pixels) == where
    assert (pixels.shape[1] > pixels.shape[0]) == (rotate in (90, 270))


@pytest.mark.parametrize(
    ("orientation", "where"), [(1, "top left"), (3, "bottom right"), (6, "top right"), (8, "bottom left")]
)
@pytest.mark.parametrize("suffix", [".jpg", ".tif"])
def test_orientation_of_an_image_file_is_applied_once(
    tmp_path: Path, suffix: str, orientation: int, where: str
) -> None:
    path = tmp_path / f"a{suffix}"
    exif = Image.Exif()
    exif[0x0112] = orientation
    marked().save(path, exif=exif, dpi=(200, 200))
    pixels = shown(path)
    assert corner(pixels) == where
    assert (pixels.shape[1] > pixels.shape[0]) == (orientation in (6, 8))


def test_the_pages_of_a_tiff_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    first, second = Image.new("1", (600, 800), 1), Image.new("1", (600, 800), 0)
    first.save(path, save_all=True, append_images=[second], dpi=(200, 200))
    assert shown(path, page=1).mean() == 255
    assert shown(path, page=2).mean() == 0


def test_transparent_paper_is_white(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGBA", (600, 800), (0, 0, 0, 0)).save(path, dpi=(200, 200))
    assert shown(path).min() == 255


def test_the_asked_resolution_is_given(tmp_path: Path) -> None:
    path = paper_makers.jpeg_pdf(tmp_path / "a.pdf", paper_makers.page())
    for dpi in (100, 300):
        assert shown(path, dpi).shape[:2] == pytest.approx((11.695 * dpi, 8.27 * dpi), abs=2)


def test_a_drawn_annotation_is_seen(tmp_path: Path) -> None:
    path = paper_makers.jpeg_pdf(tmp_path / "a.pdf", Image.new("RGB", (800, 1200), "white"))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        look = pikepdf.Stream(
            pdf,
            b"1 0 0 rg 0 0 100 100 re f",
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            BBox=[0, 0, 100, 100],
        )
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Stamp,
            Rect=[50, 50, 150, 150],
            F=4,
            AP=pikepdf.Dictionary(N=look),
        )
        pdf.pages[0].obj.Annots = pdf.make_indirect([pdf.make_indirect(note)])
        pdf.save(path)
    assert embedded_scan(path, 1) is None
    assert shown(path)[:, :, 1].min() < 64


def test_a_blank_page_that_both_renderers_show_blank_is_a_page(tmp_path: Path) -> None:
    path = paper_makers.text_pdf(tmp_path / "a.pdf", ())
    assert render.is_empty(shown(path))


def test_a_page_that_only_the_second_renderer_shows_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = paper_makers.text_pdf(tmp_path / "a.pdf", ("something",))
    monkeypatch.setattr(render, "pdfium_page", lambda *_: np.full((2339, 1653, 3), 255, np.uint8))
    with pytest.raises(FileRefused) as refused:
        shown(path)
    assert refused.value.code == "page-not-trusted"
    assert refused.value.advice


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P"])
def test_a_png_with_pixels_for_half_its_rows_is_refused(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (331, 207), np.uint8)).convert(mode).save(path)
    assert shown(path).size
    data = bytearray(path.read_bytes())
    data[20:24] = (662).to_bytes(4, "big")
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    path.write_bytes(data)
    with pytest.raises(FileRefused) as refused:
        shown(path)
    assert refused.value.code == "truncated"


def test_a_scan_that_cannot_be_decoded_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
    path = paper_makers.jpeg_pdf(tmp_path / "a.pdf", paper_makers.page())
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        image = pdf.pages[0].obj.Resources.XObject.Im
        image.write(image.read_raw_bytes()[:3000], filter=pikepdf.Name.DCTDecode)
        pdf.save(path)
    with pytest.raises(FileRefused):
        shown(path)


def test_a_scan_whose_filter_has_a_damaged_name_is_refused(tmp_path: Path) -> None:
    path = paper_makers.jpeg_pdf(tmp_path / "a.pdf", paper_makers.page())
    path.write_bytes(path.read_bytes().replace(b"/DCTDecode", b"/DC\x9dDecode"))
    with pytest.raises(FileRefused, match="broken-file"):
        render_page(path, inspect_file(path, path.name, ReadingSettings()), 1, 100.0)
