"""Which requirement of the procedure each paper meets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dossier.catalogue.procedures import Procedure, Requirement
from dossier.catalogue.vocabulary import vocabulary
from dossier.drop import Manifest
from dossier.record import Component
from validators.weights import weights

RESULT, EXTRA = "result", "extra"
_ISSUED = ("issue_date", "registration_date")


@dataclass(frozen=True)
class _Slot:
    """The place of one paper. types: of which it may be."""

    requirement: str
    types: frozenset[str]


def assign_roles(
    components: Sequence[Component],
    procedure: Procedure | None,
    manifest: Manifest | None = None,
    received_on: date | None = None,
) -> tuple[Component, ...]:
    """The same papers with their role: the id of the requirement that each meets, `result`, `extra`.

    Papers fill as many places as they can, those of requirements that apply first, in the order of the procedure; what
    is left over goes to the first requirement of its type. Facts that no manifest tells may be true.
    """
    if procedure is None:
        return tuple(c.model_copy(update={"role": EXTRA}) for c in components)
    types = {c.id: told_type(c, components, manifest) for c in components}
    kinds = {c.id: result_or_asked(c, types[c.id], procedure, received_on) for c in components}
    asked = [c.id for c in components if kinds[c.id] != "result"]
    order = sorted(procedure.requirements, key=lambda one: not _may_apply(one, manifest))
    filled = _fill([slot for one in order for slot in _slots(one)], asked, types)

    def role(component: Component) -> str:
        if component.id in filled:
            return filled[component.id]
        if kinds[component.id] != "asked":
            return RESULT
        return next((one.id for one in order if types[component.id] in one.types), EXTRA)

    return tuple(c.model_copy(update={"role": role(c)}) for c in components)


def told_type(component: Component, components: Sequence[Component], manifest: Manifest | None) -> str:
    """The paper's type; for one that no template reads, what the manifest says of its file.

    A person's word counts only for papers that are not read at all, and only where the file holds no other paper.
    """
    known = vocabulary()
    if manifest is None or component.type in known.types or component.type == "blank":
        return component.type
    files = {source.file for source in component.sources}
    others = {s.file for c in components if c.id != component.id and c.type != "blank" for s in c.sources}
    if files & others:
        return component.type
    said = {one.type for one in manifest.files if one.name in files and one.type in known.papers}
    return said.pop() or component.type if len(said) == 1 else component.type


def result_or_asked(
    component: Component, type: str, procedure: Procedure, received_on: date | None
) -> Literal["result", "asked", "either"]:
    """Where the procedure both asks for a type and gives it, the date tells the old paper from the new one."""
    if type not in procedure.results:
        return "asked"
    if not procedure.asking(type) and type not in procedure.optional:
        return "result"
    field = next((f for name in _ISSUED if (f := component.field(name)) and f.value), None)
    if field is None or received_on is None or field.confidence < weights().confidence.doubt:
        return "either"
    try:
        return "result" if date.fromisoformat(field.value or "") >= received_on else "asked"
    except ValueError:
        return "either"


def _slots(requirement: Requirement) -> list[_Slot]:
    kinds = (
        [frozenset(requirement.types)]
        if requirement.mode == "ONE_OF"
        else [frozenset({type}) for type in requirement.types]
    )
    return [_Slot(requirement.id, kind) for kind in kinds for _ in range(requirement.wanted)]


def _fill(slots: Sequence[_Slot], papers: Sequence[str], types: Mapping[str, str]) -> dict[str, str]:
    """Paper -> requirement, with as many slots filled as can be, earlier slots first (augmenting paths)."""
    holder: dict[int, str] = {}

    def place(at: int, tried: set[str]) -> bool:
        for paper in papers:
            if paper in tried or types[paper] not in slots[at].types:
                continue
            tried.add(paper)
            current = next((slot for slot, held in holder.items() if held == paper), None)
            if current is None or place(current, tried):
                holder[at] = paper
                return True
        return False

    missing: Counter[tuple[str, frozenset[str]]] = Counter()
    for at, slot in enumerate(slots):
        # Slots of one requirement and kind are alike: if one stays empty, so do the rest.
        if not missing[slot.requirement, slot.types] and not place(at, set()):
            missing[slot.requirement, slot.types] += 1
    return {paper: slots[at].requirement for at, paper in holder.items()}


def _may_apply(requirement: Requirement, manifest: Manifest | None) -> bool:
    facts = manifest.facts if manifest else {}
    told_by_manifest = {id for id, fact in vocabulary().facts.items() if fact.told_by == "manifest"}
    if any(facts.get(fact, False) for fact in requirement.unless):
        return False
    return all(facts.get(fact, fact not in told_by_manifest) for fact in requirement.when)
