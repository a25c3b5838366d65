"""A sheet photographed by phone is made flat; a scan is left alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import paper_makers
import pytest
from PIL import Image

from dossier.settings import ReadingSettings
from ocr import pages
from ocr.engines.base import Colour
from ocr.flatten import measure_flattening
from ocr.inspection import inspect_file
from ocr.pages import page_image, read_page
from ocr.toolbox import Toolbox
from samples.photo import photograph


@pytest.fixture(scope="module")
def toolbox() -> Toolbox:
    return Toolbox(ReadingSettings())


def photo(seed: int) -> Colour:
    return photograph(paper_makers.array(paper_makers.page(paper_makers.LINES * 3)), seed, 0.25, 0.5, 2.0)


@pytest.mark.parametrize("seed", [1, 5])
def test_a_photographed_sheet_is_read_and_its_boxes_match_the_pixels(
    tmp_path: Path, toolbox: Toolbox, seed: int
) -> None:
    path = tmp_path / "photo.jpg"
    Image.fromarray(photo(seed)).save(path, quality=88, dpi=(72, 72))
    info = inspect_file(path, path.name, ReadingSettings())
    reading, _ = read_page(path, info, 1, toolbox)
    assert reading.flattening is not None
    assert (reading.width, reading.height, reading.dpi) == (1654, 2339, 200.0)
    assert paper_makers.LINES[0] in reading.text
    assert reading.quality.dpi == pytest.approx(200, rel=0.15)  # the page that was photographed has 200
    pages._kept.clear()  # as in another process
    pixels = page_image(path, info, reading)
    assert pixels.shape == (reading.height, reading.width, 3)
    for word in reading.words:
        x0, y0, x1, y1 = map(int, word.box)
        if word.confidence > 0.6:
            assert pixels[y0:y1, x0:x1].min() < pixels[y0:y1, x0:x1].max() - 60, word.text


@pytest.mark.parametrize("seed", range(8))
def test_the_sheet_is_found_at_its_true_shape_from_every_side(seed: int) -> None:
    how = measure_flattening(photo(seed), 200, 200)
    assert how is not None
    assert (how.width, how.height) == (1654, 2339)


def framed(tone: int) -> Colour:
    """A card's picture with a margin, as a scanner's lid leaves it."""
    image = Image.new("RGB", (1100, 720), (tone, tone, tone))
    image.paste(Image.new("RGB", (1011, 638), "#d8e4e0"), (40, 40))
    return paper_makers.array(image)


def test_scans_are_left_as_they_are() -> None:
    plain = paper_makers.page(paper_makers.LINES * 3)
    scans = [
        paper_makers.array(plain),
        paper_makers.array(paper_makers.tilted(plain, 3.0)),
        paper_makers.array(plain.rotate(3.0, fillcolor=(30, 30, 30))),
        paper_makers.array(plain.rotate(3.0, fillcolor=(90, 90, 90))),
        framed(250),
        framed(20),
        np.full((900, 700, 3), 128, np.uint8),
    ]
    assert [measure_flattening(scan, 200, 200) for scan in scans] == [None] * len(scans)
