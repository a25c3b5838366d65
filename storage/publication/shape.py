"""The tables of a downstream target, whatever it is made of: names, columns and keys, derived from the catalogue.

`records`, `components`, `fields` and `findings` are the same for all; beside them each document type has a table
whose columns are its fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dossier.catalogue.documents import document_types
from dossier.targets import UNLIMITED, TableTarget, never_ends

Kind = Literal["name", "text", "json", "date", "moment", "number", "real", "integer", "flag"]
"""name: short text that may be a key; text: of any length; json: text that holds JSON; moment: date and time, UTC;
number: exact decimal (Decimal, at most 18 digits before and 2 behind the point); real: double; flag: boolean.
"""

WHOLE_DIGITS, DECIMALS = 18, 2

_KINDS: dict[str, Kind] = {
    "date": "date",
    "date-of-birth": "date",
    "expiry-date": "date",
    "money": "number",
    "area": "number",
    "weight-grams": "number",
}
"""Kinds of value that have a type of their own downstream; all others are text."""


@dataclass(frozen=True)
class Column:
    """length: characters of a `name`."""

    name: str
    kind: Kind
    length: int = 0
    required: bool = False


@dataclass(frozen=True)
class Shape:
    """One table. key: its primary key. name: without prefix."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]


def _name(name: str, length: int = 255, required: bool = False) -> Column:
    return Column(name, "name", length, required)


VERSION = (
    _name("office", 64, True),
    _name("dossier", 255, True),
    Column("version", "integer", required=True),
)
"""What every row says of where it is from."""
LIFE = (
    _name("standing", 16, True),
    Column("valid_from", "moment", required=True),
    Column("valid_to", "moment"),
)
"""standing: live, superseded, withdrawn, or unchecked (see storage.publication.standing)."""
PAPER = (*VERSION, _name("component", 255, True))
BOX = tuple(Column(name, "real") for name in ("x0", "y0", "x1", "y1"))
WORDS = ("correct", "sufficient", "clean", "live", "total")

RECORDS = Shape(
    "records",
    (
        *VERSION,
        *LIFE,
        Column("reason", "text"),
        _name("state", 16, True),
        _name("procedure", 64),
        _name("procedure_version", 64),
        Column("received_at", "moment"),
        Column("made_at", "moment", required=True),
        *(Column(f"score_{word}", "real") for word in WORDS),
        _name("grade", 16),
        _name("program", 64),
        _name("catalogue", 64),
        _name("rules", 64),
        _name("record_sha256", 64, True),
        Column("feed_seq", "integer", required=True),
    ),
    ("office", "dossier", "version"),
)
COMPONENTS = Shape(
    "components",
    (
        *PAPER,
        _name("type", 64, True),
        Column("type_confidence", "real", required=True),
        _name("role", 64, True),
        Column("score", "real"),
        _name("grade", 16),
        Column("sources", "json", required=True),
        _name("reused_dossier"),
        Column("reused_version", "integer"),
        _name("reused_component"),
    ),
    ("office", "dossier", "version", "component"),
)
FIELDS = Shape(
    "fields",
    (
        *PAPER,
        _name("field", 64, True),
        _name("type", 64, True),
        Column("value", "text"),
        Column("printed", "text", required=True),
        Column("confidence", "real", required=True),
        Column("file", "text", required=True),
        _name("file_sha256", 64),
        Column("page", "integer", required=True),
        *BOX,
        Column("dpi", "real", required=True),
        Column("handwritten", "flag", required=True),
        Column("witnesses", "json", required=True),
        Column("read_value", "text"),
        Column("read_confidence", "real"),
    ),
    ("office", "dossier", "version", "component", "field"),
)
FINDINGS = Shape(
    "findings",
    (
        *VERSION,
        Column("number", "integer", required=True),
        _name("rule", 32, True),
        _name("word", 16, True),
        _name("verdict", 16, True),
        _name("severity", 8, True),
        _name("component"),
        Column("file", "text"),
        Column("page", "integer"),
        *BOX,
        Column("reason", "text", required=True),
        Column("source", "text", required=True),
        _name("waived_by"),
    ),
    ("office", "dossier", "version", "number"),
)
COMMON = (RECORDS, COMPONENTS, FIELDS, FINDINGS)


def typed_shapes(target: TableTarget) -> dict[str, Shape]:
    """By document type: the table of its papers, for the types that the target takes."""
    taken = target.types if target.types is not None else tuple(document_types())
    return {type_id: _typed(target, type_id) for type_id in taken}


def column_kind(kind: str) -> Kind:
    """What a value of this kind (dossier.kinds) is downstream."""
    return _KINDS.get(kind, "text")


def _typed(target: TableTarget, type_id: str) -> Shape:
    fields = document_types()[type_id].fields
    columns: list[Column] = [*PAPER, _name("role", 64, True), *LIFE]
    for field, column in target.columns_of(type_id).items():
        columns.append(Column(column, column_kind(fields[field].kind)))
        if never_ends(type_id, field):
            columns.append(Column(column + UNLIMITED, "flag"))
    return Shape(target.table_of(type_id), tuple(columns), ("office", "dossier", "version", "component"))
