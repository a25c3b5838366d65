"""What becomes of a record version downstream when the dossier's next one is announced.

live: checked, and what counts now. superseded: a later version took its place. withdrawn: it was handed on as checked,
and a later version says that it is not. unchecked: the newest version, of a target that asks for such.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from dossier.model import State
from dossier.record import Finding, Record
from dossier.waiving import waiver_of

Standing = Literal["live", "superseded", "withdrawn", "unchecked"]
REASON_LENGTH = 2000


@dataclass(frozen=True)
class Life:
    """valid_from, valid_to: UTC; None: still. reason: why it was withdrawn, or what took its place."""

    standing: Standing
    valid_from: datetime
    valid_to: datetime | None = None
    reason: str | None = None

    def columns(self) -> dict[str, Any]:
        return {"standing": self.standing, "valid_from": self.valid_from, "valid_to": self.valid_to}


@dataclass(frozen=True)
class Successor:
    """The version that was announced next. reason: why it is not checked, as far as it is known."""

    version: int
    state: State
    made_at: datetime
    reason: str | None = None


def life(state: State, made_at: datetime, successor: Successor | None) -> Life:
    """Of a version of that state, made at that time."""
    if successor is None:
        return Life("live" if state == "checked" else "unchecked", made_at)
    # A clock may have been set back between two versions: no version ends before it began.
    end = max(made_at, successor.made_at)
    if state == "checked" and successor.state != "checked":
        told = successor.reason or f"version {successor.version}: {successor.state}"
        return Life("withdrawn", made_at, end, told)
    return Life("superseded", made_at, end, f"version {successor.version}")


def why_not_checked(record: Record) -> str | None:
    """What keeps the record from being checked, in the words of its rules; None if it is checked."""
    if record.state == "checked":
        return None
    said = [f"{refused.code}: {refused.reason}" for refused in record.refused]
    said += [f"{f.rule}: {f.reason}" for f in record.findings if _open(f, record)]
    told = f"version {record.version} {record.state}: " + " | ".join(said)
    return told[:REASON_LENGTH]


def _open(finding: Finding, record: Record) -> bool:
    weight = (finding.severity, finding.verdict)
    if weight == ("WARN", "FAIL"):
        return waiver_of(finding, record) is None
    return weight in (("BLOCK", "FAIL"), ("BLOCK", "UNKNOWN"))
