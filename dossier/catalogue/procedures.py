"""Procedures: what a dossier must hold, as versioned, dated YAML."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import ValidationError

from dossier.errors import ConfigurationError
from dossier.model import Frozen, places

FOLDER = Path(__file__).parent / "procedures"


class Requirement(Frozen):
    """One component asked for.

    mode ALL_OF: every type of `types`; ONE_OF: any of them. when: name of a fact that must be true for the
    requirement to apply (None: always). unless: facts any of which sets it aside. originals: how many papers of
    it at least. presented: shown, not kept.
    """

    id: str
    title: str
    mode: Literal["ALL_OF", "ONE_OF"] = "ALL_OF"
    types: tuple[str, ...]
    when: str | None = None
    unless: tuple[str, ...] = ()
    originals: int = 1
    presented: bool = False


class Procedure(Frozen):
    """One version of a procedure. valid_until is the last day it was in force; None: still is."""

    id: str
    version: str
    title: str
    valid_from: date
    valid_until: date | None = None
    legal_basis: tuple[str, ...]
    agency: str
    requirements: tuple[Requirement, ...]
    result: str
    time_limit_days: int
    optional: tuple[str, ...] = ()


@cache
def procedure_versions(folder: Path = FOLDER) -> dict[str, tuple[Procedure, ...]]:
    """All versions by procedure code, oldest first. A file holds a list of versions. Raises ConfigurationError."""
    found: dict[str, list[Procedure]] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
                version = Procedure.model_validate(entry)
                found.setdefault(version.id, []).append(version)
        except ValidationError as error:
            raise ConfigurationError("catalogue-invalid", f"{path.name}: {places(error)}") from None
        except (yaml.YAMLError, TypeError) as error:
            raise ConfigurationError("catalogue-invalid", f"{path.name}: {error}") from None
    return {key: tuple(sorted(entries, key=lambda p: p.valid_from)) for key, entries in found.items()}


def procedure_on(code: str, day: date) -> Procedure | None:
    """The version of a procedure in force on a day."""
    for version in procedure_versions().get(code, ()):
        if version.valid_from <= day and (version.valid_until is None or day <= version.valid_until):
            return version
    return None
