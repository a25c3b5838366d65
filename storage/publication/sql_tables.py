"""The tables of a SQL target: what is handed on, and beside it how far it is and what went aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Index, Integer, MetaData, String, Table

from dossier.targets import SqlTarget
from storage.publication.shape import COMMON, Shape, typed_shapes
from storage.publication.sql_types import LONG, Moment, type_of

# Names are compared by their bytes everywhere: `a` and `A` are two dossiers, and so are `Hà` and `Ha`.
_OPTIONS: dict[str, Any] = {
    f"{dialect}_{name}": value
    for dialect in ("mysql", "mariadb")
    for name, value in (("charset", "utf8mb4"), ("collate", "utf8mb4_bin"), ("engine", "InnoDB"))
}


@dataclass(frozen=True)
class Tables:
    """data: by name without prefix, the typed ones among them. shapes: the same, as columns."""

    prefix: str
    metadata: MetaData
    data: Mapping[str, Table]
    shapes: Mapping[str, Shape]
    cursors: Table
    versions: Table
    aside: Table
    schema_version: Table


def tables(target: SqlTarget) -> Tables:
    """The tables that this target's settings and the catalogue ask for."""
    metadata = MetaData(schema=target.schema_)
    prefix = target.prefix
    typed = tuple(typed_shapes(target).values())
    shapes = {shape.name: shape for shape in (*COMMON, *typed)}

    def ours(name: str, *columns: Column[Any]) -> Table:
        return Table(prefix + name, metadata, *columns, **_OPTIONS)

    data = {name: ours(name, *_columns(shape)) for name, shape in shapes.items()}
    for name in ("records", *(shape.name for shape in typed)):
        table = data[name]
        Index(f"{table.name}_standing", table.c.office, table.c.standing)
    for edge in ("valid_from", "valid_to"):
        Index(f"{prefix}records_{edge}", data["records"].c[edge])
    return Tables(
        prefix=prefix,
        metadata=metadata,
        data=data,
        shapes=shapes,
        cursors=ours(
            "cursors",
            Column("office", String(64), primary_key=True),
            Column("seq", Integer, nullable=False),
            Column("sha256", String(64), nullable=False),
            Column("told", Integer, nullable=False),
            Column("at", Moment, nullable=False),
        ),
        versions=ours(
            "versions",
            Column("office", String(64), primary_key=True),
            Column("dossier", String(255), primary_key=True),
            Column("version", Integer, primary_key=True, autoincrement=False),
            Column("state", String(16), nullable=False),
            Column("made_at", Moment, nullable=False),
            Column("sha256", String(64), nullable=False),
            Column("how", String(8), nullable=False),
            Column("tables", LONG, nullable=False),
            Column("reason", LONG),
        ),
        aside=ours(
            "aside",
            Column("office", String(64), primary_key=True),
            Column("seq", Integer, primary_key=True, autoincrement=False),
            Column("dossier", LONG),
            Column("version", Integer),
            Column("code", String(64), nullable=False),
            Column("message", LONG, nullable=False),
            Column("at", Moment, nullable=False),
        ),
        schema_version=ours(
            "schema_version",
            Column("version", Integer, primary_key=True, autoincrement=False),
            Column("fingerprint", String(64), nullable=False),
            Column("at", Moment, nullable=False),
        ),
    )


def _columns(shape: Shape) -> list[Column[Any]]:
    return [
        Column(
            column.name,
            type_of(column),
            primary_key=column.name in shape.key,
            nullable=not column.required,
            autoincrement=False,
        )
        for column in shape.columns
    ]
