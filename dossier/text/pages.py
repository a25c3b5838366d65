"""Page numbers as people write them."""

from __future__ import annotations

from collections.abc import Iterable


def listed(numbers: Iterable[int]) -> str:
    """`1-3, 7`: each number once, in order, runs joined."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
