"""Procedures: what a dossier must hold, as versioned, dated YAML."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BeforeValidator, Field, ValidationError

from dossier.errors import ConfigurationError
from dossier.model import Frozen, Severity, places

FOLDER = Path(__file__).parent / "procedures"


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_several)]
"""One name or a list of names."""

TimeLimit = Literal["working", "calendar", "same-day"]
Kept = Literal["original", "copy", "extract", "notice"]


class Requirement(Frozen):
    """One component asked for.

    mode ALL_OF: every type of `types`; ONE_OF: any of them. No types: data of `lookup` alone.
    when: facts all of which must be true for it to apply (none: always). unless: facts any of which sets it aside.
    originals, copies: how many papers of each at least. presented: shown, not kept. surrendered: the
    original itself is handed over, no copy kept earlier stands in for it. holder: whose it is.
    lookup: sources whose recorded answer takes its place. certified: a copy has to be certified, but for the facts of
    `certified_unless`. severity: of its absence. unsure: why what it rests on is not certain: then WARN at most.
    held_by: the rule that holds it instead of U01, where a paper's absence does not tell.
    """

    id: str
    title: str
    mode: Literal["ALL_OF", "ONE_OF"] = "ALL_OF"
    types: tuple[str, ...] = ()
    when: Names = ()
    unless: Names = ()
    originals: int = Field(default=1, ge=0, le=99)
    copies: int = Field(default=0, ge=0, le=99)
    presented: bool = False
    surrendered: bool = False
    holder: str = ""
    lookup: Names = ()
    certified: bool = False
    certified_unless: Names = ()
    severity: Severity = "BLOCK"
    unsure: str = ""
    held_by: str = ""

    @property
    def wanted(self) -> int:
        """Papers of it, originals and copies."""
        return self.originals + self.copies


class Procedure(Frozen):
    """One version of a procedure. valid_until is the last day it was in force; None: still is.

    results: types of what it gives, none where it is no paper. result_is: the original of a paper, a copy of one issued
    before, an extract of a register, a notice. result_unread: why its result has no template yet.
    time_limit_days: in days of `time_limit_kind`, None: not known; time_limit_checking: when something is verified.
    cases: facts one of which every dossier of the procedure has to tell. data_from: sources that give what papers gave.
    notes: what the counter has to see to and no paper shows. unsure: what is not certain of this version, and why.
    """

    id: str
    version: str
    title: str
    valid_from: date
    valid_until: date | None = None
    legal_basis: tuple[str, ...]
    agency: str
    requirements: tuple[Requirement, ...] = ()
    results: Names
    result_is: Kept = "original"
    result_title: str = ""
    result_unread: str = ""
    time_limit_days: int | None = Field(ge=0, le=3660)
    time_limit_kind: TimeLimit = "working"
    time_limit_checking: int | None = Field(default=None, ge=0, le=3660)
    cases: tuple[str, ...] = ()
    data_from: Names = ()
    optional: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def asking(self, type: str) -> tuple[Requirement, ...]:
        """The requirements that a paper of this type can meet."""
        return tuple(one for one in self.requirements if type in one.types)


@cache
def procedure_versions(folder: Path = FOLDER) -> dict[str, tuple[Procedure, ...]]:
    """All versions by procedure code, oldest first. A file holds a list of versions. Raises ConfigurationError."""
    found: dict[str, list[Procedure]] = {}
    for path in sorted(folder.glob("*.yaml")):
        for version in read_procedure(path):
            found.setdefault(version.id, []).append(version)
    return {key: tuple(sorted(entries, key=lambda p: p.valid_from)) for key, entries in found.items()}


def read_procedure(path: Path) -> tuple[Procedure, ...]:
    """The versions of one file, as they stand in it. Raises ConfigurationError naming file and key."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(raw, list):
            raise ConfigurationError("catalogue-invalid", f"{path.name}: not a list of versions")
        return tuple(Procedure.model_validate(entry) for entry in raw)
    except ValidationError as error:
        raise ConfigurationError("catalogue-invalid", f"{path.name}: {places(error)}") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigurationError("catalogue-invalid", f"{path.name}: {error}") from None
    except OSError as error:
        raise ConfigurationError("catalogue-invalid", f"{path.name}: {error.strerror}") from None


def procedure_on(code: str, day: date) -> Procedure | None:
    """The version of a procedure in force on a day."""
    return next((version for version in procedure_versions().get(code, ()) if version.in_force(day)), None)
