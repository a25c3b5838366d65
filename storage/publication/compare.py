"""Downstream rows held against the records: a replica is made from feed and records, and compared row for row.

The replica is the same code over an empty database on disk; so what is found is what changed at the target since, or
what never came there. The feed is followed to where the target is, not further.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr
from sqlalchemy import Connection, Table, select

from storage.audit import audited
from storage.feed import Announced, Feed
from storage.keys import NO_OFFICE
from storage.publication.events import fetch
from storage.publication.sql import SqlDatabase
from storage.publication.targets import Delivery, Problem
from storage.s3 import Store

AT_ONCE: Final = 200
THREADS: Final = 8
_DIGITS = 9
"""Of a number with a floating point, as databases give it back."""

_ASIDE = Problem("aside", "it waits for a person at the target")

Only = tuple[str, Collection[str]]
"""An office and codes of its dossiers."""
Rows = Counter[tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Difference:
    """A table in which the rows of a dossier are not what its records say. Without values.

    missing: rows that should be there. strange: rows that should not; a changed row is one of each.
    """

    table: str
    office: str
    dossier: str
    missing: int
    strange: int


def differences(store: Store, target: SqlDatabase, only: Only | None = None) -> Iterator[Difference]:
    """Where the target's rows are not what feed and records say. only: these dossiers of an office.

    Raises TransientError if store or target is away.
    """
    target.prepare()
    with tempfile.TemporaryDirectory(prefix="sohoa-") as folder:
        url = SecretStr(f"sqlite:///{Path(folder) / 'replica.sqlite'}")
        settings = target.settings.model_copy(update={"url": url, "schema_": None})
        with closing(SqlDatabase("replica", settings)) as replica:
            replica.prepare()
            aside = {(one.office, one.seq) for one in target.asides()}
            for office, stand in sorted(target.stands().items()):
                if only is None or office == only[0]:
                    _replay(store, replica, office, stand.cursor.seq, only and only[1], aside)
                    yield from _compared(target, replica, office, only and only[1])


def _replay(
    store: Store,
    replica: SqlDatabase,
    office: str,
    until: int,
    only: Collection[str] | None,
    aside: Collection[tuple[str, int]],
) -> None:
    """aside: what waits for a person at the target has no rows there, whatever its record is by now."""
    with ThreadPoolExecutor(THREADS) as threads:
        told = (
            announced_until(Feed(store), office, until)
            if only is None
            else announced_of(store, office, only, until)
        )
        while batch := list(islice(told, AT_ONCE)):
            deliveries = [
                Delivery(one.announced, problem=_ASIDE) if (office, one.announced.seq) in aside else one
                for one in threads.map(partial(fetch, store), batch)
            ]
            replica.hand(office, replica.cursor(office), deliveries)


def announced_until(feed: Feed, office: str, until: int) -> Iterator[Announced]:
    """The feed of an office up to this number."""
    seq = 0
    while batch := feed.after(office, seq, min(AT_ONCE, until - seq)):
        yield from batch
        seq = batch[-1].seq


def announced_of(store: Store, office: str, codes: Collection[str], until: int) -> Iterator[Announced]:
    """What was announced of these dossiers, found by what the audit tells of their versions."""
    numbers = {
        link.entry["feed"]["seq"]
        for code in codes
        for link in audited(store, None if office == NO_OFFICE else office, code)
        if link.entry["what"] == "record"
    }
    for seq in sorted(number for number in numbers if number <= until):
        found = Feed(store).at(office, seq)
        if found is not None:
            yield found


def _compared(
    target: SqlDatabase, replica: SqlDatabase, office: str, only: Collection[str] | None
) -> Iterator[Difference]:
    asked = sorted({*_dossiers(target, office), *_dossiers(replica, office)} if only is None else only)
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        for name, table in target.tables.data.items():
            theirs, ours = (
                _rows(target, table, office, some),
                _rows(replica, replica.tables.data[name], office, some),
            )
            for dossier in some:
                there, here = theirs.get(dossier, Rows()), ours.get(dossier, Rows())
                missing, strange = here - there, there - here
                if missing or strange:
                    yield Difference(name, office, dossier, missing.total(), strange.total())


def _dossiers(database: SqlDatabase, office: str) -> set[str]:
    """All that any table of rows speaks of."""

    def ask(connection: Connection) -> set[str]:
        return {
            row[0]
            for table in database.tables.data.values()
            for row in connection.execute(select(table.c.dossier).where(table.c.office == office).distinct())
        }

    return database.read(ask)


def _rows(database: SqlDatabase, table: Table, office: str, some: Sequence[str]) -> dict[str, Rows]:
    query = select(table).where(table.c.office == office, table.c.dossier.in_(some))
    found: dict[str, Rows] = {}
    for row in database.read(lambda connection: connection.execute(query).mappings().all()):
        line = tuple(sorted((column, alike(value)) for column, value in row.items()))
        found.setdefault(row["dossier"], Rows())[line] += 1
    return found


def alike(value: Any) -> str:
    """A value as text, alike whichever database gave it."""
    match value:
        case None:
            return ""
        case bool():
            return str(int(value))
        case datetime():
            return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
        case Decimal():
            return format(value.normalize(), "f")
        case float():
            return repr(round(value, _DIGITS))
        case _:
            return f"={value}" if isinstance(value, str) else str(value)
