"""What a piece of work costs: wall time, and CPU time of this process and all below it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.processes import cpu_by_part


@dataclass
class Spent:
    """Seconds; filled when the block of `spending` ends."""

    wall: float = 0.0
    cpu: float = 0.0

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.wall + other.wall, self.cpu + other.cpu)


@contextmanager
def spending() -> Iterator[Spent]:
    """Measures what happens within. Children that ended count once this process has waited for them."""
    spent, cpu, began = Spent(), _cpu(), time.monotonic()
    try:
        yield spent
    finally:
        spent.wall, spent.cpu = time.monotonic() - began, _cpu() - cpu


def _cpu() -> float:
    return float(sum(cpu_by_part(os.getpid()).values()))


@contextmanager
def threads_of_engines(limit: int | None) -> Iterator[None]:
    """OMP_THREAD_LIMIT for programs that are started within; None: not set, which is what a bare machine has."""
    before = os.environ.pop("OMP_THREAD_LIMIT", None)
    if limit is not None:
        os.environ["OMP_THREAD_LIMIT"] = str(limit)
    try:
        yield
    finally:
        os.environ.pop("OMP_THREAD_LIMIT", None)
        if before is not None:
            os.environ["OMP_THREAD_LIMIT"] = before
