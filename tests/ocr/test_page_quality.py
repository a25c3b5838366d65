"""Numbers of a page's quality: in their range, and worse for worse pages."""

from __future__ import annotations

import math
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dossier.reading import Quality
from ocr.colour import inks
from ocr.engines.base import Colour
from ocr.quality import measure
from tests.ocr.paper_makers import array, page

DPI = 200.0
SHARES = ("contrast", "ink", "coloured_ink", "black_border", "cut_edges", "glare")


def look(pixels: Colour) -> Quality:
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    return measure(grey, inks(pixels), number=1, scan_dpi=DPI, dpi=DPI, skew=0.0)


def photographed(lamp_mm: float) -> Colour:
    """A page of print on greyish paper with a washed-out blob."""
    pixels = (array(page()).astype(np.float32) * (215 / 255)).astype(np.uint8)
    if lamp_mm:
        cv2.circle(pixels, (800, 900), int(lamp_mm / 2 / 25.4 * DPI), (255, 255, 255), -1)
    return pixels


@settings(max_examples=40, deadline=None)
@given(
    arrays.arrays(
        np.uint8,
        st.tuples(st.integers(9, 300), st.integers(9, 300), st.just(3)),
        elements=st.integers(0, 255),
    )
)
def test_every_number_is_finite_and_in_its_range(pixels):
    found = look(pixels)
    assert found.sharpness >= 0
    assert math.isfinite(found.sharpness)
    for name in SHARES:
        value = getattr(found, name)
        assert value is None or 0.0 <= value <= 1.0, name


def test_more_blur_is_never_sharper():
    pixels = array(page())
    seen = [
        look(cv2.GaussianBlur(pixels, (0, 0), blur) if blur else pixels).sharpness for blur in (0, 1, 2, 4, 8)
    ]
    assert all(later < earlier for earlier, later in pairwise(seen))


def test_more_glare_is_never_less():
    seen = [look(photographed(lamp)).glare for lamp in (0, 20, 40, 80)]
    assert seen[0] == 0.0
    assert all(later > earlier for earlier, later in pairwise(seen))


def test_white_paper_of_a_scanner_is_no_glare():
    assert look(array(page())).glare == 0.0


def test_a_lamp_over_half_the_page_cannot_be_told_from_the_paper():
    pixels = photographed(0)
    pixels[:1400] = 255
    assert look(pixels).glare is None


@pytest.mark.parametrize("lost", [200, 240, 300])
def test_print_over_the_edge_is_seen(lost):
    text = "Họ và tên: Nguyễn Thị Minh Khai, sinh tại "
    lines = tuple(text[n:] + text[:n] for n in range(20))
    whole = array(page(lines))
    assert look(whole).cut_edges == 0.0
    cut = np.ascontiguousarray(np.pad(whole[:, lost:], ((0, 0), (0, lost), (0, 0)), constant_values=255))
    assert look(cut).cut_edges > 0.03


def test_a_black_rim_is_no_cut_print():
    pixels = array(page()).copy()
    pixels[:, :30] = 20
    found = look(pixels)
    assert found.cut_edges == 0.0
    assert found.black_border > 0.1


def test_a_tiny_picture_has_no_edges_to_speak_of():
    assert look(np.full((12, 12, 3), 255, np.uint8)).cut_edges is None
