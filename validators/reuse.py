"""Papers that need not be handed in again: checked in an earlier dossier of the same person, and still good.

Only papers about the person are offered, told by the personal ID: not a child's paper that names the mother, and no
declaration, which speaks for its own dossier alone. Who accepts an offer is a person (dossier.reusing).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dossier.catalogue.documents import DocumentType
from dossier.catalogue.procedures import Requirement
from dossier.decisions import EARLIER, Wanted
from dossier.earlier import Earlier
from dossier.kinds import Kind
from dossier.people import Person, people, subject_ids
from dossier.record import Component, Field
from validators.case import Case
from validators.look import person_value
from validators.roles import RESULT

_DECLARED = "declaration_date"


@dataclass(frozen=True)
class Offer:
    """A paper that may stand in for one of the requirement. person: whose it is, as a paper of this dossier shows."""

    requirement: Requirement
    earlier: Earlier
    person: Person

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            requirement=self.requirement.id,
            dossier=self.earlier.dossier,
            component=self.earlier.component,
            version=self.earlier.version,
        )


def offers(case: Case, requirement: Requirement) -> tuple[Offer, ...]:
    """All that may be taken for the requirement, for each person and type the latest first."""
    found: dict[tuple[str, str], Offer] = {}
    for person, number in _persons(case):
        for earlier in _earlier(case, requirement, number):
            found.setdefault((earlier.dossier, earlier.component), Offer(requirement, earlier, person))
    return tuple(found.values())


def best(offered: Sequence[Offer]) -> tuple[Offer, ...]:
    """One of each person and type."""
    found: dict[tuple[str | None, str], Offer] = {}
    for one in offered:
        number = one.person.id.value if one.person.id else None
        found.setdefault((number, one.earlier.type), one)
    return tuple(found.values())


def kept_copies(components: Sequence[Component], types: Mapping[str, DocumentType]) -> tuple[Component, ...]:
    """These papers, but for copies that have no place here any more.

    A copy gives way to a paper of its type on the same person that was handed in after all, and goes where no paper
    handed in names its person (a number that was read wrong and is corrected).
    """
    own = [component for component in components if component.reused_from is None]
    here = {person.id.value for person in people(own, types) if person.id is not None}
    asked = [component for component in own if component.role != RESULT]

    def stays(copy: Component) -> bool:
        subjects = _subjects(copy, types)
        there = any(one.type == copy.type and subjects & _subjects(one, types) for one in asked)
        return bool(subjects & here) and not there

    return tuple(one for one in components if one.reused_from is None or stays(one))


def confirmed_earlier(field: Field, kind: Kind) -> bool:
    """Was the value checked in the earlier record that the paper comes from?"""
    return bool(field.value) and any(
        witness.by.startswith(EARLIER) and kind.same(witness.value, field.value or "")
        for witness in field.witnesses
    )


def _persons(case: Case) -> Iterator[tuple[Person, str]]:
    """Everyone whose number is surely read, once each."""
    seen: set[str] = set()
    for person in people(case.components, case.document_types):
        number = person_value(case, person, "id")
        if number is not None and number.sure and number.text not in seen:
            seen.add(number.text)
            yield person, number.text


def _earlier(case: Case, requirement: Requirement, number: str) -> Iterator[Earlier]:
    if case.earlier is None or requirement.surrendered:
        return
    for type in requirement.types:
        fields = subject_ids(type, case.document_types)
        if fields and _DECLARED not in case.document_types[type].fields:
            yield from case.earlier.reusable(
                case.office, case.dossier, type, fields, number, case.received_on
            )


def _subjects(component: Component, types: Mapping[str, DocumentType]) -> set[str]:
    return {value for name in subject_ids(component.type, types) if (value := component.value(name))}
