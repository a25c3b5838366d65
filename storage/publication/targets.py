"""The contract of a downstream target: what the run of publication asks of a database, a table or a webhook.

A target keeps its own place in the feed of each office. `hand` takes a batch and moves that place in one step: either
all of it is there afterwards, or nothing. So a run that dies at any moment is gone on with by the next one, and no
event is handed on twice or left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from dossier.errors import Conflict, TerminalError
from dossier.record import Record
from dossier.targets import Target as TargetSettings
from storage.chain.links import NOTHING_BEFORE
from storage.feed import Announced


@dataclass(frozen=True)
class Cursor:
    """How far a target is in the feed of an office. seq 0: nothing was taken. sha256: of the link taken last.

    told: up to which number its hand-over has been told to the audit.
    """

    seq: int = 0
    sha256: str = NOTHING_BEFORE
    told: int = 0


@dataclass(frozen=True)
class Stand:
    """For people. at: when the cursor moved last, UTC. aside: how many announcements wait for a person."""

    cursor: Cursor
    at: datetime
    aside: int = 0


@dataclass(frozen=True)
class Problem:
    """Why an announcement goes aside. code: stable, kebab-case. message: English, no personal data."""

    code: str
    message: str


@dataclass(frozen=True)
class Delivery:
    """An announcement with the record that it names, or the reason why there is none to hand on."""

    announced: Announced
    record: Record | None = None
    problem: Problem | None = None


@dataclass(frozen=True)
class Aside:
    """An announcement that could not be handed on and waits for a person."""

    office: str
    seq: int
    dossier: str | None
    version: int | None
    code: str
    message: str


@dataclass(frozen=True)
class Handed:
    """What became of some announcements. events: all of them. records: versions handed on. aside: put aside.

    taken, left: which these are; the rest was not for this target, was there already or waits. Two are equal when their
    figures are.
    """

    events: int = 0
    records: int = 0
    aside: int = 0
    taken: tuple[Announced, ...] = field(default=(), compare=False, repr=False)
    left: tuple[Announced, ...] = field(default=(), compare=False, repr=False)

    def __add__(self, other: Handed) -> Handed:
        return Handed(
            self.events + other.events,
            self.records + other.records,
            self.aside + other.aside,
            self.taken + other.taken,
            self.left + other.left,
        )

    @property
    def figures(self) -> Handed:
        """Without the announcements: a run may go through any number of them."""
        return Handed(self.events, self.records, self.aside)


def one_of(announced: Announced, how: str) -> Handed:
    """What became of one: `handed`, `aside`, or anything else. events: not counted."""
    if how == "handed":
        return Handed(records=1, taken=(announced,))
    return Handed(aside=1, left=(announced,)) if how == "aside" else Handed()


@dataclass(frozen=True)
class HandedOver:
    """What a receipt tells: what became of the numbers `first` to `last` of an office's feed at a target.

    later: one of them, which had waited or gone aside when its batch was told.
    """

    target: str
    office: str
    first: int
    last: int
    taken: tuple[Announced, ...]
    left: tuple[Announced, ...]
    later: bool = False


Receipt = Callable[[HandedOver], None]
"""Called when something is safe at the target. May come twice for the same numbers after a crash: what it writes must
be named by what it is told.
"""


class CursorMoved(Conflict):
    """Another publisher has handed on what this one was about to. Nothing was written; begin at the new place."""


class FeedDiverged(TerminalError):
    """The feed is not the one this target has followed: the store, or the target, was restored or swapped."""


class Target(Protocol):
    """A place that records are handed on to.

    Every method may raise TransientError (it is away: later), TerminalError (settings or rights: a person).
    """

    @property
    def name(self) -> str: ...

    @property
    def settings(self) -> TargetSettings: ...

    def prepare(self) -> None:
        """Make or migrate what it needs. Idempotent; two may do so at once."""

    def cursor(self, office: str) -> Cursor:
        """Its place in the feed of an office."""

    def stands(self) -> dict[str, Stand]:
        """How far it is, by office, of those of which it has taken anything."""

    def hand(self, office: str, before: Cursor, deliveries: Sequence[Delivery]) -> Handed:
        """Take these, in order, and move on from `before` to the last of them, in one step.

        A version that is there already with the same hash changes nothing; what cannot be taken goes aside with its
        reason. Raises CursorMoved if the place is not `before` any more.
        """

    def became(self, office: str, deliveries: Sequence[Delivery]) -> Handed:
        """What has become of these, which lie behind the cursor: for a run that died before it could tell."""

    def resume(self) -> Iterator[Handed]:
        """Go on with what was taken from the feed and is not settled, where a target keeps such, one by one. Begins a
        run.
        """

    def tidy(self) -> int:
        """Upkeep that may be left out for days; how many files were replaced by fewer."""

    def told(self, office: str, seq: int) -> None:
        """Remember that hand-overs up to this number are in the audit."""

    def asides(self) -> list[Aside]:
        """What went aside and still is, in the order of the feed."""

    def again(self, office: str, deliveries: Sequence[Delivery]) -> Handed:
        """Take these, which went aside, once more; the cursor stays. What still cannot be taken stays aside."""

    def close(self) -> None:
        """Let go of connections."""
