"""The checks of the procedures: contradictions and rot, each found by a small registered function.

A check gets the whole catalogue and yields a `Problem` for each place that is wrong. It never raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dossier.catalogue.procedures import FOLDER, Procedure, Requirement, read_procedure
from dossier.catalogue.vocabulary import Vocabulary, vocabulary
from dossier.errors import ConfigurationError


@dataclass(frozen=True)
class Problem:
    """check: the id of the check. file: of the catalogue. version, requirement: where in it, empty if nowhere narrower.

    text: Vietnamese, for who keeps the catalogue.
    """

    check: str
    file: str
    text: str
    version: str = ""
    requirement: str = ""


@dataclass(frozen=True)
class Catalogue:
    """files: versions as they stand in each file, by its name, for those that could be read."""

    files: dict[str, tuple[Procedure, ...]]
    unreadable: dict[str, str]
    words: Vocabulary

    def versions(self) -> Iterator[tuple[str, Procedure]]:
        for file, versions in self.files.items():
            for version in versions:
                yield file, version

    def requirements(self) -> Iterator[tuple[str, Procedure, Requirement]]:
        for file, version in self.versions():
            for requirement in version.requirements:
                yield file, version, requirement


Check = Callable[[Catalogue], Iterable[Problem]]
_CHECKS: dict[str, Check] = {}


def check(id: str) -> Callable[[Check], Check]:
    """Register a check. Its id stands in every problem that it finds."""

    def register(function: Check) -> Check:
        if id in _CHECKS:
            raise ValueError(f"check {id} is registered twice")
        _CHECKS[id] = function
        return function

    return register


def checks() -> dict[str, Check]:
    """All checks by id."""
    import dossier.catalogue.check_dates
    import dossier.catalogue.check_words  # noqa: F401  (importing the modules registers them)

    return dict(_CHECKS)


def load_catalogue(folder: Path = FOLDER, words: Vocabulary | None = None) -> Catalogue:
    """What the files of a folder say. A file that cannot be read is kept as such beside the others."""
    files: dict[str, tuple[Procedure, ...]] = {}
    unreadable: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            files[path.name] = read_procedure(path)
        except ConfigurationError as error:
            unreadable[path.name] = error.message
    return Catalogue(files, unreadable, words or vocabulary())


def problems(catalogue: Catalogue) -> tuple[Problem, ...]:
    """All that is wrong, file by file."""
    found = (problem for one in checks().values() for problem in one(catalogue))
    return tuple(sorted(found, key=lambda p: (p.file, p.version, p.requirement, p.check)))


@check("unreadable")
def _unreadable(catalogue: Catalogue) -> Iterator[Problem]:
    for file, why in catalogue.unreadable.items():
        yield Problem("unreadable", file, f"Không đọc được: {why}.")
