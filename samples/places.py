"""Communes over the whole country and the invented people who live there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

from samples.people import Person, full_name, personal_id

_DATA: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "data" / "units.yaml").read_text("utf-8"))
_PEOPLES: dict[str, dict[str, list[list[str]]]] = yaml.safe_load(
    (Path(__file__).parent / "data" / "names.yaml").read_text("utf-8")
)["peoples"]
TWO_LEVELS = date(2025, 7, 1)  # districts abolished, provinces merged (NQ 202/2025/QH15)


@dataclass(frozen=True)
class Unit:
    """now: commune, province; old: commune, district, province; names with their kind before them."""

    now: tuple[str, str]
    old: tuple[str, str, str]
    id_code: str
    region: str
    peoples: tuple[str, ...]

    def parts(self, day: date) -> tuple[str, ...]:
        """From the commune upwards, as they were called on `day`."""
        return self.now if day >= TWO_LEVELS else self.old

    def place(self, day: date) -> str:
        return ", ".join(self.parts(day))

    def commune(self, day: date) -> str:
        return self.parts(day)[0]

    def province(self, day: date) -> str:
        return self.parts(day)[-1]

    def town(self, day: date) -> str:
        """Where a paper is signed: the commune without its kind; a numbered ward keeps it."""
        name = self.commune(day)
        return bare(name) if not name[-1].isdigit() else name


UNITS = tuple(
    Unit(tuple(u["now"]), tuple(u["old"]), u["id"], u["region"], tuple(u.get("peoples", ())))
    for u in _DATA["units"]
)


def bare(name: str) -> str:
    """`thành phố Hà Nội` as `Hà Nội`."""
    for kind in (
        "thành phố ",
        "thị trấn ",
        "thị xã ",
        "đặc khu ",
        "phường ",
        "quận ",
        "huyện ",
        "tỉnh ",
        "xã ",
    ):
        if name.lower().startswith(kind):
            return name[len(kind) :]
    return name


def some_day(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randrange((last - first).days + 1))


def born_at_age(rng: Random, day: date, youngest: int, oldest: int) -> date:
    """A birthday of one who is between `youngest` and `oldest` full years old on `day`."""
    first = date(day.year - oldest - 1, day.month, min(day.day, 28)) + timedelta(days=1)
    return some_day(rng, first, date(day.year - youngest, day.month, min(day.day, 28)))


def address(rng: Random, unit: Unit, day: date) -> str:
    below = rng.choice(_DATA["below"][unit.region])
    street = rng.choice(_DATA["streets"])
    return f"{below.format(n=rng.randrange(1, 15), h=rng.randrange(2, 420), s=street)}, {unit.place(day)}"


def people_name(rng: Random, ethnicity: str, sex: str, parent: str = "") -> str:
    """parent: a father's name whose family name is kept, among peoples who have one."""
    if ethnicity not in _PEOPLES:
        return full_name(rng, sex, parent.split()[0] if parent else None)
    his, hers = (_PEOPLES[ethnicity][key][0] for key in ("male", "female"))
    heads, tails = _PEOPLES[ethnicity]["male" if sex == "Nam" else "female"]
    family = [h for h in heads if h in his and h in hers and parent.startswith(f"{h} ")]
    head = rng.choice(family or heads)
    return head + ("" if head.endswith("'") else " ") + rng.choice(tails)


def resident(
    rng: Random, sex: str, born: date, unit: Unit, day: date, residence: str | None = None
) -> Person:
    """Somebody who lives in `unit` on `day`, one in five of them born elsewhere."""
    home = unit if rng.random() < 0.8 else rng.choice(UNITS)
    ethnicity = rng.choice(home.peoples) if home.peoples and rng.random() < 0.6 else "Kinh"
    # Most papers name an origin without the kinds of its units; a bare `1` for a ward would say nothing.
    short = rng.random() < 0.75 and not home.old[0][-1].isdigit()
    origin = ", ".join(map(bare, home.old) if short else home.old)
    lives = residence or address(rng, unit, day)
    return Person(
        name=people_name(rng, ethnicity, sex),
        sex=sex,
        born=born,
        personal_id=personal_id(rng, home.id_code, sex, born),
        ethnicity=ethnicity,
        origin=origin[0].upper() + origin[1:],
        residence=lives,
        old_residence=lives,
        birthplace=", ".join(home.old),
    )
