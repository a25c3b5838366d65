"""A paper of an earlier dossier that stands in for one which is not handed in again.

The copy says all that the checked record says of the paper: what the readers saw, what people decided, and the
record itself as one more witness of each value that was sure there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from dossier.deciding import Request, name_of, pages_of, reason_of
from dossier.decisions import EARLIER, Decision, ReusedFrom
from dossier.record import Component, Field, Record, Witness

CONFIRMS: Final = "D24"
"""The rule that a value is sure or has a second source."""
_COPY = "r"  # papers that are read are c1, c2, ...


def copied(record: Record, component: Component, id: str) -> Component:
    """The component of a checked record as a paper of another dossier, under this id. Its text is kept."""
    doubted = {
        (finding.page, finding.box)
        for finding in record.findings
        if (finding.component, finding.rule) == (component.id, CONFIRMS) and finding.verdict != "PASS"
    }

    def field(one: Field) -> Field:
        seen = one.witnesses
        if one.value and (one.page, one.box) not in doubted:
            seen = (*seen, Witness(by=EARLIER + record.dossier, value=one.value))
        return one.model_copy(update={"file": _named(record, one.file), "witnesses": seen})

    sources = (s.model_copy(update={"file": _named(record, s.file)}) for s in component.sources)
    return component.model_copy(
        update={
            "id": id,
            "role": "extra",  # the rules say which requirement it meets
            "sources": tuple(sources),
            "fields": tuple(map(field, component.fields)),
            "reused_from": ReusedFrom(dossier=record.dossier, version=record.version, component=component.id),
        }
    )


def new_id(components: Sequence[Component]) -> str:
    """An id for one more copy among these papers."""
    taken = {component.id for component in components}
    return next(id for n in range(1, len(taken) + 2) if (id := f"{_COPY}{n}") not in taken)


def settled_reuse(request: Request, copy: Component, at: datetime) -> Decision:
    """The decision that this copy is one of the dossier's papers. Raises DecisionRefused for want of name or reason."""
    return Decision(
        kind="reuse",
        component=copy.id,
        type=copy.type,
        papers=pages_of(copy),
        requirement=request.wanted.requirement if request.wanted else None,
        reused_from=copy.reused_from,
        by=name_of(request),
        reason=reason_of(request),
        at=at,
    )


def reused(components: Sequence[Component]) -> tuple[Component, ...]:
    """Those that were taken from other dossiers."""
    return tuple(component for component in components if component.reused_from is not None)


def _named(record: Record, file: str) -> str:
    """A file of another dossier: no name here can be the same, for none has a slash in it."""
    return f"{record.dossier}/{file}"
