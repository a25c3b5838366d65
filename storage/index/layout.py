"""The index's tables in a database: made where they are missing, made anew where another program version made them."""

from __future__ import annotations

from sqlalchemy import Connection, insert, inspect, select

from storage.index.tables import DERIVED, fingerprint, layout, metadata, watermarks


def lay_out(connection: Connection) -> bool:
    """Make the tables fit this program; whether the derived ones are new, and so empty."""
    if _fits(connection):
        return False
    present = set(inspect(connection).get_table_names())
    metadata.drop_all(
        connection, [table for table in (*DERIVED, layout, watermarks) if table.name in present]
    )
    metadata.create_all(connection)
    connection.execute(insert(layout).values(fingerprint=fingerprint()))
    return True


def _fits(connection: Connection) -> bool:
    if not inspect(connection).has_table(layout.name):
        return False
    return connection.execute(select(layout.c.fingerprint)).scalars().all() == [fingerprint()]
