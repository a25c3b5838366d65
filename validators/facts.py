"""The facts of a dossier: what its manifest states, what its papers tell, and whether a requirement applies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dossier.catalogue.procedures import Requirement
from dossier.catalogue.vocabulary import Clue, Fact, vocabulary
from dossier.kinds.closed import country
from validators.case import Case
from validators.look import day, value

_NOBODY: Final = Fact(title="")


@dataclass(frozen=True)
class Told:
    """holds: None where it cannot be told. said: anybody told it at all; silence counts as false. why: Vietnamese."""

    holds: bool | None
    said: bool
    why: str = ""


def fact(case: Case, id: str) -> Told:
    """Whether a fact is true of the dossier. A manifest and a paper that contradict each other leave it open."""
    known = vocabulary().facts.get(id, _NOBODY)
    stated = case.manifest.facts.get(id)
    seen = {answer for clue in known.clues for answer in _seen(case, clue)}
    if not known.clues or not seen:
        return Told(
            bool(stated), stated is not None, "" if stated is not None else f"dossier.json không khai “{id}”"
        )
    if None in seen or len(seen) > 1:
        if stated is not None:
            return Told(stated, True)
        return Told(None, True, f"chưa đọc chắc trên giấy có thuộc trường hợp {known.title} không")
    [holds] = seen
    if stated is not None and stated != holds:
        return Told(None, True, f"dossier.json và giấy nói khác nhau về trường hợp {known.title}")
    return Told(holds, True)


def _seen(case: Case, clue: Clue) -> Iterator[bool | None]:
    """What each paper of the clue's type says; None: there is such a paper, and it cannot be read surely."""
    for component in case.of_type(clue.type):
        found = value(case, component, clue.field)
        yield _tested(case, clue, found.text) if found and found.sure else None


def _tested(case: Case, clue: Clue, text: str) -> bool | None:
    if clue.test == "younger-than":
        born = day(text)
        if born is None or clue.value is None:
            return None
        today = case.received_on
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) < clue.value
    if clue.test == "foreign":
        return country(text) != "Việt Nam"
    parts = {part.strip().upper() for part in text.replace(";", ",").split(",") if part.strip()}
    return parts <= set(clue.values) if parts else None


def applies(case: Case, requirement: Requirement) -> Told:
    """Does the requirement apply? A fact that nobody tells counts as false, and `why` says so."""
    whens = [fact(case, one) for one in requirement.when]
    unlesses = [fact(case, one) for one in requirement.unless]
    if any(one.holds for one in unlesses):
        return Told(False, True, "không thuộc trường hợp này")
    if denied := next((one for one in whens if one.holds is False), None):
        why = "không thuộc trường hợp này" if denied.said else f"{denied.why} nên coi là không"
        return Told(False, denied.said, why)
    if doubtful := next((one for one in (*whens, *unlesses) if one.holds is None), None):
        return Told(None, True, doubtful.why)
    return Told(True, True)
