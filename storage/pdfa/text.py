"""The invisible text of a page: one line per line, spaces between words, each word as wide and high as it is seen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import hypot
from statistics import median
from unicodedata import category, normalize

from storage.pdfa.font import ADVANCE, EM
from storage.pdfa.model import PlacedWord, Point

FONT = "/F1"
BEYOND = "�"
"""Stands for what no word of ours holds: signs beyond the basic plane."""
_WIDE = ADVANCE / EM
_LEAST = 0.5
"""Points: a word without width or height is still to be found."""
_ALIKE = 0.1
"""Words whose heights differ by no more, as a share, get one height: viewers split lines where the size changes."""

Corners = list[Point]


def invisible_text(words: Sequence[PlacedWord], width: float, height: float) -> bytes:
    """The drawing instructions (text rendering mode 3). width, height: of the page in points."""
    shown: list[str] = []
    for _, members in groupby(words, key=lambda word: word.line):
        placed = [
            (text, [(x * width, (1 - y) * height) for x, y in word.corners])
            for word in members
            if (text := sayable(word.text))
        ]
        shown += _line(placed)
    return "\n".join(["BT", "3 Tr", *shown, "ET"]).encode("ascii") if shown else b""


def sayable(text: str) -> str:
    """The text as it can be said: NFC, without control and separating characters."""
    plain = "".join(
        sign for sign in normalize("NFC", text) if category(sign)[0] != "Z" and category(sign) not in _MUTE
    )
    return "".join(sign if ord(sign) <= 0xFFFF else BEYOND for sign in plain)


_MUTE = ("Cc", "Cf", "Cs", "Cn")


def _line(words: list[tuple[str, Corners]]) -> list[str]:
    if not words:
        return []
    usual = median(_height(corners) for _, corners in words)
    shown = []
    for number, (text, corners) in enumerate(words, 1):
        own = _height(corners)
        size = max(usual if abs(own - usual) <= _ALIKE * usual else own, _LEAST)
        *_, right, left = corners
        shown.append(_show(text, "" if number == len(words) else " ", left, right, size))
    return shown


def _height(corners: Corners) -> float:
    (x0, y0), *_, (x1, y1) = corners
    return hypot(x1 - x0, y1 - y0)


def _show(text: str, space: str, start: Point, end: Point, size: float) -> str:
    """Text from a point to another, of this size; a space behind it, shown with it: on its own a dash is taken for the
    hyphen at a line's end.
    """
    long = max(hypot(end[0] - start[0], end[1] - start[1]), _LEAST)
    cos, sin = ((end[0] - start[0]) / long, (end[1] - start[1]) / long) if end != start else (1.0, 0.0)
    scale = 100 * long / (len(text) * _WIDE * size)
    turn = " ".join(_number(value, 5) for value in (cos, sin, -sin, cos))
    place = " ".join(_number(value, 2) for value in start)
    code = (text + space).encode("utf-16-be").hex().upper()
    return f"{FONT} {_number(size, 2)} Tf {_number(scale, 3)} Tz {turn} {place} Tm <{code}> Tj"


def _number(value: float, digits: int) -> str:
    """As PDF writes numbers: no exponent, no trailing zeros."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
