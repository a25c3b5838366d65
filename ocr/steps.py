"""Which steps of cleaning may run on a page: as a rule each where a measurement asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """The steps that change what the page's reader sees, in the order in which they run."""

    DESKEW = "deskew"
    COLOUR = "colour"
    BACKGROUND = "background"
    RULES = "rules"
    LEADERS = "leaders"
    HEADINGS = "headings"


GATED = frozenset({Step.COLOUR, Step.BACKGROUND})
"""Steps that are held back by a threshold and could run on any page. The others work on what was measured itself
(an angle, a mask of rules, rows without words) and have nothing to do where there is none."""


@dataclass(frozen=True)
class Policy:
    """never: steps that are left out. always: steps of GATED that run without being asked for.

    The default runs each step where its measurement asks for it. Raises ValueError for a step that is in both, or
    that cannot always run.
    """

    never: frozenset[Step] = frozenset()
    always: frozenset[Step] = frozenset()

    def __post_init__(self) -> None:
        if wrong := (self.always - GATED) | (self.always & self.never):
            raise ValueError(f"cannot always run: {', '.join(sorted(wrong))}")

    def runs(self, step: Step, asked_for: bool = True) -> bool:
        """Whether a step runs on a page whose measurement asks for it or not."""
        return step not in self.never and (asked_for or step in self.always)


AS_MEASURED = Policy()
