"""Outside sources that answer what a test wants to hear, and ones that do not answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from dossier.errors import SourceAway
from dossier.sources import AgencyCertificate, CatalogueState, Holding, KnownPerson, Verification
from validators.sources import Sources


@dataclass(frozen=True)
class Answers:
    """Every port in one: each gives its answer, whatever it is asked."""

    person_: KnownPerson | None = None
    verified: tuple[Verification, ...] = ()
    day: date | None = None
    states_: tuple[CatalogueState, ...] = ()
    holder_: AgencyCertificate | None = None
    name_: str | None = None
    holding_: Holding | None = None

    def person(self, personal_id: str) -> KnownPerson | None:
        return self.person_

    def of(self, dossier: str) -> tuple[Verification, ...]:
        return self.verified

    def arrived_on(self, dossier: str) -> date | None:
        return self.day

    def open_since(self, dossier: str) -> date | None:
        return self.day

    def states(self) -> tuple[CatalogueState, ...]:
        return self.states_

    def holder(self, certificate: str) -> AgencyCertificate | None:
        return self.holder_

    def name(self, code: str) -> str | None:
        return self.name_

    def holding(self, dossier: str) -> Holding | None:
        return self.holding_


@dataclass(frozen=True)
class People:
    """A population database of these people."""

    known: dict[str, KnownPerson] = field(default_factory=dict)

    def person(self, personal_id: str) -> KnownPerson | None:
        return self.known.get(personal_id)


class Away:
    """Every port in one, and none of them answers."""

    def _away(self, *_: str) -> None:
        raise SourceAway("source-away", "no answer")

    person = of = arrived_on = open_since = states = holder = name = holding = _away


def all_of(port: object) -> Sources:
    return Sources(*([port] * 8))


def answering(
    person: KnownPerson | None = None,
    verified: tuple[Verification, ...] = (),
    day: date | None = None,
    states: tuple[CatalogueState, ...] = (),
    holder: AgencyCertificate | None = None,
    name: str | None = None,
    holding: Holding | None = None,
) -> Sources:
    """All connected, each with this answer."""
    return all_of(Answers(person, verified, day, states, holder, name, holding))


AWAY = all_of(Away())
