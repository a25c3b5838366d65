"""Digits as Vietnamese clerks write them, drawn from skeletons, and what pen, hand and scanner do to them.

A 1 with a long flag, a 7 with a bar, a leaning 0, a 2 with a loop, an open 4, a 9 with a straight tail; and what
is no digit: letters, slashes, halves, two that touch. Pictures are CANVAS x CANVAS, white on black.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[Any]
Points = list[tuple[float, float]]
CANVAS = 96

# Strokes in a unit box, x to the right, y down.
SKELETONS: dict[int, list[list[Points]]] = {
    0: [[[(0.5, 0), (0.1, 0.2), (0.05, 0.6), (0.3, 1), (0.7, 0.95), (0.95, 0.5), (0.85, 0.1), (0.45, 0.0)]]],
    1: [
        [[(0.05, 0.45), (0.65, 0.0), (0.5, 1.0)]],
        [[(0.0, 0.6), (0.75, 0.0), (0.6, 1.0)]],
        [[(0.2, 0.25), (0.6, 0.0), (0.55, 1.0)]],
        [[(0.55, 0.0), (0.45, 1.0)]],
        [[(0.1, 0.4), (0.6, 0.0), (0.5, 1.0)], [(0.2, 1.0), (0.85, 0.98)]],
    ],
    2: [
        [[(0.1, 0.25), (0.45, 0.0), (0.85, 0.2), (0.6, 0.6), (0.05, 1.0), (0.95, 0.95)]],
        [[(0.1, 0.2), (0.5, 0.0), (0.8, 0.3), (0.3, 0.9), (0.1, 0.85), (0.3, 0.75), (0.95, 1.0)]],
    ],
    3: [
        [[(0.1, 0.1), (0.6, 0.0), (0.8, 0.25), (0.4, 0.45), (0.85, 0.65), (0.6, 1.0), (0.05, 0.9)]],
        [[(0.1, 0.0), (0.85, 0.0), (0.4, 0.4), (0.85, 0.65), (0.55, 1.0), (0.05, 0.9)]],
    ],
    4: [
        [[(0.5, 0.0), (0.05, 0.65), (0.95, 0.6)], [(0.7, 0.3), (0.6, 1.0)]],
        [[(0.3, 0.0), (0.1, 0.55), (0.9, 0.5)], [(0.75, 0.05), (0.65, 1.0)]],
        [[(0.7, 0.0), (0.05, 0.7), (0.95, 0.7)], [(0.7, 0.0), (0.68, 1.0)]],
    ],
    5: [
        [
            [(0.3, 0.0), (0.2, 0.45), (0.7, 0.4), (0.85, 0.75), (0.4, 1.0), (0.0, 0.9)],
            [(0.3, 0.03), (0.95, 0.0)],
        ],
        [[(0.9, 0.0), (0.3, 0.05), (0.15, 0.45), (0.75, 0.45), (0.8, 0.8), (0.35, 1.0), (0.0, 0.85)]],
    ],
    6: [
        [[(0.75, 0.0), (0.2, 0.45), (0.1, 0.85), (0.5, 1.0), (0.85, 0.75), (0.6, 0.5), (0.2, 0.65)]],
        [[(0.6, 0.0), (0.05, 0.6), (0.35, 1.0), (0.8, 0.85), (0.7, 0.55), (0.15, 0.75)]],
    ],
    7: [
        [[(0.05, 0.08), (0.9, 0.0), (0.35, 1.0)]],
        [[(0.05, 0.05), (0.9, 0.0), (0.4, 1.0)], [(0.2, 0.55), (0.9, 0.45)]],
        [[(0.05, 0.2), (0.1, 0.0), (0.9, 0.02), (0.45, 1.0)], [(0.25, 0.5), (0.85, 0.5)]],
        [[(0.0, 0.12), (0.35, 0.02), (0.85, 0.1), (0.5, 1.0)], [(0.15, 0.5), (0.95, 0.42)]],
    ],
    8: [
        [[(0.8, 0.15), (0.4, 0.0), (0.15, 0.25), (0.8, 0.7), (0.5, 1.0), (0.1, 0.8), (0.7, 0.3), (0.8, 0.1)]],
        [
            [
                (0.5, 0.45),
                (0.15, 0.2),
                (0.5, 0.0),
                (0.8, 0.2),
                (0.5, 0.45),
                (0.1, 0.75),
                (0.5, 1),
                (0.9, 0.7),
                (0.5, 0.45),
            ]
        ],
    ],
    9: [
        [[(0.8, 0.2), (0.4, 0.0), (0.1, 0.3), (0.4, 0.5), (0.8, 0.2), (0.75, 0.6), (0.5, 1.0)]],
        [
            [
                (0.85, 0.15),
                (0.45, 0.0),
                (0.1, 0.25),
                (0.45, 0.5),
                (0.85, 0.1),
                (0.8, 0.8),
                (0.4, 1.0),
                (0.1, 0.9),
            ]
        ],
        [[(0.8, 0.1), (0.35, 0.02), (0.15, 0.35), (0.5, 0.45), (0.85, 0.05), (0.7, 1.0)]],
    ],
}
LETTERS = "SsoOgnyAUBNDCTQKHtVBgđ/,.:;-_()"
FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
    cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
    cv2.FONT_HERSHEY_COMPLEX | cv2.FONT_ITALIC,
)


def smooth(points: Points, dice: np.random.Generator) -> npt.NDArray[np.float64]:
    """Points of a soft curve through jittered corners (Chaikin), corners kept now and then."""
    line = np.array(points) + dice.normal(0, 0.035, (len(points), 2))
    for _ in range(int(dice.integers(0, 4)) if len(points) < 5 else 3):
        cut = np.empty((2 * (len(line) - 1), 2))
        cut[0::2] = 0.8 * line[:-1] + 0.2 * line[1:]
        cut[1::2] = 0.2 * line[:-1] + 0.8 * line[1:]
        line = np.vstack([line[:1], cut, line[-1:]])
    return line


def drawn(digit: int, dice: np.random.Generator) -> Image:
    strokes = SKELETONS[digit][dice.integers(len(SKELETONS[digit]))]
    width, height = dice.uniform(18, 42), dice.uniform(40, 60)
    lean, thick = dice.uniform(-0.1, 0.55), int(dice.integers(2, 7))
    image = np.zeros((CANVAS, CANVAS), np.uint8)
    for stroke in strokes:
        line = smooth(stroke, dice)
        x = 14 + line[:, 0] * width + (1 - line[:, 1]) * lean * height
        y = 18 + line[:, 1] * height
        points = np.stack([x, y], 1).round().astype(np.int32)
        cv2.polylines(image, [points], False, 255, thick, cv2.LINE_AA)
    return image


def enlarged(sample: Image, dice: np.random.Generator) -> Image:
    side = int(dice.integers(40, 70))
    big = cv2.resize(sample, (side, side), interpolation=cv2.INTER_CUBIC)
    out = np.zeros((CANVAS, CANVAS), np.uint8)
    top = (CANVAS - side) // 2
    out[top : top + side, top : top + side] = big
    return out


def printed(text: str, dice: np.random.Generator) -> Image:
    image = np.zeros((CANVAS, CANVAS), np.uint8)
    font = FONTS[dice.integers(len(FONTS))]
    cv2.putText(
        image, text, (25, 68), font, dice.uniform(1.2, 2.0), 255, int(dice.integers(1, 5)), cv2.LINE_AA
    )
    return image


def worn(image: Image, dice: np.random.Generator) -> Image:
    """The picture turned, sheared, stretched, thickened or thinned, as a pen, a hand and a scanner do."""
    angle, shear = dice.normal(0, 6), dice.normal(0, 0.12)
    turn = cv2.getRotationMatrix2D((CANVAS / 2, CANVAS / 2), angle, 1.0)
    turn = turn @ np.array(
        [[dice.uniform(0.8, 1.2), shear, -shear * CANVAS / 2], [0, dice.uniform(0.85, 1.1), 0], [0, 0, 1]]
    )
    image = cv2.warpAffine(image, turn, (CANVAS, CANVAS))
    kernel = np.ones((2, 2), np.uint8)
    if (wear := dice.random()) < 0.2:
        image = cv2.dilate(image, kernel)
    elif wear < 0.3:
        image = cv2.erode(image, kernel)
    if dice.random() < 0.5:
        image = cv2.GaussianBlur(image, (3, 3), 0)
    if dice.random() < 0.5:
        image = np.where(image > 110, 255, 0).astype(np.uint8)  # a scan that was made black and white
    return image


def one_digit(digit: int, mnist: list[Image], dice: np.random.Generator) -> Image:
    choice = dice.random()
    if choice < 0.5:
        return enlarged(mnist[dice.integers(len(mnist))], dice)
    return drawn(digit, dice) if choice < 0.93 else printed(str(digit), dice)


def something_else(mnist: list[list[Image]], dice: np.random.Generator) -> Image:
    choice = dice.random()
    if choice < 0.35:
        return printed(LETTERS[dice.integers(len(LETTERS))], dice)
    left, right = dice.integers(0, 10, 2)
    first = one_digit(int(left), mnist[left], dice)
    ys, xs = np.nonzero(first > 40)
    if choice < 0.75 and len(xs):  # two that touch
        second = one_digit(int(right), mnist[right], dice)
        columns = np.nonzero(second.max(0) > 40)[0]
        if len(columns):
            wide = np.zeros((CANVAS, 3 * CANVAS), np.uint8)
            wide[:, :CANVAS] = first
            at = int(xs.max() - columns.min() - dice.integers(0, 6))
            at = max(at, 0)
            part = wide[:, at : at + CANVAS]
            part[:] = np.maximum(part, second)
            return cv2.resize(wide[:, : 2 * CANVAS], (CANVAS, CANVAS // 2), interpolation=cv2.INTER_AREA)
    if choice < 0.9 and len(xs):  # a half
        if dice.random() < 0.5:
            first[int(ys.min() + (ys.max() - ys.min()) * dice.uniform(0.3, 0.6)) :] = 0
        else:
            first[:, int(xs.min() + (xs.max() - xs.min()) * dice.uniform(0.3, 0.6)) :] = 0
        return first
    image = np.zeros((CANVAS, CANVAS), np.uint8)
    for _ in range(int(dice.integers(1, 4))):
        a, b = dice.integers(10, CANVAS - 10, (2, 2))
        cv2.line(image, tuple(a.tolist()), tuple(b.tolist()), 255, int(dice.integers(2, 6)), cv2.LINE_AA)
    return image
