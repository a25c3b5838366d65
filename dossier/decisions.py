"""What a person decided about a reading: a witness with a name and a reason, never an eraser.

Names are told, not proven: who sits at the machine is the office's business until there is a sign-in. So two
spellings of one name count as one person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, Literal

from pydantic import AwareDatetime, field_validator, model_validator
from pydantic import Field as Option

from dossier.model import Frozen, Sha256
from dossier.text.vietnamese import fold

PERSON: Final = "person:"
"""What stands before the name of a person among the witnesses of a field."""

EARLIER: Final = "record:"
"""What stands before the code of a dossier whose checked record is a witness of a value."""

DecisionKind = Literal["confirm", "correct", "waive", "reuse"]

_WANTED = re.compile(r"([\w.-]+)=([^\s:@=/]+):([\w.-]+?)(?:@([1-9]\d{0,5}))?", re.ASCII)


class ReusedFrom(Frozen):
    """A paper of another dossier: its code, the version of its record, the id of the paper there."""

    dossier: str
    version: int
    component: str


class Wanted(Frozen):
    """A paper of another dossier that is to stand in for a requirement. version: that was looked at; None: any."""

    requirement: str
    dossier: str
    component: str
    version: int | None = None

    @classmethod
    def parse(cls, text: str) -> Wanted | None:
        """From `identity=H13.96.31-261120-0001:c3@2`, the version left out at will; None if it is not of that form."""
        found = _WANTED.fullmatch(text.strip())
        if found is None:
            return None
        version = int(found[4]) if found[4] else None
        return cls(requirement=found[1], dossier=found[2], component=found[3], version=version)

    def __str__(self) -> str:
        at = f"@{self.version}" if self.version else ""
        return f"{self.requirement}={self.dossier}:{self.component}{at}"


class Pages(Frozen):
    """Pages (from 1) of a file, told by its bytes: what a decision was made in sight of.

    file: its name then; it tells apart files of the same bytes and may be another later.
    """

    file: str
    sha256: Sha256
    pages: tuple[int, ...]


class Decision(Frozen):
    """One decision. component: its id in the record that holds the decision; type: of that paper.

    confirm, correct: `field` of the component has `value` (normalised as readings are). waive: what `rule` said of
    the component (None: of the dossier) is accepted; basis: digests of just those findings (dossier.waiving), so
    that what the rule may say later of other values is not waived with them. at: UTC.
    reuse: `component` is a copy of the paper `reused_from` of another dossier, taken for `requirement`.
    papers: the decision stands as long as these pages are in the dossier as a paper of this type.
    """

    kind: DecisionKind
    component: str | None = None
    field: str | None = None
    rule: str | None = None
    value: str | None = None
    type: str | None = None
    papers: tuple[Pages, ...] = ()
    basis: tuple[str, ...] = ()
    requirement: str | None = Option(default=None, exclude_if=lambda said: said is None)
    reused_from: ReusedFrom | None = Option(default=None, exclude_if=lambda said: said is None)
    by: str
    reason: str
    at: AwareDatetime

    @field_validator("at")
    @classmethod
    def _utc(cls, at: datetime) -> datetime:
        return at.astimezone(UTC)

    @model_validator(mode="after")
    def _whole(self) -> Decision:
        on_value = (self.component, self.field, self.value)
        if self.kind == "waive":
            if not self.rule or not self.basis or self.field or self.value:
                raise ValueError("a waiver names a rule and what it said, and no field")
        elif self.kind == "reuse":
            if not self.component or not self.papers or self.field or self.value or self.rule or self.basis:
                raise ValueError("a reuse names a paper and its pages, and neither field nor rule")
        elif not all(on_value) or not self.papers or self.rule or self.basis:
            raise ValueError("a decision on a value names component, field, value and page, and no rule")
        if (self.kind == "reuse") != bool(self.requirement and self.reused_from):
            raise ValueError("a reuse, and nothing else, names a requirement and where the paper is from")
        if not person_key(self.by) or not self.reason.strip():
            raise ValueError("a decision has a name and a reason")
        return self

    def says_as(self, other: Decision) -> bool:
        """The same decision by the same person, whenever it was made and why."""
        ours, theirs = (
            (
                *(one.kind, one.component, one.field, one.rule, one.value, one.papers, set(one.basis)),
                *(one.requirement, one.reused_from),
            )
            for one in (self, other)
        )
        return ours == theirs and person_key(self.by) == person_key(other.by)


def witness_name(by: str) -> str:
    """How a person stands among the witnesses of a field."""
    return PERSON + by


def is_person(witness: str) -> bool:
    return witness.startswith(PERSON)


def person_key(by: str) -> str:
    """The same for every spelling of one name: without marks, case, spaces. Empty if there is no letter in it."""
    folded = re.sub(r"[\W_]+", "", fold(by.removeprefix(PERSON)))
    return folded if any(char.isalpha() for char in folded) else ""


def last_words(witnesses: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What each person says in the end, of witnesses (by, value) in the order of time."""
    return {person_key(by): value for by, value in witnesses if is_person(by)}
