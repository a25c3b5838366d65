"""The administrative units of Vietnam by date: 63 provinces, 696 districts and 10,035 communes to 30 June 2025,
34 provinces and 3,321 communes since (NQ 202/2025/QH15; QĐ 19/2025/QĐ-TTg), with what changed later.

A code means nothing without its day: 15 was Yên Bái's and is Lào Cai's. The lists are read on first use.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from dossier.catalogue.units.words import name_key, near_key

DATA = Path(__file__).with_name("units.tsv.gz")
TWO_LEVELS = date(2025, 7, 1)
"""From this day on there are no districts."""
LISTED_DAYS = (date.max, TWO_LEVELS - timedelta(days=1))
"""A day of each list, the newer first: for text whose day is not known."""

Level = Literal["province", "district", "commune"]
_LEVELS: dict[str, Level] = {"p": "province", "d": "district", "c": "commune"}


class Unit(NamedTuple):
    """A unit as it was on some day. since, until: first and last day of this kind and name (None: not known or not
    yet ended; what was before the list to 30 June 2025 is not told). parent: the code of the unit it lies in."""

    code: str
    level: Level
    kind: str
    name: str
    parent: str | None
    since: date | None
    until: date | None

    @property
    def full(self) -> str:
        """`xã Vị Thanh 1`."""
        return f"{self.kind} {self.name}"


class Change(NamedTuple):
    """From `day` on a unit has this kind and name. source: the legal text."""

    day: date
    kind: str
    name: str
    source: str


class UnitList:
    """One of the two lists. into: codes in the list after it. changes: by code, in the order of days."""

    def __init__(self, since: date | None, until: date | None) -> None:
        self.since, self.until = since, until
        self.units: dict[str, Unit] = {}
        self.children: dict[str | None, list[Unit]] = defaultdict(list)
        self.into: dict[str, tuple[str, ...]] = {}
        self.changes: dict[str, list[Change]] = defaultdict(list)
        self._keys: dict[str | None, dict[str, list[Unit]]] = {}

    def add(self, letter: str, code: str, kind: str, name: str, into: str, parent: str | None) -> None:
        unit = Unit(code, _LEVELS[letter], kind, name, parent, self.since, self.until)
        self.units[code] = unit
        self.children[parent].append(unit)
        if into:
            self.into[code] = tuple(into.split(" "))

    def communes(self, province: str) -> list[Unit]:
        """All communes of a province."""
        inside = self.children[province]
        return [
            unit
            for child in inside
            for unit in (self.children[child.code] if child.level == "district" else (child,))
        ]

    def named(self, parent: str | None, key: str) -> list[Unit]:
        """The units right under a parent (None: the provinces) with that name, whatever their kind."""
        if parent not in self._keys:
            keys: dict[str, list[Unit]] = defaultdict(list)
            for unit in self.children.get(parent, ()):
                keys[name_key(unit.name)].append(unit)
            self._keys[parent] = keys
        return self._keys[parent].get(key, [])

    def kinds(self, code: str) -> frozenset[str]:
        """Every kind that the unit has had in this list: papers are behind the law for a while."""
        return frozenset({self.units[code].kind, *(change.kind for change in self.changes.get(code, ()))})

    def chain(self, unit: Unit) -> tuple[Unit, ...]:
        """The unit and those that it lies in, upwards."""
        above = self.units[unit.parent] if unit.parent else None
        return (unit, *self.chain(above)) if above else (unit,)

    def near(self, communes: list[Unit], name: str) -> tuple[Unit, ...]:
        """Those whose names are the same but for marks, `i` and `y`."""
        key = near_key(name)
        return tuple(unit for unit in communes if near_key(unit.name) == key)


class Lists(NamedTuple):
    old: UnitList
    new: UnitList

    def on(self, day: date) -> UnitList:
        return self.new if day >= TWO_LEVELS else self.old


@cache
def lists() -> Lists:
    """Both lists, read once."""
    old = UnitList(None, TWO_LEVELS - timedelta(days=1))
    new = UnitList(TWO_LEVELS, None)
    province = district = ""
    for line in gzip.decompress(DATA.read_bytes()).decode().splitlines():
        letter, *cells = line.split("\t")
        if letter == "=":
            day, code, kind, name, source = cells
            new.changes[code].append(Change(date.fromisoformat(day), kind, name, source))
            continue
        code, kind, name, into = cells
        of, level = (old, letter) if letter.islower() else (new, letter.lower())
        parent = None if level == "p" else district if letter == "c" else province
        of.add(level, code, kind, name, into, parent)
        if level == "p":
            province = code
        elif level == "d":
            district = code
    return Lists(old, new)


def unit(code: str, day: date) -> Unit | None:
    """The unit that had this code on that day, as it was called then. None: no unit had it."""
    of = lists().on(day)
    found = of.units.get(code)
    if found is None:
        return None
    for change in of.changes.get(code, ()):
        if change.day > day:
            return found._replace(until=change.day - timedelta(days=1))
        found = found._replace(kind=change.kind, name=change.name, since=change.day, until=None)
    return found


def place(commune: Unit, day: date) -> str:
    """`xã Vị Thanh 1, thành phố Cần Thơ`: the unit and all it lies in, as called on that day."""
    return ", ".join((unit(one.code, day) or one).full for one in lists().on(day).chain(commune))
