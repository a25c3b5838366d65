"""Tampering by an administrator: each change of what must not change is found, and nothing where none was made."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from rich.console import Console
from rich.table import Table

from bench.administrator import Administrator
from bench.downstream import NAME, hand_on_all
from bench.house import OFFICE, House
from bench.injected import opened_house
from bench.scene import Scene, Tampering
from bench.small_dossiers import slip, small_dossiers
from bench.tampering import TAMPERINGS, prepared
from dossier.errors import SohoaError
from flows.downstream import compare_downstream
from flows.fixing import check
from flows.publishing import changed_rows
from storage.anchors import verify_chains
from storage.proof import prove
from storage.records import Records
from storage.rights import ADMIN

SEED = "tamper-1"
SHORT_EVERY = 3


def _verify(scene: Scene) -> bool:
    if prove(scene.house.store(), OFFICE, scene.code).doubts:
        return True
    return not compare_downstream(scene.house.settings, {OFFICE: {scene.code}}).whole


def _audit_verify(scene: Scene) -> bool:
    return bool(verify_chains(scene.house.store()).breaks)


def _publish(scene: Scene) -> bool:
    return scene.house.database is not None and bool(changed_rows(scene.house.settings, NAME))


def _fixity(scene: Scene) -> bool:
    checked = check(scene.house.settings, scene.house.store(), everything=True)
    return bool(checked.looked.damages) or not checked.downstream.whole


FINDERS: Mapping[str, Callable[[Scene], bool]] = {
    "verify CODE": _verify,
    "audit verify": _audit_verify,
    "fixity": _fixity,
    "publish --compare": _publish,
}


@dataclass(frozen=True)
class Tried:
    """found_by: names of finders, each with what stopped it if it did not end. untried: why it could not be done."""

    tampering: Tampering
    found_by: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    untried: str | None = None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench tamper", description=__doc__)
    parser.add_argument("--short", action="store_true", help=f"one tampering in {SHORT_EVERY}")
    parser.add_argument("--what", action="append", default=[], help="only what holds this")
    parser.add_argument("--seed", default=SEED)
    asked = parser.parse_args()
    some = [one for one in TAMPERINGS if not asked.what or any(word in one.what for word in asked.what)]
    with opened_house(False, Random(asked.seed)) as house:
        scene = scene_of(house, Random(asked.seed))
        controls = [findings(scene)]
        tried = list(try_all(scene, some[:: SHORT_EVERY if asked.short else 1]))
        controls.append(findings(scene))
        if any(controls[-1]):
            print(f"control after: {doubts(scene)}")
    return _report(tried, controls)


def scene_of(house: House, random: Random, first: int = 1) -> Scene:
    """Two dossiers that have ended, the first with two versions, handed on and anchored. first: its serial number."""
    one, other = small_dossiers(OFFICE, first, 2, random)
    for dossier in (one, other):
        house.drop(dossier.code, dossier.versions[0])
    house.until(
        lambda: all(_counting(house, dossier.code) == 1 for dossier in (one, other)) and house.quiet()
    )
    house.drop(one.code, {"Phiếu bổ sung.png": slip(1, "Bổ sung")})
    house.until(lambda: _counting(house, one.code) == 2 and house.quiet())
    if house.database is not None:
        hand_on_all(house)
    admin = Administrator(house.store(ADMIN), house.store_folder)
    return prepared(Scene(house, admin, one.code, other.code))


def findings(scene: Scene) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who finds something, and who could not look to the end."""
    found, stopped = [], []
    for name, finder in FINDERS.items():
        try:
            if finder(scene):
                found.append(name)
        except SohoaError as error:
            stopped.append(f"{name}: {error.code}")
    return tuple(found), tuple(stopped)


def doubts(scene: Scene) -> str:
    """What a control that is not clean is about."""
    proof = prove(scene.house.store(), OFFICE, scene.code)
    return ", ".join(f"{doubt.kind} {doubt.of} {doubt.what}" for doubt in proof.doubts)


def try_all(scene: Scene, tamperings: Sequence[Tampering]) -> Iterator[Tried]:
    """Tamper, look, undo; one after another."""
    for one in tamperings:
        try:
            undo = one.act(scene)
        except LookupError as error:
            yield Tried(one, untried=str(error))
            continue
        try:
            yield Tried(one, *findings(scene))
        finally:
            undo()


def _counting(house: House, code: str) -> int:
    try:
        return Records(house.store()).counting(OFFICE, code)
    except SohoaError:
        return 0


def _report(tried: Sequence[Tried], controls: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]) -> int:
    table = Table(title="Tampering")
    for column in ("what", "how", "found by", "stopped at it", "found"):
        table.add_column(column)
    for one in tried:
        found = "not tried" if one.untried else "yes" if one.found_by else "NO"
        by = one.untried or ", ".join(one.found_by)
        table.add_row(one.tampering.what, one.tampering.how, by, ", ".join(one.stopped), found)
    for name, (found_by, stopped) in zip(("before", "after"), controls, strict=True):
        said = "clean" if not (found_by or stopped) else "NOT CLEAN"
        table.add_row("nothing", f"control {name}", ", ".join(found_by), ", ".join(stopped), said)
    Console(width=150).print(table)
    done = [one for one in tried if one.untried is None]
    missed = [one for one in done if not one.found_by]
    clean = not any(some for control in controls for some in control)
    met = clean and not missed
    print(
        f"{'OK' if met else 'MISSED'} tamper: {len(done) - len(missed)} of {len(done)} found, "
        f"{len(tried) - len(done)} not tried, controls {'clean' if clean else 'not clean'}"
    )
    return 0 if met else 1
