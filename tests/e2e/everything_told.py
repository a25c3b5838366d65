"""Where a running stack could tell what it should not: logs, what Prefect keeps, keys of objects, index, metrics.

What holds values by purpose is left out by name, with the reason.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from unicodedata import combining, normalize
from urllib.parse import quote

from running_stack import RunningStack

from storage.buckets import ALL, ANCHORS, AUDIT, FEED, OUTBOX, WORK

LOOKED_INTO = {AUDIT: "", FEED: "", OUTBOX: "", ANCHORS: "", WORK: ("leases/", "intake/", "fixity")}
"""Buckets whose objects are read too, by prefix; of the others the keys alone.

They hold values or file names by purpose: inbox, originals, sealed (the scans), records, evidence, registers, refused
(which file, and why), receipts (what the digitiser must set right), work (what was read of a page).
"""
OWN_VALUES = {"store": "the store's own files hold the scans", "downstream.sqlite": "a database downstream"}
"""Below the data directory, what is not looked into, and why."""
STORE_LOGS = ("weed.log", "weed.log.1")
API = ("flow_runs", "task_runs", "artifacts", "logs", "deployments", "automations", "flows")
PAGE = 200


def spellings(value: str) -> set[str]:
    """A value as it could be written: composed or not, in capitals, without marks, escaped as in JSON or a URL.

    A number of an ID also in groups of three.
    """
    forms = {normalize("NFC", value), normalize("NFD", value), without_marks(value)}
    if value.isdigit():
        groups = [value[at : at + 3] for at in range(0, len(value), 3)]
        forms |= {" ".join(groups), ".".join(groups)}
    forms |= {json.dumps(form).strip('"') for form in forms} | {quote(form) for form in forms}
    forms |= {form.replace(" ", "+") for form in forms}
    return {folded(form) for form in forms}


def without_marks(text: str) -> str:
    bare = "".join(letter for letter in normalize("NFD", text) if not combining(letter))
    return bare.replace("đ", "d").replace("Đ", "D")


def folded(text: str) -> str:
    return text.lower()


def told(stack: RunningStack) -> Iterator[tuple[str, str]]:
    """Every place, and the text that stands there."""
    yield from _files(stack.settings.data)
    for database in sorted(stack.settings.data.rglob("*.db")) + sorted(stack.settings.data.glob("*.sqlite*")):
        if database.name not in OWN_VALUES and not database.name.endswith(("-wal", "-shm")):
            yield from _cells(database)
    yield from _api(stack)
    yield from _objects(stack)


def found(values: Iterable[str], places: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which value stands where, in whatever spelling."""
    wanted = {spelling: value for value in values for spelling in spellings(value)}
    return {
        (value, place)
        for place, text in places
        for spelling, value in wanted.items()
        if spelling in folded(text)
    }


def _files(data: Path) -> Iterator[tuple[str, str]]:
    logs = [data / "store" / name for name in STORE_LOGS]
    others = [path for path in data.rglob("*") if path.relative_to(data).parts[0] not in OWN_VALUES]
    for path in sorted({*logs, *others}):
        if path.is_file():
            yield f"name of {path.relative_to(data)}", str(path.relative_to(data))
            yield str(path.relative_to(data)), path.read_bytes().decode(errors="replace")


def _cells(database: Path) -> Iterator[tuple[str, str]]:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)
    try:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                text = " ".join(
                    cell.decode(errors="replace") if isinstance(cell, bytes) else str(cell) for cell in row
                )
                yield f"{database.name}: {table}", text
    finally:
        connection.close()


def _api(stack: RunningStack) -> Iterator[tuple[str, str]]:
    """The events' first page only: all of them stand in the database."""
    yield "API: events", json.dumps(stack.ask("events/filter", {"limit": 50}), ensure_ascii=False)
    for kind in API:
        offset, more = 0, True
        while more:
            some = stack.ask(f"{kind}/filter", {"limit": PAGE, "offset": offset})
            yield f"API: {kind}", json.dumps(some, ensure_ascii=False)
            offset, more = offset + PAGE, len(some) == PAGE


def _objects(stack: RunningStack) -> Iterator[tuple[str, str]]:
    for bucket in ALL:
        for entry in stack.store.list(bucket, versions=True):
            yield f"a key in {bucket}", entry.key
            if bucket in LOOKED_INTO and entry.key.startswith(LOOKED_INTO[bucket]):
                blob = stack.store.get(bucket, entry.key, entry.version_id)
                yield f"an object in {bucket}", blob.data.decode(errors="replace") if blob else ""
