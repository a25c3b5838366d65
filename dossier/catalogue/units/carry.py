"""From a unit of one day to that of another, with the way it went."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from dossier.catalogue.units.lists import TWO_LEVELS, Unit, lists, unit
from dossier.catalogue.units.words import name_key

Method = Literal["exact", "renamed", "merged", "split", "unknown"]


@dataclass(frozen=True)
class Carried:
    """exact: the same unit, kind and name. renamed: the same area under another kind or name. merged: all of it went
    into a larger one. split: its parts went into several, code and name are None and a person decides among the
    candidates. unknown: no successor of that level (a district), or a day before the unit's own."""

    code: str | None
    name: str | None
    method: Method
    candidates: tuple[Unit, ...] = ()


def carried(one: Unit, to_day: date) -> Carried:
    """What the unit is on `to_day`. `one` as `unit` or `parse_address` gave it: its days say of which list it is."""
    ends_old = one.until is not None and one.until < TWO_LEVELS
    if not ends_old and to_day >= TWO_LEVELS:
        return _within(one, unit(one.code, to_day))
    if ends_old and to_day < TWO_LEVELS:
        return _within(one, unit(one.code, to_day))
    if not ends_old:
        return Carried(None, None, "unknown")
    into = tuple(found for code in lists().old.into.get(one.code, ()) if (found := unit(code, to_day)))
    if len(into) > 1:
        return Carried(None, None, "split", into)
    if not into:
        return Carried(None, None, "unknown")
    found = into[0]
    if len(_sources()[found.code]) > 1:
        return Carried(found.code, found.full, "merged", into)
    return Carried(found.code, found.full, "exact" if _same(one, found) else "renamed", into)


def _within(one: Unit, found: Unit | None) -> Carried:
    if found is None:
        return Carried(None, None, "unknown")
    return Carried(found.code, found.full, "exact" if _same(one, found) else "renamed", (found,))


def _same(left: Unit, right: Unit) -> bool:
    return left.kind == right.kind and name_key(left.name) == name_key(right.name)


@cache
def _sources() -> dict[str, set[str]]:
    """Codes in the list since July 2025 -> codes of all that went into them, wholly or in part."""
    found: dict[str, set[str]] = defaultdict(set)
    for code, into in lists().old.into.items():
        for target in into:
            found[target].add(code)
    return found
