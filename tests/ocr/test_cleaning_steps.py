"""Each step of cleaning runs where its measurement asks for it, and only there, unless a policy says otherwise."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import paper_makers
import pytest
from PIL import ImageDraw

from dossier.settings import ReadingSettings
from ocr import cleaning
from ocr.cleaning import clean_page
from ocr.colour import inks, without_colour
from ocr.engines.base import Colour, Grey
from ocr.inspection import inspect_file
from ocr.pages import read_page
from ocr.pixels import u8
from ocr.steps import GATED, Policy, Step
from ocr.toolbox import Toolbox

DPI = 200.0
ON_PIXELS = {Step.COLOUR, Step.BACKGROUND, Step.RULES, Step.LEADERS}


def worn_page() -> Colour:
    """A sealed form with rules and leaders, its paper darker to one side."""
    image = paper_makers.with_seal(paper_makers.page(), (900, 900))
    draw = ImageDraw.Draw(image)
    draw.line((180, 1300, 1400, 1300), fill="black", width=4)
    for x in range(300, 1300, 12):
        draw.ellipse((x, 1500, x + 3, 1503), fill="black")
    shade = np.linspace(1.0, 0.75, image.width)[None, :, None]
    return u8(np.asarray(image) * shade)


def by_hand(page: Colour) -> Grey:
    """All four steps on pixels one after another, with no policy between them."""
    grey = without_colour(page, inks(page))
    ground = cleaning.background(grey)
    grey = u8(cv2.divide(grey, cv2.resize(ground, (grey.shape[1], grey.shape[0])), scale=245))
    dark = u8(cv2.inRange(grey, 0, 160))
    flat, upright = cleaning.rules(dark, DPI)
    dots = cleaning.leaders(u8(cv2.subtract(dark, flat | upright)), DPI)
    for mask in (flat | upright, dots):
        paper = int(np.percentile(grey[::8, ::8], 80))
        grey = grey.copy()
        grey[cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0] = paper
    return grey


def test_a_page_that_asks_for_every_step_gets_them_all_to_the_byte() -> None:
    page = worn_page()
    cleaned = clean_page(page, inks(page), DPI)
    assert set(cleaned.steps) == ON_PIXELS
    assert cleaned.grey.tobytes() == by_hand(page).tobytes()


@pytest.mark.parametrize("step", sorted(ON_PIXELS))
def test_a_step_that_is_left_out_changes_the_page_and_no_other_step_is_lost(step: Step) -> None:
    page = worn_page()
    found = inks(page)
    cleaned = clean_page(page, found, DPI, policy=Policy(never=frozenset({step})))
    assert step not in cleaned.steps
    assert not np.array_equal(cleaned.grey, clean_page(page, found, DPI).grey)
    if step is not Step.BACKGROUND:  # on a dark ground masks are found elsewhere
        assert set(cleaned.steps) == ON_PIXELS - {step}


@pytest.mark.parametrize("step", sorted(GATED))
def test_a_gated_step_can_be_taken_on_a_page_that_does_not_ask_for_it(step: Step) -> None:
    page = paper_makers.array(paper_makers.page())
    assert clean_page(page, inks(page), DPI).steps == ()
    assert clean_page(page, inks(page), DPI, policy=Policy(always=frozenset({step}))).steps == (step,)


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("asked_for", [True, False])
def test_by_default_a_step_runs_exactly_where_it_is_asked_for(step: Step, asked_for: bool) -> None:
    assert Policy().runs(step, asked_for) is asked_for
    assert Toolbox(ReadingSettings()).cleaning == Policy()


@pytest.mark.parametrize("step", sorted(set(Step) - GATED))
def test_a_step_with_nothing_to_work_on_cannot_be_asked_to_run_always(step: Step) -> None:
    with pytest.raises(ValueError, match=step):
        Policy(always=frozenset({step}))


def test_without_deskewing_the_page_stays_as_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "page.jpg"
    tilted = paper_makers.tilted(paper_makers.page(paper_makers.LINES * 2), 2.0)
    tilted.save(path, dpi=(200, 200), quality=92)
    info = inspect_file(path, path.name, ReadingSettings())
    left = Toolbox(ReadingSettings(), Policy(never=frozenset({Step.DESKEW})))
    assert read_page(path, info, 1, left)[0].quality.skew == 0.0
