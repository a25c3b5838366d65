"""A short form of `python -m bench faults --only injected`: parts die and answers get lost, no dossier does."""

from __future__ import annotations

from itertools import count
from random import Random

import pytest

from bench.house import House
from bench.injected import try_fault
from bench.injections import FAULTS, Fault, Inject, killing, wired

pytestmark = pytest.mark.e2e

_serial = count(1)
EACH = 2
"""Dossiers while one kind of fault is injected."""


@pytest.mark.parametrize(
    ("name", "inject", "times"),
    [
        ("intake: kill -9", killing("intake"), 1),
        ("store: kill -9", killing("store"), 1),
        ("store's answers are lost, each event twice", wired("swallow", 3, 5), 2),
    ],
)
def test_after_a_fault_every_dossier_has_ended_once(
    house: House, name: str, inject: Inject, times: int
) -> None:
    first = EACH * next(_serial) - 1
    trial = try_fault(house, Fault(name, inject, outside=True, times=times), first, EACH, 1, Random(name))
    assert trial.strikes == 1
    assert (trial.account.lost, trial.account.doubled, trial.account.wrong) == ([], [], [])


def test_every_kind_of_fault_has_a_name_of_its_own() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
