"""What the benches are to reach, as data, and how a figure is held against it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from rich.console import Console
from rich.table import Table

Z = NormalDist().inv_cdf(0.975)

Sense = Literal["at least", "at most"]
Outcome = Literal["met", "missed", "not measured"]


@dataclass(frozen=True)
class Figure:
    """What was measured. of: the cases behind it, 0 if it is no share; right: of them, for the interval."""

    value: float
    of: int = 0
    right: int | None = None

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % interval of a share in the figure's own unit, per cent."""
        if not self.of or self.right is None:
            return None
        low, high = wilson(self.right, self.of)
        return 100.0 * low, 100.0 * high


@dataclass(frozen=True)
class Goal:
    """key: of the figure that it judges. unit: as printed behind both numbers."""

    key: str
    title: str
    sense: Sense
    target: float
    unit: str = "%"

    def outcome(self, figure: Figure | None) -> Outcome:
        """A figure that could not be measured (no cases: NaN) neither meets nor misses."""
        if figure is None or math.isnan(figure.value):
            return "not measured"
        held = figure.value >= self.target if self.sense == "at least" else figure.value <= self.target
        return "met" if held else "missed"


READING = (
    Goal("exact.clean", "fields exact, clean", "at least", 99.3),
    Goal("exact.office", "fields exact, office", "at least", 98.5),
    Goal("exact.hard", "fields exact, hard", "at least", 95.0),
    Goal("id.clean", "personal IDs exact, clean", "at least", 99.7),
    Goal("id.office", "personal IDs exact, office", "at least", 99.5),
    Goal("id.hard", "personal IDs exact, hard", "at least", 98.0),
    Goal("mrz.clean", "MRZ lines exact, clean", "at least", 99.0),
    Goal("mrz.office", "MRZ lines exact, office", "at least", 99.0),
    Goal("type", "type of paper right", "at least", 99.5),
    Goal("wrong-when-sure", "wrong among fields at 0.95 and above", "at most", 0.1),
    Goal("sure.office", "office fields that reach 0.95", "at least", 92.0),
    Goal("ece", "expected calibration error", "at most", 0.01, ""),
    Goal("cer.clean", "CER of running text, clean", "at most", 0.3),
    Goal("cer.office", "CER of running text, office", "at most", 0.6),
    Goal("wrong-when-checked", "wrong fields in checked records", "at most", 0.0, ""),
)

PAGES = (
    Goal("first", "first reader, cleaning, codes: times OCRmyPDF's pages a CPU second", "at least", 4.0, "x"),
    Goal("all", "everything on: times OCRmyPDF's pages a CPU second", "at least", 2.5, "x"),
    Goal("two-cores", "wall time of two processes, share of their CPU time", "at most", 0.6, ""),
)

MEMORY = (
    Goal("worker", "peak RSS of a reading process, times that of the short file", "at most", 1.3, "x"),
    Goal("parent", "peak RSS of the process that tells the story, times", "at most", 1.5, "x"),
)


def judge(
    console: Console,
    title: str,
    goals: Sequence[Goal],
    figures: Mapping[str, Figure],
    **besides: Mapping[str, Figure],
) -> list[Goal]:
    """Print goal, figure, met or missed; the missed ones. besides: further columns, shown and not judged."""
    table = Table(title=title, title_justify="left")
    for heading in ("goal", "wanted", "figure", "of", "95 % interval", *besides, ""):
        table.add_column(heading.replace("_", " "), justify="left" if heading in ("goal", "") else "right")
    for goal in goals:
        figure = figures.get(goal.key)
        table.add_row(
            goal.title,
            f"{'>=' if goal.sense == 'at least' else '<='} {goal.target:g} {goal.unit}".rstrip(),
            shown(figure, goal.unit),
            str(figure.of) if figure and figure.of else "",
            _interval(figure),
            *(shown(other.get(goal.key), goal.unit) for other in besides.values()),
            goal.outcome(figure),
        )
    console.print(table)
    return [goal for goal in goals if goal.outcome(figures.get(goal.key)) == "missed"]


def told(goals: Sequence[Goal], figures: Mapping[str, Figure]) -> str:
    """The goals in one line, for the summary."""
    outcomes = [goal.outcome(figures.get(goal.key)) for goal in goals]
    text = f"goals met {outcomes.count('met')} of {len(goals)}"
    if missing := outcomes.count("not measured"):
        text += f", {missing} not measured"
    return text


def shown(figure: Figure | None, unit: str = "") -> str:
    """A figure for a cell of a table."""
    if figure is None or math.isnan(figure.value):
        return "-"
    return f"{figure.value:.{2 if unit in ('%', 'x') else 4}f} {unit}".rstrip()


def wilson(right: float, of: float, z: float = Z) -> tuple[float, float]:
    """Wilson's score interval of a share, 0..1 (Wilson 1927); 0..1 for no cases."""
    if not of:
        return 0.0, 1.0
    share = right / of
    middle = share + z * z / (2 * of)
    reach = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, (middle - reach) / (1 + z * z / of)), min(1.0, (middle + reach) / (1 + z * z / of))


def _interval(figure: Figure | None) -> str:
    interval = figure.interval if figure else None
    return f"{interval[0]:.1f} to {interval[1]:.1f}" if interval else ""
