"""Which of the people on the papers of a dossier are one and the same."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from dossier.people import Person
from validators.case import Case
from validators.look import person_value


def same_people(case: Case, everyone: Sequence[Person]) -> tuple[tuple[Person, ...], ...]:
    """The people, each with every paper that speaks of them; whoever stands on one paper alone is a group too.

    Being the same is carried on: an applicant and a mother who both hold the same card are one person.
    """
    group = list(range(len(everyone)))
    for left, right in combinations(range(len(everyone)), 2):
        if group[left] != group[right] and _same(case, everyone[left], everyone[right]):
            kept, gone = sorted((group[left], group[right]))
            group = [kept if at == gone else at for at in group]
    return tuple(
        tuple(one for one, at in zip(everyone, group, strict=True) if at == number)
        for number in sorted(set(group))
    )


def _same(case: Case, left: Person, right: Person) -> bool:
    """The same role of the procedure; or the holder of a card, told by number or by name."""
    if left.component.id == right.component.id:
        return False
    if left.role == right.role:
        return left.role != "holder"
    if "holder" not in (left.role, right.role) or "child" in (left.role, right.role):
        return False
    for attribute in ("id", "name"):
        a, b = person_value(case, left, attribute), person_value(case, right, attribute)
        if a and b and a.same(b):
            return True
    return False
