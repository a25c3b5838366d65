"""Downstream targets as settings: where records are handed on to, which of them, and under which names.

A mapping speaks of the catalogue's document types and fields; what it names wrong is refused when the settings are
read, not when the first record of that type comes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    field_validator,
    model_validator,
)

from dossier.catalogue.documents import document_types
from dossier.model import State

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A name that every database takes without quoting, short enough for what we put around it (PostgreSQL: 63 bytes)."""
TargetName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]

RESERVED = frozenset(
    ("office", "dossier", "version", "component", "role", "standing", "valid_from", "valid_to")
)
"""Columns that every table of a document type has beside its fields."""
UNLIMITED = "_unlimited"
"""Put behind the column of a date of expiry: the flag of papers that never expire, which no date can say."""
_DATA = ("records", "components", "fields", "findings", "current_records", "current_fields")
_OURS = ("cursors", "versions", "aside", "schema_version")
TABLES = frozenset((*_DATA, *_OURS))
"""Names of the tables and views that are the same for every target."""


class Named(BaseModel):
    """How papers of one type are named downstream. columns: field -> column; None: all fields under their own ids."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: Identifier | None = Field(default=None, description="default: the type's id with underscores")
    columns: dict[str, Identifier] | None = Field(
        default=None, description="field: column; only those listed; default all fields"
    )

    @field_validator("columns")
    @classmethod
    def _each_once(cls, columns: dict[str, str] | None) -> dict[str, str] | None:
        taken = list((columns or {}).values())
        if twice := sorted({name for name in taken if taken.count(name) > 1}):
            raise ValueError(f"columns named twice: {', '.join(twice)}")
        if reserved := sorted(RESERVED & set(taken)):
            raise ValueError(f"every table has a column {', '.join(reserved)} of its own")
        return columns


class Target(BaseModel):
    """What all targets have: which records they take.

    offices, types: None takes all. types: ids of the catalogue; a record without a paper of these types is left out,
    and of the others only papers of these types are handed on. states: what of is handed on as a record; that a
    record handed on before was withdrawn or superseded is told in any case.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    offices: tuple[str, ...] | None = Field(default=None, description="codes; `_`: records without an office")
    types: tuple[str, ...] | None = Field(default=None, description="document types by id")
    states: tuple[State, ...] = Field(default=("checked",), min_length=1)
    batch: int = Field(default=200, ge=1, le=10_000, description="record versions in one transaction")

    @field_validator("types")
    @classmethod
    def _known_types(cls, types: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for name in types or ():
            _known(name)
        return types


class TableTarget(Target):
    """A target made of tables. mapping: document type -> names downstream, where they are not our own."""

    mapping: dict[str, Named] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fits_catalogue(self) -> TableTarget:
        for name, named in self.mapping.items():
            fields = document_types()[_known(name)].fields
            if strange := sorted(set(named.columns or ()) - set(fields)):
                raise ValueError(f"mapping.{name}: the type has no field {', '.join(strange)}")
            columns = self.columns_of(name)
            flags = {column + UNLIMITED for field, column in columns.items() if never_ends(name, field)}
            if twice := sorted(flags & set(columns.values())):
                raise ValueError(f"mapping.{name}: there is a column {', '.join(twice)} already")
        names = [self.table_of(name) for name in document_types()]
        if twice := sorted({name for name in names if names.count(name) > 1 or name in TABLES}):
            raise ValueError(f"mapping: the table {', '.join(twice)} is there already")
        return self

    def table_of(self, type_id: str) -> str:
        """The table of a document type, without prefix."""
        named = self.mapping.get(type_id)
        return (named and named.table) or re.sub(r"[^a-z0-9]+", "_", type_id.lower())

    def columns_of(self, type_id: str) -> dict[str, str]:
        """Field -> column of a document type."""
        named = self.mapping.get(type_id)
        if named is not None and named.columns is not None:
            return dict(named.columns)
        return {name: name for name in document_types()[type_id].fields}


class SqlTarget(TableTarget):
    """A database: PostgreSQL, MariaDB, SQLite or any other that SQLAlchemy speaks to."""

    kind: Literal["sql"]
    url: SecretStr = Field(description="SQLAlchemy URL, e.g. postgresql://user:password@host/database")
    prefix: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{0,12}$")] = Field(
        default="sohoa_", description="put before every table's name"
    )
    schema_: Identifier | None = Field(default=None, alias="schema", description="schema of the tables")


class WebhookTarget(Target):
    """A receiver that is told of each record version by a signed HTTP message, for those who give no login."""

    kind: Literal["webhook"]
    url: SecretStr = Field(
        description="https://host/path; only this host is spoken to, no redirect is followed"
    )
    secret: SecretStr = Field(description="whsec_ and base64 of 24 to 64 random bytes, known to the receiver")
    old_secret: SecretStr | None = Field(
        default=None, description="signs as well, as long as the receiver still knows only the old one"
    )
    ca_file: Path | None = Field(
        default=None, description="PEM of the authorities that the receiver's certificate is checked with"
    )
    timeout_s: float = Field(default=10.0, gt=0, le=300, description="for one message and its answer")
    tries: int = Field(
        default=40, ge=1, description="of one event, then it goes aside; 40 are a day and a half"
    )
    pause_s: float = Field(
        default=5.0, gt=0, description="after the first failure; each next one is 4 times longer"
    )
    pause_max_s: float = Field(default=3600.0, gt=0, le=86_400, description="the longest pause")


class DeltaTarget(TableTarget):
    """Delta tables in our own object store, for analytics: `analytics/<name of the target>/<table>`."""

    kind: Literal["delta"]
    keep_hours: int = Field(
        default=168,
        ge=1,
        description="how long files stay that the nightly tidying has replaced, for slow readers",
    )


AnyTarget = Annotated[SqlTarget | WebhookTarget | DeltaTarget, Field(discriminator="kind")]


def clashes(targets: Mapping[str, Target]) -> list[str]:
    """Targets that would write into the same tables."""
    found: dict[tuple[str, str | None, str], list[str]] = {}
    for name, target in targets.items():
        if isinstance(target, SqlTarget):
            place = (target.url.get_secret_value(), target.schema_, target.prefix)
            found.setdefault(place, []).append(name)
    return [" and ".join(names) for names in found.values() if len(names) > 1]


def never_ends(type_id: str, field: str) -> bool:
    """Whether the field is a date that may say `unlimited`."""
    return document_types()[type_id].fields[field].kind == "expiry-date"


def _known(type_id: str) -> str:
    if type_id not in document_types():
        raise ValueError(f"no document type is called {type_id!r}; there are {', '.join(document_types())}")
    return type_id
