"""A downstream database that can be killed, and whether its rows are what the records say, row for row."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

from sqlalchemy import text

from bench.databases import Server, postgresql
from bench.house import OFFICE, House
from flows.publishing import changed_rows
from flows.stack.environment import settings_env
from storage.buckets import RECORDS
from storage.publication.sql_connection import Database
from storage.s3 import Store

NAME: Final = "main"
PREFIX: Final = "sohoa_"
RECORD_ROWS: Final = "SELECT dossier, version, state, record_sha256 FROM sohoa_records"
FIELD_ROWS: Final = "SELECT dossier, version, component, field, value, printed FROM sohoa_fields"


def database() -> Server | None:
    """A PostgreSQL of its own, not started. None if there is none on this machine."""
    try:
        return postgresql()
    except FileNotFoundError:
        return None


def target(server: Server) -> dict[str, Any]:
    """The settings of a target that takes every record, in batches small enough to be killed between them."""
    states = ("checked", "returned", "refused")
    return {NAME: {"kind": "sql", "url": server.url, "prefix": PREFIX, "states": states, "batch": 3}}


def publishing(house: House) -> subprocess.Popen[bytes]:
    """`sohoa publish`, as a process of its own."""
    env = os.environ | settings_env(house.settings)
    with (house.folder / "publish.out").open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "cli.main", "publish"], env=env, stdout=out, stderr=subprocess.STDOUT
        )


def hand_on_all(house: House) -> None:
    """Bring the target to the end of the feed."""
    house.until(lambda: publishing(house).wait() == 0, 120, "the publication to its end")


def disagreements(house: House, server: Server) -> Iterator[tuple[str, str]]:
    """`lost`, `doubled` or `wrong`, and what: rows read by plain SQL against the records as they lie in the store."""
    records, fields = _expected(house.store())
    with closing(Database("look", server.url)) as look:
        there = _rows(look, RECORD_ROWS), _rows(look, FIELD_ROWS)
    for name, wanted, found in (("record", records, there[0]), ("field", fields, there[1])):
        yield from (("lost", f"downstream: {name} of {row[0]} v{row[1]}") for row in (wanted - found))
        for row in found - wanted:
            kind = "doubled" if row in wanted else "wrong"
            yield kind, f"downstream: a row of {name} of {row[0]} v{row[1]}"
    for one in changed_rows(house.settings, NAME):
        yield "wrong", f"sohoa publish: {one.table} of {one.dossier}"


def _expected(store: Store) -> tuple[Counter[tuple[Any, ...]], Counter[tuple[Any, ...]]]:
    from bench.ended import sha256_of

    records: Counter[tuple[Any, ...]] = Counter()
    fields: Counter[tuple[Any, ...]] = Counter()
    for entry in store.list(RECORDS, f"{OFFICE}/"):
        found = None if entry.key.endswith("current.json") else store.get(RECORDS, entry.key)
        if found is None:
            continue
        said = json.loads(found.data)
        version = (said["dossier"], said["version"])
        records[(*version, said["state"], sha256_of(found.data))] += 1
        for paper in said["components"]:
            for one in paper["fields"]:
                fields[(*version, paper["id"], one["name"], one["value"], one["printed"])] += 1
    return records, fields


def _rows(look: Database, question: str) -> Counter[tuple[Any, ...]]:
    return look.run(lambda connection: Counter(tuple(row) for row in connection.execute(text(question))))
