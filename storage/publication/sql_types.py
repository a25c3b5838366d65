"""Column types that hold the same values in every database: exact decimals, moments in UTC, text of any length."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, Dialect, Double, Integer, Numeric, String, Text
from sqlalchemy.dialects.mysql import DATETIME, MEDIUMTEXT
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from storage.publication.shape import DECIMALS, WHOLE_DIGITS, Column


class Moment(TypeDecorator[datetime]):
    """A moment. Where the database knows time zones it has one, else it is UTC to the microsecond."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name in ("mysql", "mariadb"):
            return dialect.type_descriptor(DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name in ("mysql", "mariadb", "sqlite") else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class _SqliteNumber(UserDefinedType[Decimal]):
    """SQLite turns figures in a NUMERIC column into a number itself; a float in between would not be exact."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return f"NUMERIC({WHOLE_DIGITS + DECIMALS}, {DECIMALS})"


class Exact(TypeDecorator[Decimal]):
    """A decimal number of at most 18 digits before and 2 behind the point."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(_SqliteNumber())
        return dialect.type_descriptor(Numeric(WHOLE_DIGITS + DECIMALS, DECIMALS))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(str(value))


LONG = Text().with_variant(MEDIUMTEXT(), "mysql", "mariadb")


def type_of(column: Column) -> TypeEngine[Any]:
    match column.kind:
        case "name":
            return String(column.length)
        case "date":
            return Date()
        case "moment":
            return Moment()
        case "number":
            return Exact()
        case "real":
            return Double()
        case "integer":
            return Integer()
        case "flag":
            return Boolean()
        case _:
            return LONG
