"""The derived index: questions about many dossiers, answered from SQL. It may be thrown away at any time.

Personal identifiers stand in it only as keyed hashes (HMAC-SHA-256): two papers of one person can be found to be
so, and nobody can read or guess a number without the key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Executable,
    Select,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from dossier.errors import ConfigurationError, SohoaError, StoreError
from dossier.record import Record
from dossier.settings import Settings
from storage.index.earlier import EarlierQuestions
from storage.index.layout import lay_out
from storage.index.rows import rows
from storage.index.tables import DERIVED, dossiers, errors, findings
from storage.keys import NO_OFFICE
from storage.records import Records
from storage.secret import house_key, keyed


class Index(EarlierQuestions):
    """The index at a SQLAlchemy URL. key: of the hashes; another key is another index.

    fresh: its tables were made just now, and are empty: whoever asks questions rebuilds it first.
    """

    def __init__(self, url: str, key: bytes) -> None:
        self._key = key
        try:
            self._engine: Engine = create_engine(url, pool_pre_ping=True)
        except (SQLAlchemyError, ImportError) as error:
            raise ConfigurationError(
                "index-url", f"the index's URL is not usable: {type(error).__name__}"
            ) from None
        if make_url(url).get_backend_name() == "sqlite":
            event.listen(self._engine, "connect", _sqlite_connect)
            event.listen(self._engine, "begin", _sqlite_begin)
        with self._begin(write=True) as connection:
            self.fresh = lay_out(connection)

    def close(self) -> None:
        self._engine.dispose()

    def hash(self, *parts: str) -> str:
        """The keyed hash of an identifier, or of several that stand together."""
        return keyed(self._key, *parts)

    def upsert(self, record: Record) -> None:
        """Make this record the one that counts for its dossier. An older version than the one held is left out."""
        with self._begin(write=True) as connection:
            self._upsert(connection, record)

    def rebuild(self, records: Records) -> int:
        """Throw all away and read every latest record again, in one transaction; how many there were.

        One that cannot be read is left out and noted as an error.
        """
        count, failed = 0, list[tuple[str | None, str, SohoaError]]()
        with self._begin(write=True) as connection:
            for table in reversed(DERIVED):
                connection.execute(delete(table))
            for record in records.all(lambda *what: failed.append(what)):
                self._upsert(connection, record)
                count += 1
        for office, code, error in failed:
            self.note_error(office, code, error.code, error.message)
        return count

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every derived table, sorted: to compare two indexes."""
        with self._begin() as connection:
            return {
                table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
                for table in DERIVED
            }

    def rows(self, query: Select[Any]) -> list[dict[str, Any]]:
        """The rows of a question to the derived tables (storage.index.tables)."""
        with self._begin() as connection:
            return [dict(row._mapping) for row in connection.execute(query)]

    def write(self, *statements: Executable) -> None:
        """Run these in one transaction."""
        with self._begin(write=True) as connection:
            for statement in statements:
                connection.execute(statement)

    # Questions of `sohoa status`

    def by_state(self, office: str | None = None) -> dict[str, int]:
        """How many dossiers stand in each state."""
        query = select(dossiers.c.state, func.count()).group_by(dossiers.c.state)
        if office is not None:
            query = query.where(dossiers.c.office == office)
        with self._begin() as connection:
            return {str(state): int(count) for state, count in connection.execute(query)}

    def in_state(self, state: str, limit: int = 50, office: str | None = None) -> list[dict[str, Any]]:
        """Dossiers of a state, the oldest first: office, code, version, made, counts, the rules that are open."""
        query = select(dossiers).where(dossiers.c.state == state).order_by(dossiers.c.made).limit(limit)
        if office is not None:
            query = query.where(dossiers.c.office == office)
        with self._begin() as connection:
            found = [dict(row._mapping) for row in connection.execute(query)]
            for row in found:
                row["rules"] = sorted(
                    set(
                        connection.execute(
                            select(findings.c.rule).where(
                                findings.c.office == row["office"],
                                findings.c.code == row["code"],
                                findings.c.severity != "INFO",
                            )
                        ).scalars()
                    )
                )
        return found

    def note_error(self, office: str | None, code: str | None, error_code: str, message: str) -> None:
        """Remember an error of ours for people to see. message: English, without personal data."""
        values = {"office": office or NO_OFFICE, "code": code or "", "error": error_code, "message": message}
        with self._begin() as connection:
            connection.execute(insert(errors).values(at=datetime.now(UTC).isoformat(), **values))

    def last_errors(self, limit: int = 20) -> list[dict[str, Any]]:
        """The newest errors first: at (ISO 8601, UTC), office, code, error, message."""
        query = select(errors).order_by(errors.c.id.desc()).limit(limit)
        with self._begin() as connection:
            return [dict(row._mapping) for row in connection.execute(query)]

    def _upsert(self, connection: Connection, record: Record) -> None:
        office, code = record.office or NO_OFFICE, record.dossier
        held = connection.execute(
            select(dossiers.c.version).where(dossiers.c.office == office, dossiers.c.code == code)
        ).scalar()
        if held is not None and held > record.version:
            return
        for table in reversed(DERIVED):
            connection.execute(delete(table).where(table.c.office == office, table.c.code == code))
        for table, values in rows(record, self.hash).items():
            if values:
                connection.execute(insert(table), values)

    @contextmanager
    def _begin(self, write: bool = False) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                if write and connection.dialect.name == "postgresql":
                    # One writer at a time, as in SQLite: deleting and inserting anew would collide otherwise.
                    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7304105)")
                yield connection
        except (OperationalError, IntegrityError) as error:
            raise StoreError("index-away", f"the index did not answer: {type(error.orig).__name__}") from None


def open_index(settings: Settings) -> Index:
    """The index of these settings: PostgreSQL by URL, else SQLite under the data directory.

    The key of its hashes lies under the data directory, made on first use.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    return Index(
        settings.index_url or f"sqlite:///{settings.data / 'index.sqlite'}", house_key(settings.data)
    )


def _sqlite_connect(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    for pragma in ("busy_timeout=20000", "journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    # A transaction that reads first and writes later is refused at once, not after the time-out, when another
    # process wrote meanwhile. Taking the lock at the start makes it wait instead.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
