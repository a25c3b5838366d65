"""Rows of a target as Arrow tables, the form in which Delta takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from arro3.core import Array, DataType, Field, Schema, Table

from dossier.targets import TableTarget
from storage.publication.rows import Row
from storage.publication.shape import (
    COMMON,
    DECIMALS,
    LIFE,
    VERSION,
    WHOLE_DIGITS,
    Column,
    Kind,
    Shape,
    typed_shapes,
)

SEQ: Final = Column("feed_seq", "integer", required=True)
VERSIONS: Final = Shape(
    "versions",
    (
        *VERSION,
        Column("state", "name", 16, True),
        Column("made_at", "moment", required=True),
        Column("record_sha256", "name", 64, True),
        Column("how", "name", 8, True),
        Column("told", "text"),
        SEQ,
    ),
    ("office", "feed_seq"),
)
"""Every version that was announced. how: handed, told (not taken by this target), aside. told: why it is not checked.
"""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_ZERO = date(1970, 1, 1).toordinal()
_LIFE = {column.name for column in LIFE} | {"reason"}


def delta_shapes(target: TableTarget) -> dict[str, Shape]:
    """All tables by name, `versions` last. A row is never changed, so what later versions say of it is in none."""
    shapes = (*COMMON, *typed_shapes(target).values())
    return {shape.name: _lasting(shape) for shape in shapes} | {VERSIONS.name: VERSIONS}


def arrow_schema(shape: Shape) -> Schema:
    return Schema(
        [Field(column.name, _TYPES[column.kind][0], nullable=not column.required) for column in shape.columns]
    )


def arrow_table(shape: Shape, lines: Iterable[Row]) -> Table:
    """The rows, in their order. What a row has beside the columns is left out."""
    rows = list(lines)
    arrays = [_array(column, [row.get(column.name) for row in rows]) for column in shape.columns]
    return Table.from_arrays(arrays, schema=arrow_schema(shape))


def _lasting(shape: Shape) -> Shape:
    own = _LIFE if shape.name == "records" or {"valid_from"} <= {c.name for c in shape.columns} else set()
    kept = tuple(column for column in shape.columns if column.name not in own | {SEQ.name})
    return replace(shape, columns=(*kept, SEQ))


def _array(column: Column, values: list[Any]) -> Array:
    final, raw, code = _TYPES[column.kind]
    array = Array([None if value is None else code(value) for value in values], raw)
    return array if raw == final else array.cast(final)


def _micros(moment: datetime) -> int:
    passed = moment - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds


_TEXT = DataType.string()
_TYPES: Mapping[Kind, tuple[DataType, DataType, Callable[[Any], Any]]] = {
    "name": (_TEXT, _TEXT, str),
    "text": (_TEXT, _TEXT, str),
    "json": (_TEXT, _TEXT, str),
    "date": (DataType.date32(), DataType.int32(), lambda day: day.toordinal() - _DAY_ZERO),
    "moment": (DataType.timestamp("us", tz="UTC"), DataType.int64(), _micros),
    "number": (DataType.decimal128(WHOLE_DIGITS + DECIMALS, DECIMALS), _TEXT, lambda number: f"{number:f}"),
    "real": (DataType.float64(), DataType.float64(), float),
    "integer": (DataType.int64(), DataType.int64(), int),
    "flag": (DataType.bool(), DataType.bool(), bool),
}
"""By kind: the column's type, the type that values are given in, and their form there."""
