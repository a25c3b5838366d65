"""Downstream rows held against the records, over all targets: for the proof of a dossier and the nightly fixity."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dossier.errors import SohoaError
from dossier.settings import Settings
from flows.publishing import changed_rows
from storage.publication.compare import Difference


@dataclass(frozen=True)
class Downstream:
    """differences: by target. away: targets that could not be looked at, each with the code of what stopped it."""

    differences: tuple[tuple[str, Difference], ...] = ()
    away: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        return not self.differences

    def rows(self) -> list[dict[str, Any]]:
        """One row for each table of a target that differs in a dossier. No value of it is told."""
        return [{"target": name} | asdict(difference) for name, difference in self.differences]

    def line(self) -> str:
        """Empty if there is nothing to tell."""
        said = [f"downstream rows of {len(self.differences)} tables differ"] if self.differences else []
        said += [f"rows of {name} could not be looked at" for name in self.away]
        return "; ".join(said)


def compare_downstream(
    settings: Settings, dossiers: Mapping[str, Collection[str]] | None = None
) -> Downstream:
    """Where rows are not what the records say. dossiers: codes by office (`_` for none); None: all there are."""
    differences, away = list[tuple[str, Difference]](), list[str]()
    for name in settings.targets:
        try:
            for only in [None] if dossiers is None else sorted(dossiers.items()):
                differences += [(name, found) for found in changed_rows(settings, name, only)]
        except SohoaError as error:
            away.append(f"{name} ({error.code})")
    return Downstream(tuple(differences), tuple(away))
