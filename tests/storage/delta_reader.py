"""DuckDB as a reader of our Delta tables, with a reader's own keys and no network but the store."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from dossier.settings import StoreSettings
from dossier.targets import DeltaTarget
from storage.publication.delta_views import duckdb_views
from storage.publication.shape import COMMON, Shape, typed_shapes


def connect(reader: StoreSettings) -> duckdb.DuckDBPyConnection:
    """With the extensions that lie in their packages: nothing is fetched."""
    database = duckdb.connect()
    database.execute("SET autoinstall_known_extensions = false; SET TimeZone = 'UTC'")
    for name in ("httpfs", "delta"):
        database.execute(f"LOAD '{extension(name)}'")
    assert reader.secret_key is not None
    database.execute(
        f"""CREATE SECRET (TYPE s3, KEY_ID '{reader.access_key}', SECRET '{reader.secret_key.get_secret_value()}',
        REGION '{reader.region}', ENDPOINT '{reader.endpoint}', URL_STYLE 'path', USE_SSL {reader.secure})"""
    )
    return database


def extension(name: str) -> Path:
    found = find_spec(f"duckdb_extension_{name}")
    assert found is not None
    assert found.origin is not None
    return next(Path(found.origin).parent.glob(f"extensions/v{duckdb.__version__}/{name}.duckdb_extension"))


def found(
    database: duckdb.DuckDBPyConnection, settings: DeltaTarget, address: str
) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table as the views show it, by key."""
    database.execute(duckdb_views(settings, address, prefix=""))
    return {
        shape.name: sorted(_rows(database, shape), key=lambda row, key=shape.key: repr([row[k] for k in key]))  # type: ignore[misc]
        for shape in (*COMMON, *typed_shapes(settings).values())
    }


def _rows(database: duckdb.DuckDBPyConnection, shape: Shape) -> list[dict[str, Any]]:
    names = [column.name for column in shape.columns]
    found = database.execute(f"SELECT {', '.join(names)} FROM {shape.name}").fetchall()
    return [dict(zip(names, map(_plain, row), strict=True)) for row in found]


def _plain(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) else value
