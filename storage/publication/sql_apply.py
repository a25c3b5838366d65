"""A plan, carried out in a database's transaction; and what the database knows of the versions before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from storage.publication.plan import End, Plan, Version, dossiers
from storage.publication.sql_tables import Tables
from storage.publication.targets import Aside, Cursor, Delivery, Stand

ASKED_AT_ONCE = 500
"""Dossiers in one question."""


def known(
    connection: Connection, tables: Tables, office: str, deliveries: Sequence[Delivery]
) -> dict[str, dict[int, Version]]:
    """All versions that the database has of the dossiers that are spoken of."""
    table, found = tables.versions, dict[str, dict[int, Version]]()
    asked = dossiers(deliveries)
    for start in range(0, len(asked), ASKED_AT_ONCE):
        some = asked[start : start + ASKED_AT_ONCE]
        query = select(table).where(table.c.office == office, table.c.dossier.in_(some))
        for row in connection.execute(query):
            version = Version(
                dossier=row.dossier,
                version=row.version,
                state=row.state,
                made_at=row.made_at,
                sha256=row.sha256,
                how=row.how,
                tables=tuple(row.tables.split()),
                reason=row.reason,
            )
            found.setdefault(version.dossier, {})[version.version] = version
    return found


def apply(connection: Connection, tables: Tables, office: str, plan: Plan) -> None:
    """Write what the plan says. In the caller's transaction."""
    for name, lines in plan.rows.items():
        if lines:
            connection.execute(insert(tables.data[name]), lines)
    if plan.new:
        connection.execute(insert(tables.versions), [_row(office, version) for version in plan.new])
    for version in plan.changed:
        _change(connection, tables, office, version)
    _end(connection, tables, office, plan.ends)
    _keep_aside(connection, tables, plan.asides)


def asides(connection: Connection, tables: Tables) -> list[Aside]:
    table = tables.aside
    query = select(table).order_by(table.c.office, table.c.seq)
    return [
        Aside(row.office, row.seq, row.dossier, row.version, row.code, row.message)
        for row in connection.execute(query)
    ]


def stands(connection: Connection, tables: Tables) -> dict[str, Stand]:
    cursors, aside = tables.cursors, tables.aside
    count = select(aside.c.office, func.count()).group_by(aside.c.office)
    counted = {office: number for office, number in connection.execute(count)}  # noqa: C416  (a result is no mapping)
    return {
        row.office: Stand(Cursor(row.seq, row.sha256, row.told), row.at, counted.get(row.office, 0))
        for row in connection.execute(select(cursors).order_by(cursors.c.office))
    }


def _row(office: str, version: Version) -> dict[str, Any]:
    return {
        "office": office,
        "dossier": version.dossier,
        "version": version.version,
        "state": version.state,
        "made_at": version.made_at,
        "sha256": version.sha256,
        "how": version.how,
        "tables": " ".join(version.tables),
        "reason": version.reason,
    }


def _change(connection: Connection, tables: Tables, office: str, version: Version) -> None:
    """A version that went aside before: what has become of it, and its note aside if that is settled."""
    table, aside = tables.versions, tables.aside
    connection.execute(
        update(table)
        .where(
            table.c.office == office,
            table.c.dossier == version.dossier,
            table.c.version == version.version,
        )
        .values(_row(office, version))
    )
    if version.how != "aside":
        connection.execute(
            delete(aside).where(
                aside.c.office == office,
                aside.c.dossier == version.dossier,
                aside.c.version == version.version,
                aside.c.code != "version-conflict",
            )
        )


def _end(connection: Connection, tables: Tables, office: str, ends: Iterable[End]) -> None:
    """Mark rows that do not count any more, in the order of the plan."""
    by_table: dict[str, list[dict[str, Any]]] = {}
    for end in ends:
        for name in end.tables:
            by_table.setdefault(name, []).append(
                {"of_dossier": end.dossier, "of_version": end.version, **end.life.columns()}
                | ({"reason": end.life.reason} if name == "records" else {})
            )
    for name, lines in by_table.items():
        table = tables.data[name]
        statement = update(table).where(
            table.c.office == office,
            table.c.dossier == bindparam("of_dossier"),
            table.c.version == bindparam("of_version"),
        )
        connection.execute(statement, lines)


def _keep_aside(connection: Connection, tables: Tables, found: Iterable[Aside]) -> None:
    table, now = tables.aside, datetime.now(UTC)
    for aside in found:
        place = (table.c.office == aside.office, table.c.seq == aside.seq)
        connection.execute(delete(table).where(*place))
        connection.execute(insert(table).values(vars(aside) | {"at": now}))
