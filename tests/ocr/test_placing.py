"""Words go back to where they are seen: through deskewing, turning and flattening, by geometry alone."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.reading import Flattening, PageReading, Quality, Word
from ocr.flatten import flatten
from ocr.orientation import rotate
from ocr.placing import as_seen, corners_seen, line_boxes
from ocr.skew import deskew

SIDE = (600, 400)  # width and height as delivered
SPOT = 5


def reading(
    size: tuple[int, int],
    rotation: int = 0,
    skew: float = 0.0,
    flattening: Flattening | None = None,
    words: tuple[Word, ...] = (),
) -> PageReading:
    quality = Quality(
        page=1, dpi=100, skew=skew, sharpness=1, contrast=1, ink=0.1, coloured_ink=0, black_border=0,
        colour=False, blank=False,
    )  # fmt: skip
    return PageReading.model_validate(
        {
            "sha256": "a" * 64,
            "page": 1,
            "width": size[0],
            "height": size[1],
            "dpi": 100,
            "rotation": rotation,
            "words": words,
            "quality": quality,
            "flattening": flattening,
        }
    )


def spotted(place: tuple[float, float]) -> npt.NDArray[np.uint8]:
    """A white page with one black spot, its middle at these shares of the sides."""
    page = np.full((SIDE[1], SIDE[0], 3), 255, np.uint8)
    cv2.circle(page, (round(place[0] * SIDE[0]), round(place[1] * SIDE[1])), SPOT, (0, 0, 0), -1)
    return page


def spot_in(page: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    rows, columns = np.nonzero(page[..., 0] < 128)
    assert rows.size
    return np.array([[columns.mean() + 0.5, rows.mean() + 0.5]])


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [0.0, 0.05, 2.5, -4.0])
@pytest.mark.parametrize("place", [(0.3, 0.4), (0.8, 0.2), (0.5, 0.9)])
def test_a_spot_is_found_again_on_the_page_turned_upright(
    rotation: int, skew: float, place: tuple[float, float]
) -> None:
    upright = rotate(spotted(place), rotation)  # type: ignore[arg-type]
    read = deskew(upright, skew)
    high, wide = read.shape[:2]
    [back] = as_seen(reading((wide, high), rotation, skew), spot_in(read))
    [seen] = spot_in(upright) / (wide, high)
    assert back == pytest.approx(seen, abs=2.0 / min(SIDE))


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("place", [(0.4, 0.4), (0.6, 0.3), (0.5, 0.7)])
def test_a_spot_on_a_photographed_sheet_is_found_again_in_the_photograph(
    rotation: int, place: tuple[float, float]
) -> None:
    how = Flattening(
        corners=((0.1, 0.15), (0.85, 0.1), (0.9, 0.9), (0.15, 0.8)),
        bends=((0.0, 0.02, 0.0, -0.02), (0.01, 0.0, -0.01), (0.0, 0.0, 0.0), (0.02, 0.0, -0.02)),
        delivered_dpi=100,
        scan_dpi=100,
        width=500,
        height=350,
        dpi=100,
    )
    picture = spotted(place)
    read = deskew(rotate(flatten(picture, how), rotation), 1.5)  # type: ignore[arg-type]
    high, wide = read.shape[:2]
    [back] = as_seen(reading((wide, high), rotation, 1.5, how), spot_in(read))
    upright = rotate(picture, rotation)  # type: ignore[arg-type]
    [seen] = spot_in(upright) / (upright.shape[1], upright.shape[0])
    assert back == pytest.approx(seen, abs=3.0 / min(SIDE))


def test_words_of_a_line_are_as_high_as_the_line() -> None:
    words = tuple(
        Word(text=text, box=box, confidence=1.0, line=1)
        for text, box in [
            ("Độc", (10.0, 100.0, 60.0, 130.0)),
            ("lập", (70.0, 102.0, 110.0, 132.0)),
            ("-", (120.0, 115.0, 130.0, 118.0)),
            ("Tự", (140.0, 101.0, 180.0, 131.0)),
            ("¶", (190.0, 60.0, 220.0, 190.0)),
        ]
    )
    boxes = {word.text: box for word, box in line_boxes(reading((600, 400), words=words))}
    assert boxes["-"] == (120.0, *(boxes["Độc"][1],), 130.0, boxes["Độc"][3])
    assert boxes["Độc"][1:4:2] == boxes["Tự"][1:4:2]
    assert boxes["¶"] == (190.0, 60.0, 220.0, 190.0)


@given(
    boxes=st.lists(
        st.tuples(*[st.floats(0, 400)] * 4).map(lambda b: (*sorted(b[::2]), *sorted(b[1::2]))), max_size=6
    ),
    skew=st.floats(-6, 6),
)
def test_every_word_has_four_corners(boxes: list[tuple[float, float, float, float]], skew: float) -> None:
    words = tuple(
        Word(text="chữ", box=(x0, y0, x1, y1), confidence=1.0, line=n // 2)
        for n, (x0, x1, y0, y1) in enumerate(boxes)
    )
    found = list(corners_seen(reading((600, 400), skew=skew, words=words)))
    assert [word for word, _ in found] == list(words)
    assert all(corners.shape == (4, 2) and np.isfinite(corners).all() for _, corners in found)
