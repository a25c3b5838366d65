"""The schema of a SQL target: made, migrated and grown by us.

Numbered migrations change what is there. Beside them the schema grows by itself: a document type that the catalogue
got is a new table, a field a new column. Nothing is ever dropped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, Table, and_, insert, inspect, select, update
from sqlalchemy.schema import CreateColumn

from storage.publication.sql_errors import TargetRefuses
from storage.publication.sql_tables import Tables

Migration = Callable[[Connection, Tables], None]


def _first(connection: Connection, tables: Tables) -> None:
    """The tables as they are made today; what is there is left alone."""
    tables.metadata.create_all(connection)


MIGRATIONS: tuple[Migration, ...] = (_first,)
"""In order; the schema's version is how many of them were applied. Each may be applied again: not every database
takes a change of its schema back with a transaction.
"""

_LOCK = 7304106  # of PostgreSQL's advisory locks: one publisher migrates, the others wait


def fits(connection: Connection, tables: Tables) -> bool:
    """Whether the schema is what this program and these settings ask for. Raises TargetRefuses if it is newer."""
    if not inspect(connection).has_table(tables.schema_version.name, tables.metadata.schema):
        return False
    stand = _stand(connection, tables)
    if stand is None:
        return False
    if stand[0] > len(MIGRATIONS):
        raise TargetRefuses(
            "target-newer",
            f"the target's schema has version {stand[0]}, this program knows {len(MIGRATIONS)}",
        )
    return stand == (len(MIGRATIONS), fingerprint(tables))


def migrate(connection: Connection, tables: Tables) -> None:
    """Bring the schema to what is asked for. Idempotent."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    if fits(connection, tables):
        return  # another was first
    has = inspect(connection).has_table(tables.schema_version.name, tables.metadata.schema)
    stand = _stand(connection, tables) if has else None
    for apply in MIGRATIONS[stand[0] if stand else 0 :]:
        apply(connection, tables)
    _grow(connection, tables)
    _view(connection, tables)
    values = {"fingerprint": fingerprint(tables), "at": datetime.now(UTC)}
    version = tables.schema_version
    if stand is not None and stand[0] == len(MIGRATIONS):
        connection.execute(update(version).where(version.c.version == stand[0]).values(values))
    else:
        connection.execute(insert(version).values(version=len(MIGRATIONS), **values))


def fingerprint(tables: Tables) -> str:
    """Of names, columns and types of all tables."""
    shape = [
        (table.name, [(column.name, str(column.type)) for column in table.columns])
        for table in tables.metadata.sorted_tables
    ]
    return hashlib.sha256(repr(sorted(shape)).encode()).hexdigest()


def _stand(connection: Connection, tables: Tables) -> tuple[int, str] | None:
    version = tables.schema_version
    query = select(version.c.version, version.c.fingerprint).order_by(version.c.version.desc()).limit(1)
    row = connection.execute(query).first()
    return (row[0], row[1]) if row else None


def _grow(connection: Connection, tables: Tables) -> None:
    """Add the tables and columns that are missing."""
    tables.metadata.create_all(connection)
    seen = inspect(connection)
    for table in tables.data.values():
        present = {column["name"] for column in seen.get_columns(table.name, tables.metadata.schema)}
        for column in table.columns:
            if column.name not in present:
                _add(connection, table, column.name)


def _add(connection: Connection, table: Table, column: str) -> None:
    preparer = connection.dialect.identifier_preparer
    definition = CreateColumn(table.c[column]).compile(dialect=connection.dialect)
    connection.exec_driver_sql(f"ALTER TABLE {preparer.format_table(table)} ADD COLUMN {definition}")


def _view(connection: Connection, tables: Tables) -> None:
    """`current_records`: those that live. `current_fields`: their values, each with its place."""
    records, fields = tables.data["records"], tables.data["fields"]
    same = and_(*(records.c[name] == fields.c[name] for name in ("office", "dossier", "version")))
    views = {
        "current_records": select(records).where(records.c.standing == "live"),
        "current_fields": select(records.c.valid_from, fields)  # new columns of fields can only come last
        .select_from(fields.join(records, same))
        .where(records.c.standing == "live"),
    }
    preparer = connection.dialect.identifier_preparer
    schema = f"{preparer.quote_schema(tables.metadata.schema)}." if tables.metadata.schema else ""
    existing = set(inspect(connection).get_view_names(tables.metadata.schema))
    for name, query in views.items():
        text = query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        place = schema + preparer.quote(tables.prefix + name)
        create = "CREATE VIEW"
        if tables.prefix + name in existing:
            if connection.dialect.name in ("postgresql", "mysql", "mariadb"):
                create = "CREATE OR REPLACE VIEW"  # keeps the rights that somebody was given on it
            else:
                connection.exec_driver_sql(f"DROP VIEW {place}")
        connection.exec_driver_sql(f"{create} {place} AS {text}")
