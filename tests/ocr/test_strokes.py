"""Ink beside words: a stroke that no word holds belongs to the value, and figures of a pen are told from type."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dossier.reading import Word
from ocr.engines.base import Colour
from ocr.layout import Region
from ocr.strokes import looks_written, with_lost_ink

FONT = "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf"
LABEL_END, VALUE, BASELINE = 80, 170, 100


def paper(*texts: tuple[int, int, int, str]) -> Colour:
    """White paper with texts at (x, baseline, size)."""
    image = Image.new("RGB", (500, 200), "white")
    draw = ImageDraw.Draw(image)
    for x, baseline, size, text in texts:
        draw.text((x, baseline), text, fill="black", font=ImageFont.truetype(FONT, size), anchor="ls")
    return np.asarray(image, dtype=np.uint8)


def region(left: float, right: float) -> Region:
    box = (left, 75.0, right, 104.0)
    return Region(0, ((Word(text="57/2026", box=box, confidence=0.9, line=0),),), box, label_end=LABEL_END)


def test_a_figure_between_label_and_value_belongs_to_the_value() -> None:
    whole = with_lost_ink(
        paper((130, BASELINE, 34, "4"), (VALUE, BASELINE, 34, "57/2026")), region(VALUE, 290)
    )
    assert whole.lines[0][0].text == ""
    assert whole.box[0] < 140
    assert whole.text == "57/2026"


def test_leaders_and_a_frame_before_a_value_are_no_part_of_it() -> None:
    image = paper((90, BASELINE, 34, "......"), (VALUE, BASELINE, 34, "57/2026")).copy()
    image[10:190, 150:152] = 0
    assert with_lost_ink(image, region(VALUE, 290)) == region(VALUE, 290)


def test_type_in_any_size_is_not_taken_for_a_pen() -> None:
    for size in (24, 34, 44):
        assert not looks_written(paper((VALUE, BASELINE, size, "457/2026")), region(VALUE, 330))


def test_figures_of_several_heights_are_taken_for_a_pens() -> None:
    image = paper(
        (VALUE, 104, 46, "4"), (200, 96, 40, "5"), (225, 108, 48, "7"), (255, BASELINE, 30, "/2026")
    )
    assert looks_written(image, region(VALUE, 330))
