"""Marks beside print, on papers made on the spot: each kind found where it is, none on plain print."""

from __future__ import annotations

from pathlib import Path
from random import Random

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import ocr.marks
from dossier.marks import MARK_KINDS
from dossier.reading import Mark
from ocr.colour import inks
from ocr.engines.base import Colour
from ocr.marks import find_marks
from ocr.marks.sheet import covered
from samples.overlays import OVERLAYS
from tests.ocr.paper_makers import array, page, with_seal

DPI = 200


def look(pixels: Colour) -> tuple[Mark, ...]:
    return find_marks(pixels, inks(pixels), 1, DPI)


def grey(pixels: Colour) -> Colour:
    return np.asarray(cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), np.uint8)


def test_plain_print_has_no_marks():
    assert look(array(page())) == ()


@pytest.mark.parametrize("name", sorted(OVERLAYS))
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("in_colour", [True, False])
def test_what_people_leave_on_paper_is_found(name, seed, in_colour):
    pixels, truth = OVERLAYS[name](Random(f"{name}/{seed}"), array(page()), DPI)
    assert truth
    found = look(pixels if in_colour else grey(pixels))
    for one in truth:
        box = tuple(one["box"])
        near = [mark.kind for mark in found if covered(box, _grown(mark)) > 0.5]
        if name == "stamp" and not in_colour:  # without colour, level rubber letters are print
            continue
        assert one["kind"] in near, (one, found)
    assert {mark.kind for mark in found} <= set(MARK_KINDS)


def _grown(mark: Mark) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = mark.box
    return x0 - 8, y0 - 8, x1 + 8, y1 + 8


def test_a_seal_is_found_in_colour_and_in_grey():
    sealed = array(with_seal(page(), (900, 1500)))
    for pixels in (sealed, grey(sealed)):
        seals = [mark for mark in look(pixels) if mark.kind == "seal"]
        assert len(seals) == 1
        assert seals[0].box == pytest.approx((758, 1358, 1042, 1642), abs=16)


def test_a_red_frame_takes_nothing_from_the_seal_in_it():
    sealed = array(with_seal(page(), (900, 1500))).copy()
    for inset in range(40, 130, 15):  # drawn finely, it has more edges than the seal
        cv2.rectangle(sealed, (inset, inset), (1653 - inset, 2338 - inset), (200, 30, 50), 4)
    seals = [mark for mark in look(sealed) if mark.kind == "seal"]
    assert [mark.box for mark in seals] == [pytest.approx((758, 1358, 1042, 1642), abs=16)]


@settings(max_examples=30, deadline=None)
@given(
    arrays.arrays(
        np.uint8,
        st.tuples(st.integers(40, 400), st.integers(40, 400), st.just(3)),
        elements=st.integers(0, 255),
    ),
    st.floats(60, 400),
)
def test_any_picture_gives_marks_inside_it_or_none(pixels, dpi):
    for mark in find_marks(pixels, inks(pixels), 1, dpi):
        x0, y0, x1, y1 = mark.box
        assert 0 <= x0 < x1 <= pixels.shape[1]
        assert 0 <= y0 < y1 <= pixels.shape[0]
        assert mark.kind in MARK_KINDS
        assert 0 <= mark.confidence <= 1


def test_every_kind_has_a_finder():
    code = "".join(path.read_text("utf-8") for path in Path(ocr.marks.__file__).parent.glob("*.py"))
    assert all(f'"{kind}"' in code for kind in MARK_KINDS)


def test_the_docs_list_every_kind():
    docs = (Path(__file__).parents[2] / "docs" / "administrators.md").read_text("utf-8")
    assert all(f"| `{kind}` | {meaning} |" in docs for kind, meaning in MARK_KINDS.items())
