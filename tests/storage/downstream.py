"""Records of invented people in a real store and feed, and what a database downstream should hold of them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from dossier.record import Component, DroppedFile, Field, Record, Source, Witness
from dossier.settings import StoreSettings
from dossier.targets import SqlTarget
from storage.buckets import RECORDS
from storage.feed import Feed
from storage.outbox import event
from storage.publication.publishing import Publisher
from storage.publication.rows import rows, wanted
from storage.publication.sql import SqlDatabase
from storage.publication.sql_connection import Database
from storage.publication.sql_tables import tables
from storage.publication.standing import Successor, life, why_not_checked
from storage.records import record_key
from storage.s3 import Store

MADE = datetime(2026, 11, 20, 3, 4, 5, 678901, tzinfo=UTC)
BIRTH = {
    "number": "119/2026",
    "full_name": "Trần Thị Bưởi",
    "date_of_birth": "2026-10-01",
    "sex": "Nữ",
    "mother_name": "Lê Thị Mận",
    "mother_birth_year": "1999",
    "registration_date": "2026-10-12",
}
CARD = {
    "personal_id": "093195004321",
    "full_name": "TRẦN THỊ NGỌC LAN",
    "date_of_birth": "1960-03-02",
    "expiry_date": "unlimited",
}
LAND = {"serial": "AA01234567", "area_m2": "1250.5", "holder_name": "Nguyễn Văn Ổi"}


def new_office() -> str:
    """An office whose feed no other test writes to."""
    return f"T{uuid.uuid4().hex[:8].upper()}"


def new_prefix() -> str:
    return f"t{uuid.uuid4().hex[:8]}_"


def paper(id: str, type: str, values: dict[str, str | None]) -> Component:
    source = Source(file=f"{id} – bản quét.pdf", sha256=sha(id), pages=(1,))
    fields = tuple(
        Field(
            name=name,
            value=value,
            printed=value or "",
            confidence=0.99,
            file=source.file,
            page=1,
            box=(200.5, 200.0 + 60 * row, 900.0, 240.0 + 60 * row),
            dpi=300,
            witnesses=(Witness(by="tesseract", value=value),) if value else (),
        )
        for row, (name, value) in enumerate(values.items())
    )
    return Component(id=id, type=type, type_confidence=0.98, role="result", sources=(source,), fields=fields)


def checked(office: str, code: str, version: int = 1, **changes: Any) -> Record:
    """A checked version of a dossier with a birth certificate and an ID card that never expires."""
    papers = (paper("c1", "birth-certificate", dict(BIRTH)), paper("c2", "citizen-id-card", dict(CARD)))
    made = MADE + timedelta(hours=version)
    record = Record(
        schema="sohoa/record/1",
        dossier=code,
        version=version,
        procedure=None,
        office=office if office != "_" else None,
        state="checked",
        components=papers,
        refused=(),
        findings=(),
        verdicts={"correct": "PASS", "sufficient": "PASS", "clean": "PASS", "live": "PASS"},
        scores={"correct": 1.0, "sufficient": 1.0, "clean": 0.9, "live": 1.0, "total": 0.98},
        made_by={"program": "sohoa 0.1.0", "engines": {}, "catalogue": "c", "rules": "r"},
        times={"received": MADE, "started": MADE, "made": made},
        drop=tuple(DroppedFile(name=one.file, sha256=one.sha256) for p in papers for one in p.sources),
    )
    return record.model_copy(update=changes)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def sha_of(record: Record) -> str:
    return sha(record.to_json())


def put(store: Store, records: Iterable[Record], times: int = 1) -> None:
    """Write records and announce each, so many times."""
    for record in records:
        key = record_key(record.office, record.dossier, record.version)
        store.put(RECORDS, key, record.to_json().encode(), "application/json")
        for _ in range(times):
            Feed(store).announce(record.office, event(record, sha_of(record)))


def target(url: str, office: str, **changes: Any) -> SqlTarget:
    asked: dict[str, Any] = {"kind": "sql", "url": url, "prefix": new_prefix(), "offices": (office,)}
    return SqlTarget.model_validate(asked | changes)


def found(settings: SqlTarget) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that is handed on, by key."""
    made, database = tables(settings), Database("look", settings.url.get_secret_value())
    try:
        return {
            name: sorted(
                database.run(
                    lambda connection, table=table: [  # type: ignore[misc]
                        dict(row._mapping) for row in connection.execute(select(table))
                    ]
                ),
                key=lambda row, shape=made.shapes[name]: repr([row[key] for key in shape.key]),  # type: ignore[misc]
            )
            for name, table in made.data.items()
        }
    finally:
        database.close()


def expected(records: Sequence[Record], settings: SqlTarget) -> dict[str, list[dict[str, Any]]]:
    """What should be found of these records of one office, which were announced once each, in this order."""
    made = tables(settings)
    lines: dict[str, list[dict[str, Any]]] = {name: [] for name in made.shapes}
    for seq, record in enumerate(records, 1):
        if not wanted(record, settings):
            continue
        later = [r for r in records if r.dossier == record.dossier and r.version > record.version]
        after = min(later, key=lambda r: r.version, default=None)
        successor = after and Successor(
            after.version, after.state, after.times["made"], why_not_checked(after)
        )
        lived = life(record.state, record.times["made"], successor)
        for name, some in rows(record, sha_of(record), seq, lived, settings).items():
            columns = [column.name for column in made.shapes[name].columns]
            lines[name] += [{column: row.get(column) for column in columns} for row in some]
    return {
        name: sorted(some, key=lambda row, shape=made.shapes[name]: repr([row[key] for key in shape.key]))  # type: ignore[misc]
        for name, some in lines.items()
    }


def opened(settings: SqlTarget, database: Database | None = None) -> SqlDatabase:
    return SqlDatabase("main", settings, database)


def publish_all(store_settings: StoreSettings, settings: SqlTarget) -> None:
    """One publisher, as a process of its own runs it."""
    store, to = Store(store_settings), opened(settings)
    Publisher(store, Feed(store), to).publish()
    to.close()
