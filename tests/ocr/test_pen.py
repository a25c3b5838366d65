"""Digits written with a pen, drawn here stroke by stroke: read, parted, or honestly not read."""

from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.pen import OTHER, classify, glyphs, normalise, read_digits

EM, BASELINE = 38.0, 60.0
STROKES = {
    "1": [[(0.1, 0.4), (0.6, 0.0), (0.5, 1.0)]],
    "4": [[(0.5, 0.0), (0.05, 0.65), (0.95, 0.6)], [(0.7, 0.3), (0.6, 1.0)]],
    "7": [[(0.05, 0.08), (0.9, 0.0), (0.4, 1.0)], [(0.2, 0.55), (0.9, 0.45)]],
}


def line(text: str, start: int = 60, pitch: int = 26) -> np.ndarray:
    """A white line with the digits of `text` written by pen: about 30 pixels high, leaning."""
    page = np.full((90, 260), 255, np.uint8)
    for index, digit in enumerate(text):
        for stroke in STROKES[digit]:
            points = [(start + index * pitch + x * 18 + (1 - y) * 5, 30 + y * 31) for x, y in stroke]
            cv2.polylines(page, [np.array(points, np.int32)], False, 20, 4, cv2.LINE_AA)
    return page


def test_a_flagged_one_and_a_crossed_seven_are_read() -> None:
    read = read_digits(line("147"), (50.0, 20.0, 160.0, 70.0), EM, BASELINE)
    assert read.digits == "147"
    assert read.pen


def test_an_empty_place_has_no_digits() -> None:
    read = read_digits(np.full((90, 260), 255, np.uint8), (50.0, 20.0, 160.0, 70.0), EM, BASELINE)
    assert read.digits is None


def test_dots_of_a_leader_are_no_digits() -> None:
    page = line("17")
    for x in range(125, 180, 8):
        cv2.circle(page, (x, 58), 1, 0, -1)
    assert len(glyphs(page, (50.0, 20.0, 190.0, 70.0), EM, BASELINE)) == 2


def test_a_digit_that_hangs_on_the_print_beside_is_not_left_out_in_silence() -> None:
    page = line("11")
    cv2.line(page, (20, 62), (70, 45), 20, 4)  # the flag of the first 1 runs into the word before it
    assert read_digits(page, (66.0, 20.0, 160.0, 70.0), EM, BASELINE).digits is None


def test_a_scrawl_is_no_number() -> None:
    page = np.full((90, 260), 255, np.uint8)
    cv2.polylines(
        page, [np.array([(60, 60), (75, 30), (85, 60), (100, 30), (120, 60)], np.int32)], False, 0, 3
    )
    assert read_digits(page, (50.0, 20.0, 160.0, 70.0), EM, BASELINE).digits is None


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(3, 60), st.integers(3, 60))
def test_any_pixels_give_a_chance_for_every_class(seed: int, height: int, width: int) -> None:
    ink = np.random.default_rng(seed).integers(0, 256, (height, width)).astype(np.uint8)
    chances = classify([normalise(ink)])
    assert chances.shape == (1, OTHER + 1)
    assert abs(float(chances.sum()) - 1.0) < 1e-4
