"""What a batch of deliveries changes at a target: a function of the deliveries and of what the target knows already.

It does not matter how the events were cut into batches, nor whether some come again: the rows in the end are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from dossier.model import State
from dossier.targets import TableTarget
from storage.feed import Announced
from storage.publication.events import Told, Unusable, told
from storage.publication.rows import Misfit, Rows, check, rows, wanted
from storage.publication.shape import Shape
from storage.publication.standing import Life, Successor, life, why_not_checked
from storage.publication.targets import Aside, Delivery, Handed, Problem

How = Literal["handed", "told", "aside"]
"""handed: its rows are there. told: not taken by this target, known to have been. aside: waits for a person."""


@dataclass(frozen=True)
class Version:
    """A version that the target knows of. tables: of its papers' types. reason: why it is not checked."""

    dossier: str
    version: int
    state: State
    made_at: datetime
    sha256: str
    how: How
    tables: tuple[str, ...] = ()
    reason: str | None = None


Known = Mapping[str, Mapping[int, Version]]
"""By dossier and version, of one office."""


@dataclass(frozen=True)
class End:
    """Rows that are there, and what has become of them. tables: `records` and those of the papers' types."""

    dossier: str
    version: int
    tables: tuple[str, ...]
    life: Life


@dataclass
class Plan:
    """rows: to insert. new, changed: versions. ends: rows to mark. asides: to keep, with the record's hash.

    taken, left: the announcements that are handed on and that go aside.
    """

    rows: Rows = field(default_factory=dict)
    new: list[Version] = field(default_factory=list)
    changed: list[Version] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    events: int = 0
    taken: list[Announced] = field(default_factory=list)
    left: list[Announced] = field(default_factory=list)

    @property
    def handed(self) -> Handed:
        return Handed(self.events, len(self.taken), len(self.left), tuple(self.taken), tuple(self.left))

    def put_aside(self, aside: Aside, announced: Announced) -> None:
        self.asides.append(aside)
        self.left.append(announced)


class Planner:
    """Plans batches of one office for one target. known: what the target has of the dossiers that are spoken of."""

    def __init__(
        self, office: str, target: TableTarget, shapes: Mapping[str, Shape], known: Known | None = None
    ) -> None:
        self._office, self._target, self._shapes = office, target, shapes
        self._known = {dossier: dict(versions) for dossier, versions in (known or {}).items()}

    def plan(self, deliveries: Sequence[Delivery]) -> Plan:
        """What these change, in their order. What it plans it takes as done."""
        plan = Plan(events=len(deliveries))
        fresh: dict[tuple[str, int], Rows] = {}
        first = {(dossier, version) for dossier, held in self._known.items() for version in held}
        touched: dict[tuple[str, int], Version] = {}
        for delivery in deliveries:
            version = self._one(delivery, plan, fresh)
            if version is not None:
                touched[version.dossier, version.version] = version
        for place, version in touched.items():
            (plan.changed if place in first else plan.new).append(version)
        for made in fresh.values():
            for table, lines in made.items():
                plan.rows.setdefault(table, []).extend(lines)
        return plan

    def _one(self, delivery: Delivery, plan: Plan, fresh: dict[tuple[str, int], Rows]) -> Version | None:
        """Plan one delivery; the version if anything is to be remembered of it."""
        try:
            said = told(delivery.announced)
        except Unusable as error:
            plan.put_aside(
                self._aside(delivery, None, Problem("event-unusable", str(error))), delivery.announced
            )
            return None
        held = self._known.setdefault(said.dossier, {})
        before = held.get(said.version)
        if before is not None and before.sha256 != said.sha256:
            problem = Problem("version-conflict", "another record of this version was announced before")
            plan.put_aside(self._aside(delivery, said, problem), delivery.announced)
            return None
        if before is not None and before.how != "aside":
            return None
        version, made, problem_ = self._made(delivery, said)
        if problem_ is not None:
            plan.put_aside(self._aside(delivery, said, problem_), delivery.announced)
        if made is not None:
            fresh[said.dossier, said.version] = made
            plan.taken.append(delivery.announced)
        held[said.version] = version
        self._end_predecessor(version, plan, fresh)
        return version

    def _made(self, delivery: Delivery, said: Told) -> tuple[Version, Rows | None, Problem | None]:
        record = delivery.record
        version = Version(said.dossier, said.version, said.state, said.made_at, said.sha256, "aside")
        if record is None:
            return version, None, delivery.problem or Problem("record-missing", "there is no record")
        version = replace(version, reason=why_not_checked(record))
        if not wanted(record, self._target):
            return replace(version, how="told"), None, None
        try:
            lived = life(said.state, said.made_at, self._successor(version))
            made = rows(record, said.sha256, delivery.announced.seq, lived, self._target)
            check(made, self._shapes)
        except Misfit as error:
            return version, None, Problem("value-misfit", str(error))
        types = tuple(sorted(set(made) - {"components", "fields", "findings", "records"}))
        return replace(version, how="handed", tables=types), made, None

    def _end_predecessor(self, version: Version, plan: Plan, fresh: Mapping[tuple[str, int], Rows]) -> None:
        """Tell of the version before that this one has come after it."""
        held = self._known[version.dossier]
        before = max((number for number in held if number < version.version), default=None)
        if before is None or held[before].how != "handed":
            return
        ended = held[before]
        successor = Successor(version.version, version.state, version.made_at, version.reason)
        now = life(ended.state, ended.made_at, successor)
        tables = ("records", *ended.tables)
        if (made := fresh.get((ended.dossier, before))) is None:
            plan.ends.append(End(ended.dossier, before, tables, now))
            return
        for table in tables:
            for row in made[table]:
                row.update(now.columns())
        made["records"][0]["reason"] = now.reason

    def _successor(self, version: Version) -> Successor | None:
        held = self._known[version.dossier]
        after = min((number for number in held if number > version.version), default=None)
        if after is None:
            return None
        next_ = held[after]
        return Successor(after, next_.state, next_.made_at, next_.reason)

    def _aside(self, delivery: Delivery, said: Told | None, problem: Problem) -> Aside:
        return Aside(
            office=self._office,
            seq=delivery.announced.seq,
            dossier=said.dossier if said else None,
            version=said.version if said else None,
            code=problem.code,
            message=problem.message,
        )


def dossiers(deliveries: Iterable[Delivery]) -> list[str]:
    """The dossiers that are spoken of."""
    found = set()
    for delivery in deliveries:
        try:
            found.add(told(delivery.announced).dossier)
        except Unusable:
            continue
    return sorted(found)
