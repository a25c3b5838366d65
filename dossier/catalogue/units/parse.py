"""From a printed address to units of a day. What the text leaves open stays open: candidates, never a guess."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dossier.catalogue.units.lists import Unit, UnitList, lists, unit
from dossier.catalogue.units.words import KINDS, Piece, name_key, pieces


@dataclass(frozen=True)
class Parsed:
    """An address as units of one day. commune None: not surely told.

    rest: house, street, hamlet as printed. candidates: communes that it may be, if several or if only marks differ.
    unmatched: parts that name a unit by its kind (`xã Mỹ Tân`) and were not found in that day's list.
    stale: the kind is one that the unit had before (`xã` for what is a `phường` by now).
    """

    province: Unit | None
    district: Unit | None
    commune: Unit | None
    rest: str
    candidates: tuple[Unit, ...] = ()
    unmatched: tuple[str, ...] = ()
    stale: bool = False

    @property
    def complete(self) -> bool:
        return self.commune is not None


@dataclass(frozen=True)
class _Fit:
    """One way to take the pieces. Places of pieces; None: the level is not printed."""

    province: Unit
    district: Unit | None
    commune: Unit | None
    at: tuple[int | None, int | None, int | None]

    @property
    def used(self) -> frozenset[int]:
        return frozenset(place for place in self.at if place is not None)


@lru_cache(maxsize=2_000)
def parse_address(text: str, day: date) -> Parsed:
    """Units that the address names, by the list in force on `day`; each as it was called on that day.

    Any order, any prefix or none, missing levels. A commune is given only if every part that could name a unit
    fits and no other commune fits as well.
    """
    of = lists().on(day)
    split = _read(of, pieces(text), day)
    if split.complete:
        return split
    whole = _read(of, pieces(text, houses=True), day)
    return whole if whole.complete else split


def _read(of: UnitList, parts: list[Piece], day: date) -> Parsed:
    fits = list(_fits(of, parts))
    whole = [fit for fit in fits if fit.commune and _accounts_for_all(fit, parts)]
    best = max((len(fit.used) for fit in whole), default=0)
    whole = [fit for fit in whole if len(fit.used) == best]
    communes = {fit.commune.code for fit in whole if fit.commune}
    if len(communes) == 1:
        return _parsed(of, whole[0], parts, day)
    partial = _partial(fits, whole)
    candidates = [fit.commune for fit in whole if fit.commune] or _nearly(of, partial, parts)
    used = partial.used if partial else frozenset()
    return Parsed(
        partial.province if partial else None,
        partial.district if partial else None,
        None,
        _rest(parts, used),
        tuple(dict.fromkeys(candidates)),
        tuple(parts[i].text for i in _named(parts, used)) if not communes else (),
    )


def _parsed(of: UnitList, fit: _Fit, parts: list[Piece], day: date) -> Parsed:
    assert fit.commune is not None
    chain = {one.level: unit(one.code, day) or one for one in of.chain(fit.commune)}
    stale = any(
        place is not None and parts[place].kind not in (None, chain[level].kind)
        for place, level in zip(fit.at, ("province", "district", "commune"), strict=True)
        if level in chain
    )
    return Parsed(
        chain["province"], chain.get("district"), chain["commune"], _rest(parts, fit.used), stale=stale
    )


def _fits(of: UnitList, parts: list[Piece]) -> Iterator[_Fit]:
    """Every way in which pieces name units of which one lies in the other."""
    for i, province in _matches(of, parts, [None]):
        if parts[i].kind is None and i not in (0, len(parts) - 1):
            continue  # a bare word in the middle is no province
        yield _Fit(province, None, None, (i, None, None))
        yield from _below(of, parts, province, i)
    if not any(True for _ in _matches(of, parts, [None])):
        yield from _without_province(of, parts)


def _below(of: UnitList, parts: list[Piece], province: Unit, i: int) -> Iterator[_Fit]:
    inside = of.children[province.code]
    if not inside or inside[0].level == "commune":
        for k, commune in _matches(of, parts, [province.code]):
            if k != i and (parts[k].kind or abs(k - i) == 1):
                yield _Fit(province, None, commune, (i, None, k))
        return
    for j, district in _matches(of, parts, [province.code]):
        if j == i or not (parts[j].kind or abs(j - i) == 1):
            continue
        yield _Fit(province, district, None, (i, j, None))
        for k, commune in _matches(of, parts, [district.code]):
            if k not in (i, j) and (parts[k].kind or abs(k - j) == 1):
                yield _Fit(province, district, commune, (i, j, k))
    for k, commune in _matches(of, parts, [district.code for district in inside]):
        if k != i and parts[k].kind:
            yield _Fit(province, None, commune, (i, None, k))


def _without_province(of: UnitList, parts: list[Piece]) -> Iterator[_Fit]:
    """A commune and its district, or a commune of today, each with its kind: then the province is implied."""
    provinces = of.children[None]
    for j, below in _matches(of, parts, [province.code for province in provinces]):
        if not parts[j].kind:
            continue
        above = of.units[below.parent or ""]
        if below.level == "commune":
            yield _Fit(above, None, below, (None, None, j))
            continue
        for k, commune in _matches(of, parts, [below.code]):
            if k != j and parts[k].kind:
                yield _Fit(above, below, commune, (None, j, k))


def _matches(of: UnitList, parts: list[Piece], parents: Iterable[str | None]) -> Iterator[tuple[int, Unit]]:
    """Pieces that name a unit right under one of the parents, with the unit."""
    keys = [(i, piece, name_key(piece.name), name_key(piece.text)) for i, piece in enumerate(parts)]
    for parent in parents:
        for i, piece, key, whole in keys:
            for found in of.named(parent, key) if key else ():
                if piece.kind is None or piece.kind in of.kinds(found.code) or _was(of, found, piece):
                    yield i, found
            if piece.kind and whole != key:  # `Phường Đúc`, which is the name of a ward
                yield from ((i, found) for found in of.named(parent, whole))


def _was(of: UnitList, found: Unit, piece: Piece) -> bool:
    """Thừa Thiên Huế was a province until the end of 2024 (NQ 175/2024/QH15)."""
    return of.since is None and found.level == "province" and found.name == "Huế" and piece.kind == "tỉnh"


def _accounts_for_all(fit: _Fit, parts: list[Piece]) -> bool:
    """No piece between the units or behind them is left over, and none that names a further unit by its kind."""
    used = fit.used
    first, last = min(used), max(used)
    if any(i not in used for i in range(first, last)):
        return False
    if any(piece.kind and piece.sure for i, piece in enumerate(parts) if i not in used):
        return False
    backwards = fit.at[2] == last and len(used) > 1
    return last == len(parts) - 1 or (backwards and first == 0)


def _partial(fits: list[_Fit], whole: list[_Fit]) -> _Fit | None:
    """Province and district on which all readings agree."""
    some = whole or [fit for fit in fits if fit.at[0] is not None]
    best = [fit for fit in some if not fit.commune and fit.district] or some
    provinces = {fit.province.code for fit in best}
    districts = {fit.district.code if fit.district else None for fit in best}
    if len(provinces) != 1:
        return None
    one = best[0]
    if len(districts) == 1:
        return _Fit(one.province, one.district, None, (one.at[0], one.at[1], None))
    return _Fit(one.province, None, None, (one.at[0], None, None))


def _nearly(of: UnitList, partial: _Fit | None, parts: list[Piece]) -> list[Unit]:
    """Communes whose names differ from the printed one in marks alone."""
    if partial is None:
        return []
    inside = of.children[partial.district.code] if partial.district else of.communes(partial.province.code)
    names = [
        parts[i] for i in range(len(parts)) if i not in partial.used and parts[i].kind in KINDS["commune"]
    ]
    return [one for piece in names for one in of.near(inside, piece.name) if one.kind == piece.kind]


def _named(parts: list[Piece], used: frozenset[int]) -> list[int]:
    return [i for i, piece in enumerate(parts) if i not in used and piece.kind and piece.sure]


def _rest(parts: list[Piece], used: frozenset[int]) -> str:
    return ", ".join(piece.text for i, piece in enumerate(parts) if i not in used)
