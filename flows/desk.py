"""What one intake remembers while it runs: what waits and why, what it has in hand, what ended, what keeps failing.

It holds no truth: a new intake begins with an empty desk and finds everything again in the store.
"""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flows.status import Ended, IntakeStatus, Waiting
from storage.inbox.objects import Drop

FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)
SHOWN_ENDED = 50


@dataclass(frozen=True)
class Arrival:
    """A dossier in the inbox. fingerprint: changes when anything of it changes. since: its oldest object.

    waits_for: why it is not ready, in English, without personal data; empty when it is.
    """

    office: str
    code: str
    fingerprint: str
    since: datetime
    waits_for: str
    drop: Drop

    @property
    def name(self) -> str:
        return f"{self.office}/{self.code}"


def arrival(drop: Drop) -> Arrival:
    """A drop as the desk sees it."""
    everything = drop.everything
    versions = sorted(f"{found.key} {found.version_id}" for found in everything)
    return Arrival(
        office=drop.office,
        code=drop.dossier,
        fingerprint=hashlib.sha256("\n".join(versions).encode()).hexdigest(),
        since=min(found.last_modified for found in everything),
        # The message of quiet time counts seconds: it would be news at every look.
        waits_for="" if drop.waiting is None else drop.waiting.code.replace("-", " "),
        drop=drop,
    )


@dataclass(frozen=True)
class Trouble:
    """A dossier that failed. It is tried again at `until`, or at once when its drop changes."""

    fingerprint: str
    failures: int
    pause: timedelta
    until: datetime
    error: str


@dataclass
class Desk:
    """run: id of the intake run. Times are UTC; `now` is given by the caller."""

    run: str
    waiting: dict[str, Waiting] = field(default_factory=dict)
    running: dict[str, datetime] = field(default_factory=dict)
    ended: deque[Ended] = field(default_factory=lambda: deque(maxlen=SHOWN_ENDED))
    counts: Counter[str] = field(default_factory=Counter)
    trouble: dict[str, Trouble] = field(default_factory=dict)

    def look(self, arrivals: list[Arrival], now: datetime) -> list[Arrival]:
        """Take in a listing; which of the arrivals may be taken now, the longest waiting first."""
        present = {arrival.name for arrival in arrivals}
        self.trouble = {name: trouble for name, trouble in self.trouble.items() if name in present}
        self.waiting = {}
        ready = []
        for arrival in sorted(arrivals, key=lambda arrival: (arrival.since, arrival.name)):
            if arrival.name in self.running:
                continue
            why, until = self._why(arrival, now)
            if not why:
                ready.append(arrival)
            self.wait(arrival, why or "its turn", until)
        return ready

    def _why(self, arrival: Arrival, now: datetime) -> tuple[str, datetime | None]:
        trouble = self.trouble.get(arrival.name)
        if trouble is not None and trouble.fingerprint != arrival.fingerprint:
            del self.trouble[arrival.name]  # something was dropped since: that may be the cure
            trouble = None
        # Further off than the whole pause: the clock was wrong when it began, and has been set right.
        if trouble is not None and timedelta(0) < trouble.until - now <= trouble.pause:
            return f"a pause after {trouble.failures} failed runs ({trouble.error})", trouble.until
        return arrival.waits_for, None

    def wait(self, arrival: Arrival, why: str, until: datetime | None = None) -> None:
        trouble = self.trouble.get(arrival.name)
        self.waiting[arrival.name] = Waiting(
            office=arrival.office,
            code=arrival.code,
            why=why,
            since=arrival.since,
            failures=trouble.failures if trouble else 0,
            until=until,
        )

    def take(self, arrival: Arrival, now: datetime) -> None:
        self.waiting.pop(arrival.name, None)
        self.running[arrival.name] = now

    def end(self, arrival: Arrival, state: str, now: datetime) -> None:
        """The dossier ended. state: checked, returned, refused or unchanged."""
        self.trouble.pop(arrival.name, None)
        self._ended(arrival, state, now)

    def fail(self, arrival: Arrival, error: str, now: datetime) -> Trouble:
        """The dossier's run failed: it stays in the inbox and is tried again after a pause that grows."""
        before = self.trouble.get(arrival.name)
        failures = before.failures + 1 if before and before.fingerprint == arrival.fingerprint else 1
        pause = min(FIRST_PAUSE * 4 ** (failures - 1), LONGEST_PAUSE)
        trouble = Trouble(arrival.fingerprint, failures, pause, now + pause, error)
        self.trouble[arrival.name] = trouble
        self._ended(arrival, "failed", now)
        return trouble

    def put_back(self, arrival: Arrival) -> None:
        """The dossier was put down unfinished: another holds it, or this run stops."""
        self.running.pop(arrival.name, None)

    def status(self) -> IntakeStatus:
        return IntakeStatus(
            run=self.run,
            at=datetime.now(UTC),
            waiting=tuple(self.waiting.values()),
            running=tuple(sorted(self.running)),
            ended=tuple(self.ended),
            counts=dict(self.counts),
        )

    def _ended(self, arrival: Arrival, state: str, now: datetime) -> None:
        began = self.running.pop(arrival.name, now)
        seconds = round((now - began).total_seconds(), 1)
        self.counts[state] += 1
        self.ended.appendleft(
            Ended(office=arrival.office, code=arrival.code, state=state, at=now, seconds=seconds)
        )
