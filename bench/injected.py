"""Injected faults: dossiers go through the real program while parts of it die, freeze, run full or lose the time.

After each kind of fault: did every dropped object end, and every dossier once? The moments are random, of a seed.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

from bench.downstream import database, disagreements, hand_on_all, target
from bench.ended import Account, account
from bench.house import OFFICE, House, Restless
from bench.injections import FAULTS, Fault, no_disk, small_disk
from bench.small_dossiers import Dropped, slip, small_dossiers
from dossier.errors import SohoaError
from storage.buckets import INBOX
from storage.records import Records

DOSSIERS, SHORT_DOSSIERS = 200, 15
STRIKES, SHORT_STRIKES = 5, 1
PACE_S, LULL_S = (0.2, 1.5), (0.5, 4.0)
COLUMNS = (
    *("fault", "injected", "dossiers", "drops", "survived"),
    *("lost", "doubled", "disagree", "told again", "recovered s"),
)
SECOND_DROPS, LATER = 4, 3
"""Of so many dossiers one gets a second drop, its next version, if it has ended when so many more were dropped."""


@dataclass
class Trial:
    """What became of one kind of fault. recovery_s: from the end of the last fault until all was quiet, with what was
    dropped meanwhile.
    """

    fault: Fault
    dossiers: list[Dropped] = field(default_factory=list)
    strikes: int = 0
    recovery_s: float = 0.0
    account: Account = field(default_factory=Account)
    untried: str | None = None


def add_options(parser: argparse._ArgumentGroup) -> None:
    """The options of injected faults."""
    parser.add_argument("--through", type=int, default=DOSSIERS, help="dossiers while faults are injected")
    parser.add_argument("--strikes", type=int, default=STRIKES, help="faults of each kind")
    parser.add_argument("--inject", action="append", default=[], help="only kinds whose name holds this")


def shorten(asked: argparse.Namespace) -> None:
    asked.through, asked.strikes = SHORT_DOSSIERS, SHORT_STRIKES


def run(asked: argparse.Namespace) -> tuple[bool, str]:
    """Print the table. Whether nothing was lost and nothing came twice, and the summary."""
    faults = [f for f in FAULTS if not asked.inject or any(word in f.name for word in asked.inject)]
    console = Console(width=150)
    console.print(f"seed {asked.seed}: {asked.through} dossiers, {asked.strikes} faults of each kind")
    trials: list[Trial] = []
    for outside in (False, True):
        some = [fault for fault in faults if fault.outside is outside]
        if some:
            through = max(len(some), round(asked.through * len(some) / len(faults)))
            trials += _in_house(some, outside, through, asked.strikes, asked.seed, console)
    _print(console, trials)
    tried = [trial for trial in trials if trial.untried is None]
    lost, doubled, wrong = (
        sum(len(getattr(trial.account, name)) for trial in tried) for name in ("lost", "doubled", "wrong")
    )
    summary = (
        f"injected {sum(trial.strikes for trial in tried)} faults of {len(tried)} kinds through "
        f"{sum(len(trial.dossiers) for trial in tried)} dossiers: lost {lost}, doubled {doubled}, "
        f"in disagreement {wrong}; not tried {len(trials) - len(tried)}"
    )
    return not (lost or doubled or wrong), summary


def _in_house(
    faults: Sequence[Fault], outside: bool, through: int, strikes: int, seed: str, console: Console
) -> Iterator[Trial]:
    with opened_house(outside, Random(f"{seed}/{outside}")) as house:
        first = 1
        for number, fault in enumerate(faults):
            share = through // len(faults) + (number < through % len(faults))
            random = Random(f"{seed}/{fault.name}")
            trial = try_fault(house, fault, first, share, strikes, random)
            first += share
            console.print(f"{fault.name}: {trial.untried or _told(trial)}", markup=False)
            yield trial


@contextmanager
def opened_house(outside: bool, random: Random) -> Iterator[House]:
    """A house that is up; its store lies on a file system of its own, if that can be had."""
    with tempfile.TemporaryDirectory(prefix="sohoa-faults-") as folder, ExitStack() as stack:
        server = database()
        if server is not None:
            stack.callback(server.stop)
            server.start()
        targets = {"targets": target(server)} if server is not None else {}
        house = House(Path(folder), outside, random, server, **targets)
        if no_disk() is None:
            stack.enter_context(small_disk(house.store_folder))
        stack.callback(house.stop)
        house.start()
        yield house


def try_fault(house: House, fault: Fault, first: int, number: int, strikes: int, random: Random) -> Trial:
    """Drop dossiers one after another, strike meanwhile, wait until all is quiet, and look."""
    trial = Trial(fault, untried=fault.missing())
    if trial.untried is not None:
        return trial
    trial.dossiers = list(small_dossiers(OFFICE, first, number, random))
    try:
        with fault.lasts(house):
            _strike_and_look(house, trial, strikes, random)
    except Restless as error:
        trial.account.lost.append(str(error))
    return trial


def _strike_and_look(house: House, trial: Trial, strikes: int, random: Random) -> None:
    dropping = threading.Thread(target=_drop_all, args=(house, trial, random.random()))
    dropping.start()
    try:
        while trial.strikes < strikes:
            time.sleep(random.uniform(*LULL_S))
            trial.fault.inject(house, random)
            trial.strikes += 1
    finally:
        over = time.monotonic()
        dropping.join()
    house.until(lambda: house.quiet() and _all_there(house, trial.dossiers))
    trial.recovery_s = time.monotonic() - over
    trial.account.add(account(house.store(), trial.dossiers))
    if house.database is not None:
        hand_on_all(house)
        for kind, what in disagreements(house, house.database):
            getattr(trial.account, kind).append(what)


def _drop_all(house: House, trial: Trial, seed: float) -> None:
    random = Random(seed)
    for number, dossier in enumerate(trial.dossiers):
        house.drop(dossier.code, dossier.versions[0], trial.fault.times)
        time.sleep(random.uniform(*PACE_S))
        before = trial.dossiers[max(0, number - LATER)]
        if number % SECOND_DROPS == LATER and _ended(house, before):
            before.versions.append({"Phiếu bổ sung.png": slip(number, before.code[-4:])})
            house.drop(before.code, before.versions[1], trial.fault.times)


def _ended(house: House, dossier: Dropped) -> bool:
    """Whether its last drop has its version and nothing of it lies in the inbox: what comes now makes the next one."""
    try:
        there = next(house.store().list(INBOX, f"{OFFICE}/{dossier.code}/", versions=True), None)
    except SohoaError:
        return False
    return there is None and _all_there(house, [dossier])


def _all_there(house: House, dossiers: Sequence[Dropped]) -> bool:
    """Whether every dossier has its last version. A look at the store that fails is no."""
    try:
        records = Records(house.store())
        return all(records.counting(OFFICE, one.code) >= len(one.versions) for one in dossiers)
    except SohoaError:
        return False


def _told(trial: Trial) -> str:
    found = trial.account
    texts = [*found.lost, *found.doubled, *found.wrong]
    said = f"{trial.strikes} faults, {len(trial.dossiers)} dossiers, quiet after {trial.recovery_s:.0f} s"
    return said + "".join(f"\n  {text}" for text in texts[:20])


def _print(console: Console, trials: Sequence[Trial]) -> None:
    table = Table(title="Injected faults")
    for column in COLUMNS:
        table.add_column(column, justify="left" if column == "fault" else "right")
    for trial in trials:
        if trial.untried is not None:
            table.add_row(trial.fault.name, "not tried", trial.untried)
            continue
        made = trial.account
        table.add_row(
            trial.fault.name,
            str(trial.strikes),
            str(len(trial.dossiers)),
            str(sum(len(one.versions) for one in trial.dossiers)),
            "yes" if made.whole else "NO",
            *(str(len(some)) for some in (made.lost, made.doubled, made.wrong)),
            str(made.again),
            f"{trial.recovery_s:.0f}",
        )
    console.print(table)
