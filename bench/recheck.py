"""What a recheck costs over very many stored records, and that none is done twice or left out when it is killed.

Records are generated and put directly into a real store. Each run is a process of its own, so that its peak memory
is its own. Three nights: an ordinary one (time alone made some records due), one after the catalogue changed (all of
them are due), and an ordinary one that is killed (SIGKILL) half-way and started again.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import signal
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from rich.console import Console
from rich.table import Table
from sqlalchemy import select, update

from bench.processes import own_peak
from bench.stored import EVERY, NIGHT, OFFICE, put_records, stored_records
from dossier.settings import Settings
from flows.rechecking import Rechecked, question, recheck
from flows.shelves import Shelves
from storage.buckets import RECORDS, ensure_buckets
from storage.index.index import open_index
from storage.index.tables import dossiers
from storage.records import Records
from storage.rights import ADMIN
from storage.s3 import Store
from storage.seaweed.store import EmbeddedStore
from validators.sources import Sources

GROWTH = 1.25
"""Peak memory over ten times the records: at most so many times that over a tenth of them."""


@dataclass(frozen=True)
class Run:
    """wall: seconds. peak: MiB of the process. done: what it counted; None: killed."""

    records: int
    wall: float
    peak: float
    done: Rechecked | None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench recheck", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, help="and a tenth of them beside")
    parser.add_argument("--short", action="store_true", help="2,000 records")
    asked = parser.parse_args()
    many = 2_000 if asked.short else asked.records
    console = Console(width=120)
    table = Table(title="Recheck", title_justify="left")
    for column in ("records", "night", "due", "new versions", "seconds", "records/s", "peak MiB"):
        table.add_column(column, justify="right")
    peaks: dict[tuple[str, int], float] = {}
    faults: list[str] = []
    for count in (many // 10, many):
        for night, run in _nights(count, faults):
            assert run.done is not None
            peaks[night, count] = run.peak
            cells = (count, night, run.done.looked, run.done.changed, f"{run.wall:.1f}")
            table.add_row(*map(str, cells), f"{run.done.looked / run.wall:.0f}", f"{run.peak:.0f}")
    console.print(table)
    growth = max(peaks[night, many] / peaks[night, many // 10] for night in ("ordinary", "catalogue"))
    for fault in faults:
        console.print(fault, style="red")
    print(
        f"recheck: {many} records, memory {growth:.2f} times that of {many // 10} (goal {GROWTH}); "
        f"killed and resumed: {'; '.join(faults) or 'no record twice, none left out'}"
    )
    return 1 if faults or growth > GROWTH else 0


def _nights(count: int, faults: list[str]) -> list[tuple[str, Run]]:
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as scratch:
        settings = Settings(data=Path(scratch), offices=(OFFICE,))
        server = EmbeddedStore(settings.data / "store", settings)
        server.start()
        try:
            ensure_buckets(Store(server.settings_for(ADMIN)), settings)
            settings = settings.model_copy(update={"store": server.settings_for()})
            put_records(Store(settings.store), stored_records(count))
            _fill_index(settings, count)
            killed = _run(settings, count, kill_at=count // EVERY // 2)
            resumed = _run(settings, count)
            faults += _checked(settings, count, killed)
            _fill_index(settings, count)  # as it was: what is recorded already is found so
            ordinary = _run(settings, count)
            with closing(open_index(settings)) as index:
                index.write(update(dossiers).values(basis="another"))
            catalogue = _run(settings, count)
        finally:
            server.stop()
    return [("resumed", resumed), ("ordinary", ordinary), ("catalogue", catalogue)]


def _fill_index(settings: Settings, count: int) -> None:
    with closing(open_index(settings)) as index:
        index.rebuild(cast(Records, SimpleNamespace(all=lambda _: stored_records(count))))


def _run(settings: Settings, count: int, kill_at: int | None = None) -> Run:
    """One recheck in a process of its own. kill_at: SIGKILL it when so many records have a new version."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    began = time.monotonic()
    process = spawn.Process(target=_recheck, args=(settings, theirs))
    process.start()
    theirs.close()
    said: dict[str, Any] = {}
    while kill_at is None or said.get("changed", 0) < kill_at:
        try:
            said = ours.recv()
        except EOFError:
            break
    if kill_at is not None:
        process.kill()
    process.join()
    wall = time.monotonic() - began
    if process.exitcode == -signal.SIGKILL:
        return Run(count, wall, said.get("peak", 0.0), None)
    done = {name: said[name] for name in ("looked", "changed", "busy", "failed")}
    return Run(count, wall, said["peak"], Rechecked(**done))


def _recheck(settings: Settings, to: Connection) -> None:
    def tell(done: Rechecked) -> None:
        to.send(vars(done) | {"peak": own_peak()})

    store = Store(settings.store)
    with closing(open_index(settings)) as index:
        shelves = Shelves(
            settings=settings, store=store, records=Records(store), index=index, sources=Sources()
        )
        tell(recheck(shelves, question(NIGHT), told=tell))


def _checked(settings: Settings, count: int, killed: Run) -> list[str]:
    """What is wrong after a run that was killed and one that went on."""
    faults = [] if killed.done is None else ["the run ended before it was killed"]
    store = Store(settings.store)
    versions: Counter[str] = Counter()
    current: dict[str, int] = {}
    for entry in store.list(RECORDS, f"{OFFICE}/"):
        code, name = entry.key.split("/")[1:]
        if name.startswith("v"):
            versions[code] += 1
        elif (found := store.get(RECORDS, entry.key)) is not None:
            current[code] = int(json.loads(found.data)["version"])
    due = {record.dossier for number, record in enumerate(stored_records(count)) if number % EVERY == 0}
    faults += [f"{sum(number > 2 for number in versions.values())} records twice"] * any(
        number > 2 for number in versions.values()
    )
    left = sum(current[code] != 2 for code in due)
    strange = sum(number != 1 for code, number in current.items() if code not in due)
    faults += [f"{left} records left out"] * bool(left) + [f"{strange} records without cause"] * bool(strange)
    with closing(open_index(settings)) as index:
        behind = sum(row["version"] != current[row["code"]] for row in index.rows(select(dossiers)))
    return faults + [f"the index is behind on {behind}"] * bool(behind)
