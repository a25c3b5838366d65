"""A commune as one day knew it, the people who lived there then, and the proof of identity they had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from samples import places
from samples.people import Person
from samples.places import bare

_CARDS_OF_TWELVE = date(2016, 1, 1)  # Luật Căn cước công dân 2014 in force


@dataclass(frozen=True)
class Unit:
    """district: empty from 1/7/2025."""

    now_and_then: places.Unit
    day: date

    @property
    def commune(self) -> str:
        return self.now_and_then.commune(self.day)

    @property
    def district(self) -> str:
        return self.now_and_then.old[1] if self.day < places.TWO_LEVELS else ""

    @property
    def province(self) -> str:
        return self.now_and_then.province(self.day)

    @property
    def whole(self) -> str:
        return self.now_and_then.place(self.day)

    @property
    def town(self) -> str:
        """What stands before a date: the district, after the merger the commune; without its kind but if numbered."""
        name = self.district or self.commune
        return bare(name) if not name[-1].isdigit() else name


def unit_of(rng: Random, day: date) -> Unit:
    return Unit(rng.choice(places.UNITS), day)


def address(rng: Random, unit: Unit) -> str:
    return places.address(rng, unit.now_and_then, unit.day)


def resident(
    rng: Random, unit: Unit, day: date, youngest: int, oldest: int, sex: str | None = None
) -> Person:
    """Somebody of that age in years on `day`, who lives in `unit`."""
    born = places.born_at_age(rng, day, youngest, oldest)
    return places.resident(rng, sex or rng.choice(("Nam", "Nữ")), born, unit.now_and_then, unit.day)


def identity(rng: Random, person: Person, day: date) -> tuple[str, str]:
    """What a paper of `day` calls the holder's proof of identity, and its number: 9 digits on the old CMND."""
    if day < _CARDS_OF_TWELVE or (day.year < 2021 and rng.random() < 0.5):
        return "CMND", f"{rng.randrange(1, 39):02d}{rng.randrange(10**6, 10**7)}"
    return ("CCCD" if day < date(2024, 7, 1) or rng.random() < 0.5 else "Căn cước"), person.personal_id
