"""What publication into PostgreSQL costs: records a second, and whether memory stays where it is as the feed grows.

Records and their feed are generated and put directly into a real store; the database is a real server. Each run is a
process of its own, so that its peak memory is its own. In the end the rows are counted: none is missing or twice.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from bench.databases import Server, postgresql
from bench.stored import OFFICE, put_feed, put_records, stored_records
from dossier.settings import Settings, StoreSettings
from dossier.targets import SqlTarget
from storage.buckets import ensure_buckets
from storage.feed import Feed
from storage.publication.publishing import Publisher
from storage.publication.sql import SqlDatabase
from storage.publication.sql_connection import Database
from storage.publication.sql_tables import tables
from storage.publication.targets import Handed
from storage.s3 import Store
from storage.seaweed.files import ADMIN
from storage.seaweed.store import EmbeddedStore

GROWTH = 1.25
"""Peak memory over the long feed: at most so many times that over the short one."""
FEW, MANY = 10_000, 200_000
SHORT = (500, 2_000)


@dataclass(frozen=True)
class Run:
    """wall: seconds. cpu: of them, those in which the process computed. peak: MiB of it. rows: in all tables."""

    records: int
    wall: float
    cpu: float
    peak: float
    rows: int

    @property
    def rate(self) -> float:
        return self.records / self.wall


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench publish", description=__doc__)
    parser.add_argument("--few", type=int, default=FEW, help="records of the short feed")
    parser.add_argument("--records", type=int, default=MANY, help="records of the long feed")
    parser.add_argument("--short", action="store_true", help=f"{SHORT[0]:,} and {SHORT[1]:,} records")
    asked = parser.parse_args()
    counts = SHORT if asked.short else (asked.few, asked.records)
    database, faults = postgresql(), list[str]()
    database.start()
    try:
        few, many = (_run(database, count, faults) for count in counts)
    finally:
        database.stop()
    console = Console(width=120)
    table = Table(title="Publication into PostgreSQL", title_justify="left")
    for column in ("records", "rows", "seconds", "records/s", "rows/s", "CPU ms a record", "peak MiB"):
        table.add_column(column, justify="right")
    for run in (few, many):
        table.add_row(
            f"{run.records:,}",
            f"{run.rows:,}",
            f"{run.wall:.1f}",
            f"{run.rate:.0f}",
            f"{run.rows / run.wall:.0f}",
            f"{1000 * run.cpu / run.records:.1f}",
            f"{run.peak:.0f}",
        )
    console.print(table)
    for fault in faults:
        console.print(fault, style="red")
    growth = many.peak / few.peak
    print(
        f"publish: {many.rate:.0f} records/s over {many.records} records, {many.rate / few.rate:.2f} times the rate "
        f"of {few.records}; memory {growth:.2f} times (goal {GROWTH}); {'; '.join(faults) or 'none lost, none twice'}"
    )
    return 1 if faults or growth > GROWTH else 0


def _run(database: Server, count: int, faults: list[str]) -> Run:
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as scratch:
        settings = Settings(data=Path(scratch), offices=(OFFICE,))
        server = EmbeddedStore(settings.data / "store", settings)
        server.start()
        try:
            ensure_buckets(Store(server.settings_for(ADMIN)), settings)
            store = Store(server.settings_for())
            put_records(store, stored_records(count))
            put_feed(store, OFFICE, stored_records(count))
            target = SqlTarget(kind="sql", url=database.url, prefix=f"b{count}_")
            wall, cpu, peak, done = _publish(server.settings_for(), target)
        finally:
            server.stop()
    rows = _rows(target)
    if (done.records, done.aside, rows["records"]) != (count, 0, count):
        faults.append(f"of {count} records {done.records} were handed on, {rows['records']} are there")
    return Run(count, wall, cpu, peak, sum(rows.values()))


def _publish(store: StoreSettings, target: SqlTarget) -> tuple[float, float, float, Handed]:
    """Seconds, CPU seconds, peak MiB, and what was done, of a publication in a process of its own."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_child, args=(store, target, theirs))
    process.start()
    theirs.close()
    try:
        said: tuple[float, float, float, Handed] = ours.recv()
    finally:
        process.join()
    return said


def _child(settings: StoreSettings, target: SqlTarget, to: Connection) -> None:
    store = Store(settings)
    with closing(SqlDatabase("bench", target)) as database:
        database.prepare()
        began, spent = time.monotonic(), time.process_time()
        done = Publisher(store, Feed(store), database).publish()
        wall, cpu = time.monotonic() - began, time.process_time() - spent
    to.send((wall, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, done))


def _rows(target: SqlTarget) -> dict[str, int]:
    with closing(Database("count", target.url.get_secret_value())) as database:
        return {
            name: database.run(
                lambda connection, table=table: connection.execute(  # type: ignore[misc]
                    select(func.count()).select_from(table)
                ).scalar_one()
            )
            for name, table in tables(target).data.items()
        }
