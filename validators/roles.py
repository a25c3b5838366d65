"""Which requirement of the procedure each paper meets."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.catalogue.procedures import Procedure, Requirement
from dossier.record import Component


def assign_roles(components: Sequence[Component], procedure: Procedure | None) -> tuple[Component, ...]:
    """The same papers with their role: the id of the first requirement that asks for the type, `result`, `extra`."""
    return tuple(c.model_copy(update={"role": _role(c.type, procedure)}) for c in components)


def _role(type: str, procedure: Procedure | None) -> str:
    if procedure is None:
        return "extra"
    if type == procedure.result:
        return "result"
    return next((r.id for r in procedure.requirements if type in r.types), "extra")


def applies(requirement: Requirement, facts: dict[str, bool]) -> bool:
    """Does the requirement apply, given the facts of the manifest? A fact not given counts as false."""
    if any(facts.get(fact, False) for fact in requirement.unless):
        return False
    return requirement.when is None or facts.get(requirement.when, False)
