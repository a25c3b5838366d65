"""Whether confidence keeps its word: of the fields stated at a confidence, how many were right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.goals import wilson

EDGES = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 1.0)
"""Bins are narrow where confidences crowd; a value on an edge belongs to the bin above it."""


@dataclass(frozen=True)
class Stated:
    """A value that was read: the confidence stated with it, and whether it was right."""

    confidence: float
    right: bool


@dataclass(frozen=True)
class Bin:
    """Values stated at low <= confidence < high. stated: mean confidence."""

    low: float
    high: float
    count: int
    right: int
    stated: float

    @property
    def measured(self) -> float:
        return self.right / self.count


def bins(values: Iterable[Stated], edges: Sequence[float] = EDGES) -> list[Bin]:
    """The bins that hold anything, from the lowest."""
    known = list(values)
    found = []
    for low, high in pairwise(edges):
        inside = [one for one in known if low <= one.confidence < high or one.confidence == high == edges[-1]]
        if inside:
            stated = sum(one.confidence for one in inside) / len(inside)
            found.append(Bin(low, high, len(inside), sum(one.right for one in inside), stated))
    return found


def expected_error(values: Iterable[Stated], edges: Sequence[float] = EDGES) -> float:
    """Expected calibration error, 0..1: the gap between stated and measured, weighted by count. NaN of nothing."""
    found = bins(values, edges)
    count = sum(one.count for one in found)
    if not count:
        return float("nan")
    return sum(one.count * abs(one.stated - one.measured) for one in found) / count


def print_bins(console: Console, title: str, values: Sequence[Stated]) -> None:
    """A row a bin, and the expected calibration error below."""
    table = Table(title=title, title_justify="left")
    for heading in ("confidence", "fields", "wrong", "stated", "measured", "95 % interval", "gap"):
        table.add_column(heading, justify="right")
    for one in bins(values):
        low, high = wilson(one.right, one.count)
        table.add_row(
            f"{one.low:.3f} to {one.high:.3f}",
            str(one.count),
            str(one.count - one.right),
            f"{one.stated:.4f}",
            f"{one.measured:.4f}",
            f"{low:.3f} to {high:.3f}",
            f"{one.measured - one.stated:+.4f}",
        )
    table.add_section()
    table.add_row(
        "all",
        str(len(values)),
        str(sum(not v.right for v in values)),
        "",
        "",
        "ECE",
        f"{expected_error(values):.4f}",
    )
    console.print(table)


def print_parts(console: Console, title: str, parts: Mapping[str, Sequence[Stated]]) -> None:
    """Stated and measured share of each part (a grade, a group of kinds); `!` where chance does not explain the gap."""
    table = Table(title=title, title_justify="left")
    for heading in ("part", "fields", "stated", "measured", "95 % interval", "ECE", ""):
        table.add_column(heading, justify="left" if heading in ("part", "") else "right")
    for name, values in parts.items():
        if not values:
            continue
        stated = sum(one.confidence for one in values) / len(values)
        right = sum(one.right for one in values)
        low, high = wilson(right, len(values))
        table.add_row(
            name,
            str(len(values)),
            f"{stated:.4f}",
            f"{right / len(values):.4f}",
            f"{low:.3f} to {high:.3f}",
            f"{expected_error(values):.4f}",
            "" if low <= stated <= high else "!",
        )
    console.print(table)


_SIDE, _EDGE, _COLOURS = 420, 60, ("#1f5fa8", "#b4551d", "#3a7d44")


def write_diagram(path: Path, series: Mapping[str, Sequence[Stated]]) -> None:
    """A reliability diagram as one SVG file that needs nothing else: the whole range, and 0.9 to 1 enlarged."""
    width, height = 2 * _SIDE + 3 * _EDGE, _SIDE + 2 * _EDGE + 24 * len(series)
    parts = [_panel(series, _EDGE, 0.0), _panel(series, 2 * _EDGE + _SIDE, 0.9)]
    for row, (name, values) in enumerate(series.items()):
        y = _SIDE + 2 * _EDGE + 24 * row
        text = f"{name}: {len(values)} fields, expected calibration error {expected_error(values):.4f}"
        parts.append(f'<circle cx="{_EDGE + 6}" cy="{y - 4}" r="5" fill="{_COLOURS[row % 3]}"/>')
        parts.append(f'<text x="{_EDGE + 20}" y="{y}">{escape(text)}</text>')
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif"'
        f' font-size="13"><rect width="{width}" height="{height}" fill="#fff"/>{"".join(parts)}</svg>\n',
        encoding="utf-8",
    )


def _panel(series: Mapping[str, Sequence[Stated]], left: int, low: float) -> str:
    def at(share: float) -> float:
        return (max(share, low) - low) / (1.0 - low) * _SIDE

    def x(share: float) -> float:
        return left + at(share)

    def y(share: float) -> float:
        return _EDGE + _SIDE - at(share)

    drawn = [
        f'<rect x="{left}" y="{_EDGE}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#888"/>',
        f'<path d="M{x(low):.1f} {y(low):.1f}L{x(1):.1f} {y(1):.1f}" stroke="#888" stroke-dasharray="4 4"/>',
        f'<text x="{left + _SIDE / 2}" y="{_EDGE + _SIDE + 36}" text-anchor="middle">stated confidence</text>',
        f'<text x="{left}" y="{_EDGE - 12}">share of fields that were right</text>',
    ]
    for step in range(6):
        tick = low + step * (1.0 - low) / 5
        drawn.append(
            f'<text x="{x(tick):.1f}" y="{_EDGE + _SIDE + 16}" text-anchor="middle">{tick:.2f}</text>'
        )
        drawn.append(f'<text x="{left - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:.2f}</text>')
    for row, values in enumerate(series.values()):
        drawn += [_point(one, x, y, _COLOURS[row % 3]) for one in bins(values) if one.stated >= low]
    return "".join(drawn)


def _point(one: Bin, x: Callable[[float], float], y: Callable[[float], float], colour: str) -> str:
    low, high = wilson(one.right, one.count)
    place, radius = x(one.stated), min(3 + one.count**0.5 / 6, 14)
    told = f"stated {one.stated:.4f}, measured {one.measured:.4f}, {one.count} fields"
    return (
        f'<g stroke="{colour}" fill="{colour}"><title>{told}</title>'
        f'<line x1="{place:.1f}" y1="{y(low):.1f}" x2="{place:.1f}" y2="{y(high):.1f}"/>'
        f'<circle cx="{place:.1f}" cy="{y(one.measured):.1f}" r="{radius:.1f}" fill-opacity=".5"/></g>'
    )
